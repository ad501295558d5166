"""A turn stopped between any two events: by closing it, and by cancelling who waits for it."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from lsp_agent.agent.history import problems
from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.agent.looping import Rig, first, prompt, rig_at
from tests.support.projects import texts_below, write_project
from tests.support.sessions import LIMIT_S, model_at, taken

N_EVENTS = 22
"""How many events the whole turn has; a test makes sure of it."""

SCRIPT: Json = {
    "turns": [
        {"match": {"last_user": "go on"}, "content": "Here I am."},
        {
            "content": [
                {"type": "thinking", "thinking": "A look will help."},
                "I look.",
                {"type": "tool_use", "name": "read_file", "input": {"path": "a.py"}},
                {"type": "tool_use", "name": "list_dir", "input": {}},
            ],
            "chunk_size": 2,
        },
        {
            "content": [
                {
                    "type": "tool_use",
                    "name": "edit_file",
                    "input": {"path": "a.py", "old_string": "1", "new_string": "2"},
                },
                {"type": "tool_use", "name": "read_file", "input": {"path": "a.py"}},
            ],
            "chunk_size": 2,
        },
        {"content": "It is two.\n\nReally.", "chunk_size": 2},
    ]
}


async def assert_goes_on(rig: Rig, server: ScriptedModel) -> None:
    """The conversation is valid by our measure and by the provider's."""
    assert problems(rig.history.messages) == []
    turn = prompt("Please go on")
    await taken(rig.turn(model_at(server.url), turn))
    assert turn.text == "Here I am."
    assert [record.error for record in server.requests] == [None] * len(server.requests)


@pytest.mark.asyncio
@pytest.mark.parametrize("n_events", range(N_EVENTS + 1))
async def test_closing_a_turn_after_any_event_leaves_a_valid_history(
    tmp_path: Path, n_events: int
) -> None:
    before = texts_below(write_project(tmp_path, "//- /a.py\nx = 1\n"))
    rig = rig_at(tmp_path)
    with ScriptedModel(SCRIPT) as server:
        async with asyncio.timeout(LIMIT_S):
            seen = await first(n_events, rig.turn(model_at(server.url), prompt()))
        assert len(seen) == n_events
        assert texts_below(tmp_path) == before
        await assert_goes_on(rig, server)


@pytest.mark.asyncio
@pytest.mark.parametrize("n_events", range(N_EVENTS))
async def test_cancelling_a_turn_at_the_wait_after_any_event_leaves_a_valid_history(
    tmp_path: Path, n_events: int
) -> None:
    before = texts_below(write_project(tmp_path, "//- /a.py\nx = 1\n"))
    rig = rig_at(tmp_path)

    async def work() -> None:
        n_left = n_events
        async with aclosing(rig.turn(model_at(server.url), prompt())) as events:
            while True:
                if n_left == 0:
                    task = asyncio.current_task()
                    assert task is not None
                    task.cancel()
                n_left -= 1
                await anext(events)

    with ScriptedModel(SCRIPT) as server:
        with pytest.raises((asyncio.CancelledError, StopAsyncIteration)):
            async with asyncio.timeout(LIMIT_S):
                await asyncio.create_task(work())
        assert texts_below(tmp_path) == before
        await assert_goes_on(rig, server)


@pytest.mark.asyncio
async def test_the_whole_turn_has_as_many_events_as_are_tried(tmp_path: Path) -> None:
    write_project(tmp_path, "//- /a.py\nx = 1\n")
    with ScriptedModel(SCRIPT) as server:
        events = await taken(rig_at(tmp_path).turn(model_at(server.url), prompt()))
    assert len(events) == N_EVENTS
