"""Tools, as clients of both eras list and call them."""

import asyncio
from pathlib import Path

import mcp_types as types
import pytest
from mcp.shared.exceptions import MCPError

from mcp_tools.registry import discover
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.server import make_server
from mcp_tools.server.slots import CALLS_AT_ONCE
from mcp_tools.server.tools import offered
from mcp_tools.types.calls import Profile
from tests.mcp_tools.server.places import ERAS, LEGACY, MODERN, client_of, serve

pytestmark = pytest.mark.asyncio


def text_of(result: types.CallToolResult) -> str:
    """Give the first text of a result."""
    block = result.content[0]
    assert isinstance(block, types.TextContent)
    return block.text


@pytest.mark.protocol("tools-list")
@pytest.mark.parametrize("era", ERAS)
async def test_all_tools_are_listed_in_order_and_always_the_same(era: str, tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with client_of(served.server, era) as client:
        first = await client.list_tools(cache_mode="refresh")
        second = await client.list_tools(cache_mode="refresh")
    names = [tool.name for tool in first.tools]
    assert names == sorted(tool.name for tool in served.places.tools)
    assert first.tools == second.tools
    assert first.next_cursor is None


@pytest.mark.protocol("pagination-wrong-cursor")
@pytest.mark.parametrize("era", ERAS)
async def test_a_cursor_that_was_never_given_is_refused(era: str, tmp_path: Path) -> None:
    async with client_of(serve(tmp_path).server, era) as client:
        with pytest.raises(MCPError) as refused:
            await client.list_tools(cursor="x")
    assert refused.value.code == types.INVALID_PARAMS


@pytest.mark.protocol("tools-call")
@pytest.mark.parametrize("era", ERAS)
async def test_a_call_gives_text_and_structure(era: str, tmp_path: Path) -> None:
    async with client_of(serve(tmp_path).server, era) as client:
        result = await client.call_tool("find_symbol", {"query": "price"})
    assert "shop.py" in text_of(result)
    assert result.structured_content is not None
    assert not result.is_error


@pytest.mark.protocol("tools-execution-errors")
@pytest.mark.parametrize("era", ERAS)
async def test_a_failed_call_tells_the_model_what_to_do(era: str, tmp_path: Path) -> None:
    async with client_of(serve(tmp_path).server, era) as client:
        outside = await client.call_tool("read_file", {"path": "../secret"})
        unknown = await client.call_tool("read_file", {"path": "app.py", "wrong": 1})
        crashed = await client.call_tool("fail", {})
    assert all(result.is_error for result in (outside, unknown, crashed))
    assert "wrong" in text_of(unknown)
    assert "secret of the inside" not in text_of(crashed)


@pytest.mark.protocol("tools-unknown")
@pytest.mark.parametrize("era", ERAS)
async def test_an_unknown_tool_is_an_error_of_the_protocol(era: str, tmp_path: Path) -> None:
    async with client_of(serve(tmp_path).server, era) as client:
        with pytest.raises(MCPError) as refused:
            await client.call_tool("no_such_tool", {})
    assert refused.value.code == types.INVALID_PARAMS


@pytest.mark.protocol("tools-unknown")
@pytest.mark.parametrize("era", ERAS)
async def test_a_tool_outside_of_the_profile_is_not_there(era: str, tmp_path: Path) -> None:
    served = serve(tmp_path)
    server = make_server(served.places, ServerOptions(profile=Profile.READ))
    async with client_of(server, era) as client:
        listed = {tool.name for tool in (await client.list_tools()).tools}
        with pytest.raises(MCPError):
            await client.call_tool("edit_file", {"path": "app.py"})
    assert "edit_file" not in listed


async def test_the_full_profile_has_every_tool() -> None:
    tools = discover()
    assert offered(tools, Profile.FULL) == tools
    for profile in Profile:
        assert set(offered(tools, profile)) <= set(tools)


@pytest.mark.protocol("tools-content")
@pytest.mark.parametrize("era", ERAS)
async def test_attachments_follow_the_text(era: str, tmp_path: Path) -> None:
    async with client_of(serve(tmp_path).server, era) as client:
        content = (await client.call_tool("picture", {})).content
    assert [block.type for block in content] == ["text", "image", "audio", "resource"]


@pytest.mark.protocol("progress")
@pytest.mark.parametrize("era", ERAS)
async def test_progress_grows_and_ends_with_the_last_step(era: str, tmp_path: Path) -> None:
    got: list[float] = []

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        assert total == 100
        assert message == f"step {progress:g}"
        got.append(progress)

    async with client_of(serve(tmp_path).server, era) as client:
        await client.call_tool("steps", {}, progress_callback=on_progress)
    assert got == sorted(set(got))
    assert got[-1] == 100
    assert len(got) < 10


@pytest.mark.protocol("cancellation")
@pytest.mark.parametrize("era", ERAS)
async def test_a_cancelled_call_ends_its_work(era: str, tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with client_of(served.server, era) as client:
        call = asyncio.create_task(client.call_tool("wait", {}))
        await served.stage.is_going.wait()
        call.cancel()
        await served.stage.has_ended.wait()
    assert served.stage.ended == ["cancelled"]


@pytest.mark.protocol("tools-concurrency")
@pytest.mark.parametrize("era", ERAS)
async def test_a_slow_call_holds_up_no_other(era: str, tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with client_of(served.server, era) as client:
        slow = asyncio.create_task(client.call_tool("wait", {}))
        await served.stage.is_going.wait()
        assert text_of(await client.call_tool("echo", {"text": "quick"})) == "quick"
        served.stage.go.set()
        await slow
    assert served.stage.ended == ["done"]


@pytest.mark.protocol("jsonrpc-once")
@pytest.mark.parametrize("era", ERAS)
async def test_of_many_calls_at_once_so_many_run_and_all_are_answered(
    era: str, tmp_path: Path
) -> None:
    served = serve(tmp_path)
    served.stage.full = CALLS_AT_ONCE
    n_calls = CALLS_AT_ONCE + 30
    async with client_of(served.server, era) as client:
        calls = [
            asyncio.create_task(client.call_tool("wait", {"text": str(number)}))
            for number in range(n_calls)
        ]
        await served.stage.is_full.wait()
        served.stage.go.set()
        results = await asyncio.gather(*calls)
    assert [text_of(result) for result in results] == [str(number) for number in range(n_calls)]
    assert served.stage.most_running == CALLS_AT_ONCE


@pytest.mark.parametrize("era", ERAS)
async def test_a_call_names_its_root_where_several_are_served(era: str, tmp_path: Path) -> None:
    served = serve(tmp_path, names=("app", "lib"))
    (tmp_path / "lib" / "notes.txt").write_text("of lib\n", encoding="utf-8")
    async with client_of(served.server, era) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        lib = await client.call_tool("read_file", {"path": "notes.txt", "root": "lib"})
        unnamed = await client.call_tool("read_file", {"path": "notes.txt"})
        wrong = await client.call_tool("read_file", {"path": "notes.txt", "root": "etc"})
        number = await client.call_tool("read_file", {"path": "notes.txt", "root": 7})
    assert tools["read_file"].input_schema["properties"]["root"]["enum"] == ["app", "lib"]
    assert "of lib" in text_of(lib)
    assert text_of(unnamed).endswith("[in app; the roots are: app, lib]")
    for refused in (wrong, number):
        assert refused.is_error
        assert "app, lib" in text_of(refused)


@pytest.mark.parametrize("era", ERAS)
async def test_nothing_changes_in_a_root_that_nobody_named(era: str, tmp_path: Path) -> None:
    served = serve(tmp_path, names=("app", "lib"))
    async with client_of(served.server, era) as client:
        await client.call_tool("read_file", {"path": "notes.txt", "root": "app"})
        edit = {"path": "notes.txt", "old_text": "one", "new_text": "1"}
        refused = await client.call_tool("edit_file", edit)
        made = await client.call_tool("edit_file", {**edit, "root": "app"})
    assert refused.is_error
    assert "app, lib" in text_of(refused)
    assert not made.is_error
    assert (tmp_path / "app" / "notes.txt").read_text(encoding="utf-8").startswith("1")
    assert (tmp_path / "lib" / "notes.txt").read_text(encoding="utf-8").startswith("one")


async def test_two_clients_share_nothing_but_the_roots(tmp_path: Path) -> None:
    served = serve(tmp_path)
    edit = {"path": "notes.txt", "old_text": "one", "new_text": "1"}
    async with client_of(served.server, LEGACY) as first, client_of(served.server, MODERN) as other:
        await first.call_tool("read_file", {"path": "notes.txt"})
        blind = await other.call_tool("edit_file", edit)
        seen = await first.call_tool("edit_file", edit)
        assert len(served.places.callers) == 2
    assert blind.is_error
    assert not seen.is_error
    assert served.places.callers == set()
