"""Commands in the workspace itself: what they changed is found, and can be taken back."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lsp_agent.sandbox.compare import Compared, Comparison, run_in_place
from lsp_agent.sandbox.laying import lay_into
from lsp_agent.sandbox.preimages import KeptLimits
from mcp_tools.types.contents import State
from mcp_tools.types.errors import ProgramFailed
from tests.lsp_agent.sandbox.test_collecting import LINES
from tests.lsp_agent.sandbox.trees import Look, fill, look
from tests.lsp_agent.sandbox.views import Bench, first_of

pytestmark = pytest.mark.asyncio


@pytest.fixture
def comparison(bench: Bench) -> Iterator[Comparison]:
    """Give a comparison of the workspace."""
    comparison = Comparison(bench.root, bench.folder / "cache")
    yield comparison
    comparison.close()


async def run(
    bench: Bench, comparison: Comparison, line: str, *, timeout_s: float = 10
) -> Compared:
    """Run a shell line in place."""
    recorded: list[Compared] = []
    command = bench.command(line, timeout_s=timeout_s)
    try:
        await run_in_place(command, comparison, recorded.append)
    except ProgramFailed:
        recorded[0] = Compared(recorded[0].transitions, (*recorded[0].notes, "failed"))
    (compared,) = recorded
    return compared


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
async def test_what_a_command_did_can_be_taken_back_and_made_again(
    bench: Bench, comparison: Comparison, line: str
) -> None:
    if os.geteuid() != 0 and line == LINES["closed"]:
        pytest.skip("what the command closed cannot be read")
    fill(bench.root)
    before = look(bench.root)
    compared = await run(bench, comparison, line)
    after = look(bench.root)
    assert _laid(bench.root, compared, "before") == before
    assert _laid(bench.root, compared, "after") == after
    assert compared.notes == ()


@pytest.mark.parametrize("name", ["nothing", "touched", "written again as it was", "link touched"])
async def test_what_is_as_before_is_no_change(
    bench: Bench, comparison: Comparison, name: str
) -> None:
    fill(bench.root)
    assert await run(bench, comparison, LINES[name]) == Compared((), ())


async def test_one_command_after_another_is_told_apart(
    bench: Bench, comparison: Comparison
) -> None:
    path = bench.write("a.py", "0\n")
    for number in range(1, 4):
        path.write_text(f"{number}\n", encoding="utf-8")
        (transition,) = (await run(bench, comparison, f"echo {number} more >> a.py")).transitions
        assert transition.before == State(content=f"{number}\n", mode=0o644)
        assert transition.after == State(content=f"{number}\n{number} more\n", mode=0o644)


async def test_what_went_between_two_commands_is_none_of_theirs(
    bench: Bench, comparison: Comparison
) -> None:
    path = bench.write("folder/a.py", "a\n")
    assert (await run(bench, comparison, "true")).transitions == ()
    path.unlink()
    path.parent.rmdir()
    assert (await run(bench, comparison, "true")).transitions == ()
    (transition,) = (await run(bench, comparison, "mkdir folder")).transitions
    assert transition.before is None


async def test_a_change_within_one_tick_of_the_clock_is_noticed(
    bench: Bench, comparison: Comparison
) -> None:
    """As often as it takes to meet a file whose stamp stays the same: its size always does."""
    path = bench.write("a.py", "000\n")
    for number in range(1, 200):
        comparison.look()
        path.write_text(f"{number:03}\n", encoding="utf-8")
        (transition,) = comparison.changes().transitions
        assert transition.before == State(content=f"{number - 1:03}\n", mode=0o644)
        assert transition.after == State(content=f"{number:03}\n", mode=0o644)


async def test_what_was_not_kept_is_named(bench: Bench) -> None:
    bench.write("big", "x" * 200)
    bench.write("small", "x")
    limits = KeptLimits(n_file_bytes=100)
    comparison = Comparison(bench.root, bench.folder / "cache", limits=limits)
    compared = await run(bench, comparison, "echo y >> big; echo y >> small; mkfifo pipe")
    assert [transition.path.name for transition in compared.transitions] == ["small"]
    assert compared.notes == (
        "'pipe': not kept, because it is no file, folder or link, or cannot be read",
        "'big': changed, and cannot be undone, because what was there before was not kept",
    )
    compared = await run(bench, comparison, "rm big pipe; truncate -s 65M huge")
    assert [transition.path.name for transition in compared.transitions] == []
    assert compared.notes == (
        "'huge': not kept, because it is larger than 64 MiB",
        "'big', 'pipe': changed, and cannot be undone, because what was there before was not kept",
    )
    comparison.close()


async def test_what_finds_no_room_once_may_find_it_later(bench: Bench) -> None:
    limits = KeptLimits(n_bytes=1000)
    comparison = Comparison(bench.root, bench.folder / "cache", limits=limits)
    for number in range(30):
        bench.write("a", f"{number:090}")
        compared = await run(bench, comparison, "echo more >> a")
        assert [t.path.name for t in compared.transitions] == ["a"]
    comparison.close()


async def test_version_control_is_not_compared_and_that_is_said(
    bench: Bench, comparison: Comparison
) -> None:
    bench.write(".git/index", "index")
    compared = await run(bench, comparison, "echo x > .git/index; echo x > a")
    assert [transition.path.name for transition in compared.transitions] == ["a"]
    assert compared.notes == ("'.git': not compared, so changes in it cannot be undone",)


async def test_a_command_that_fails_or_is_out_of_time_is_recorded(
    bench: Bench, comparison: Comparison
) -> None:
    bench.write("a", "old\n")
    (transition,) = (await run(bench, comparison, "echo new > a; exit 3")).transitions
    assert transition.before == State(content="old\n", mode=0o644)
    compared = await run(bench, comparison, "rm a; sleep 60", timeout_s=2)
    (transition,) = compared.transitions
    assert (transition.after, compared.notes) == (None, ("failed",))


async def test_a_cancelled_command_is_recorded(bench: Bench, comparison: Comparison) -> None:
    up = bench.signal("up")
    recorded: list[Compared] = []
    command = bench.command(f"echo new > a; echo up > {up.path}; sleep 60")
    running = asyncio.create_task(run_in_place(command, comparison, recorded.append))
    await first_of(running, up.read())
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    (compared,) = recorded
    assert [transition.path.name for transition in compared.transitions] == ["a"]


def _laid(root: Path, compared: Compared, side: str) -> Look:
    states = {t.path: t.before if side == "before" else t.after for t in compared.transitions}
    lay_into(root, root, states)
    return look(root)
