"""Hunks: the smallest parts of a change that a person accepts, rejects or takes back alone."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from mcp_tools.types.contents import Folder, State, digest_of_content
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.text import split_lines
from mcp_tools.workspace.diffs import apply_edits, diff_edits, line_regions


class HunkKind(StrEnum):
    """What a hunk changes."""

    LINES = "lines"
    """A run of lines of a text file that stays one."""
    WHOLE = "whole"
    """All of a path: it is made, removed, or becomes something else than text."""
    MODE = "mode"
    """The permission bits alone."""


@dataclass(frozen=True, slots=True)
class LineRange:
    """Lines from `first` up to, but without, `end`, from 0; empty: before the line `first`."""

    first: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """One part of the change of a path; parts of one change do not depend on each other."""

    id: str
    """Says what the hunk does and not where, so it outlives edits and hunks elsewhere."""
    path: Path
    kind: HunkKind
    old_lines: LineRange
    """Where it is in the text as it is now; nothing before a path exists."""
    new_lines: LineRange
    """Where it is in the text with all hunks."""
    old_text: str
    """The lines that it replaces, whole; empty for what is not text."""
    new_text: str
    edit: TextEdit | None = None
    """For `LINES`: the smallest edit of the text as it is now."""
    after: State | None = None
    """For `WHOLE`: what is there afterwards. For `MODE` only its mode counts."""


def hunks_between(path: Path, before: State | None, after: State | None) -> tuple[Hunk, ...]:
    """Give the hunks that turn one state of a path into another, from the top down."""
    if before is None or after is None:
        return () if before is after else (_whole(path, before, after),)
    old, new = before.content, after.content
    if old == new and before.has_bom == after.has_bom:
        return _mode_hunks(path, before, after)
    if isinstance(old, str) and isinstance(new, str) and before.has_bom == after.has_bom:
        return (*_line_hunks(path, old, new), *_mode_hunks(path, before, after))
    return (_whole(path, before, after),)


def with_hunks(before: State | None, hunks: Iterable[Hunk]) -> State | None:
    """Give the state with only these hunks of it made; they must be of that very state."""
    edits: list[TextEdit] = []
    state = before
    for hunk in hunks:
        match hunk.kind:
            case HunkKind.WHOLE:
                return hunk.after
            case HunkKind.LINES:
                assert hunk.edit is not None
                edits.append(hunk.edit)
            case HunkKind.MODE:
                assert state is not None
                assert hunk.after is not None
                state = replace(state, mode=hunk.after.mode)
    if not edits:
        return state
    assert state is not None
    assert isinstance(state.content, str)
    edits.sort(key=lambda edit: edit.span.start)
    return replace(state, content=apply_edits(state.content, tuple(edits)))


def _line_hunks(path: Path, old: str, new: str) -> Iterable[Hunk]:
    old_lines, new_lines = split_lines(old), split_lines(new)
    seen: Counter[tuple[str, str]] = Counter()
    for region, edit in zip(line_regions(old, new), diff_edits(old, new), strict=True):
        old_from, old_to, new_from, new_to = region
        old_text = "".join(old_lines[old_from:old_to])
        new_text = "".join(new_lines[new_from:new_to])
        seen[old_text, new_text] += 1
        yield Hunk(
            id=_id(path, HunkKind.LINES, old_text, new_text, str(seen[old_text, new_text])),
            path=path,
            kind=HunkKind.LINES,
            old_lines=LineRange(old_from, old_to),
            new_lines=LineRange(new_from, new_to),
            old_text=old_text,
            new_text=new_text,
            edit=edit,
        )


def _mode_hunks(path: Path, before: State, after: State) -> tuple[Hunk, ...]:
    if after.mode is None or after.mode == before.mode:
        return ()
    nowhere = LineRange(0, 0)
    return (
        Hunk(
            id=_id(path, HunkKind.MODE, str(before.mode), str(after.mode)),
            path=path,
            kind=HunkKind.MODE,
            old_lines=nowhere,
            new_lines=nowhere,
            old_text="",
            new_text="",
            after=after,
        ),
    )


def _whole(path: Path, before: State | None, after: State | None) -> Hunk:
    old_text, new_text = _text(before), _text(after)
    return Hunk(
        id=_id(path, HunkKind.WHOLE, _digest(before), _digest(after)),
        path=path,
        kind=HunkKind.WHOLE,
        old_lines=LineRange(0, len(split_lines(old_text))),
        new_lines=LineRange(0, len(split_lines(new_text))),
        old_text=old_text,
        new_text=new_text,
        after=after,
    )


def _text(state: State | None) -> str:
    return state.content if state is not None and isinstance(state.content, str) else ""


def _digest(state: State | None) -> str:
    if state is None:
        return "nothing"
    kind = "folder" if isinstance(state.content, Folder) else f"bom={state.has_bom}"
    return f"{kind} {digest_of_content(state.content)}"


def _id(path: Path, *parts: str) -> str:
    hashed = hashlib.blake2b(digest_size=5)
    for part in (path.as_posix(), *parts):
        data = part.encode("utf-8", "surrogatepass")
        hashed.update(len(data).to_bytes(8) + data)
    return hashed.hexdigest()
