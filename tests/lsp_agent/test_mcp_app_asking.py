"""A question of the gate, from a real engine to a real client's person, in both eras."""

from pathlib import Path
from typing import Any, Literal

import mcp_types as types
import pytest
from mcp import Client

from lsp_agent.config.settings import settings_of
from lsp_agent.engine.guests import ALLOW, DENY
from lsp_agent.mcp_app import make_workplaces
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.server import make_server
from mcp_tools.types.calls import Profile

pytestmark = pytest.mark.asyncio
Mode = Literal["legacy", "2026-07-28"]


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
@pytest.mark.parametrize("answer", [ALLOW, DENY, None])
async def test_a_command_runs_once_when_the_person_allows_it(
    tmp_path: Path, mode: Mode, answer: str | None
) -> None:
    asked: list[str] = []

    async def elicit(context: Any, params: Any) -> types.ElicitResult:
        del context
        asked.append(params.message)
        if answer is None:
            return types.ElicitResult(action="decline")
        return types.ElicitResult(action="accept", content={"answer": answer})

    workplaces = make_workplaces(settings_of({"index": False, "level": "edit"}, "t"), [tmp_path])
    server = make_server(workplaces, ServerOptions(profile=Profile.FULL))
    async with Client(server, mode=mode, elicitation_callback=elicit) as client:
        result = await client.call_tool("shell", {"command": "echo made >> made.txt"})
    await workplaces.close()
    (question,) = asked
    assert "Allow shell?" in question
    assert "echo made >> made.txt" in question
    assert result.is_error is (answer != ALLOW)
    made = tmp_path / "made.txt"
    assert made.exists() is (answer == ALLOW)
    if answer == ALLOW:
        assert made.read_text(encoding="utf-8") == "made\n"
        assert result.structured_content is not None
        assert result.structured_content["outcome"].startswith("Written to disk")
