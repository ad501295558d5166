"""Files by the names that answers use."""

from pathlib import Path

from mcp_tools.types.documents import SnapshotView


def file_of(snapshot: SnapshotView, path: str) -> str:
    """Give a path of the workspace as the index calls it: from the root, with `/`.

    The root itself is `.`. Raises: OutsideWorkspace.
    """
    return display(snapshot.root, snapshot.resolve(path))


def display(root: Path, path: Path) -> str:
    """Give a path below the root from there, with `/`."""
    return "." if path == root else path.relative_to(root).as_posix()
