"""The ports: what this package needs from outside, each a Protocol named for its role.

`SnapshotView` and `Programs` stand beside the values that they work on, in `types`.
"""

from pathlib import Path
from typing import Protocol

from mcp_tools.types.calls import Effect, Ruling, ToolCall, ToolResult
from mcp_tools.types.documents import Document, Entry
from mcp_tools.types.edits import ChangeSet


class Source(Protocol):
    """Where saved text comes from, normally the disk. Never reads outside its root."""

    @property
    def root(self) -> Path:
        """The workspace root: absolute, links resolved."""
        ...

    def read(self, path: Path) -> Document:
        """Read one file.

        Raises: NotFound, NotText, TooLarge, OutsideWorkspace.
        """
        ...

    def entries(self, directory: Path) -> tuple[Entry, ...]:
        """List a directory, sorted by name.

        Raises: NotFound, OutsideWorkspace.
        """
        ...


class Sink(Protocol):
    """Where accepted changes go: the disk, or an editor that has the file open.

    All files of a change set change or none does. When `apply` returns, each file has been
    checked to hold the expected text.
    """

    async def apply(self, changes: ChangeSet) -> None:
        """Make the change.

        Raises: StaleEdit if a base text moved on (nothing was written); Conflict if the result
            is not what was expected; OutsideWorkspace, NotFound, Denied.
        """
        ...


class Gate(Protocol):
    """Decides what may happen. It may ask a person, and any doubt is a no."""

    async def judge(self, effect: Effect) -> Ruling:
        """Rule on one effect; never raises for an effect it does not know, but denies it."""
        ...


class Observer(Protocol):
    """Is told of every call that went through the host: a log, an audit trail, a trace."""

    def called(self, call: ToolCall, result: ToolResult) -> None:
        """A call has ended. Must not raise."""
        ...
