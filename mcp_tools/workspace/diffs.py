"""The difference of two texts, as edits and as a unified diff."""

import bisect
import difflib
import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import TypeAlias

from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.text import Span, split_lines

_Region: TypeAlias = tuple[int, int, int, int]
_MAX_PAIRS = 200_000
"""Pairs of equal lines up to which all are compared; about a second for a million.

Above, lines that both texts have just once part the texts first, as in the patience diff of
Bram Cohen; what has none of them and is still too much counts as replaced whole.
"""
_LF_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_TO_QUOTE = re.compile(r'[\x00-\x1f\x7f"\\]')


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


class FileMode(StrEnum):
    """The kinds of files that git tells apart, by the number that it writes for them."""

    PLAIN = "100644"
    EXECUTABLE = "100755"
    LINK = "120000"


FileOfDiff: TypeAlias = tuple[str | bytes, FileMode]


def file_diff(name: str, old: FileOfDiff | None, new: FileOfDiff | None) -> str:
    """Give the change of one file, its mode included, as a diff that `git apply` takes.

    None stands for a file that does not exist. Bytes that are no text are only said to differ.
    A plain text file that stays one has no header of git's own, which few readers need.
    """
    if old == new:
        return ""
    if old and new and old[1] is not new[1] and FileMode.LINK in (old[1], new[1]):
        return file_diff(name, old, None) + file_diff(name, None, new)
    old_content, old_mode = old or (None, FileMode.PLAIN)
    new_content, new_mode = new or (None, FileMode.PLAIN)
    if isinstance(old_content, bytes) or isinstance(new_content, bytes):
        body = f"Binary files {_side('a', name, old)} and {_side('b', name, new)} differ\n"
    elif old_mode is new_mode is FileMode.PLAIN:
        return unified_diff(name, old_content, new_content)
    else:
        body = unified_diff(name, old_content, new_content) if old_content or new_content else ""
    return _git_header(name, old and old_mode, new and new_mode) + body


def unified_diff(name: str, old: str | None, new: str | None) -> str:
    """Give the change of one file as a unified diff that `git apply` takes.

    None stands for a file that does not exist. Empty when nothing differs. Its lines end at LF
    alone: another line end is part of the line, as in every program that reads diffs.
    """
    if old == new:
        return ""
    if not old and not new:
        made, gone = (None, FileMode.PLAIN) if old is None else (FileMode.PLAIN, None)
        return _git_header(name, made, gone)
    lines = difflib.unified_diff(
        _LF_LINE.findall(old or ""),
        _LF_LINE.findall(new or ""),
        "/dev/null" if old is None else _header_name(f"a/{name}"),
        "/dev/null" if new is None else _header_name(f"b/{name}"),
    )
    return "".join(_terminated(line) for line in lines)


def line_regions(old: str, new: str) -> list[_Region]:
    """Give (old from, old to, new from, new to) in lines for each region that differs.

    `diff_edits` gives one edit for each of them, in the same order.
    """
    return list(_changed_regions(split_lines(old), split_lines(new)))


def _git_header(name: str, old: FileMode | None, new: FileMode | None) -> str:
    """Say what the lines of a diff cannot: modes, and that a file comes or goes."""
    header = f"diff --git {_quoted(f'a/{name}')} {_quoted(f'b/{name}')}\n"
    if old is None:
        return f"{header}new file mode {new}\n"
    if new is None:
        return f"{header}deleted file mode {old}\n"
    return header if old is new else f"{header}old mode {old}\nnew mode {new}\n"


def _side(letter: str, name: str, file: FileOfDiff | None) -> str:
    return _quoted(f"{letter}/{name}") if file is not None else "/dev/null"


def _header_name(name: str) -> str:
    # As in git, a tab shows where a name with a space ends: a date may follow a name.
    return f"{_quoted(name)}\t" if " " in name else _quoted(name)


def _quoted(name: str) -> str:
    """Give a name as git writes it: in quotes, with escapes, when it has odd characters."""
    if not _TO_QUOTE.search(name):
        return name
    return '"' + _TO_QUOTE.sub(lambda match: f"\\{ord(match[0]):03o}", name) + '"'


def _terminated(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _changed_regions(old: list[str], new: list[str]) -> Iterator[_Region]:
    """Yield (old from, old to, new from, new to) in lines for each region that differs."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if old_middle or new_middle:
        for i1, i2, j1, j2 in _compared(old_middle, new_middle):
            yield head + i1, head + i2, head + j1, head + j2


def _compared(old: list[str], new: list[str]) -> Iterator[_Region]:
    n_old, n_new = Counter(old), Counter(new)
    if sum(n * n_new[line] for line, n in n_old.items()) <= _MAX_PAIRS:
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag != "equal":
                yield i1, i2, j1, j2
        return
    places = {line: j for j, line in enumerate(new) if n_old[line] == n_new[line] == 1}
    anchors = _ascending([(i, places[line]) for i, line in enumerate(old) if line in places])
    if not anchors:
        yield 0, len(old), 0, len(new)
        return
    i1 = j1 = 0
    for i2, j2 in (*anchors, (len(old), len(new))):
        for a, b, c, d in _changed_regions(old[i1:i2], new[j1:j2]):
            yield i1 + a, i1 + b, j1 + c, j1 + d
        i1, j1 = i2 + 1, j2 + 1


def _ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest part of the pairs, sorted by the first number, that ascends in both."""
    # For each length, the smallest number that a run of that length ends in, and where it does.
    last: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, number) in enumerate(pairs):
        length = bisect.bisect_left(last, number)
        before.append(ends[length - 1] if length else -1)
        last[length : length + 1] = [number]
        ends[length : length + 1] = [at]
    found: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _trimmed(start: int, before: str, after: str) -> TextEdit:
    """Leave out what both sides begin and end with, but never cut a CRLF in two."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    if _cuts_crlf(before, head) or _cuts_crlf(after, head):
        head -= 1
    if _cuts_crlf(before, len(before) - tail) or _cuts_crlf(after, len(after) - tail):
        tail -= 1
    span = Span(start + head, start + len(before) - tail)
    return TextEdit(span, after[head : len(after) - tail])


def _cuts_crlf(text: str, offset: int) -> bool:
    return text[max(0, offset - 1) : offset + 1] == "\r\n"
