"""Questions to a person: any doubt is a no, and the first answer counts."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from lsp_agent.agent.events import ApprovalRequested, ApprovalResolved, Event, Warned
from lsp_agent.agent.questions import AnswerKind
from lsp_agent.engine.approvals import (
    MAX_WORD_CHARS,
    Approvals,
    Consent,
    Inquiry,
    Settlement,
)
from tests.support.sessions import LIMIT_S

Reply = Callable[[Approvals, ApprovalRequested], None]

pytestmark = pytest.mark.asyncio


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
    def asked(self) -> list[ApprovalRequested]:
        """The questions."""
        return [e for e in self.events if isinstance(e, ApprovalRequested)]

    @property
    def resolved(self) -> list[AnswerKind | None]:
        """How each question was settled."""
        return [e.answer for e in self.events if isinstance(e, ApprovalResolved)]


def answering(answer: AnswerKind) -> Reply:
    """Give a person who always answers the same."""

    def reply(approvals: Approvals, event: ApprovalRequested) -> None:
        assert approvals.answer(event.request_id, answer, by="test")

    return reply


def nobody(approvals: Approvals, event: ApprovalRequested) -> None:
    approvals.give_up(event.request_id)


def ignore(_approvals: Approvals, _event: ApprovalRequested) -> None:
    pass


ALL = tuple(AnswerKind)


def asking(question: str = "May I?", *, like: str = "", detail: str = "x") -> Inquiry:
    """Give a question with all answers."""
    return Inquiry(question=question, detail=detail, answers=ALL, likeness=like)


@pytest.mark.parametrize("answer", AnswerKind)
async def test_an_answer_counts(answer: AnswerKind) -> None:
    desk = Desk(answering(answer))
    consent = Consent.REFUSED if answer is AnswerKind.DENY else Consent.GIVEN
    expected = Settlement(consent=consent, answer=answer, by="test")
    assert await desk.approvals.ask(asking()) == expected
    (asked, settled) = desk.events
    assert isinstance(asked, ApprovalRequested)
    assert isinstance(settled, ApprovalResolved)
    assert (asked.question, asked.detail, asked.answers) == ("May I?", "x", ALL)
    assert asked.request_id == settled.request_id
    assert settled.is_allowed is (consent is Consent.GIVEN)


async def test_no_way_to_ask_is_told_apart_from_a_no() -> None:
    desk = Desk(nobody)
    assert await desk.approvals.ask(asking()) == Settlement(consent=Consent.NOBODY)
    assert desk.resolved == [None]


@pytest.mark.parametrize("first", [AnswerKind.ONCE, AnswerKind.DENY])
async def test_the_first_answer_wins_and_the_second_is_told_that_it_is_late(
    first: AnswerKind,
) -> None:
    told: list[bool] = []

    def reply(approvals: Approvals, event: ApprovalRequested) -> None:
        told.append(approvals.answer(event.request_id, first))
        told.append(approvals.answer(event.request_id, AnswerKind.ALWAYS))

    settlement = await Desk(reply).approvals.ask(asking())
    assert settlement is not None
    assert settlement.answer is first
    assert told == [True, False]


async def test_nobody_there_means_no() -> None:
    desk = Desk(ignore, timeout_s=0.001)
    assert await desk.approvals.ask(asking()) == Settlement(consent=Consent.NO_ANSWER)
    assert desk.resolved == [None]


async def test_an_answer_to_another_question_or_after_the_time_is_ignored() -> None:
    def reply(approvals: Approvals, _event: ApprovalRequested) -> None:
        assert not approvals.answer("another", AnswerKind.ONCE)

    desk = Desk(reply, timeout_s=0.001)
    settlement = await desk.approvals.ask(asking())
    assert settlement == Settlement(consent=Consent.NO_ANSWER)
    (asked,) = desk.asked
    assert not desk.approvals.answer(asked.request_id, AnswerKind.ONCE)
    assert not desk.approvals.give_up(asked.request_id)
    assert desk.resolved == [None]


async def test_an_answer_that_the_question_does_not_offer_is_none() -> None:
    def reply(approvals: Approvals, event: ApprovalRequested) -> None:
        assert not approvals.answer(event.request_id, AnswerKind.ALWAYS)

    inquiry = replace(asking(), answers=(AnswerKind.ONCE, AnswerKind.DENY))
    settlement = await Desk(reply, timeout_s=0.001).approvals.ask(inquiry)
    assert settlement == Settlement(consent=Consent.NO_ANSWER)


async def test_a_word_goes_with_the_denial_and_is_bounded() -> None:
    def reply(approvals: Approvals, event: ApprovalRequested) -> None:
        approvals.answer(event.request_id, AnswerKind.DENY, word=f" {'w' * MAX_WORD_CHARS}more ")

    settlement = await Desk(reply).approvals.ask(asking())
    assert settlement is not None
    assert settlement.word.startswith("w" * MAX_WORD_CHARS)
    assert settlement.word.endswith("[cut: 4 more characters]")


async def test_a_question_that_is_cancelled_is_settled_as_a_no() -> None:
    shown = asyncio.Event()
    desk = Desk(lambda _approvals, _event: shown.set())
    task = asyncio.create_task(desk.approvals.ask(asking()))
    await shown.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert desk.resolved == [None]


async def test_one_that_is_cancelled_before_it_is_shown_is_never_shown() -> None:
    desk = Desk(ignore)
    task = asyncio.create_task(desk.approvals.ask(asking(like="same")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert desk.events == []


async def test_questions_side_by_side_get_their_own_answers() -> None:
    open_questions: dict[str, str] = {}

    def note(approvals: Approvals, event: ApprovalRequested) -> None:
        open_questions[event.question] = event.request_id
        if len(open_questions) == 2:
            approvals.answer(open_questions["B?"], AnswerKind.ONCE)
            approvals.answer(open_questions["A?"], AnswerKind.DENY)

    approvals = Desk(note).approvals
    answers = await asyncio.gather(approvals.ask(asking("A?")), approvals.ask(asking("B?")))
    assert [a and a.answer for a in answers] == [AnswerKind.DENY, AnswerKind.ONCE]


async def test_like_questions_at_the_same_time_are_one_that_lists_them_all() -> None:
    desk = Desk(answering(AnswerKind.ONCE))
    inquiries = [asking(like="npm", detail=f"npm {n}") for n in "abc"]
    answers = await asyncio.gather(*(desk.approvals.ask(inquiry) for inquiry in inquiries))
    assert [a and a.answer for a in answers] == [AnswerKind.ONCE] * 3
    (asked,) = desk.asked
    assert asked.question == "May I? (3 like calls, all at once)"
    assert asked.detail == "1. npm a\n2. npm b\n3. npm c"


async def test_one_of_like_questions_that_is_cancelled_leaves_the_others() -> None:
    desk = Desk(answering(AnswerKind.ONCE))
    first = asyncio.create_task(desk.approvals.ask(asking(like="npm", detail="a")))
    second = asyncio.create_task(desk.approvals.ask(asking(like="npm", detail="b")))
    await asyncio.sleep(0)
    first.cancel()
    settlement = await second
    assert settlement is not None
    assert settlement.consent is Consent.GIVEN
    assert [event.detail for event in desk.asked] == ["b"]


async def test_what_comes_when_a_like_question_is_shown_was_not_seen_and_so_not_allowed() -> None:
    late: list[asyncio.Task[Settlement | None]] = []

    def reply(approvals: Approvals, event: ApprovalRequested) -> None:
        late.append(asyncio.create_task(approvals.ask(asking(like="npm", detail="late"))))
        answer = approvals.answer
        asyncio.get_running_loop().call_soon(answer, event.request_id, AnswerKind.ONCE)

    desk = Desk(reply)
    assert await desk.approvals.ask(asking(like="npm")) is not None
    assert await late[0] is None  # it is to be decided on again
    assert [event.detail for event in desk.asked] == ["x"]


async def test_a_warning_is_an_event() -> None:
    desk = Desk(ignore)
    desk.approvals.warn("not saved")
    assert desk.events == [Warned("not saved")]
