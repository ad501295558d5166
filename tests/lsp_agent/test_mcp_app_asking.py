"""A question of the gate, from a real engine to a real client's person, in both eras."""

from pathlib import Path
from typing import Any, Literal

import mcp_types as types
import pytest
from mcp import Client

from lsp_agent.config.settings import settings_of
from lsp_agent.mcp_app import make_workplaces
from mcp_tools.server.options import ServerOptions
from mcp_tools.server.server import make_server
from mcp_tools.types.calls import Profile
from tests.support.trusting import trust

ALLOW, FOR_SESSION, DENY = "Allow once", "Allow in this session", "Deny"
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

    trust(tmp_path)
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


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
async def test_a_word_beside_a_denial_reaches_the_model(tmp_path: Path, mode: Mode) -> None:
    forms: list[dict[str, Any]] = []

    async def elicit(context: Any, params: Any) -> types.ElicitResult:
        del context
        forms.append(params.requested_schema)
        return types.ElicitResult(
            action="accept", content={"answer": DENY, "word": "use the tool for tests"}
        )

    result = await _run_once(trust(tmp_path), mode, elicit)
    (form,) = forms
    assert form["properties"]["answer"]["enum"] == [ALLOW, FOR_SESSION, DENY]
    assert form["required"] == ["answer"]
    assert form["properties"]["word"]["type"] == "string"
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    assert 'the user says: "use the tool for tests"' in content.text


async def test_an_answer_for_the_session_spares_the_next_question(tmp_path: Path) -> None:
    n_asked = 0

    async def elicit(context: Any, params: Any) -> types.ElicitResult:
        nonlocal n_asked
        del context, params
        n_asked += 1
        return types.ElicitResult(action="accept", content={"answer": FOR_SESSION})

    workplaces = make_workplaces(settings_of({"index": False}, "t"), [trust(tmp_path)])
    server = make_server(workplaces, ServerOptions(profile=Profile.FULL))
    async with Client(server, mode="legacy", elicitation_callback=elicit) as client:
        for _ in range(2):
            await client.call_tool("shell", {"command": "mkdir -p build"})
    assert n_asked == 1
    # It was the client's session: another one is asked again.
    async with Client(server, mode="legacy", elicitation_callback=elicit) as client:
        await client.call_tool("shell", {"command": "mkdir -p build"})
    await workplaces.close()
    assert n_asked == 2


async def _run_once(root: Path, mode: Mode, elicit: Any) -> types.CallToolResult:
    workplaces = make_workplaces(settings_of({"index": False}, "t"), [root])
    server = make_server(workplaces, ServerOptions(profile=Profile.FULL))
    async with Client(server, mode=mode, elicitation_callback=elicit) as client:
        result = await client.call_tool("shell", {"command": "mkdir build"})
    await workplaces.close()
    return result
