"""The shell commands of one session, in the foreground and in the background."""

import asyncio
import logging
from dataclasses import dataclass, replace

from mcp_tools.ports import Runner
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import ExpectedError, NotFound
from mcp_tools.types.jobs import JobView, OnOutput
from mcp_tools.workspace.job_output import JobOutput

logger = logging.getLogger(__name__)

_STOPPED = "it was stopped, and nothing that it changed is kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLimits:
    """What the commands of one session may cost."""

    n_running: int = 8
    """Background jobs that run at once; one more is refused."""
    n_foreground: int = 16
    """Foreground commands that run at once; one more waits."""
    n_ended: int = 32
    """Ended jobs that can still be looked at; the oldest is forgotten first."""
    n_kept_chars: int = 1024 * 1024
    """Of the output of one job: the first half from the start, the other from the end."""
    n_ended_chars: int = 8 * 1024 * 1024
    """Of the output of all ended jobs."""
    settle_s: float = 0.5
    """Who waits for output gets it when there was no more for so long, not line by line."""
    close_s: float = 2.0
    """Until `close` returns, whatever a command does."""


class SessionJobs:
    """Runs commands by a Runner, and ends what still runs when it is closed; implements Jobs.

    All of it happens on one event loop.
    """

    def __init__(self, runner: Runner, *, limits: JobLimits | None = None) -> None:
        """Run by `runner`; nothing runs yet."""
        self._runner = runner
        self._limits = limits or JobLimits()
        self._jobs: dict[str, _Job] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._turns = asyncio.Semaphore(self._limits.n_foreground)
        self._n_started = 0
        self._is_closed = False

    @property
    def n_running(self) -> int:
        """How many commands run now, in the foreground and in the background."""
        return len(self._tasks)

    async def run(
        self, command: ShellCommand, snapshot: SnapshotView, on_output: OnOutput | None = None
    ) -> CommandResult:
        """Run in the foreground, to the end; a cancelled call ends the command.

        Raises: ProgramFailed, CannotShow; ExpectedError if the session ends.
        """
        async with self._turns:
            self._refuse_if_closed()
            task = asyncio.create_task(self._runner.run(command, snapshot, on_output))
            self._keep(task)
            try:
                return await task
            except asyncio.CancelledError:
                # Either we are cancelled, or only the command is, because the session ends.
                if _is_cancelled():
                    raise
                raise ExpectedError("the command was ended, because its session ended") from None

    def start(self, command: ShellCommand, snapshot: SnapshotView) -> JobView:
        """Run in the background.

        Raises: ExpectedError if too many run already, or the session has ended.
        """
        self._refuse_if_closed()
        running = [job.id for job in self._jobs.values() if not job.is_ended]
        if len(running) >= self._limits.n_running:
            raise ExpectedError(
                f"{len(running)} jobs run already, which is the limit: {', '.join(running)}; "
                "stop one with shell_stop"
            )
        self._n_started += 1
        job = _Job(f"job-{self._n_started}", command, JobOutput(self._limits.n_kept_chars))
        job.task = asyncio.create_task(self._attend(job, snapshot))
        self._jobs[job.id] = job
        self._keep(job.task)
        return job.view(0)

    async def look(self, job_id: str, *, offset: int | None, wait_s: float) -> JobView:
        """Give what a job printed since `offset`; wait so long for more of it, or for its end.

        None for what came since the last look.
        Raises: NotFound, naming the jobs there are.
        """
        job = self._found(job_id)
        start = job.n_seen if offset is None else offset
        await job.wait(start, wait_s=wait_s, settle_s=self._limits.settle_s)
        return job.take(start)

    async def stop(self, job_id: str) -> JobView:
        """End a job with all that it started; one that has ended is only looked at.

        Raises: NotFound.
        """
        job = self._found(job_id)
        if not job.is_ended and job.task is not None:
            job.task.cancel()
            await asyncio.wait({job.task})
            job.fail(_STOPPED)  # it may not even have begun
        return job.take(job.n_seen)

    async def close(self) -> None:
        """End all commands, with all that they started; none may be started any more."""
        self._is_closed = True
        await self.end_all()

    async def end_all(self) -> None:
        """End all commands, with all that they started; others may be started after that."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=self._limits.close_s)
        self._jobs.clear()

    async def _attend(self, job: "_Job", snapshot: SnapshotView) -> None:
        try:
            job.end(await self._runner.run(job.command, snapshot, job.print))
        except asyncio.CancelledError:
            job.fail(_STOPPED)  # Only `stop` and `close` cancel this task, and both know.
        except ExpectedError as error:
            job.fail(str(error))
        except Exception:
            # Nobody waits for this task: a fault is logged here, or nowhere.
            logger.exception("the job %s failed", job.id)
            job.fail("it failed by a fault of lsp-agent; see its log")
        self._forget_old()

    def _forget_old(self) -> None:
        ended = [job for job in self._jobs.values() if job.is_ended]
        n_chars = sum(job.output.n_kept for job in ended)
        while len(ended) > 1 and (
            len(ended) > self._limits.n_ended or n_chars > self._limits.n_ended_chars
        ):
            oldest = ended.pop(0)
            n_chars -= oldest.output.n_kept
            del self._jobs[oldest.id]

    def _found(self, job_id: str) -> "_Job":
        if job_id not in self._jobs:
            names = ", ".join(self._jobs) or "none"
            raise NotFound(f"there is no job {job_id!r}; the jobs of this session are: {names}")
        return self._jobs[job_id]

    def _keep(self, task: "asyncio.Task[CommandResult] | asyncio.Task[None]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise ExpectedError("no command can be started any more, because the session has ended")


class _Job:
    """A command in the background, and what came of it so far."""

    def __init__(self, job_id: str, command: ShellCommand, output: JobOutput) -> None:
        self.id = job_id
        self.command = command
        self.output = output
        self.task: asyncio.Task[None] | None = None
        self.n_seen = 0
        """Up to where it was looked at."""
        self._result: CommandResult | None = None
        self._failure = ""
        self._news = asyncio.Event()

    @property
    def is_ended(self) -> bool:
        return self._result is not None or bool(self._failure)

    def print(self, text: str) -> None:
        self.output.add(text)
        self._tell()

    def end(self, result: CommandResult) -> None:
        self._result = result
        self._tell()

    def fail(self, reason: str) -> None:
        if not self.is_ended:
            self._failure = reason
            self._tell()

    async def wait(self, offset: int, *, wait_s: float, settle_s: float) -> None:
        """Wait for the end, or for output after `offset` and then a pause."""
        try:
            async with asyncio.timeout(wait_s):
                while not self.is_ended and self.output.end <= offset:
                    await self._news.wait()
                while not self.is_ended and await self._has_news_within(settle_s):
                    pass
        except TimeoutError:
            return

    def view(self, offset: int) -> JobView:
        return JobView(
            id=self.id,
            command=self.command,
            output=self.output.since(offset),
            offset=min(offset, self.output.end),
            next_offset=self.output.end,
            result=self._result,
            failure=self._failure,
        )

    def take(self, offset: int) -> JobView:
        """Give a view; what the job changed is given with it, and never again."""
        view = self.view(offset)
        self.n_seen = view.next_offset
        if self._result is not None:
            nothing = ChangeSet(label=self._result.changes.label, files=())
            self._result = replace(self._result, changes=nothing, notes=())
        return view

    async def _has_news_within(self, settle_s: float) -> bool:
        news = self._news
        try:
            async with asyncio.timeout(settle_s):
                await news.wait()
        except TimeoutError:
            return False
        return True

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
