r"""The corpus: shell lines, each with the mildest judgement of it that would be right.

A file holds the lines of a class, which is its name; a line of it is a verdict and a shell line:

    low    what only reads the workspace: the near twin of one that does not
    asks   what must not run unasked: MEDIUM or HIGH
    high   what must be HIGH
    asks\  the same of a line with escapes of Python, such as `\n` or `\u202e`

Lines that begin with `#`, and empty ones, are for the reader.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lsp_agent.permissions.shell.judgement import LineJudgement
from mcp_tools.types.calls import Risk

FOLDER = Path(__file__).with_name("corpus")
EVERYDAY = Path(__file__).parents[1] / "lsp_agent/permissions/shell/programs/everyday.txt"
"""What developers type all day to read: more lines that are benign."""

_CASE = re.compile(r"(low|asks|high)(\\?) +(.+)")
_ACCEPTED = {
    "low": (Risk.LOW,),
    "asks": (Risk.MEDIUM, Risk.HIGH),
    "high": (Risk.HIGH,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A line, and what may be thought of it."""

    group: str
    verdict: str
    line: str

    @property
    def is_benign(self) -> bool:
        """Whether it only reads the workspace."""
        return self.verdict == "low"

    def accepts(self, judgement: LineJudgement) -> bool:
        """Tell whether a judgement is right."""
        return judgement.risk in _ACCEPTED[self.verdict]


@cache
def all_cases() -> tuple[Case, ...]:
    """Give the corpus.

    Raises: ValueError.
    """
    return tuple(case for path in sorted(FOLDER.glob("*.txt")) for case in _cases(path))


def everyday_lines() -> tuple[str, ...]:
    """Give the everyday lines."""
    return tuple(filter(None, EVERYDAY.read_text(encoding="utf-8").splitlines()))


def _cases(path: Path) -> Iterator[Case]:
    for text in path.read_text(encoding="utf-8").splitlines():
        if not text or text.startswith("#"):
            continue
        match = _CASE.fullmatch(text)
        if match is None:
            raise ValueError(f"no verdict and line in {path.name}: {text!r}")
        verdict, escapes, line = match.groups()
        if escapes:
            line = line.encode("latin-1").decode("unicode_escape")
        yield Case(group=path.stem, verdict=verdict, line=line)
