"""From what is and what is to be at some paths to jobs in an order that works.

What is in a folder goes before the folder, and comes after it. A folder may be written while its
files change: it gets that right before them, and loses it after them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.errors import InvalidEdit, OutsideWorkspace, TooLarge
from mcp_tools.workspace.changes import ReadState, States
from mcp_tools.workspace.disk.beneath import status_beneath
from mcp_tools.workspace.disk.exact_names import folded
from mcp_tools.workspace.disk.source import MAX_STATE_BYTES
from mcp_tools.workspace.encoding import encode

_MAY_CHANGE_ENTRIES = 0o300


class Kind(StrEnum):
    """What is done to a path; a file may be a symbolic link here."""

    REPLACE = "replace"
    MAKE = "make"
    REMOVE = "remove"
    RENAME = "rename"
    TAKE_OUT = "take out"
    """Remove a file that another job then puts in its new place."""
    SET_MODE = "set mode"
    MAKE_FOLDER = "make folder"
    REMOVE_FOLDER = "remove folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do at one path."""

    kind: Kind
    path: Path
    before: State | None
    """What must be there right before; for a rename, at the old name."""
    after: State | None
    temporary: Path
    """A name of its own, where the file is prepared, and what it displaces is kept."""
    origin: Path | None = None
    """For a rename the old name; else the file whose owner and attributes the new one gets."""
    is_ready: bool = False
    """The temporary name has the right file by the time that it is needed."""
    is_last: bool = True
    """No other job comes after this one at the same path."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to become of some paths of one workspace, on behalf of one journal entry."""

    root: Path
    entry_id: str
    read: ReadState
    before: States
    after: States
    """The same paths as `before`."""
    old_names: Mapping[Path, Path] = field(default_factory=dict[Path, Path])
    """By new name of a renamed file."""
    spares: Mapping[Path, Path] = field(default_factory=dict[Path, Path])
    """By path, a file beneath the root that already is what is wanted there, to be moved in."""

    @cached_property
    def missing_folders(self) -> frozenset[Path]:
        """The folders that must be made first, though nobody asked for them.

        Raises: OutsideWorkspace if a link is in the way; InvalidEdit if a file is.
        """
        kept = (path for path, state in self.after.items() if state is not None)
        return frozenset(folder for path in kept for folder in self._missing_above(path))

    def temporary_for(self, path: Path) -> Path:
        """Give the temporary name of a path: the same whenever it is asked for.

        It lies in the nearest folder that is there now and stays as it is.
        """
        above = (folder for folder in path.parents if self.root in folder.parents)
        place = next((folder for folder in above if self._is_steady(folder)), self.root)
        return place / temporary_name(self.entry_id, path.relative_to(self.root))

    def _missing_above(self, path: Path) -> Iterator[Path]:
        for folder in path.parents:
            if self.root not in folder.parents:
                return
            state = self.after[folder] if folder in self.after else self.read(folder)
            if state is not None and isinstance(state.content, Folder):
                return
            if state is not None or folder in self.after:
                raise _not_a_folder(folder, state)
            yield folder

    def _is_steady(self, folder: Path) -> bool:
        if folder in self.after or folder in self.missing_folders:
            return False
        state = self.read(folder)
        return state is not None and isinstance(state.content, Folder)


def plan(wanted: Wanted) -> list[Job]:
    """Give the jobs that make of each path what is wanted, in order.

    Raises: OutsideWorkspace, InvalidEdit, TooLarge; ExpectedError of the reading.
    """
    jobs = [_folder_job(wanted, folder) for folder in wanted.missing_folders]
    gone = set(wanted.old_names.values())
    for new, old in wanted.old_names.items():
        jobs += _rename_jobs(wanted, old, new)
    for path, after in wanted.after.items():
        if path not in wanted.old_names and path not in gone:
            jobs += _jobs_at(wanted, path, after)
    return sorted(jobs, key=_order)


def temporary_name(entry_id: str, name: Path) -> str:
    """Give the name of the temporary file that an entry uses for a path from the root."""
    # The name itself is not part of it: together they could exceed what a name may have.
    number = blake2b(name.as_posix().encode("utf-8", "surrogateescape"), digest_size=8)
    return f"{temporary_prefix(entry_id)}{number.hexdigest()}.tmp"


def temporary_prefix(entry_id: str) -> str:
    """Give what all temporary names of an entry begin with."""
    return f".lsp-agent-{entry_id}-"


def fits(found: State | None, wanted: State | None) -> bool:
    """Tell whether what was found is what was wanted; a mode of None is any mode."""
    if found is None or wanted is None:
        return found is wanted
    return holds(found, wanted) and (None in (found.mode, wanted.mode) or found.mode == wanted.mode)


def holds(found: State | None, wanted: State | None) -> bool:
    """Tell whether the content is the same, byte for byte, whatever the mode."""
    if found is None or wanted is None:
        return found is wanted
    if isinstance(found.content, str) and isinstance(wanted.content, str):
        return found.has_bom == wanted.has_bom and found.content == wanted.content
    return _raw(found) == _raw(wanted)


def data_of(state: State, path: Path) -> bytes:
    """Give the bytes of a file's state.

    Raises: InvalidEdit for text that no file can hold; TooLarge.
    """
    match state.content:
        case str() as text:
            return encode(text, path, has_bom=state.has_bom)
        case Binary(data=data):
            if len(data) > MAX_STATE_BYTES:
                raise TooLarge(
                    f"the new content of {path.name!r} has {len(data)} bytes, "
                    f"the limit for an undo is {MAX_STATE_BYTES}"
                )
            return data
        case Link() | Folder():
            raise TypeError(f"expected a file at {path.name!r}, got {state.content!r}")


def _raw(state: State) -> bytes | Link | Folder:
    match state.content:
        case str() as text:
            mark = "\ufeff" if state.has_bom else ""
            return (mark + text).encode("utf-8", "surrogatepass")
        case Binary(data=data):
            return data
        case Link() | Folder():
            return state.content


def _jobs_at(wanted: Wanted, path: Path, after: State | None) -> Iterator[Job]:
    before = wanted.before[path]
    if holds(before, after):
        if not fits(before, after):
            yield _job(wanted, Kind.SET_MODE, path)
    elif _is_file(before) and _is_file(after):
        yield _made(wanted, _job(wanted, Kind.REPLACE, path))
    else:
        if before is not None:
            kind = Kind.REMOVE if _is_file(before) else Kind.REMOVE_FOLDER
            yield replace(_job(wanted, kind, path), after=None, is_last=after is None)
        if after is not None:
            yield from _make_jobs(wanted, path, after)


def _make_jobs(wanted: Wanted, path: Path, after: State) -> Iterator[Job]:
    if _is_file(after):
        yield replace(_made(wanted, _job(wanted, Kind.MAKE, path)), before=None)
        return
    yield replace(_folder_job(wanted, path), after=replace(after, mode=None))
    if after.mode is not None:
        yield replace(_job(wanted, Kind.SET_MODE, path), before=State(content=Folder()))


def _rename_jobs(wanted: Wanted, old: Path, new: Path) -> Iterator[Job]:
    """Rename in one step where that is possible, else by way of the temporary name."""
    state = wanted.before[old]
    if not _is_file(state):
        raise InvalidEdit(f"expected a file to rename at {old.name!r}, found a folder")
    rename = replace(_job(wanted, Kind.RENAME, new), before=state, origin=old)
    took_out = replace(rename, kind=Kind.TAKE_OUT, path=old, after=None)
    took_out = replace(took_out, temporary=wanted.temporary_for(old), origin=None)
    if not _is_on_one_device(wanted.root, old, rename.temporary.parent):
        yield replace(took_out, kind=Kind.REMOVE)
        yield replace(rename, kind=Kind.MAKE, before=None)
    elif any(folder in wanted.after for folder in old.parents) or folded(old) == folded(new):
        yield took_out
        yield replace(
            rename, kind=Kind.MAKE, before=None, temporary=took_out.temporary, is_ready=True
        )
    else:
        yield rename


def _made(wanted: Wanted, job: Job) -> Job:
    """Say where the file of a job comes from: a spare one, or whose attributes a new one gets."""
    spare = wanted.spares.get(job.path)
    if spare is not None:
        return replace(job, temporary=spare, is_ready=True)
    were_files = _is_regular(job.before) and _is_regular(job.after)
    return replace(job, origin=job.path) if were_files else job


def _folder_job(wanted: Wanted, folder: Path) -> Job:
    return Job(
        kind=Kind.MAKE_FOLDER,
        path=folder,
        before=None,
        after=State(content=Folder()),
        temporary=wanted.temporary_for(folder),
    )


def _job(wanted: Wanted, kind: Kind, path: Path) -> Job:
    return Job(
        kind=kind,
        path=path,
        before=wanted.before[path],
        after=wanted.after[path],
        temporary=wanted.temporary_for(path),
    )


def _order(job: Job) -> tuple[int, int, Path]:
    depth = len(job.path.parts)
    match job.kind:
        case Kind.SET_MODE if _is_folder(job.after):
            return (0, depth, job.path) if _opens(job) else (3, -depth, job.path)
        case Kind.REMOVE | Kind.TAKE_OUT | Kind.REMOVE_FOLDER:
            return 1, -depth, job.path
        case _:
            return 2, depth, job.path


def _opens(job: Job) -> bool:
    """Tell whether a folder that was there before lets its files be changed afterwards."""
    modes = [None if state is None else state.mode for state in (job.before, job.after)]
    return modes[0] is not None and (modes[1] or 0) & _MAY_CHANGE_ENTRIES == _MAY_CHANGE_ENTRIES


def _is_on_one_device(root: Path, path: Path, folder: Path) -> bool:
    found = [status_beneath(root, path), status_beneath(root, folder)]
    return len({status.st_dev for status in found if status is not None}) == 1


def _is_folder(state: State | None) -> bool:
    return state is not None and isinstance(state.content, Folder)


def _is_file(state: State | None) -> bool:
    return state is not None and not isinstance(state.content, Folder)


def _is_regular(state: State | None) -> bool:
    return state is not None and isinstance(state.content, str | Binary)


def _not_a_folder(path: Path, state: State | None) -> OutsideWorkspace | InvalidEdit:
    if state is not None and isinstance(state.content, Link):
        return OutsideWorkspace(f"{path.name!r} is a link, not a folder; links are not followed")
    found = "the same change removes it" if state is None else "there is a file"
    return InvalidEdit(f"expected a folder at {path.name!r} to put a file into, but {found}")
