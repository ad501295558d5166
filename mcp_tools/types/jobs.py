"""Shell commands that a session runs, in the foreground and behind its back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.documents import SnapshotView

OnOutput: TypeAlias = Callable[[str], None]
"""Takes what a command printed, as it comes; called on the event loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A command in the background, as it is now."""

    id: str
    """Short, such as `job-1`; unique within the session."""
    command: ShellCommand
    output: str
    """What it printed after what was asked for; bounded, and marked where something is missing."""
    offset: int
    """Where `output` begins, in characters since the start."""
    next_offset: int
    """Ask from here for what comes after `output`, in characters since the start."""
    result: CommandResult | None = None
    """How it ended; None while it runs. Its changes are given once, and empty after that."""
    failure: str = ""
    """Why it did not end by itself: stopped, out of time, or could not be started."""


class Jobs(Protocol):
    """The commands of one session. They all end with it."""

    async def run(
        self, command: ShellCommand, snapshot: SnapshotView, on_output: OnOutput | None = None
    ) -> CommandResult:
        """Run in the foreground, to the end; a cancelled call ends the command.

        Raises: ProgramFailed, CannotShow.
        """
        ...

    def start(self, command: ShellCommand, snapshot: SnapshotView) -> JobView:
        """Run in the background.

        Raises: ExpectedError if too many run already.
        """
        ...

    async def look(self, job_id: str, *, offset: int | None, wait_s: float) -> JobView:
        """Give what a job printed since `offset`; wait so long for more of it, or for its end.

        None for what came since the last look.

        Raises: NotFound, naming the jobs there are.
        """
        ...

    async def stop(self, job_id: str) -> JobView:
        """End a job with all that it started; one that has ended is only looked at.

        Raises: NotFound.
        """
        ...

    async def close(self) -> None:
        """End all jobs; none may be started any more."""
        ...
