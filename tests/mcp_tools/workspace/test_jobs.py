"""The commands of a session: what runs, what is told of it, and that all of it ends."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import ExpectedError, NotFound, OutOfTime, OutsideWorkspace
from mcp_tools.types.jobs import Jobs, JobView, OnOutput
from mcp_tools.workspace.jobs import JobLimits, SessionJobs
from mcp_tools.workspace.programs import shell_argv
from tests.lsp_agent.sandbox.views import Signal
from tests.support.commands import CommandDesk, command_desk

pytestmark = pytest.mark.asyncio

LIMITS = JobLimits(n_running=2, n_ended=2, n_kept_chars=1000, settle_s=0.05)
WAIT_S = 10.0


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[CommandDesk]:
    async with command_desk(tmp_path, limits=LIMITS) as desk:
        yield desk


def shell(desk: CommandDesk, line: str, *, timeout_s: float = 20) -> ShellCommand:
    return ShellCommand(argv=shell_argv(line), cwd=desk.root, timeout_s=timeout_s)


async def run(desk: CommandDesk, line: str) -> CommandResult:
    return await desk.jobs.run(shell(desk, line), desk.context().snapshot)


def start(desk: CommandDesk, line: str, *, timeout_s: float = 20) -> str:
    command = shell(desk, line, timeout_s=timeout_s)
    return desk.jobs.start(command, desk.context().snapshot).id


async def ended(desk: CommandDesk, job_id: str) -> JobView:
    """Look at a job until it has ended."""
    async with asyncio.timeout(WAIT_S):
        while True:
            view = await desk.jobs.look(job_id, offset=0, wait_s=WAIT_S)
            if view.result is not None or view.failure:
                return view


async def test_a_foreground_command_gives_output_and_changes(desk: CommandDesk) -> None:
    told: list[str] = []
    jobs: Jobs = desk.jobs
    command = shell(desk, "echo one; echo new > made; exit 3")
    result = await jobs.run(command, desk.context().snapshot, told.append)
    assert (result.exit_code, result.output, "".join(told)) == (3, "one\n", "one\n")
    assert [change.path.name for change in result.changes.files] == ["made"]


async def test_a_cancelled_call_leaves_no_process(desk: CommandDesk, tmp_path: Path) -> None:
    up, alive = Signal(tmp_path / "up"), Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    line = f"exec 9> {alive.path}; echo up > {up.path}; sleep 1000.25 & sleep 1000.25"
    running = asyncio.create_task(run(desk, line))
    await up.read()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await waiting == ""
    assert not processes("1000.25")


async def test_out_of_time_is_told_as_that(desk: CommandDesk) -> None:
    command = shell(desk, "echo begun; sleep 1000", timeout_s=0.3)
    with pytest.raises(OutOfTime):
        await desk.jobs.run(command, desk.context().snapshot)


async def test_a_job_is_looked_at_while_it_runs(desk: CommandDesk, tmp_path: Path) -> None:
    go = Signal(tmp_path / "go")
    job_id = start(desk, f"echo one; read x < {go.path}; echo two; echo new > made")
    view = await desk.jobs.look(job_id, offset=0, wait_s=WAIT_S)
    assert (view.output, view.next_offset, view.result) == ("one\n", 4, None)
    go.send()
    view = await desk.jobs.look(job_id, offset=None, wait_s=WAIT_S)
    assert (view.output, view.offset, view.next_offset) == ("two\n", 4, 8)
    view = await ended(desk, job_id)
    assert view.output == "one\ntwo\n"
    go.close()


async def test_changes_are_given_once(desk: CommandDesk) -> None:
    job_id = start(desk, "echo new > made")
    first = (await ended(desk, job_id)).result
    assert first is not None
    assert [change.path.name for change in first.changes.files] == ["made"]
    again = await desk.jobs.stop(job_id)
    assert again.result is not None
    assert (again.result.exit_code, again.result.changes.files) == (0, ())


async def test_a_look_does_not_wait_longer_than_asked(desk: CommandDesk) -> None:
    job_id = start(desk, "sleep 1000")
    view = await desk.jobs.look(job_id, offset=0, wait_s=0)
    assert (view.output, view.result, view.failure) == ("", None, "")
    assert (await desk.jobs.look(job_id, offset=99, wait_s=0.05)).output == ""


async def test_output_that_keeps_coming_is_given_together(desk: CommandDesk) -> None:
    crowd = Crowd("1\n", "2\n", "3\n")
    jobs = SessionJobs(crowd, limits=JobLimits(settle_s=1))
    jobs.start(shell(desk, "true"), desk.context().snapshot)
    view = await jobs.look("job-1", offset=None, wait_s=WAIT_S)
    assert (view.output, view.result) == ("1\n2\n3\n", None)
    await jobs.close()


async def test_a_stopped_job_is_ended_with_all_it_started(
    desk: CommandDesk, tmp_path: Path
) -> None:
    up, alive = Signal(tmp_path / "up"), Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    job_id = start(desk, f"exec 9> {alive.path}; echo up > {up.path}; setsid sleep 60 & sleep 60")
    await up.read()
    view = await desk.jobs.stop(job_id)
    assert (view.result, "stopped" in view.failure) == (None, True)
    assert await waiting == ""
    assert (await desk.jobs.stop(job_id)).failure == view.failure


async def test_a_job_can_be_stopped_before_it_began(desk: CommandDesk) -> None:
    job_id = start(desk, "sleep 1000")
    assert "stopped" in (await desk.jobs.stop(job_id)).failure


async def test_a_job_out_of_time_says_so(desk: CommandDesk) -> None:
    view = await ended(desk, start(desk, "echo a; sleep 1000", timeout_s=2))
    assert "did not finish within 2 s" in view.failure
    assert (view.result, view.output) == (None, "a\n")


async def test_one_job_too_many_is_refused_until_one_ends(desk: CommandDesk) -> None:
    first = start(desk, "sleep 1000")
    second = start(desk, "sleep 1000")
    with pytest.raises(ExpectedError, match=f"2 jobs run already.*{first}, {second}; stop one"):
        start(desk, "true")
    await desk.jobs.stop(first)
    await ended(desk, start(desk, "true"))


async def test_the_oldest_ended_job_is_forgotten_first(desk: CommandDesk) -> None:
    ids = [start(desk, "true")]
    await ended(desk, ids[0])
    for _ in range(2):
        ids.append(start(desk, "true"))
        await ended(desk, ids[-1])
    with pytest.raises(NotFound, match=f"no job 'job-1'; .*: {ids[1]}, {ids[2]}$"):
        await desk.jobs.look(ids[0], offset=0, wait_s=0)


async def test_a_flood_is_bounded_and_the_offsets_stay_true(desk: CommandDesk) -> None:
    view = await ended(desk, start(desk, "yes 123456789 | head -n 1000"))
    assert view.next_offset == 10_000
    assert len(view.output) < 1100
    assert "9000 characters are not kept" in view.output
    tail = await desk.jobs.look(view.id, offset=9_990, wait_s=0)
    assert tail.output == "123456789\n"


async def test_closing_ends_everything_at_once(tmp_path: Path) -> None:
    up, alive = Signal(tmp_path / "up"), Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    async with command_desk(tmp_path) as desk:
        start(desk, f"exec 9> {alive.path}; echo up > {up.path}; sleep 1000 & setsid sleep 1000")
        await up.read()
        foreground = asyncio.create_task(run(desk, f"exec 9> {alive.path}; sleep 1000"))
        looking = asyncio.create_task(desk.jobs.look("job-1", offset=0, wait_s=60))
        await asyncio.sleep(0)
        async with asyncio.timeout(2):
            await desk.jobs.close()
        with pytest.raises(ExpectedError, match="its session ended"):
            await foreground
        assert "stopped" in (await looking).failure
        assert await waiting == ""
        with pytest.raises(ExpectedError, match="the session has ended"):
            await run(desk, "true")
        with pytest.raises(ExpectedError, match="the session has ended"):
            start(desk, "true")


async def test_a_folder_outside_is_refused(desk: CommandDesk, tmp_path: Path) -> None:
    command = ShellCommand(argv=shell_argv("true"), cwd=tmp_path)
    with pytest.raises(OutsideWorkspace):
        await desk.jobs.run(command, desk.context().snapshot)
    view = await ended(desk, desk.jobs.start(command, desk.context().snapshot).id)
    assert view.failure


class Crowd:
    """A runner that counts who runs, prints, and lets them go together."""

    def __init__(self, *printed: str) -> None:
        self.printed = printed
        self.n_running = 0
        self.go = asyncio.Event()

    async def run(
        self, command: ShellCommand, snapshot: SnapshotView, on_output: OnOutput | None = None
    ) -> CommandResult:
        self.n_running += 1
        for text in self.printed:
            await asyncio.sleep(0)
            if on_output is not None:
                on_output(text)
        await self.go.wait()
        self.n_running -= 1
        return CommandResult(exit_code=0, output="", changes=ChangeSet(label="", files=()))


async def test_only_so_many_run_in_the_foreground_and_none_is_lost(desk: CommandDesk) -> None:
    crowd = Crowd()
    jobs = SessionJobs(crowd, limits=JobLimits(n_foreground=3))
    snapshot = desk.context().snapshot
    runs = [asyncio.create_task(jobs.run(shell(desk, "true"), snapshot)) for _ in range(10)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert crowd.n_running == 3
    crowd.go.set()
    assert [result.exit_code for result in await asyncio.gather(*runs)] == [0] * 10


async def test_a_fault_of_a_runner_is_told_and_logged(
    desk: CommandDesk, caplog: pytest.LogCaptureFixture
) -> None:
    class Faulty(Crowd):
        async def run(
            self, command: ShellCommand, snapshot: SnapshotView, on_output: OnOutput | None = None
        ) -> CommandResult:
            raise ZeroDivisionError

    jobs = SessionJobs(Faulty())
    job_id = jobs.start(shell(desk, "true"), desk.context().snapshot).id
    view = await jobs.look(job_id, offset=0, wait_s=WAIT_S)
    assert "a fault of lsp-agent" in view.failure
    assert "ZeroDivisionError" in caplog.text


def processes(word: str) -> list[str]:
    """Give the command lines of the processes that have a word in theirs."""
    found: list[str] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if word in line and "pytest" not in line:
            found.append(line)
    return found
