"""Three-way merge: an edit computed from one text, carried over to the text of now.

Both sides are seen as edits of the common base. They merge when they touch no common line;
text that a person typed is never dropped, so a doubt is a refusal. The method is that of diff3
(S. Khanna, K. Kunal, B. Pierce: "A Formal Investigation of Diff3", 2007), with whole lines as
the unit, except that lines put in between two lines touch neither. Such lines are carried over
beside a neighbor that changed, but not beside one that is gone: nobody knows whether they still
belong there.
"""

from dataclasses import dataclass

from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import StaleEdit
from mcp_tools.types.text import LineIndex, Span
from mcp_tools.workspace.diffs import apply_edits, diff_edits


def rebase_edits(
    edits: tuple[TextEdit, ...], base: str, current: str, *, name: str
) -> tuple[TextEdit, ...]:
    """Give `edits` of `base` as edits of `current`; one that `current` has already is left out.

    To be recognized as such, edits have the form that `diff_edits` gives them.
    Raises: StaleEdit, with `name` and the line, if both changed the same line.
    """
    return Drift(base, current).rebase(edits, name=name)


class Drift:
    """How a text became the one of now: compared once, for edits that are carried over singly."""

    def __init__(self, base: str, current: str) -> None:
        """Compare the two texts."""
        self.lines = LineIndex(base)
        """Of the base."""
        self.lines_now = self.lines if base == current else LineIndex(current)
        self._base = base
        self._theirs = [_touched(edit, base, self.lines) for edit in diff_edits(base, current)]
        self._made = {other.edit for other in self._theirs}

    def rebase(self, edits: tuple[TextEdit, ...], *, name: str) -> tuple[TextEdit, ...]:
        """Carry edits of the base over, as `rebase_edits` does.

        Raises: StaleEdit.
        """
        if not self._theirs:
            return edits
        kept: list[TextEdit] = []
        left = (edit for edit in edits if edit not in self._made)
        for mine in (_touched(edit, self._base, self.lines) for edit in left):
            if any(_collide(mine, other) for other in self._theirs):
                line_number = self.lines.place(mine.edit.span.start).line + 1
                raise StaleEdit(
                    f"line {line_number} of {name!r} was changed after the edit was computed; "
                    "the newer text was kept, run the fix again for the text of now"
                )
            # Where both start at one offset, lines that are put in come before the line itself.
            shift = sum(_growth(other.edit) for other in self._theirs if other.end <= mine.first)
            span = mine.edit.span
            kept.append(TextEdit(Span(span.start + shift, span.end + shift), mine.edit.new_text))
        return tuple(kept)


def merge(base: str, mine: str, theirs: str, *, name: str) -> str:
    """Give the text with both changes made.

    Raises: StaleEdit if both changed the same line.
    """
    edits = rebase_edits(diff_edits(base, mine), base, theirs, name=name)
    return apply_edits(theirs, edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Touched:
    """An edit and the lines of the base that it touches, counted from 0.

    A last line without any text, after the last line end, counts too: who takes that line end
    away, or puts text behind it, touches it. When `first == end`, whole lines are put in before
    the line `first`, and none is touched.
    """

    edit: TextEdit
    first: int
    end: int
    is_removal: bool
    """The lines go away whole and nothing takes their place."""

    @property
    def is_insertion(self) -> bool:
        return self.first == self.end


def _touched(edit: TextEdit, base: str, index: LineIndex) -> _Touched:
    span = edit.span
    first, last = index.place(span.start), index.place(span.end)
    is_removal = first.column == 0 and not edit.new_text
    is_appended = first.column == 0 and span.start == len(base)
    ends_line = edit.new_text.endswith(("\n", "\r"))
    is_whole = last.column == 0 and (is_removal or is_appended or ends_line)
    return _Touched(
        edit=edit,
        first=first.line,
        end=last.line if is_whole else last.line + 1,
        is_removal=is_removal and (is_whole or span.end == len(base)),
    )


def _collide(mine: _Touched, other: _Touched) -> bool:
    if mine.is_insertion and other.is_insertion:
        return mine.first == other.first
    if mine.is_insertion and other.is_removal:
        return other.first <= mine.first <= other.end
    return mine.first < other.end and other.first < mine.end


def _growth(edit: TextEdit) -> int:
    return len(edit.new_text) - (edit.span.end - edit.span.start)
