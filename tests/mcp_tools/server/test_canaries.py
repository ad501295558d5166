"""Decoy tools: who calls one is cut off, and nobody else is."""

from pathlib import Path

import pytest
from mcp.shared.exceptions import MCPError

from mcp_tools.registry import discover
from mcp_tools.server.canaries import CUT_OFF, DECOYS
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.server import make_server
from mcp_tools.types.calls import Profile
from tests.mcp_tools.server.places import ERAS, client_of, serve

pytestmark = pytest.mark.asyncio
DECOY = DECOYS[0].name
WATCHFUL = ServerOptions(profile=Profile.FULL, has_canaries=True)


async def test_no_decoy_has_the_name_of_a_tool() -> None:
    assert not {tool.name for tool in DECOYS} & {tool.name for tool in discover()}


@pytest.mark.parametrize("era", ERAS)
async def test_without_the_setting_there_are_no_decoys(era: str, tmp_path: Path) -> None:
    async with client_of(serve(tmp_path).server, era) as client:
        listed = {tool.name for tool in (await client.list_tools()).tools}
    assert not listed & {tool.name for tool in DECOYS}


@pytest.mark.parametrize("era", ERAS)
async def test_who_calls_a_decoy_is_served_no_more(
    era: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    served = serve(tmp_path)
    async with client_of(make_server(served.places, WATCHFUL), era) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        assert names == sorted(names)
        assert DECOY in names
        assert not (await client.call_tool("read_file", {"path": "app.py"})).is_error
        with pytest.raises(MCPError) as called:
            await client.call_tool(DECOY, {})
        with pytest.raises(MCPError) as later:
            await client.call_tool("read_file", {"path": "app.py"})
    assert called.value.code == later.value.code == CUT_OFF
    assert served.places.cut_off_for == [f"it called the decoy tool {DECOY}"]
    assert "is cut off" in caplog.text


async def test_others_are_served_as_before(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with (
        client_of(make_server(served.places, WATCHFUL), ERAS[0]) as taken,
        client_of(make_server(served.places, WATCHFUL), ERAS[0]) as honest,
    ):
        with pytest.raises(MCPError):
            await taken.call_tool(DECOY, {})
        assert not (await honest.call_tool("read_file", {"path": "app.py"})).is_error
