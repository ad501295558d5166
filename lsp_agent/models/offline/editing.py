"""From edits by offset to the replacements that the tool `multi_edit` takes.

Each replacement is of whole lines, with as many around them as make the place the only one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import LineIndex, Span


@dataclass(frozen=True, slots=True)
class Replacement:
    """Put `new` where `old` stands, which is exactly one place."""

    old: str
    new: str


def applied(text: str, edits: Sequence[TextEdit]) -> str:
    """Give the edited text; edits are sorted by start and never overlap."""
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.new_text + text[edit.span.end :]
    return text


def inverted(text: str, edits: Sequence[TextEdit]) -> tuple[TextEdit, ...]:
    """Give the edits that turn the edited text back into `text`."""
    shift = 0
    back: list[TextEdit] = []
    for edit in edits:
        start = edit.span.start + shift
        span = Span(start, start + len(edit.new_text))
        back.append(TextEdit(span, text[edit.span.start : edit.span.end]))
        shift += len(edit.new_text) - (edit.span.end - edit.span.start)
    return tuple(back)


def moved(offset: int, edits: Sequence[TextEdit]) -> int:
    """Give where an offset of the text is after the edits."""
    shift = 0
    for edit in edits:
        if edit.span.start > offset:
            break
        if edit.span.end > offset:
            return edit.span.start + shift
        shift += len(edit.new_text) - (edit.span.end - edit.span.start)
    return offset + shift


def are_apart(edits: Sequence[TextEdit]) -> bool:
    """Tell whether sorted edits neither overlap nor meet."""
    return all(one.span.end < other.span.start for one, other in pairwise(edits))


def replacements(text: str, edits: Sequence[TextEdit]) -> tuple[Replacement, ...]:
    """Give the replacements that do the same as `edits`, made in this order.

    From the end to the start, so that each finds the text before it unchanged.
    """
    found: list[Replacement] = []
    for group in reversed(_by_lines(text, edits)):
        start, end = group[0].span.start, group[-1].span.end
        span = _unique_lines(text, Span(start, end))
        inner = [TextEdit(_within(edit.span, span), edit.new_text) for edit in group]
        old = text[span.start : span.end]
        new = applied(old, inner)
        if new != old:
            found.append(Replacement(old, new))
        text = text[: span.start] + new + text[span.end :]
    return tuple(found)


def _by_lines(text: str, edits: Sequence[TextEdit]) -> list[list[TextEdit]]:
    """Put edits together whose lines touch."""
    lines = LineIndex(text)
    groups: list[list[TextEdit]] = []
    for edit in edits:
        first = lines.place(edit.span.start).line
        if groups and lines.place(groups[-1][-1].span.end).line >= first:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return groups


def _unique_lines(text: str, span: Span) -> Span:
    lines = LineIndex(text)
    first, last = lines.place(span.start).line, lines.place(span.end).line
    while True:
        end = lines.line_span(last, with_end=last + 1 == lines.n_lines)
        found = Span(lines.line_span(first).start, end.end)
        is_whole = first == 0 and last + 1 == lines.n_lines
        if is_whole or (found.start < found.end and _is_only_one(text, found)):
            return found
        first, last = max(0, first - 1), min(lines.n_lines - 1, last + 1)


def _is_only_one(text: str, span: Span) -> bool:
    """Tell whether the text of the span is nowhere else, whatever its line ends."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    old = text[span.start : span.end].replace("\r\n", "\n").replace("\r", "\n")
    first = plain.find(old)
    return plain.find(old, first + 1) < 0


def _within(span: Span, outer: Span) -> Span:
    return Span(span.start - outer.start, span.end - outer.start)
