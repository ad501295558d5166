"""Hooks around a session's work: prompts can be denied, changed and added to; ends are told."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from lsp_agent.agent.events import Outcome, TurnFinished, Warned
from lsp_agent.engine.protocol import Ask, Interrupt
from lsp_agent.hooks.answers import Answer, HookFailed
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.hook import Occasion
from lsp_agent.hooks.payloads import Notified, WorkEnded
from lsp_agent.testkit.json_values import Json
from tests.lsp_agent.engine.bugs import PROJECT, read_call
from tests.lsp_agent.engine.hooking.watching import DENY, SHOWN, answering, watched
from tests.support.projects import write_project
from tests.support.sessions import LIMIT_S, Seat, finish_of, seated

pytestmark = pytest.mark.asyncio
ECHO: list[Json] = ["{{last_user}}", "{{last_user}}"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return write_project(folder, PROJECT)


async def test_a_denied_prompt_reaches_no_model(root: Path) -> None:
    with seated(root, ECHO) as seat:
        answering(seat.engine, HookEvent.USER_PROMPT, DENY)
        finished = finish_of(await seat.run(Ask("Mend it")))
        assert finished.outcome is Outcome.DENIED
        assert finished.text == f"the task was not taken up: {SHOWN}"
        assert seat.server.requests == []


async def test_a_model_that_is_denied_is_not_asked(root: Path) -> None:
    with seated(root, ECHO) as seat:
        answering(seat.engine, HookEvent.BEFORE_MODEL_CALL, DENY)
        finished = finish_of(await seat.run(Ask("Mend it")))
        assert finished.outcome is Outcome.DENIED
        assert SHOWN in finished.text
        assert seat.server.requests == []


async def test_what_hooks_add_is_told_with_the_prompt_and_only_once(root: Path) -> None:
    with seated(root, ECHO) as seat:
        answering(seat.engine, HookEvent.SESSION_START, Answer(context="A"), "start")
        answering(seat.engine, HookEvent.USER_PROMPT, Answer(context="B"), "prompt")
        answering(seat.engine, HookEvent.CONTEXT_BUILT, Answer(context="C"), "built")
        first = finish_of(await seat.run(Ask("Mend it")))
        assert first.text == (
            "Mend it\n\n<hook name='start'>\nA\n</hook>\n\n<hook name='prompt'>\nB\n</hook>"
            "\n\n<hook name='built'>\nC\n</hook>"
        )
        second = finish_of(await seat.run(Ask("Again")))
        assert second.text.startswith("Again\n\n<hook name='prompt'>")


async def test_hooks_that_fail_are_told_to_the_person(root: Path) -> None:
    async def fail(occasion: Occasion) -> Answer | None:
        del occasion
        raise HookFailed("out of order")

    with seated(root, ECHO) as seat:
        notes = watched(seat.engine)
        seat.engine.hooks.registry.add(HookEvent.SESSION_START, fail, name="broken")
        seat.engine.hooks.registry.add(HookEvent.NOTIFICATION, fail, name="broken too")
        events = await seat.run(Ask("Mend it"))
        message = "the hook 'broken': out of order"
        assert Warned(message) in events
        assert finish_of(events).outcome is Outcome.DONE
        assert notes.of(HookEvent.NOTIFICATION) == [Notified(message=message)]


async def test_interrupted_work_is_over_too(root: Path) -> None:
    with seated(root, [[read_call()], "Done."]) as seat:
        notes = watched(seat.engine)
        hanging = hang(seat, HookEvent.BEFORE_TOOL)
        finished = await interrupted(seat, hanging)
        assert finished.outcome is Outcome.CANCELLED
        (ended,) = notes.of(HookEvent.STOP)
        assert isinstance(ended, WorkEnded)
        assert ended.outcome == "cancelled"


async def test_an_interrupt_while_hooks_run_at_the_end_does_not_change_the_outcome(
    root: Path,
) -> None:
    with seated(root, ECHO) as seat:
        finished = await interrupted(seat, hang(seat, HookEvent.STOP))
        assert finished.outcome is Outcome.DONE


def hang(seat: Seat, event: HookEvent) -> asyncio.Event:
    """Let a hook hang; give what tells that it has begun to."""
    hanging = asyncio.Event()

    async def wait(occasion: Occasion) -> Answer | None:
        del occasion
        hanging.set()
        await asyncio.Event().wait()
        return None

    seat.engine.hooks.registry.add(event, wait, name="hanging", timeout_s=LIMIT_S * 2)
    return hanging


async def interrupted(seat: Seat, hanging: asyncio.Event) -> TurnFinished:
    """Interrupt the work once the hook hangs."""

    async def interrupt() -> None:
        await hanging.wait()
        seat.session.signal(Interrupt())

    async with asyncio.timeout(LIMIT_S), aclosing(seat.session.run(Ask("Mend it"))) as events:
        task = asyncio.create_task(interrupt())
        seen = [event async for event in events]
        await task
    return finish_of(seen)
