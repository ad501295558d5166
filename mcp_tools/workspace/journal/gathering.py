"""The contents of one write, brought together before any of it is written."""

from pathlib import Path

from mcp_tools.types.contents import Content, State
from mcp_tools.types.errors import JournalFailed
from mcp_tools.types.journal import StoredState
from mcp_tools.types.text import Digest
from mcp_tools.workspace.journal.contents import Blob, blob_of
from mcp_tools.workspace.journal.limits import Limits


class Gathering:
    """Contents of files below one root, each once."""

    def __init__(self, root: Path, limits: Limits) -> None:
        """Start with none."""
        self.blobs: dict[Digest, bytes] = {}
        """By key; empty contents need no place."""
        self._root = root
        self._limits = limits

    def name_of(self, path: Path) -> str:
        """Give a path from the root, with `/`.

        Raises: JournalFailed if it is not below the root.
        """
        if not path.is_relative_to(self._root) or ".." in path.parts:
            raise JournalFailed(f"expected a path below {str(self._root)!r}, got {str(path)!r}")
        return path.relative_to(self._root).as_posix()

    def add(self, name: str, content: Content) -> Blob:
        """Take a content of the file `name`.

        Raises: JournalFailed if it is too large.
        """
        blob = blob_of(content)
        n_bytes, most = len(blob.data), self._limits.max_content_bytes
        if n_bytes > most:
            raise JournalFailed(
                f"{name!r} has {n_bytes} bytes, the undo journal keeps at most {most} of one file"
            )
        if blob.data:
            self.blobs[blob.digest] = blob.data
        return blob

    def add_state(self, name: str, state: State | None) -> StoredState | None:
        """Take what is at a path, if anything.

        Raises: JournalFailed if it is too large.
        """
        if state is None:
            return None
        blob = self.add(name, state.content)
        return StoredState(
            kind=blob.kind,
            digest=blob.digest,
            size_bytes=len(blob.data),
            mode=state.mode,
            has_bom=state.has_bom,
        )
