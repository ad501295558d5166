"""Commands that our own agent wants to run: asked for, run over a view, gone with the work."""

from pathlib import Path

import pytest

from lsp_agent.agent.events import ApprovalRequested, ApprovalResolved, Event
from lsp_agent.agent.questions import AnswerKind
from lsp_agent.engine.protocol import Ask
from lsp_agent.testkit.json_values import Json
from tests.lsp_agent.engine.bugs import PROJECT, call
from tests.support.projects import write_project
from tests.support.sessions import Seat, proposal_of, seated

pytestmark = pytest.mark.asyncio


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project."""
    return write_project(tmp_path / "shop", PROJECT)


def agree(seat: Seat, event: Event) -> None:
    seat.answer(event, AnswerKind.ONCE)


async def test_a_command_asks_and_what_it_changes_becomes_the_proposal(root: Path) -> None:
    turns: list[Json] = [[call("shell", command="echo made > made.txt")], "Done."]
    with seated(root, turns) as seat:
        events = await seat.run_with(Ask("make it"), lambda event: agree(seat, event))
        (asked,) = [event for event in events if isinstance(event, ApprovalRequested)]
        assert asked.question.startswith("Allow shell? ")
        assert asked.call_id
        assert "+made" in proposal_of(events).diff
        assert not (root / "made.txt").exists()


async def test_without_a_yes_it_does_not_run(root: Path) -> None:
    turns: list[Json] = [[call("shell", command="echo made > made.txt")], "I may not."]
    with seated(root, turns) as seat:
        events = await seat.run_with(Ask("make it"), seat.deny)
        assert [e.is_allowed for e in events if isinstance(e, ApprovalResolved)] == [False]
        assert not seat.held


async def test_what_runs_in_the_background_ends_with_the_work(root: Path) -> None:
    wish = call("shell", command="sleep 1000; touch over.txt", background=True)
    with seated(root, [[wish], "Started.", [wish], "Again."]) as seat:
        for _ in range(2):
            events = await seat.run_with(Ask("start it"), lambda event: agree(seat, event))
            assert any(isinstance(event, ApprovalResolved) and event.is_allowed for event in events)
