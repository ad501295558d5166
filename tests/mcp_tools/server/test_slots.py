"""How many calls of a caller run at once."""

import asyncio

import pytest

from mcp_tools.server.slots import CallSlots

pytestmark = pytest.mark.asyncio


async def test_no_more_calls_run_than_there_are_places_and_the_others_go_in_order() -> None:
    slots = CallSlots(limit=2)
    go = asyncio.Event()
    started: list[int] = []

    async def call(number: int) -> None:
        async with slots.of("a"):
            started.append(number)
            await go.wait()

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(call(number))
        await asyncio.sleep(0)
        assert started == [0, 1]
        go.set()
    assert started == [0, 1, 2, 3, 4]


async def test_one_caller_takes_no_places_of_another() -> None:
    slots = CallSlots(limit=1)
    async with asyncio.timeout(5), slots.of("a"), slots.of("b"):
        pass


async def test_a_lent_place_lets_others_run_and_is_taken_back() -> None:
    slots = CallSlots(limit=1)
    async with asyncio.timeout(5), slots.of("a") as slot:
        async with slot.lent(), slots.of("a"):
            pass
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0), slots.of("a"):
                pass
    async with asyncio.timeout(5), slots.of("a"):
        pass


async def test_a_call_that_is_cancelled_while_it_waits_for_its_place_leaves_it_to_others() -> None:
    slots = CallSlots(limit=1)
    has_lent = asyncio.Event()
    is_back = asyncio.Event()

    async def lender() -> None:
        async with slots.of("a") as slot, slot.lent():
            has_lent.set()
            await is_back.wait()

    task = asyncio.create_task(lender())
    async with asyncio.timeout(5):
        await has_lent.wait()
        async with slots.of("a"):
            is_back.set()
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with slots.of("a"):
            pass
