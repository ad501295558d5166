"""Laying states of paths into a folder, as files that a command can read.

Into an empty folder that is to lie over the root, what is removed is laid as a whiteout, the mark
by which an overlay file system knows it. Into a copy of the root it is laid by removing it.
"""

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from lsp_agent.sandbox.private import remove_tree
from mcp_tools.types.contents import Binary, Content, Folder, Link, State

_BOM = b"\xef\xbb\xbf"

States = Mapping[Path, State | None]


def lay_over(layer: Path, root: Path, states: States) -> None:
    """Fill an empty folder with states of paths below `root`, to be mounted over it.

    Raises: OSError.
    """
    folders = _Folders(layer, root)
    for path, state in _laid(states):
        target = layer / path.relative_to(root)
        folders.make(target.parent)
        if state is None:
            _white_out(target)
        elif isinstance(state.content, Folder):
            folders.make(target)
        else:
            _write(target, state)
    folders.finish(states)


def lay_into(copy: Path, root: Path, states: States) -> None:
    """Make a copy of `root` show the states.

    Raises: OSError.
    """
    for path, state in _laid(states):
        target = copy / path.relative_to(root)
        if state is None:
            if all(_is_real_folder(copy / parent) for parent in target.relative_to(copy).parents):
                _clear(target)
            continue
        _make_parents(copy, target)
        if not (_folder(state) and _is_real_folder(target)):
            _clear(target)
        if _folder(state):
            target.mkdir(exist_ok=True)
        else:
            _write(target, state)
    _set_modes(lambda path: copy / path.relative_to(root), states)


def data_of(content: Content, *, has_bom: bool) -> bytes | None:
    """Give the bytes that a file of such a content has; None for a link or a folder."""
    match content:
        case Binary(data=data):
            return data
        case str() as text:
            # Half a surrogate pair, which no file can hold, stands in a buffer now and then.
            return (_BOM if has_bom else b"") + text.encode("utf-8", "surrogatepass")
        case Link() | Folder():
            return None


def is_white_out(status: os.stat_result) -> bool:
    """Tell whether this is the mark of something removed: a device with the number 0."""
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


class _Folders:
    """The folders of a layer: each gets mode and times of the one that it will lie over."""

    def __init__(self, layer: Path, root: Path) -> None:
        self._layer = layer
        self._root = root
        self._made: list[Path] = []

    def make(self, target: Path) -> None:
        """Make a folder of the layer and those above it."""
        if target == self._layer or target.is_dir():
            return
        self.make(target.parent)
        target.mkdir()
        self._made.append(target)

    def finish(self, states: States) -> None:
        """Set modes and times, the innermost first, because a folder may forbid to write in it."""
        for target in reversed(self._made):
            below = self._root / target.relative_to(self._layer)
            try:
                found = os.lstat(below)
            except OSError:
                continue
            if stat.S_ISDIR(found.st_mode):
                os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
                os.chmod(target, stat.S_IMODE(found.st_mode))
        _set_modes(lambda path: self._layer / path.relative_to(self._root), states)


def _laid(states: States) -> list[tuple[Path, State | None]]:
    """Give what there is to do, parents first.

    What lies in a removed folder needs a folder again. What was in a folder that gave way to
    nothing, or to something else, is gone with it.
    """
    needed = {parent for path, state in states.items() if state for parent in path.parents}
    closed = {path for path, state in states.items() if path not in needed and not _folder(state)}
    return [
        (path, state)
        for path, state in sorted(states.items())
        if state is not None or (path not in needed and closed.isdisjoint(path.parents))
    ]


def _folder(state: State | None) -> bool:
    return state is not None and isinstance(state.content, Folder)


def _white_out(target: Path) -> None:
    os.mknod(target, stat.S_IFCHR, os.makedev(0, 0))


def _write(target: Path, state: State) -> None:
    """Write a file or link that is not there yet."""
    if isinstance(state.content, Link):
        os.symlink(state.content.target, target)
        return
    with open(target, "xb") as file:
        file.write(data_of(state.content, has_bom=state.has_bom) or b"")


def _set_modes(place: Callable[[Path], Path], states: States) -> None:
    for path, state in sorted(states.items(), reverse=True):
        if state is not None and state.mode is not None and not isinstance(state.content, Link):
            os.chmod(place(path), state.mode)


def _clear(target: Path) -> None:
    if _is_real_folder(target):
        remove_tree(target)
    else:
        target.unlink(missing_ok=True)


def _make_parents(copy: Path, target: Path) -> None:
    """Make the folders above a path; what is no folder gives way, as it does in the top layer."""
    for parent in reversed(target.relative_to(copy).parents):
        folder = copy / parent
        if not _is_real_folder(folder):
            folder.unlink(missing_ok=True)
            folder.mkdir()


def _is_real_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
