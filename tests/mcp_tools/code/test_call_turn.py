"""One call's right to run, and how it gives way while a person is asked."""

import asyncio
from dataclasses import dataclass, field

import pytest

from mcp_tools.code.call_turn import CallTurn
from mcp_tools.types.attending import Attendant, Progress, Question, Reply
from mcp_tools.types.errors import ExpectedError

pytestmark = pytest.mark.asyncio
QUESTION = Question(text="May I?")


@dataclass
class Thinker:
    """A person who answers when told to."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    answer: asyncio.Future[Reply | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    async def ask(self, question: Question) -> Reply | None:
        """Wait for the answer."""
        assert question is QUESTION
        self.asked.set()
        return await self.answer


def turn_with(person: Thinker) -> CallTurn:
    def report(progress: Progress) -> None:
        del progress

    return CallTurn(Attendant(report=report, person=person, can_ask=True))


async def test_the_time_is_over_at_its_end() -> None:
    turn = turn_with(Thinker())
    with pytest.raises(ExpectedError, match=r"it did not end within 0\.01 s and was stopped; ask"):
        async with turn.limited("it", 0.01):
            await asyncio.Event().wait()


async def test_a_time_out_of_the_work_itself_is_not_ours() -> None:
    with pytest.raises(TimeoutError):
        async with turn_with(Thinker()).limited("it", 5):
            raise TimeoutError


async def test_time_stands_still_while_a_person_thinks() -> None:
    person = Thinker()
    turn = turn_with(person)
    loop = asyncio.get_running_loop()

    async def work() -> Reply | None:
        async with turn.limited("it", 0.05):
            return await turn.attendant.person.ask(QUESTION)

    working = asyncio.create_task(work())
    await person.asked.wait()
    loop.call_later(0.15, person.answer.set_result, Reply("yes"))
    assert await working == Reply("yes")


async def test_after_the_answer_the_time_goes_on() -> None:
    person = Thinker()
    turn = turn_with(person)
    person.answer.set_result(None)

    async def work() -> None:
        async with turn.limited("it", 0.05):
            assert await turn.attendant.person.ask(QUESTION) is None
            await asyncio.Event().wait()

    with pytest.raises(ExpectedError, match="did not end"):
        await work()


async def test_calls_of_one_order_run_one_after_another() -> None:
    order, seen = asyncio.Lock(), list[str]()

    async def work(name: str) -> None:
        async with turn_with(Thinker()).in_order(order):
            seen.append(f"{name} begins")
            await asyncio.sleep(0)
            seen.append(f"{name} ends")

    await asyncio.gather(work("a"), work("b"))
    assert seen == ["a begins", "a ends", "b begins", "b ends"]


async def test_others_go_first_while_a_person_thinks() -> None:
    order, person = asyncio.Lock(), Thinker()
    asking = turn_with(person)

    async def ask() -> Reply | None:
        async with asking.in_order(order):
            reply = await asking.attendant.person.ask(QUESTION)
            assert order.locked()
            return reply

    first = asyncio.create_task(ask())
    await person.asked.wait()
    async with asyncio.timeout(5), turn_with(Thinker()).in_order(order):
        person.answer.set_result(Reply("yes"))
        await asyncio.sleep(0)
        assert not first.done()
    assert await first == Reply("yes")
    assert not order.locked()


async def test_a_question_that_is_given_up_leaves_the_way_free() -> None:
    order, person = asyncio.Lock(), Thinker()
    turn = turn_with(person)
    async with turn.in_order(order):
        asking = asyncio.create_task(turn.attendant.person.ask(QUESTION))
        await person.asked.wait()
        asking.cancel()
        await asyncio.wait({asking})
    assert not order.locked()


async def test_an_answer_after_the_end_of_the_call_takes_nothing() -> None:
    order, person = asyncio.Lock(), Thinker()
    turn = turn_with(person)
    async with turn.in_order(order):
        asking = asyncio.create_task(turn.attendant.person.ask(QUESTION))
        await person.asked.wait()
    person.answer.set_result(Reply("yes"))
    assert await asking == Reply("yes")
    assert not order.locked()


async def test_two_questions_at_once_give_way_once() -> None:
    order, person = asyncio.Lock(), Thinker()
    turn = turn_with(person)
    async with turn.in_order(order), turn.limited("it", 5):
        both = [asyncio.create_task(turn.attendant.person.ask(QUESTION)) for _ in range(2)]
        await person.asked.wait()
        person.answer.set_result(Reply("yes"))
        assert await asyncio.gather(*both) == [Reply("yes")] * 2
        assert order.locked()
    assert not order.locked()
