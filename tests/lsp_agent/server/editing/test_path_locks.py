"""Changes of one file follow each other; those of different files do not wait."""

import asyncio
from pathlib import Path

import pytest

from lsp_agent.server.editing.path_locks import PathLocks

A, B, C = Path("/a"), Path("/b"), Path("/c")


async def settled() -> None:
    """Let every task run until it waits for something."""
    for _ in range(5):
        await asyncio.sleep(0)


class Holders:
    """Tasks that hold paths until they are told to let go."""

    def __init__(self) -> None:
        self.locks = PathLocks()
        self.holding: list[str] = []
        self._release: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self, name: str, *paths: Path) -> None:
        self._release[name] = asyncio.Event()
        self._tasks[name] = asyncio.create_task(self._hold(name, paths))
        await settled()

    async def release(self, name: str) -> None:
        self._release[name].set()
        await settled()

    async def cancel(self, name: str) -> None:
        self._tasks[name].cancel()
        await asyncio.wait({self._tasks[name]})
        await settled()

    async def _hold(self, name: str, paths: tuple[Path, ...]) -> None:
        async with self.locks.hold(paths):
            self.holding.append(name)
            try:
                await self._release[name].wait()
            finally:
                self.holding.remove(name)


@pytest.mark.asyncio
async def test_those_who_share_a_path_follow_each_other_and_others_do_not_wait() -> None:
    holders = Holders()
    await holders.start("first", A, B)
    await holders.start("second", B, C)
    await holders.start("third", C)
    assert holders.holding == ["first", "third"]
    await holders.release("first")
    assert holders.holding == ["third"]
    await holders.release("third")
    assert holders.holding == ["second"]
    await holders.release("second")
    assert holders.holding == []


@pytest.mark.asyncio
async def test_crossed_wishes_do_not_wait_for_each_other_for_ever() -> None:
    holders = Holders()
    await holders.start("first", A)
    await holders.start("second", A, B)
    await holders.start("third", B, A)
    for name in ("first", "second", "third"):
        await holders.release(name)
    assert holders.holding == []


@pytest.mark.asyncio
async def test_who_is_cancelled_lets_go_and_leaves_no_trace() -> None:
    holders = Holders()
    await holders.start("first", A)
    await holders.start("waits", A)
    await holders.start("last", A)
    await holders.cancel("waits")
    await holders.cancel("first")
    assert holders.holding == ["last"]
