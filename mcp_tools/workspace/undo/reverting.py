"""Taking hunks of an earlier change out of what a path holds now.

What the change left is the common base, what was there before it is one side, and what is there
now is the other. Hunks that somebody touched since are left alone; all others go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mcp_tools.types.contents import Binary, Content, State
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import StaleEdit
from mcp_tools.types.text import Span, split_lines
from mcp_tools.workspace.diffs import apply_edits, line_regions
from mcp_tools.workspace.hunks import Hunk, HunkKind
from mcp_tools.workspace.merging import Drift
from mcp_tools.workspace.undo.past import PathChange


@dataclass(frozen=True, slots=True)
class LeftHunk:
    """A hunk that was touched again since."""

    hunk: Hunk
    line_number: int | None
    """From 1, in the text of now; None where it is not about lines, or there is no text."""


@dataclass(frozen=True, slots=True)
class Reverted:
    """What a path holds without some hunks of a change."""

    state: State | None
    done: tuple[Hunk, ...]
    """The hunks that are not in `state`, also where somebody took them out before."""
    left: tuple[LeftHunk, ...]


def revert(change: PathChange, hunks: Sequence[Hunk], now: State | None) -> Reverted:
    """Take some hunks of a change, which are in the order of the change, out of `now`."""
    state, done, left = now, list[Hunk](), list[LeftHunk]()
    lines = [hunk for hunk in hunks if hunk.kind is HunkKind.LINES]
    if lines:
        reverted = _revert_lines(change, lines, now)
        state, done, left = reverted.state, list(reverted.done), list(reverted.left)
    for hunk in hunks:
        if hunk.kind is HunkKind.LINES:
            continue
        take_back = _revert_whole if hunk.kind is HunkKind.WHOLE else _revert_mode
        try:
            state = take_back(change, state)
            done.append(hunk)
        except StaleEdit:
            left.append(LeftHunk(hunk, None))
    return Reverted(state, tuple(done), tuple(left))


def _revert_lines(change: PathChange, hunks: Sequence[Hunk], now: State | None) -> Reverted:
    before, after = _text(change.before), _text(change.after)
    if now is None or not isinstance(now.content, str):
        return Reverted(now, (), tuple(LeftHunk(hunk, None) for hunk in hunks))
    # As before by a person's hand: a comparison line by line might not see it.
    if now.content == before:
        return Reverted(now, tuple(hunks), ())
    ids = {hunk.id for hunk in hunks}
    if now.content == after:
        inverse = (edit for hunk, edit in _inverse_edits(change, before) if hunk.id in ids)
        text = apply_edits(after, tuple(inverse))
        return Reverted(replace(now, content=text), tuple(hunks), ())
    drift = Drift(after, now.content)
    is_taken_away = any(not hunk.new_text for hunk in hunks)
    regions = line_regions(after, now.content) if is_taken_away else []
    now_lines = split_lines(now.content) if is_taken_away else []
    edits, left = list[TextEdit](), list[Hunk]()
    for hunk, edit in _inverse_edits(change, before):
        if hunk.id in ids and not _is_back(hunk, regions, now_lines):
            try:
                edits += drift.rebase((edit,), name=change.path.name)
            except StaleEdit:
                left.append(hunk)
    if left and not regions:
        regions = line_regions(after, now.content)
    return Reverted(
        replace(now, content=apply_edits(now.content, tuple(edits))),
        tuple(hunk for hunk in hunks if hunk not in left),
        tuple(LeftHunk(h, _line_now(h.new_lines.first, regions) + 1) for h in left),
    )


_Regions = Sequence[tuple[int, int, int, int]]


def _is_back(hunk: Hunk, regions: _Regions, now_lines: Sequence[str]) -> bool:
    """Tell whether lines that a hunk took away are there again, among what was typed there.

    Somebody may have gone back to an older text, where other lines next to them differ too.
    """
    if hunk.new_text:
        return False
    lines, at = _bare(split_lines(hunk.old_text)), hunk.new_lines.first
    for old_from, old_to, new_from, new_to in regions:
        if old_from <= at <= old_to:
            new = _bare(now_lines[new_from:new_to])
            if any(new[n : n + len(lines)] == lines for n in range(len(new))):
                return True
    return False


def _bare(lines: Sequence[str]) -> list[str]:
    return [line.rstrip("\r\n") for line in lines]


def _inverse_edits(change: PathChange, before: str) -> Iterator[tuple[Hunk, TextEdit]]:
    """Give for each hunk of lines the edit that takes it out of the text after the change."""
    growth = 0
    for hunk in change.hunks:
        if hunk.edit is not None:
            span, new_text = hunk.edit.span, hunk.edit.new_text
            start = span.start + growth
            old_text = before[span.start : span.end]
            yield hunk, TextEdit(Span(start, start + len(new_text)), old_text)
            growth += len(new_text) - len(old_text)


def _line_now(line: int, regions: _Regions) -> int:
    """Give where a line, from 0, is after the regions changed."""
    shift = 0
    for old_from, old_to, new_from, new_to in regions:
        if line < old_from:
            break
        if line < old_to:
            return new_from
        shift = new_to - old_to
    return line + shift


def _revert_whole(change: PathChange, now: State | None) -> State | None:
    before, after = change.before, change.after
    if _is_same(now, before):
        return now
    if not _is_same(now, after):
        raise StaleEdit(f"{change.path.name!r} is not what the change left")
    if before is None or after is None or now is None:
        return before
    is_mode_newer = after.mode is not None and now.mode != after.mode
    is_kept = is_mode_newer and _kind(before.content) is _kind(now.content)
    return replace(before, mode=now.mode) if is_kept else before


def _revert_mode(change: PathChange, now: State | None) -> State | None:
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    is_same_kind = now is not None and _kind(now.content) is _kind(after.content)
    if now is None or not is_same_kind or now.mode not in (None, before.mode, after.mode):
        raise StaleEdit(f"the permissions of {change.path.name!r} are not what the change left")
    return replace(now, mode=before.mode)


def _is_same(a: State | None, b: State | None) -> bool:
    """Tell whether two states have the same content; the permissions do not count."""
    if a is None or b is None:
        return a is b
    return a.content == b.content and a.has_bom == b.has_bom


def _kind(content: Content) -> type:
    return Binary if isinstance(content, str) else type(content)


def _text(state: State | None) -> str:
    assert state is not None
    assert isinstance(state.content, str)
    return state.content
