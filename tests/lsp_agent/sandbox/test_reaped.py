"""Commands without a namespace: what they started ends with them, wherever it went."""

import asyncio
import signal
import sys
import textwrap
from pathlib import Path

import pytest

from lsp_agent.sandbox.reaped import run_reaped
from lsp_agent.sandbox.running import Ended, Job
from mcp_tools.types.errors import OutOfTime, ProgramFailed
from tests.lsp_agent.sandbox.views import Signal, first_of

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has foster parents"),
]

# Each of the three would outlive its parent: by its group, by its session, by being an orphan.
_SPREAD = "sleep 60 & setsid sleep 60 & (setsid sh -c 'sleep 60 & sleep 60' &)"


async def run(argv: tuple[str, ...], folder: Path, *, timeout_s: float = 5) -> Ended:
    job = Job(argv=argv, name="it", cwd=folder, timeout_s=timeout_s)
    return await run_reaped(job, folder / "report")


async def run_line(line: str, folder: Path, *, timeout_s: float = 5) -> Ended:
    return await run(("/bin/sh", "-c", line), folder, timeout_s=timeout_s)


async def test_what_left_the_group_ends_with_the_command(tmp_path: Path) -> None:
    alive = Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    line = f"exec 9> {alive.path}; {_SPREAD}; echo up >&9; echo done; exit 3"
    assert await run_line(line, tmp_path) == Ended(3, "done\n")
    assert await waiting == "up\n"


async def test_what_left_the_group_ends_when_the_command_is_cancelled(tmp_path: Path) -> None:
    up, alive = Signal(tmp_path / "up"), Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    line = f"exec 9> {alive.path}; {_SPREAD}; echo up > {up.path}; sleep 60"
    running = asyncio.create_task(run_line(line, tmp_path))
    await first_of(running, up.read())
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await waiting == ""


async def test_what_left_the_group_ends_when_time_is_over(tmp_path: Path) -> None:
    alive = Signal(tmp_path / "alive")
    waiting = asyncio.ensure_future(alive.read())
    with pytest.raises(OutOfTime):
        await run_line(f"exec 9> {alive.path}; {_SPREAD}; sleep 60", tmp_path, timeout_s=0.5)
    assert await waiting == ""


async def test_all_ends_when_we_are_killed(tmp_path: Path) -> None:
    up, alive = Signal(tmp_path / "up"), Signal(tmp_path / "alive")
    script = tmp_path / "agent.py"
    script.write_text(_AGENT, encoding="utf-8")
    line = f"exec 9> {alive.path}; {_SPREAD}; echo up > {up.path}; sleep 60"
    process = await asyncio.create_subprocess_exec(sys.executable, script, tmp_path, line)
    waiting = asyncio.ensure_future(alive.read())
    try:
        await up.read()
    finally:
        process.kill()
        await asyncio.wait_for(process.wait(), 5)
    assert await waiting == ""


async def test_a_command_that_cannot_be_ended_nicely_is_killed(tmp_path: Path) -> None:
    line = "trap '' TERM INT HUP; echo deaf; sleep 60 & wait; sleep 60"
    with pytest.raises(OutOfTime):
        await run_line(line, tmp_path, timeout_s=0.3)


@pytest.mark.parametrize(("line", "exit_code"), [("exit 7", 7), ("kill -9 $$", -9), ("true", 0)])
async def test_the_exit_code_is_the_commands(tmp_path: Path, line: str, exit_code: int) -> None:
    assert (await run_line(line, tmp_path)).exit_code == exit_code


@pytest.mark.parametrize("argv", [("./missing",), ("no-such-program-4711",), ("true", "a\0b")])
async def test_a_program_that_cannot_start_says_so(tmp_path: Path, argv: tuple[str, ...]) -> None:
    with pytest.raises(ProgramFailed, match="'it' could not be started"):
        await run(argv, tmp_path)


async def test_signals_are_as_a_shell_has_them(tmp_path: Path) -> None:
    line = "grep -E 'Sig(Blk|Ign)' /proc/self/status"
    output = (await run_line(line, tmp_path)).output
    masks = [int(line.split()[1], 16) for line in output.splitlines()]
    own = 1 << 31 | 1 << 32  # the C library's
    assert [mask & ~own for mask in masks] == [0, 0]


async def test_who_kills_the_keeper_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="was killed from outside"):
        await run_line(f"kill -{signal.SIGKILL} $PPID; sleep 60", tmp_path)


_AGENT = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    sys.path.insert(0, ".")
    from lsp_agent.sandbox.reaped import run_reaped
    from lsp_agent.sandbox.running import Job

    folder, line = Path(sys.argv[1]), sys.argv[2]
    job = Job(argv=("/bin/sh", "-c", line), name="it", cwd=folder, timeout_s=60)
    asyncio.run(run_reaped(job, folder / "report"))
    """
)
"""Our side of a command, as a program that can be killed."""
