"""Which callers are here, and when one has gone."""

import asyncio

import pytest

from mcp_tools.server.ports import Caller
from mcp_tools.server.presence import Presence

pytestmark = pytest.mark.asyncio

ANN, BOB = Caller(id="ann"), Caller(id="bob")


class Door:
    """Takes who leaves."""

    def __init__(self) -> None:
        self.left: list[str] = []
        self.has_gone = asyncio.Event()

    async def leave(self, caller: Caller) -> None:
        self.left.append(caller.id)
        self.has_gone.set()


async def test_a_caller_without_requests_is_gone_after_a_while() -> None:
    door = Door()
    presence = Presence(door.leave, idle_s=0.01)
    with presence.of(ANN):
        with presence.of(BOB):
            pass
        async with asyncio.timeout(5):
            await door.has_gone.wait()
        assert door.left == ["bob"]
    await presence.close()
    assert door.left == ["bob", "ann"]


async def test_a_new_request_keeps_a_caller_here() -> None:
    door = Door()
    presence = Presence(door.leave, idle_s=0.0)
    with presence.of(ANN):
        pass
    with presence.of(ANN):
        for _ in range(3):
            await asyncio.sleep(0)
        assert door.left == []
    await presence.close()
    assert door.left == ["ann"]


async def test_the_time_without_requests_begins_with_the_end_of_the_last() -> None:
    door, idle_s, ended = Door(), 0.05, 0.0
    presence = Presence(door.leave, idle_s=idle_s)
    for _ in range(3):
        with presence.of(ANN):
            ended = asyncio.get_running_loop().time()
    async with asyncio.timeout(5):
        await door.has_gone.wait()
    assert asyncio.get_running_loop().time() >= ended + idle_s
    await presence.close()
    assert door.left == ["ann"]


async def test_a_caller_that_cannot_leave_in_order_holds_up_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    left: list[str] = []

    async def leave(caller: Caller) -> None:
        if caller is ANN:
            raise OSError("full disk")
        left.append(caller.id)

    presence = Presence(leave)
    with presence.of(ANN), presence.of(BOB):
        pass
    await presence.close()
    assert left == ["bob"]
    assert "could not leave" in caplog.text
