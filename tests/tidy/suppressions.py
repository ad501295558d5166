"""Comments that silence a checker name what they silence, and why."""

import io
import re
import tokenize
from collections.abc import Iterator

from tests.tidy.source import Problem, Rule, Sample, SourceFile, problem

_SUPPRESSION = re.compile(r"#\s*(type:\s*ignore|noqa|ruff:\s*noqa|pyright:|basedpyright:)", re.I)
_WITH_CODE = re.compile(
    r"#\s*(?:type:\s*ignore\[[\w\-, ]+\]|(?:based)?pyright:\s*ignore\[[\w\-, ]+\]"
    r"|noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)\s*(?P<reason>.*)",
    re.I,
)
_MIN_REASON_CHARS = 8


def suppressions(source: SourceFile) -> Iterator[Problem]:
    """A suppression has a code and, behind it, a reason; there are none for a whole file."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT and _SUPPRESSION.search(token.string):
            match = _WITH_CODE.search(token.string)
            if match is None:
                yield problem(source, token.start[0], "a suppression names its code, for a line")
            elif len(match["reason"].strip("# -:")) < _MIN_REASON_CHARS:
                yield problem(source, token.start[0], "a suppression says why, after its code")


RULES = (
    Rule(
        name="suppressions have a code and a reason",
        check=suppressions,
        # Put together from two parts, so that this file does not break its own rule.
        bad=tuple(
            Sample(text=f"x = 1  # {left}{right}")
            for left, right in (
                ("type: ", "ignore"),
                ("type: ", "ignore[assignment]"),
                ("no", "qa"),
                ("no", "qa: E501"),
                ("ruff: no", "qa"),
                ("pyright: ", "basic"),
                ("pyright: ", "ignore[reportAny]  # no"),
            )
        ),
        good=(
            Sample(text="x = 1  # type: " + "ignore[assignment]  # the stub of foo is wrong"),
            Sample(text="x = 1  # no" + "qa: E501, F401  # the table reads better whole"),
            Sample(text="text = '# type: " + "ignore'"),
        ),
    ),
)
