"""Where the text of a module lies, and how its file gets another name."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from mcp_tools.code.refactoring.draft import Draft
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import InvalidEdit

_PACKAGE_STEM = "__init__"


def module_name_of(file: str) -> str:
    """Give the last part of the name of the module that a file holds."""
    path = PurePosixPath(file)
    return path.parent.name if path.stem == _PACKAGE_STEM else path.stem


def move_module(draft: Draft, file: str, new_name: str) -> None:
    """Give a module's file, or a package's whole folder, another name in a draft.

    Raises: InvalidEdit if there is a module of this name already, or the file is the root's.
    """
    path = PurePosixPath(file)
    snapshot = draft.codebase.snapshot
    is_package = path.stem == _PACKAGE_STEM
    folder = path.parent.parent if is_package else path.parent
    if is_package and path.parent == PurePosixPath():
        raise InvalidEdit(f"{file!r} is the package of the workspace root, which keeps its name")
    for taken in (folder / new_name, folder / f"{new_name}.py", folder / f"{new_name}.pyi"):
        if _is_there(snapshot, taken):
            raise InvalidEdit(f"{new_name!r} is taken, so nothing is renamed: {taken} is there")
    if not is_package:
        draft.move_file(file, path.with_name(new_name + path.suffix).as_posix())
        return
    for inner in sorted(_files_below(snapshot, snapshot.resolve(path.parent.as_posix()))):
        name = PurePosixPath(inner.relative_to(snapshot.root).as_posix())
        moved = folder / new_name / name.relative_to(path.parent)
        draft.move_file(name.as_posix(), moved.as_posix())


def _is_there(snapshot: SnapshotView, path: PurePosixPath) -> bool:
    return snapshot.state(snapshot.resolve(path.as_posix())) is not None


def _files_below(snapshot: SnapshotView, folder: Path) -> Iterator[Path]:
    """Give the files of a folder; what ignore rules leave out stays where it is."""
    for entry in snapshot.entries(folder):
        if snapshot.is_ignored(entry.path) or entry.path.name == "__pycache__":
            continue
        if entry.is_dir and not entry.is_link:
            yield from _files_below(snapshot, entry.path)
        else:
            yield entry.path
