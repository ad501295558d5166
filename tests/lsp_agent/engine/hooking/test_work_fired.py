"""The table of events tells the truth: what it says is fired is seen in real sessions."""

import importlib
import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.agent.events import ApprovalRequested, Event, Outcome
from lsp_agent.agent.questions import AnswerKind
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Ask, Reject, Run, Undo
from lsp_agent.hooks.events import EVENTS, HookEvent
from lsp_agent.hooks.payloads import (
    CommandEnded,
    EditSeen,
    PermissionDecided,
    PromptGiven,
    SessionSeen,
    ToolEnded,
    WorkEnded,
)
from lsp_agent.models.port import Model, ModelError, ModelErrorKind
from lsp_agent.testkit.json_values import Json
from mcp_tools.types.commands import ShellCommand
from mcp_tools.workspace.programs import shell_argv
from tests.lsp_agent.engine.bugs import NEW, OLD, PROJECT, call, edit_call, read_call
from tests.lsp_agent.engine.hooking.watching import Notes, watched
from tests.support.projects import write_project
from tests.support.sessions import Seat, finish_of, proposal_of, seat_at, seated

pytestmark = pytest.mark.asyncio

FIRED = {event for event, spec in EVENTS.items() if spec.is_fired}
TURNS: list[Json] = [
    [read_call(), edit_call(), read_call("missing.py")],
    [call("shell", command="echo made > made.txt")],
    "Done.",
    [read_call(), edit_call()],
    "Again.",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a bug."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return write_project(folder, PROJECT)


async def test_every_event_that_is_said_to_be_fired_is_seen(root: Path) -> None:
    with seated(root, TURNS) as seat:
        notes = watched(seat.engine)
        await whole_session(seat)
    assert set(notes.events) == FIRED
    check_order(notes)
    check_payloads(notes)


@pytest.mark.parametrize("event", HookEvent)
async def test_the_file_that_is_said_to_fire_an_event_does(event: HookEvent) -> None:
    if EVENTS[event].is_fired:
        source = inspect.getsource(importlib.import_module(EVENTS[event].fired_in))
        assert f"HookEvent.{event.name}" in source


async def whole_session(seat: Seat) -> None:
    """Do a piece of every kind of work."""
    proposed = proposal_of(await seat.run_with(Ask("Mend it"), lambda e: allow(seat, e)))
    await seat.run(Accept(proposed.proposal_id))
    await seat.run(Undo())
    again = proposal_of(await seat.run(Ask("Mend it again")))
    write_project(seat.root, mended(PROJECT))
    await seat.run(Accept(again.proposal_id))  # warns that the text already is as proposed
    command = ShellCommand(argv=shell_argv("echo hello; echo > new.txt"), cwd=seat.root)
    made = proposal_of(await seat.run(Run(command)))
    await seat.run(Reject(made.proposal_id))
    await seat.session.close()
    broken = seat_at(_without_model(seat), seat.server)
    finished = finish_of(await broken.run(Ask("Anyone?")))
    assert finished.outcome is Outcome.MODEL_UNAVAILABLE
    await broken.session.close()


def allow(seat: Seat, event: Event) -> None:
    """Say yes to whatever is asked."""
    if isinstance(event, ApprovalRequested):
        seat.answer(event, AnswerKind.ONCE)


def mended(text: str) -> str:
    """Give a text without the bug."""
    return text.replace(OLD, NEW)


def _without_model(seat: Seat) -> Engine:
    def fail() -> Model:
        raise ModelError(ModelErrorKind.NOT_CONFIGURED, "no model")

    return replace(seat.engine, make_model=fail)


def check_order(notes: Notes) -> None:
    """The first turn goes from the session's start to its end, in this order."""
    wanted = [
        HookEvent.SESSION_START,
        HookEvent.USER_PROMPT,
        HookEvent.CONTEXT_BUILT,
        HookEvent.BEFORE_MODEL_CALL,
        HookEvent.AFTER_MODEL_CALL,
        HookEvent.BEFORE_TOOL,
        HookEvent.PERMISSION_DECIDED,
        HookEvent.AFTER_TOOL,
    ]
    assert notes.events[: len(wanted)] == wanted
    assert len({occasion.session_id for occasion in notes.occasions}) == 2


def check_payloads(notes: Notes) -> None:
    """What is told is what happened."""
    assert notes.of(HookEvent.SESSION_END) == [SessionSeen(client="lsp-agent")] * 2
    assert notes.of(HookEvent.USER_PROMPT)[0] == PromptGiven(text="Mend it")
    edits = [each for each in notes.of(HookEvent.EDIT_PROPOSED) if isinstance(each, EditSeen)]
    assert edits[0].paths == ("shop.py",)
    assert [type(each) for each in notes.of(HookEvent.EDIT_APPLIED)] == [EditSeen, EditSeen]
    assert len(notes.of(HookEvent.EDIT_REJECTED)) == 1
    (failed,) = notes.of(HookEvent.TOOL_FAILED)
    assert isinstance(failed, ToolEnded)
    assert (failed.tool, failed.outcome) == ("read_file", "failed")
    ended = notes.of(HookEvent.COMMAND_ENDED)[-1]
    assert isinstance(ended, CommandEnded)
    assert (ended.line, ended.exit_code, ended.output) == (
        "echo hello; echo > new.txt",
        0,
        "hello\n",
    )
    decided = [
        e for e in notes.of(HookEvent.PERMISSION_DECIDED) if isinstance(e, PermissionDecided)
    ]
    assert {("edit_file", "edit", "hold"), ("shell", "call", "allow")} <= {
        (each.tool, each.about, each.verdict) for each in decided
    }
    assert notes.of(HookEvent.ERROR) == [WorkEnded(outcome="model_unavailable", text="no model")]
