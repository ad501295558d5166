"""Work on a moving text."""

import asyncio

import pytest

from lsp_agent.engine.attempts import MAX_ATTEMPTS, to_its_end, until_it_fits
from mcp_tools.types.errors import Denied, StaleEdit

pytestmark = pytest.mark.asyncio


class Moving:
    """A text that moves on so many times while a change of it is on its way."""

    def __init__(self, n_times: int, error: type[Exception] = StaleEdit) -> None:
        self.n_times = n_times
        self.error = error
        self.n_attempts = 0

    async def attempt(self) -> str:
        self.n_attempts += 1
        if self.n_attempts <= self.n_times:
            raise self.error(f"attempt {self.n_attempts}")
        return "done"


@pytest.mark.parametrize("n_times", range(MAX_ATTEMPTS))
async def test_a_change_is_tried_again_while_the_text_moves_on(n_times: int) -> None:
    moving = Moving(n_times)
    assert await until_it_fits(moving.attempt) == "done"
    assert moving.n_attempts == n_times + 1


async def test_the_last_failure_is_told_when_it_does_not_end() -> None:
    moving = Moving(99)
    with pytest.raises(StaleEdit, match=f"attempt {MAX_ATTEMPTS}"):
        await until_it_fits(moving.attempt)


async def test_another_failure_is_told_at_once() -> None:
    moving = Moving(1, Denied)
    with pytest.raises(Denied, match="attempt 1"):
        await until_it_fits(moving.attempt)


async def test_work_that_has_begun_is_done_though_nobody_waits_any_more() -> None:
    may_end = asyncio.Event()

    async def work() -> str:
        await may_end.wait()
        return "done"

    waiting = asyncio.create_task(to_its_end(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        waiting.cancel()
    may_end.set()
    async with asyncio.timeout(5):
        assert await waiting == "done"


async def test_the_failure_of_work_that_was_waited_for_is_told() -> None:
    with pytest.raises(StaleEdit):
        await to_its_end(Moving(1).attempt())
