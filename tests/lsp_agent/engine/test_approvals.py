"""Questions to a person: any doubt is a no."""

import asyncio
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from lsp_agent.agent.events import ApprovalRequested, ApprovalResolved, Event
from lsp_agent.engine.approvals import ApprovalGate, Approvals, Consent
from mcp_tools.registry import discover
from mcp_tools.types.calls import CallEffect, EditEffect, ToolCall, Verdict
from mcp_tools.types.edits import ChangeSet, CreateFile
from tests.support.sessions import LIMIT_S

Reply = Callable[[Approvals, ApprovalRequested], None]
ROOT = Path("/project")
(WRITE_FILE,) = [tool for tool in discover() if tool.name == "write_file"]


class Desk:
    """Where questions arrive; each is answered at once by `reply`."""

    def __init__(self, reply: Reply, *, timeout_s: float = LIMIT_S) -> None:
        """Answer by `reply`."""
        self.events: list[Event] = []
        self.approvals = Approvals(self._note, timeout_s=timeout_s)
        self._reply = reply

    def _note(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, ApprovalRequested):
            self._reply(self.approvals, event)

    @property
    def answers(self) -> list[bool]:
        """How each question was settled."""
        return [e.is_allowed for e in self.events if isinstance(e, ApprovalResolved)]


def allow(approvals: Approvals, event: ApprovalRequested) -> None:
    approvals.answer(event.request_id, is_allowed=True)


def deny(approvals: Approvals, event: ApprovalRequested) -> None:
    approvals.answer(event.request_id, is_allowed=False)


def nobody(approvals: Approvals, event: ApprovalRequested) -> None:
    approvals.give_up(event.request_id)


def ignore(_approvals: Approvals, _event: ApprovalRequested) -> None:
    pass


def writing(name: str, root: Path = ROOT) -> EditEffect:
    """Give the effect of making a file."""
    call = ToolCall(id="1", name="write_file", arguments={"path": name, "content": "x"})
    changes = ChangeSet(label="Write", files=(CreateFile(path=root / name, text="x"),))
    return EditEffect(tool=WRITE_FILE, call=call, changes=changes)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("reply", "expected"),
    [(allow, Consent.GIVEN), (deny, Consent.REFUSED), (nobody, Consent.NOBODY)],
)
async def test_an_answer_counts(reply: Reply, expected: Consent) -> None:
    desk = Desk(reply)
    assert await desk.approvals.ask("May I?", "x") is expected
    assert desk.answers == [expected is Consent.GIVEN]
    (asked, settled) = desk.events
    assert isinstance(asked, ApprovalRequested)
    assert isinstance(settled, ApprovalResolved)
    assert (asked.question, asked.detail) == ("May I?", "x")
    assert asked.request_id == settled.request_id


@pytest.mark.asyncio
@pytest.mark.parametrize("is_first_yes", [True, False])
async def test_the_first_answer_wins(*, is_first_yes: bool) -> None:
    def reply(approvals: Approvals, event: ApprovalRequested) -> None:
        approvals.answer(event.request_id, is_allowed=is_first_yes)
        approvals.answer(event.request_id, is_allowed=not is_first_yes)

    consent = await Desk(reply).approvals.ask("May I?", "")
    assert consent is (Consent.GIVEN if is_first_yes else Consent.REFUSED)


@pytest.mark.asyncio
async def test_nobody_there_means_no() -> None:
    desk = Desk(ignore, timeout_s=0.001)
    assert await desk.approvals.ask("May I?", "") is Consent.NO_ANSWER
    assert desk.answers == [False]


@pytest.mark.asyncio
async def test_an_answer_to_another_question_is_ignored() -> None:
    def reply(approvals: Approvals, _event: ApprovalRequested) -> None:
        approvals.answer("another", is_allowed=True)

    assert await Desk(reply, timeout_s=0.001).approvals.ask("May I?", "") is Consent.NO_ANSWER


@pytest.mark.asyncio
async def test_an_answer_after_the_time_is_ignored() -> None:
    desk = Desk(ignore, timeout_s=0.001)
    assert await desk.approvals.ask("May I?", "") is Consent.NO_ANSWER
    asked = desk.events[0]
    assert isinstance(asked, ApprovalRequested)
    desk.approvals.answer(asked.request_id, is_allowed=True)
    assert desk.answers == [False]


@pytest.mark.asyncio
async def test_a_question_that_is_cancelled_is_settled_as_a_no() -> None:
    desk = Desk(ignore)
    asking = asyncio.create_task(desk.approvals.ask("May I?", ""))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert desk.answers == [False]


@pytest.mark.asyncio
async def test_questions_side_by_side_get_their_own_answers() -> None:
    open_questions: dict[str, str] = {}

    def note(approvals: Approvals, event: ApprovalRequested) -> None:
        open_questions[event.question] = event.request_id
        if len(open_questions) == 2:
            approvals.answer(open_questions["B?"], is_allowed=True)
            approvals.answer(open_questions["A?"], is_allowed=False)

    approvals = Desk(note).approvals
    answers = await asyncio.gather(approvals.ask("A?", ""), approvals.ask("B?", ""))
    assert answers == [Consent.REFUSED, Consent.GIVEN]


@pytest.mark.asyncio
async def test_an_ordinary_edit_is_held_without_a_question() -> None:
    desk = Desk(allow)
    ruling = await ApprovalGate(desk.approvals, ROOT).judge(writing("src/a.py"))
    assert ruling.verdict is Verdict.HOLD
    assert not desk.events


@pytest.mark.asyncio
async def test_a_pure_call_is_allowed_without_a_question() -> None:
    desk = Desk(deny)
    effect = writing("a.py")
    ruling = await ApprovalGate(desk.approvals, ROOT).judge(
        CallEffect(tool=effect.tool, call=effect.call)
    )
    assert ruling.verdict is Verdict.ALLOW
    assert not desk.events


@pytest.mark.asyncio
async def test_an_edit_outside_is_denied_without_a_question() -> None:
    desk = Desk(allow)
    ruling = await ApprovalGate(desk.approvals, ROOT).judge(writing("../a.py", Path("/other")))
    assert ruling.verdict is Verdict.DENY
    assert not desk.events


@pytest.mark.asyncio
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "name", [".git/hooks/pre-commit", ".GIT/hooks/é", "sub/.Git/config", ".Vscode/tasks.json"]
)
async def test_a_protected_path_asks_in_any_spelling(
    name: str, form: Literal["NFC", "NFD"]
) -> None:
    spelled = unicodedata.normalize(form, name)
    for reply, verdict in ((allow, Verdict.HOLD), (deny, Verdict.DENY), (ignore, Verdict.DENY)):
        desk = Desk(reply, timeout_s=0.001)
        ruling = await ApprovalGate(desk.approvals, ROOT).judge(writing(spelled))
        assert ruling.verdict is verdict
        assert len(desk.events) == 2
        asked = desk.events[0]
        assert isinstance(asked, ApprovalRequested)
        assert asked.question.startswith("Allow write_file? ")
        assert asked.detail == f"Write: {spelled}"


@pytest.mark.asyncio
async def test_a_call_that_does_more_than_read_asks_with_its_arguments() -> None:
    effect = writing("a.py")
    tool = replace(WRITE_FILE, is_pure=False)
    desk = Desk(allow)
    ruling = await ApprovalGate(desk.approvals, ROOT).judge(CallEffect(tool=tool, call=effect.call))
    assert ruling.verdict is Verdict.ALLOW
    asked = desk.events[0]
    assert isinstance(asked, ApprovalRequested)
    assert "'path': 'a.py'" in asked.detail
