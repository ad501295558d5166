"""The MCP server put together as the settings say."""

from pathlib import Path

import pytest

from lsp_agent.config.settings import settings_of
from lsp_agent.mcp_app import make_workplaces
from mcp_tools.registry import discover
from mcp_tools.server.ports import Caller
from mcp_tools.types.attending import NOBODY
from mcp_tools.types.calls import EditOutcome, ToolCall
from mcp_tools.types.errors import Denied
from tests.support.trusting import trust

pytestmark = pytest.mark.asyncio
CALLER = Caller(id="c", name="test client")


async def test_the_settings_reach_the_guests(tmp_path: Path) -> None:
    trust(tmp_path)
    settings = settings_of({"index": False, "level": "edit", "allow": ["shell"]}, "the test")
    workplaces = make_workplaces(settings, [tmp_path])
    assert [tool.name for tool in workplaces.tools] == [tool.name for tool in discover()]
    place = await workplaces.at(CALLER, tmp_path)
    call = ToolCall(id="1", name="shell", arguments={"command": "echo made > made.txt"})
    result = await place.call(call, NOBODY)
    assert result.edit_outcome is EditOutcome.APPLIED
    assert (tmp_path / "made.txt").read_text(encoding="utf-8") == "made\n"
    await workplaces.close()


async def test_a_wrong_setting_is_told_to_who_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplaces = make_workplaces(settings_of({"index": False}, "the test"), [tmp_path])
    monkeypatch.setenv("LSP_AGENT_STATE_DIR", "relative")
    with pytest.raises(Denied, match="LSP_AGENT_STATE_DIR: expected an absolute path"):
        await workplaces.at(CALLER, tmp_path)
    await workplaces.close()
