"""Which calls of one reply run side by side, and what comes back of each."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from lsp_agent.agent.events import Event, ToolFinished
from lsp_agent.agent.executor import MAX_PARALLEL, Executor
from lsp_agent.models.port import ToolUse
from mcp_tools.types.calls import Tool
from mcp_tools.types.json import JsonValue
from tests.lsp_agent.agent.looping import rig_at, tool
from tests.support.projects import write_project
from tests.support.sessions import LIMIT_S, taken
from tests.support.transcripts import transcript


def use(name: str, id_: str = "1", **arguments: JsonValue) -> ToolUse:
    return ToolUse(id=id_, name=name, input=arguments)


async def run(root: Path, uses: list[ToolUse], *tools: Tool) -> tuple[Executor, list[Event]]:
    executor = Executor(rig_at(root, *tools).host, "p")
    return executor, await taken(executor.run(uses))


@pytest.mark.asyncio
async def test_safe_calls_run_side_by_side(tmp_path: Path) -> None:
    """Each waits for the other, so that one after the other would never end."""
    barrier = asyncio.Barrier(2)

    async def meet() -> str:
        await barrier.wait()
        return "met"

    uses = [use("meet", "1"), use("meet", "2")]
    executor, events = await run(tmp_path, uses, tool("meet", meet))
    assert [block.text for block in executor.results] == ["met", "met"]
    assert transcript(events) == (
        "tool: meet {}\ntool: meet {}\ndone: meet (none)\ndone: meet (none)"
    )


@pytest.mark.asyncio
async def test_no_more_than_eight_calls_run_at_a_time(tmp_path: Path) -> None:
    n_running = peak = 0
    barrier = asyncio.Barrier(MAX_PARALLEL)

    async def count() -> str:
        nonlocal n_running, peak
        n_running += 1
        peak = max(peak, n_running)
        await barrier.wait()
        n_running -= 1
        return "counted"

    uses = [use("count", str(n)) for n in range(2 * MAX_PARALLEL)]
    executor, _ = await run(tmp_path, uses, tool("count", count))
    assert peak == MAX_PARALLEL
    assert len(executor.results) == 2 * MAX_PARALLEL


@pytest.mark.asyncio
async def test_other_calls_run_in_order_one_at_a_time(tmp_path: Path) -> None:
    course: list[str] = []

    def step(name: str) -> Tool:
        async def take() -> str:
            course.append(f"{name} begins")
            await asyncio.sleep(0)
            course.append(f"{name} ends")
            return name

        return tool(name, take, is_concurrency_safe=False)

    uses = [use("b", "1"), use("a", "2"), use("b", "3")]
    _, events = await run(tmp_path, uses, step("a"), step("b"))
    assert course == [f"{n} {what}" for n in "bab" for what in ("begins", "ends")]
    finished = [event.call.id for event in events if isinstance(event, ToolFinished)]
    assert finished == ["1", "2", "3"]


@pytest.mark.asyncio
async def test_a_read_after_an_edit_sees_the_edit(tmp_path: Path) -> None:
    write_project(tmp_path, "//- /a.py\nx = 1\n")
    uses = [
        use("read_file", "1", path="a.py"),
        use("edit_file", "2", path="a.py", old_string="1", new_string="2"),
        use("read_file", "3", path="a.py"),
    ]
    executor, _ = await run(tmp_path, uses)
    assert [block.is_error for block in executor.results] == [False, False, False]
    assert "x = 2" in executor.results[2].text


@pytest.mark.asyncio
async def test_a_call_that_could_not_be_read_is_answered_and_never_runs(tmp_path: Path) -> None:
    async def run_it() -> str:
        raise AssertionError("it ran")

    broken = ToolUse(id="1", name="it", input={}, problem="the input is not JSON")
    executor, events = await run(tmp_path, [broken], tool("it", run_it))
    assert transcript(events) == "tool: it {}\nfailed: it: the input is not JSON"
    assert executor.results[0].is_error


@pytest.mark.asyncio
async def test_an_unknown_tool_is_answered_with_those_that_there_are(tmp_path: Path) -> None:
    executor, _ = await run(tmp_path, [use("reed_file", path="a.py")])
    (block,) = executor.results
    assert block.is_error
    assert block.text.startswith("there is no tool 'reed_file' (did you mean read_file")
    assert "read_file" in block.text


@pytest.mark.asyncio
async def test_wrong_arguments_are_answered_with_the_name_of_the_field(tmp_path: Path) -> None:
    executor, _ = await run(tmp_path, [use("read_file", fyle="a.py")])
    (block,) = executor.results
    assert block.is_error
    assert "path: Field required" in block.text
    assert "fyle: there is no such argument" in block.text


@pytest.mark.asyncio
async def test_a_tool_that_fails_by_its_own_fault_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def stumble() -> str:
        raise ZeroDivisionError

    async def walk() -> str:
        return "walked"

    tools = (tool("stumble", stumble), tool("walk", walk))
    executor, _ = await run(tmp_path, [use("stumble", "1"), use("walk", "2")], *tools)
    texts = {block.tool_use_id: block.text for block in executor.results}
    assert texts["1"] == "the tool 'stumble' failed by a fault of its own; see log"
    assert texts["2"] == "walked"
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.asyncio
async def test_what_had_ended_before_a_cancel_is_not_forgotten(tmp_path: Path) -> None:
    ended, hangs = asyncio.Event(), asyncio.Event()
    n_cancelled = 0

    async def quick() -> str:
        ended.set()
        return "done"

    async def slow() -> str:
        nonlocal n_cancelled
        try:
            await hangs.wait()
        except asyncio.CancelledError:
            n_cancelled += 1
            raise
        return "never"

    host = rig_at(tmp_path, tool("quick", quick), tool("slow", slow)).host
    executor = Executor(host, "p")
    uses = [use("slow", "1"), use("quick", "2"), use("slow", "3")]
    running = asyncio.create_task(taken(executor.run(uses)))
    async with asyncio.timeout(LIMIT_S):
        await ended.wait()
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [block.tool_use_id for block in executor.results] == ["2"]
    assert n_cancelled == 2


@pytest.mark.asyncio
async def test_a_denied_call_is_counted(tmp_path: Path) -> None:
    write_project(tmp_path, "//- /.git/config\n[core]\n")
    executor = Executor(rig_at(tmp_path).host, "p")
    uses = [use("write_file", "1", path=".git/hooks/post-commit", content="x")]
    async with aclosing(executor.run(uses)) as events:
        told = [event async for event in events]
    assert executor.n_denied == 1
    assert transcript(told).splitlines()[-1].startswith("denied: write_file: ")
