"""Stopping a session between any two events, and inside of them."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from lsp_agent.agent.events import Event, Outcome, Proposed
from lsp_agent.engine.protocol import Accept, Ask, Interrupt
from lsp_agent.testkit.json_values import Json
from mcp_tools.ports import Sink
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.journal import EntryState
from tests.lsp_agent.engine.bugs import (
    MENDED,
    PROJECT,
    edit_call,
    fix,
    mending_turns,
    read_call,
)
from tests.support.projects import texts_below, write_project
from tests.support.sessions import LIMIT_S, Seat, finish_of, proposal_of, seated, with_sink

GOES_ON: Json = {"match": {"last_user": "go on"}, "content": "Here I am again."}


def script() -> list[Json]:
    """A whole turn, and an answer to the prompt that comes after it was stopped."""
    return [GOES_ON, *mending_turns(chunk_size=9)]


async def assert_session_goes_on(seat: Seat, before: dict[str, str]) -> None:
    """Nothing happened, and the conversation is one that the provider accepts."""
    assert texts_below(seat.root) == before
    assert not seat.held
    finished = finish_of(await seat.run(Ask("Please go on")))
    assert (finished.outcome, finished.text) == (Outcome.DONE, "Here I am again.")


def interrupting(seat: Seat, n_events: int) -> Callable[[Event], None]:
    """Give an onlooker that interrupts when it has seen so many events."""
    seen: list[Event] = []

    def see(event: Event) -> None:
        seen.append(event)
        if len(seen) == n_events:
            seat.session.signal(Interrupt())

    return see


@pytest.mark.asyncio
async def test_interrupt_after_any_event_leaves_a_session_that_can_go_on(tmp_path: Path) -> None:
    before = texts_below(write_project(tmp_path, PROJECT))
    n_seen = 0
    was_cancelled = True
    while was_cancelled:
        n_seen += 1
        with seated(tmp_path, script()) as seat:
            events = await seat.run_with(fix(seat.root), interrupting(seat, n_seen))
            was_cancelled = finish_of(events).outcome is Outcome.CANCELLED
            if was_cancelled:
                await assert_session_goes_on(seat, before)
            else:
                # All was done before the interrupt came; the proposal is there to settle.
                assert seat.held == {proposal_of(events).proposal_id}
    assert n_seen > 12


@pytest.mark.asyncio
async def test_closing_the_events_after_any_of_them_leaves_a_session_that_can_go_on(
    tmp_path: Path,
) -> None:
    before = texts_below(write_project(tmp_path, PROJECT))
    n_seen = 0
    is_whole = False
    while not is_whole:
        n_seen += 1
        with seated(tmp_path, script()) as seat:
            seen: list[Event] = []
            async with asyncio.timeout(LIMIT_S), aclosing(seat.session.run(fix(seat.root))) as told:
                async for event in told:
                    seen.append(event)
                    if len(seen) == n_seen:
                        break
            is_whole = any(isinstance(event, Proposed) for event in seen)
            if not is_whole:
                await assert_session_goes_on(seat, before)
    assert n_seen > 12


@pytest.mark.asyncio
@pytest.mark.parametrize("n_frames", range(1, 24))
async def test_interrupt_while_the_model_writes_leaves_a_session_that_can_go_on(
    tmp_path: Path, n_frames: int
) -> None:
    """The second reply has words, an edit and a check, and stops coming at every piece."""
    before = texts_below(write_project(tmp_path, PROJECT))
    first, *_ = mending_turns()
    hanging: Json = {
        "content": ["Now I know.", edit_call(), read_call()],
        "chunk_size": 20,
        "fault": {"name": "hang", "after_events": n_frames},
    }
    with seated(tmp_path, [GOES_ON, first, hanging]) as seat:

        async def interrupt() -> None:
            await asyncio.to_thread(seat.server.wait_for_request, 2)
            seat.session.signal(Interrupt())

        interruption = asyncio.create_task(interrupt())
        events = await seat.run(fix(seat.root))
        await interruption
        assert finish_of(events).outcome is Outcome.CANCELLED
        await assert_session_goes_on(seat, before)


@pytest.mark.asyncio
async def test_interrupt_before_the_work_begins_is_answered(tmp_path: Path) -> None:
    write_project(tmp_path, PROJECT)
    with seated(tmp_path, script()) as seat:
        running = asyncio.create_task(seat.run(fix(seat.root)))
        # One turn of the event loop: the work's task is made, and has not made its first step.
        await asyncio.sleep(0)
        seat.session.signal(Interrupt())
        events = await running
    assert [event for event in events if event is not finish_of(events)] == []
    assert finish_of(events).outcome is Outcome.CANCELLED


@pytest.mark.asyncio
async def test_a_cancelled_front_end_stops_the_work(tmp_path: Path) -> None:
    before = texts_below(write_project(tmp_path, PROJECT))
    with seated(tmp_path, [GOES_ON, {"content": "x", "fault": "hang"}]) as seat:
        running = asyncio.create_task(seat.run(fix(seat.root)))
        await asyncio.to_thread(seat.server.wait_for_request, 1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        ended = await asyncio.to_thread(seat.server.wait_for_ending, 1)
        assert ended.ending == "client_closed"
        await assert_session_goes_on(seat, before)


class SlowSink:
    """A sink that begins, and ends when it is told to."""

    def __init__(self, sink: Sink) -> None:
        """Apply to `sink` in the end."""
        self._sink = sink
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Wait, then apply."""
        self.has_begun.set()
        await self.may_end.wait()
        await self._sink.apply(changes, entry_id)


@pytest.mark.asyncio
async def test_interrupt_while_a_change_is_applied_never_leaves_half_of_it(tmp_path: Path) -> None:
    write_project(tmp_path, PROJECT)
    with seated(tmp_path, script()) as seat:
        proposal = proposal_of(await seat.run(fix(seat.root)))
        sink = SlowSink(seat.disk)
        other = with_sink(seat, sink)
        running = asyncio.create_task(other.run(Accept(proposal.proposal_id)))
        async with asyncio.timeout(LIMIT_S):
            await sink.has_begun.wait()
        other.session.signal(Interrupt())
        other.session.signal(Interrupt())
        sink.may_end.set()
        assert finish_of(await running).outcome is Outcome.DONE
        assert texts_below(tmp_path)["shop.py"] == MENDED
        (entry,) = seat.history
        assert (entry.label, entry.state) == (proposal.changes.label, EntryState.DONE)
