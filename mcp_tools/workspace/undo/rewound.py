"""What some paths hold on the way back from now, within what a file system allows."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from mcp_tools.types.contents import Folder, State
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.changes import ReadState, States

ReadEntries = Callable[[Path], Iterable[Path]]
"""Gives the paths of all that is in a folder now."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What could not come about."""

    left: dict[Path, str] = field(default_factory=dict[Path, str])
    """The paths that stay as they are now, with the reason."""
    folders: dict[Path, str] = field(default_factory=dict[Path, str])
    """The folders that stay, since there is more in them by now, and the name of some of that."""


class Rewound:
    """The paths that were asked for or set; nothing else changes."""

    def __init__(self, root: Path, read_state: ReadState) -> None:
        """Begin with what there is now."""
        self._root = root
        self._read_state = read_state
        self._now: dict[Path, State | None] = {}
        self._then: dict[Path, State | None] = {}

    @property
    def now(self) -> States:
        """What there is now."""
        return self._now

    @property
    def then(self) -> States:
        """What there is at the end of the way."""
        return self._then

    def state(self, path: Path) -> State | None:
        """Give what is at a path, so far on the way.

        Raises: ExpectedError if it cannot be read.
        """
        if path not in self._now:
            self._now[path] = self._then[path] = self._read_state(path)
        return self._then[path]

    def put(self, path: Path, state: State | None) -> None:
        """Set what is at a path from here on; it was asked for before."""
        self._then[path] = state

    def settle(self, read_entries: ReadEntries) -> Settled:
        """Take back what a file system refuses: below no folder, or a folder with more in it."""
        settled = Settled()
        for path in sorted(self._then):
            if self._then[path] not in (None, self._now[path]):
                self._check_parents(path, settled)
        inside: defaultdict[Path, set[Path]] = defaultdict(set)
        for path in self._then:
            inside[path.parent].add(path)
        for path in sorted(self._then, reverse=True):
            if _is_folder(self._now[path]) and not _is_folder(self._then[path]):
                child = self._still_in(path, inside[path], read_entries)
                if child is not None:
                    if self._then[path] is None:
                        settled.folders[path] = child
                    else:
                        settled.left[path] = f"there is {child!r} in the folder by now"
                    self._then[path] = self._now[path]
        return settled

    def _check_parents(self, path: Path, settled: Settled) -> None:
        for folder in path.parents:
            if folder == self._root:
                return
            try:
                state = self._then[folder] if folder in self._then else self._read_state(folder)
            except ExpectedError as error:
                settled.left[path] = str(error)
            else:
                if state is None:
                    continue
                if _is_folder(state):
                    return
                settled.left[path] = f"{folder.name!r}, in which it was, is no folder any more"
            self._then[path] = self._now[path]
            return

    def _still_in(
        self, folder: Path, inside: Iterable[Path], read_entries: ReadEntries
    ) -> str | None:
        """Give the name of something in a folder that does not go away, None if all does."""
        stays = {path for path in inside if self._then[path] is not None}
        try:
            stays |= set(read_entries(folder)) - set(inside)
        except ExpectedError as error:
            return str(error)
        return min(path.name for path in stays) if stays else None


def _is_folder(state: State | None) -> bool:
    return state is not None and isinstance(state.content, Folder)
