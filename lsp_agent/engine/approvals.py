"""Asking a person: a question becomes an event, the answer an op, and any doubt a no."""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from lsp_agent.agent.events import ApprovalRequested, ApprovalResolved, Event, Warned
from lsp_agent.agent.questions import AnswerKind
from lsp_agent.engine.spelling import shortened

GATHER_S = 0.05
"""Calls of one turn are judged side by side: those that are alike become one question."""
MAX_WORD_CHARS = 2_000

Emit = Callable[[Event], None]


class Consent(StrEnum):
    """How a question was settled."""

    GIVEN = "given"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    """The time was over."""
    NOBODY = "nobody"
    """There is no way to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What a person is to be asked, with nothing hidden in it; see `ApprovalRequested`."""

    question: str
    detail: str
    answers: tuple[AnswerKind, ...] = (AnswerKind.ONCE, AnswerKind.DENY)
    rules: tuple[str, ...] = ()
    trusting: tuple[str, ...] = ()
    origin: str = ""
    call_id: str = ""
    likeness: str = ""
    """Inquiries with the same are one question; empty for one that is like no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of a question."""

    consent: Consent
    answer: AnswerKind | None = None
    """None where nobody answered."""
    word: str = ""
    """What the person wants to say to the model."""
    by: str = ""
    """The front end that the answer came from."""


class Approvals:
    """Open questions of one session."""

    def __init__(self, emit: Emit, *, timeout_s: float) -> None:
        """Send questions by `emit`; without an answer within `timeout_s` it is a no."""
        self._emit = emit
        self._timeout_s = timeout_s
        self._open: dict[str, _Question] = {}
        """By the id of their request; those that are shown."""
        self._like: dict[str, _Question] = {}
        """By their likeness."""

    async def ask(self, inquiry: Inquiry) -> Settlement | None:
        """Ask and wait.

        None if a like question was open already, and is settled now: whoever asks decides again.
        """
        question = self._like.get(inquiry.likeness)
        if question is not None and question.is_shown:
            await asyncio.wait({question.task})
            return None
        if question is None:
            question = self._begin(inquiry)
        else:
            question.inquiries.append(inquiry)
        return await _settled(question, inquiry)

    def answer(self, request_id: str, answer: AnswerKind, *, word: str = "", by: str = "") -> bool:
        """Take an answer; False if it came too late, to no question, or is none of its answers."""
        question = self._open.get(request_id)
        if question is None or answer not in question.answers:
            return False
        consent = Consent.REFUSED if answer is AnswerKind.DENY else Consent.GIVEN
        kept = shortened(word.strip(), MAX_WORD_CHARS)
        return question.settle(Settlement(consent=consent, answer=answer, word=kept, by=by))

    def give_up(self, request_id: str) -> bool:
        """Take it that there is no way to ask; False if the question is no longer open."""
        question = self._open.get(request_id)
        return question is not None and question.settle(Settlement(consent=Consent.NOBODY))

    def warn(self, text: str) -> None:
        """Tell that an answer did not have all that it should have had."""
        self._emit(Warned(text))

    def _begin(self, inquiry: Inquiry) -> "_Question":
        question = _Question(inquiry)
        if inquiry.likeness:
            self._like[inquiry.likeness] = question
        question.task = asyncio.create_task(self._conduct(question))
        return question

    async def _conduct(self, question: "_Question") -> Settlement:
        """Show a question, and wait for the first answer."""
        first, settlement = question.inquiries[0], Settlement(consent=Consent.NO_ANSWER)
        try:
            if first.likeness:
                await asyncio.sleep(GATHER_S)
            self._open[question.id] = question
            question.is_shown = True
            self._emit(question.request())
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timeout_s):
                    settlement = await question.settlement
        finally:
            self._like.pop(first.likeness, None)
            if self._open.pop(question.id, None) is not None:
                self._emit(_resolved(question.id, settlement))
        return settlement


class _Question:
    """One question, to which several inquiries may belong."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.id = uuid.uuid4().hex[:12]
        self.inquiries = [inquiry]
        self.is_shown = False
        self.settlement: asyncio.Future[Settlement] = asyncio.get_running_loop().create_future()
        self.task: asyncio.Task[Settlement]

    @property
    def answers(self) -> tuple[AnswerKind, ...]:
        return self.inquiries[0].answers

    def settle(self, settlement: Settlement) -> bool:
        """Take the first answer; False for any other."""
        if self.settlement.done():
            return False
        self.settlement.set_result(settlement)
        return True

    def request(self) -> ApprovalRequested:
        first = self.inquiries[0]
        return ApprovalRequested(
            request_id=self.id,
            question=_question(self.inquiries),
            detail=_detail(self.inquiries),
            answers=first.answers,
            rules=first.rules,
            trusting=first.trusting,
            origin=first.origin,
            call_id=first.call_id,
        )


async def _settled(question: _Question, inquiry: Inquiry) -> Settlement:
    """Wait for the answer; a question that nobody waits for any more is taken back."""
    try:
        return await asyncio.shield(question.task)
    except asyncio.CancelledError:
        question.inquiries.remove(inquiry)
        if not question.inquiries:
            question.task.cancel()
            await asyncio.wait({question.task})
        raise


def _question(inquiries: Sequence[Inquiry]) -> str:
    first = inquiries[0].question
    return first if len(inquiries) == 1 else f"{first} ({len(inquiries)} like calls, all at once)"


def _detail(inquiries: Sequence[Inquiry]) -> str:
    if len(inquiries) == 1:
        return inquiries[0].detail
    numbered = (f"{number}. {each.detail}" for number, each in enumerate(inquiries, 1))
    return "\n".join(numbered)


def _resolved(request_id: str, settlement: Settlement) -> ApprovalResolved:
    return ApprovalResolved(
        request_id=request_id,
        is_allowed=settlement.consent is Consent.GIVEN,
        answer=settlement.answer,
    )
