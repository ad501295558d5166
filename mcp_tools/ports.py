"""The ports: what this package needs from outside, each a Protocol named for its role.

`SnapshotView` and `Programs` stand beside the values that they work on, in `types`.
"""

from pathlib import Path
from typing import Protocol

from mcp_tools.types.calls import Effect, Ruling, ToolCall, ToolResult
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.contents import State
from mcp_tools.types.documents import Document, Entry, SnapshotView
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.jobs import OnOutput


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

    def state(self, path: Path) -> State | None:
        """Give what is at a path, whatever its kind; links are not followed.

        None if there is nothing. Raises: TooLarge above the limit for an undo, NotText for a
        pipe, socket or device, and for what may not be read, OutsideWorkspace.
        """
        ...


class Sink(Protocol):
    """Where accepted changes go: the disk, or an editor that has the file open.

    All files of a change set change or none does. When `apply` returns, each file has been
    checked to hold the expected text.
    """

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Make the change that the journal knows as `entry_id`.

        Raises: StaleEdit if a base text moved on (nothing was written); Conflict if the result
            is not what was expected; OutsideWorkspace, NotFound, Denied.
        """
        ...


class Gate(Protocol):
    """Decides what may happen. It may ask a person, and any doubt is a no."""

    async def judge(self, effect: Effect) -> Ruling:
        """Rule on one effect; never raises for an effect it does not know, but denies it."""
        ...


class CallFilter(Protocol):
    """Stands between callers and tools: may change what goes in and what comes out.

    What it changes is checked and judged like what the caller wrote.
    """

    async def before(self, call: ToolCall) -> ToolCall:
        """Give the call to make in place of this one, with the same id and name.

        Raises: Denied, with the reason, if it must not be made.
        """
        ...

    async def after(self, call: ToolCall, result: ToolResult) -> ToolResult:
        """Give the result to show in place of this one; must not raise."""
        ...


class Observer(Protocol):
    """Is told of every call that went through the host: a log, an audit trail, a trace."""

    def called(self, call: ToolCall, result: ToolResult) -> None:
        """A call has ended. Must not raise."""
        ...


class Records(Protocol):
    """Keeps what the last calls of a session gave."""

    def keep(self, result: ToolResult) -> str:
        """Keep a result with all of its text; give the address of that, empty if there is none.

        Must not raise.
        """
        ...


class Runner(Protocol):
    """Runs a shell command where it sees the top layer of text, and tells what it changed.

    The real files stay as they are: what the command wrote is given back as changes.
    """

    async def run(
        self, command: ShellCommand, snapshot: SnapshotView, on_output: OnOutput | None = None
    ) -> CommandResult:
        """Run to the end; when cancelled, the command ends with all that it started.

        What it prints is given to `on_output` as it comes, whole characters at a time.

        Raises: ProgramFailed if it cannot be started or exceeds its time; CannotShow, naming the
            files, if the system offers no way to show the command what the snapshot shows.
        """
        ...


class TypeOracle(Protocol):
    """Tells a type that our own resolution does not know.

    Jedi does, and so could a type checker that runs as a child. It is asked about one place at a
    time, and only when nothing else is left; it may be slow.
    """

    def type_at(self, document: Document, offset: int) -> str:
        """Give the type of the name at an offset, as an annotation would say it.

        Empty if it is not known, or not known in time; it never raises for what a text is.
        """
        ...

    def close(self) -> None:
        """Take no more questions, and leave nothing running that would be waited for."""
        ...
