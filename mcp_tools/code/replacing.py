"""Finding a piece of old text, and the edits that put new text in its place."""

import re
from dataclasses import dataclass

from mcp_tools.code.not_found import explain_many, explain_missing
from mcp_tools.code.numbered import bare, has_end
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.text import Span, newline_of, split_lines

_ANY_LINE_END = re.compile(r"\r\n|\n|\r")
_ANY_LINE_END_PATTERN = r"(?:\r\n|\n|\r)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A wish to put `new` where `old` stands."""

    old: str
    new: str
    is_everywhere: bool = False
    """Replace all places; otherwise there must be exactly one."""


def replacing_edits(text: str, wanted: Replacement) -> tuple[TextEdit, ...]:
    r"""Give the edits that make a replacement in `text`, sorted by start.

    Line ends of any kind are alike, so that old text with LF is found in a file with CRLF; the
    new text takes the line ends of the place that it replaces. Old text that itself has a CR,
    and is there exactly, is replaced exactly.
    Raises: InvalidEdit if the old text is not there, or more than once without `is_everywhere`.
    """
    _check(wanted)
    is_exact = "\r" in wanted.old and bool(_find(text, _exact_pattern(wanted.old), step=1))
    pattern = _exact_pattern(wanted.old) if is_exact else _tolerant_pattern(wanted.old)
    step = max(1, len(wanted.old)) if wanted.is_everywhere else 1
    spans = _find(text, pattern, step=step)
    if not spans:
        raise InvalidEdit(explain_missing(text, wanted.old))
    if len(spans) > 1 and not wanted.is_everywhere:
        raise InvalidEdit(explain_many(text, spans))
    # A CR in the new text alone is a wish to change the line ends.
    keeps_new = is_exact or ("\r" in wanted.new and "\r" not in wanted.old)
    return tuple(
        TextEdit(span, wanted.new if keeps_new else _fitted(text, span, wanted.new))
        for span in spans
    )


def _check(wanted: Replacement) -> None:
    if not wanted.old:
        raise InvalidEdit(
            "expected the text to replace as old_string, got an empty one; "
            "use write_file to make a file or to fill an empty one"
        )
    if wanted.old == wanted.new:
        raise InvalidEdit(
            "old_string and new_string are the same, so nothing would change; "
            "give in new_string the text that you want"
        )


def _exact_pattern(old: str) -> re.Pattern[str]:
    return re.compile(re.escape(old))


def _tolerant_pattern(old: str) -> re.Pattern[str]:
    pieces = (re.escape(piece) for piece in _ANY_LINE_END.split(old))
    return re.compile(_ANY_LINE_END_PATTERN.join(pieces))


def _find(text: str, pattern: re.Pattern[str], *, step: int) -> list[Span]:
    """Give where `pattern` matches, never inside of a CRLF.

    With step 1 matches may overlap: two overlapping places are two meanings of one wish.
    """
    found: list[Span] = []
    at = 0
    while match := pattern.search(text, at):
        start, end = match.span()
        is_whole = not _cuts_crlf(text, start) and not _cuts_crlf(text, end)
        if is_whole:
            found.append(Span(start, end))
        at = end if is_whole and step > 1 else start + 1
    return found


def _cuts_crlf(text: str, offset: int) -> bool:
    return 0 < offset < len(text) and text[offset - 1 : offset + 1] == "\r\n"


def _fitted(text: str, span: Span, new: str) -> str:
    """Give `new` with the line ends of the place: unchanged lines keep even odd ones."""
    old_lines = split_lines(text[span.start : span.end])
    new_lines = split_lines(new)
    n_most = min(len(old_lines), len(new_lines))
    head = 0
    while head < n_most and _is_same(old_lines[head], new_lines[head]):
        head += 1
    tail = 0
    while tail < n_most - head and _is_same(old_lines[-1 - tail], new_lines[-1 - tail]):
        tail += 1
    newline = _newline_at(text, span)
    changed = new_lines[head : len(new_lines) - tail]
    fitted = [bare(line) + newline if has_end(line) else line for line in changed]
    return "".join([*old_lines[:head], *fitted, *old_lines[len(old_lines) - tail :]])


def _is_same(old: str, new: str) -> bool:
    return bare(old) == bare(new) and has_end(old) == has_end(new)


def _newline_at(text: str, span: Span) -> str:
    """Give the line end most used in the span, else of the line where it ends, else of the file."""
    matched = text[span.start : span.end]
    if _ANY_LINE_END.search(matched):
        return newline_of(matched)
    following = _ANY_LINE_END.search(text, span.end)
    return following.group() if following else newline_of(text)
