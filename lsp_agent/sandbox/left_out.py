"""What is left out of a change set, counted by reason, as notes for a person."""

from enum import StrEnum
from pathlib import Path

_N_NAMED = 5


class Reason(StrEnum):
    """Why something that a command did is not kept, or not kept as it was."""

    MOVED_ON = "not kept, because another program changed it meanwhile (run the command again)"
    NOT_SHOWN = "not kept, because it is in the workspace, but was not in the copy"
    NOT_COPIED = "not shown to the command, because it cannot be read"
    TOO_LARGE = "not kept, because it is larger than 64 MiB"
    SPECIAL = "not kept, because it is no file, folder or link, or cannot be read"
    NOT_UNDOABLE = "left as it is, because what was there before could not be kept for an undo"
    OCCUPIED = "left in place, because something in it was"
    VERSION_CONTROL = "not kept, because it belongs to version control"
    NOT_KEPT = "changed, and cannot be undone, because what was there before was not kept"
    NOT_LOOKED_AT = "not compared, so changes in it cannot be undone"
    HARD_LINK = "kept as a file of its own, not as a hard link"
    SPECIAL_BITS = "kept without the bits that lend the owner's or group's rights"


class LeftOut:
    """Collects paths by reason."""

    def __init__(self, root: Path) -> None:
        """Take the folder that names are relative to."""
        self._root = root
        self._paths: dict[Reason, dict[Path, None]] = {}

    def add(self, reason: Reason, path: Path) -> None:
        """Note a path; once is enough."""
        self._paths.setdefault(reason, {})[path] = None

    def notes(self) -> tuple[str, ...]:
        """Give one line a reason, with the first few names and the number of the others."""
        return tuple(
            f"{named(sorted(self._paths[reason]), self._root)}: {reason}"
            for reason in Reason
            if reason in self._paths
        )


def named(paths: list[Path], root: Path) -> str:
    """Give the first few of some paths, from `root`, and how many more there are."""
    names = [repr(path.relative_to(root).as_posix()) for path in paths[:_N_NAMED]]
    n_more = len(paths) - len(names)
    return ", ".join(names) + (f" and {n_more} more" if n_more else "")
