"""Calls that stop for a question, and go on with the answer."""

import asyncio

import pytest

from mcp_tools.server.progress import ProgressFeed
from mcp_tools.server.suspending import HELD_PER_CALLER, SuspendableCall, SuspendedCalls
from mcp_tools.types.attending import Person, Progress, Question, Reply
from mcp_tools.types.errors import Denied

pytestmark = pytest.mark.asyncio

NAME, AGE = Question(text="name?"), Question(text="age?")


async def ignored(progress: Progress) -> None:
    del progress


def feed() -> ProgressFeed:
    return ProgressFeed(ignored)


async def interview(person: Person) -> str:
    name = await person.ask(NAME)
    age = await person.ask(AGE)
    return f"{name.text if name else '?'} {age.text if age else '?'}"


async def asked_text(call: SuspendableCall[str]) -> str | None:
    async with asyncio.timeout(5):
        asked = await call.next_question()
    return asked.question.text if asked else None


async def test_a_call_goes_on_where_it_stood() -> None:
    calls: SuspendedCalls[str] = SuspendedCalls()
    call = calls.start(interview, feed())
    assert await asked_text(call) == "name?"
    again = calls.take(calls.hold(call, "a"), "a")
    assert again is call
    call.reply(Reply("Ann"))
    assert await asked_text(call) == "age?"
    call.reply(None)
    assert await asked_text(call) is None
    assert await call.task == "Ann ?"


async def test_two_questions_at_once_are_asked_one_after_the_other() -> None:
    async def both(person: Person) -> str:
        replies = await asyncio.gather(person.ask(NAME), person.ask(AGE))
        return " ".join(reply.text for reply in replies if reply)

    call = SuspendedCalls[str]().start(both, feed())
    for text, answer in (("name?", "Ann"), ("age?", "9")):
        assert await asked_text(call) == text
        call.reply(Reply(answer))
    assert await asked_text(call) is None
    assert await call.task == "Ann 9"


@pytest.mark.protocol("state-once")
async def test_a_handle_works_once_and_only_for_its_caller() -> None:
    calls: SuspendedCalls[str] = SuspendedCalls()
    call = calls.start(interview, feed())
    await asked_text(call)
    handle = calls.hold(call, "a")
    assert calls.take(handle, "b") is None
    assert calls.take("x" + handle, "a") is None
    assert calls.take(handle, "a") is call
    assert calls.take(handle, "a") is None
    await calls.close()


@pytest.mark.protocol("state-once")
async def test_a_call_whose_client_never_comes_back_ends() -> None:
    calls: SuspendedCalls[str] = SuspendedCalls(held_s=0.01)
    call = calls.start(interview, feed())
    await asked_text(call)
    handle = calls.hold(call, "a")
    async with asyncio.timeout(5):
        await asyncio.wait({call.task})
    assert call.task.cancelled()
    assert calls.take(handle, "a") is None


async def test_a_call_that_gives_up_its_question_ends_while_it_is_held() -> None:
    async def impatient(person: Person) -> str:
        try:
            async with asyncio.timeout(0):
                await person.ask(NAME)
        except TimeoutError:
            return "nobody answered"
        return "answered"

    calls: SuspendedCalls[str] = SuspendedCalls()
    call = calls.start(impatient, feed())
    async with asyncio.timeout(5):
        await asyncio.wait({call.task})
    call.reply(Reply("too late"))
    assert await asked_text(call) is None
    assert await call.task == "nobody answered"


async def test_no_caller_holds_more_calls_than_its_share() -> None:
    calls: SuspendedCalls[str] = SuspendedCalls()
    for _ in range(HELD_PER_CALLER):
        calls.hold(calls.start(interview, feed()), "a")
    with pytest.raises(Denied, match="too many"):
        calls.hold(calls.start(interview, feed()), "a")
    calls.hold(calls.start(interview, feed()), "b")
    await calls.close()


async def test_closing_ends_all_calls() -> None:
    calls: SuspendedCalls[str] = SuspendedCalls()
    held, running = calls.start(interview, feed()), calls.start(interview, feed())
    await asked_text(held)
    calls.hold(held, "a")
    async with asyncio.timeout(5):
        await calls.close()
    assert held.task.cancelled()
    assert running.task.cancelled()
