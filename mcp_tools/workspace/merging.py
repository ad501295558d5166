"""Three-way merge: an edit computed from one text, carried over to the text of now.

Both sides are seen as edits of the common base. They merge when they touch no common line;
text that a person typed is never dropped, so a doubt is a refusal. The method is that of diff3
(S. Khanna, K. Kunal, B. Pierce: "A Formal Investigation of Diff3", 2007), with whole lines as
the unit, except that lines inserted between two lines touch neither.
"""

from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import StaleEdit
from mcp_tools.types.text import LineIndex, Span
from mcp_tools.workspace.diffs import apply_edits, diff_edits


def rebase_edits(
    edits: tuple[TextEdit, ...], base: str, current: str, *, name: str
) -> tuple[TextEdit, ...]:
    """Give `edits` of `base` as edits of `current`; one that `current` has already is left out.

    Raises: StaleEdit, with `name` and the line, if both changed the same line.
    """
    if base == current:
        return edits
    theirs = diff_edits(base, current)
    index = LineIndex(base)
    footprints = [(_footprint(edit, base, index), edit) for edit in theirs]
    kept: list[TextEdit] = []
    for edit in edits:
        if edit in theirs:
            continue
        mine = _footprint(edit, base, index)
        if any(_collide(mine, other) for other, _ in footprints):
            line_number = index.place(edit.span.start).line + 1
            raise StaleEdit(
                f"line {line_number} of {name!r} was changed after the edit was computed; "
                "the newer text was kept, run the fix again for the text of now"
            )
        shift = sum(
            len(other.new_text) - (other.span.end - other.span.start)
            for other in theirs
            if _is_before(other, edit)
        )
        kept.append(TextEdit(Span(edit.span.start + shift, edit.span.end + shift), edit.new_text))
    return tuple(kept)


def merge(base: str, mine: str, theirs: str, *, name: str) -> str:
    """Give the text with both changes made.

    Raises: StaleEdit if both changed the same line.
    """
    edits = rebase_edits(diff_edits(base, mine), base, theirs, name=name)
    return apply_edits(theirs, edits)


def _is_before(other: TextEdit, edit: TextEdit) -> bool:
    if other.span.end == edit.span.start == other.span.start:
        # Both start here and do not collide, so one replaces whole lines that the other
        # only precedes: an insertion comes before what it precedes.
        return edit.span.end > edit.span.start
    return other.span.end <= edit.span.start


def _footprint(edit: TextEdit, base: str, index: LineIndex) -> Span:
    """Give the lines of `base` that the edit touches; empty for whole lines put in between."""
    start, end = edit.span.start, edit.span.end
    first, last = index.place(start), index.place(end)
    whole_lines = (
        first.column == 0
        and (last.column == 0 or end == len(base))
        and (not edit.new_text or edit.new_text.endswith(("\n", "\r")))
    )
    if whole_lines:
        return Span(start, end)
    return Span(index.line_span(first.line).start, index.line_span(last.line, with_end=True).end)


def _collide(a: Span, b: Span) -> bool:
    if a.start == a.end and b.start == b.end:
        return a.start == b.start
    return a.start < b.end and b.start < a.end
