"""The difference of two texts, as edits and as a unified diff."""

import difflib
from collections.abc import Iterator

from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.text import Span, split_lines

_MAX_COMPARED = 25_000_000
"""Product of line counts above which a region counts as replaced whole; bounds the time."""


def apply_edits(text: str, edits: tuple[TextEdit, ...]) -> str:
    """Give `text` with the edits made; spans refer to `text` as it was.

    Raises: InvalidEdit if edits overlap, are not sorted, or reach beyond the end.
    """
    parts: list[str] = []
    done = 0
    for edit in edits:
        if edit.span.start < done or edit.span.end > len(text):
            raise InvalidEdit(
                f"expected sorted edits within {len(text)} characters that do not overlap, "
                f"got {edit.span.start}-{edit.span.end} after {done}"
            )
        parts += (text[done : edit.span.start], edit.new_text)
        done = edit.span.end
    parts.append(text[done:])
    return "".join(parts)


def diff_edits(old: str, new: str) -> tuple[TextEdit, ...]:
    """Give small edits that turn `old` into `new`: found by line, trimmed by character."""
    old_lines, new_lines = split_lines(old), split_lines(new)
    offsets = [0]
    for line in old_lines:
        offsets.append(offsets[-1] + len(line))
    found: list[TextEdit] = []
    for old_from, old_to, new_from, new_to in _changed_regions(old_lines, new_lines):
        before = old[offsets[old_from] : offsets[old_to]]
        after = "".join(new_lines[new_from:new_to])
        found.append(_trimmed(offsets[old_from], before, after))
    return tuple(found)


def inverse_edits(text: str, edits: tuple[TextEdit, ...]) -> tuple[TextEdit, ...]:
    """Give the edits that turn the edited text back into `text`."""
    shift = 0
    found: list[TextEdit] = []
    for edit in edits:
        start = edit.span.start + shift
        old = text[edit.span.start : edit.span.end]
        found.append(TextEdit(Span(start, start + len(edit.new_text)), old))
        shift += len(edit.new_text) - len(old)
    return tuple(found)


def unified_diff(name: str, old: str | None, new: str | None) -> str:
    """Give the change of one file as a unified diff that `git apply` takes.

    None stands for a file that does not exist. Empty when nothing differs.
    """
    if old == new:
        return ""
    lines = difflib.unified_diff(
        split_lines(old or ""),
        split_lines(new or ""),
        "/dev/null" if old is None else f"a/{name}",
        "/dev/null" if new is None else f"b/{name}",
    )
    return "".join(_terminated(line) for line in lines)


def _terminated(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _changed_regions(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield (old from, old to, new from, new to) in lines for each region that differs."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(old_middle) * len(new_middle) > _MAX_COMPARED:
        yield head, len(old) - tail, head, len(new) - tail
        return
    matcher = difflib.SequenceMatcher(None, old_middle, new_middle, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield head + i1, head + i2, head + j1, head + j2


def _trimmed(start: int, before: str, after: str) -> TextEdit:
    """Leave out what both sides begin and end with, but never cut a CRLF in two."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    if head and before[head - 1] == "\r":
        head -= 1
    if tail and before[len(before) - tail] == "\n":
        tail -= 1
    span = Span(start + head, start + len(before) - tail)
    return TextEdit(span, after[head : len(after) - tail])
