"""A typo put into good code is taken out exactly, or left with the reason.

The engine runs over the real tools; only the code and the typo are made up.
"""

import ast
import asyncio
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lsp_agent.models.offline.source import source_of
from mcp_tools.types.text import Span
from tests.lsp_agent.models.offline.desk import desk

_FUNCTIONS = (
    """\
def insort(sequence, value, low=0, high=None):
    if low < 0:
        raise ValueError("low must be non-negative")
    if high is None:
        high = len(sequence)
    while low < high:
        middle = (low + high) // 2
        if value < sequence[middle]:
            high = middle
        else:
            low = middle + 1
    sequence.insert(low, value)
    return low
""",
    """\
import os


def common_prefix(paths, *, separator="/"):
    parts = [path.split(separator) for path in paths]
    shortest, longest = min(parts), max(parts)
    for index, part in enumerate(shortest):
        if part != longest[index]:
            return separator.join(shortest[:index])
    return os.path.normpath(separator.join(shortest))
""",
    """\
class Tally:
    limit = 10

    def __init__(self, names=()):
        self.counts = {}
        for name in names:
            self.add(name)

    def add(self, name, amount=1):
        previous = self.counts.get(name, 0)
        self.counts[name] = min(previous + amount, self.limit)
        return {key: value for key, value in self.counts.items() if value > amount}
""",
    """\
def wrap(text, width=70):
    lines, line = [], ""
    for word in text.split():
        candidate = f"{line} {word}".strip()
        if len(candidate) > width and line:
            lines.append(line)
            candidate = word
        line = candidate
    return "\\n".join(lines + [line])
""",
)


def _loaded_names(text: str) -> list[Span]:
    source = source_of(text)
    assert source is not None
    # Names in f-strings have no sure place in the trees of Python 3.11.
    return [
        source.span(node)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Load)
        and text[source.start(node) : source.end(node)] == node.id
    ]


@st.composite
def _typos(draw: st.DrawFn) -> tuple[str, str]:
    """Give good code and the same with one slip in a name that is read."""
    text = draw(st.sampled_from(_FUNCTIONS))
    span = draw(st.sampled_from(_loaded_names(text)))
    name = text[span.start : span.end]
    at = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz_"))
    slips = (
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    )
    slip = draw(st.sampled_from(slips))
    return text, text[: span.start] + slip + text[span.end :]


# The same examples each time: a test suite must not depend on luck.
@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(_typos())
def test_a_typo_is_taken_out_or_left_with_the_reason(typo: tuple[str, str]) -> None:
    good, broken = typo
    with tempfile.TemporaryDirectory() as folder:
        text, words = asyncio.run(_fixed(Path(folder), broken))
    if text != good:
        assert text == broken
        assert words is None or "no rule fits" in words or "several repairs" in words


async def _fixed(root: Path, broken: str) -> tuple[str, str | None]:
    work = desk(root, {"a.py": broken})
    if not await work.diagnostics("a.py", "F821"):
        return broken, None
    words = await work.fix("a.py", "F821")
    return work.text("a.py"), words
