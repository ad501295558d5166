"""Progress: seldom enough, growing, and the last word always."""

import asyncio
import threading

import pytest

from mcp_tools.server.progress import ProgressFeed
from mcp_tools.types.attending import Progress

pytestmark = pytest.mark.asyncio


class Client:
    """Takes notices."""

    def __init__(self) -> None:
        self.got: list[float] = []

    async def send(self, progress: Progress) -> None:
        self.got.append(progress.done)


async def test_many_reports_at_once_become_few_notices_with_the_last_one() -> None:
    client = Client()
    feed = ProgressFeed(client.send)
    feed.report(Progress(done=1))
    await asyncio.sleep(0)
    for done in range(2, 1_000):
        feed.report(Progress(done=done))
    async with asyncio.timeout(5):
        await feed.flush()
    assert client.got == [1, 999]


async def test_reports_of_another_thread_arrive() -> None:
    client = Client()
    feed = ProgressFeed(client.send)
    thread = threading.Thread(target=lambda: feed.report(Progress(done=7)))
    thread.start()
    await asyncio.to_thread(thread.join)
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await feed.flush()
    assert client.got == [7]


@pytest.mark.protocol("progress")
async def test_a_report_that_is_not_further_is_dropped() -> None:
    client = Client()
    feed = ProgressFeed(client.send)
    for done in (2, 2, 1):
        feed.report(Progress(done=done))
    async with asyncio.timeout(5):
        await feed.flush()
    assert client.got == [2]


@pytest.mark.protocol("progress-ends")
async def test_nothing_is_sent_after_a_flush_until_the_feed_is_resumed() -> None:
    first, second = Client(), Client()
    feed = ProgressFeed(first.send)
    feed.report(Progress(done=1))
    async with asyncio.timeout(5):
        await feed.flush()
        feed.report(Progress(done=2))
        feed.resume(second.send)
        feed.report(Progress(done=3))
        await feed.flush()
    assert (first.got, second.got) == ([1], [3])


async def test_a_client_that_is_gone_does_not_fail_the_call() -> None:
    async def send(progress: Progress) -> None:
        raise ConnectionError("gone")

    feed = ProgressFeed(send)
    feed.report(Progress(done=1))
    async with asyncio.timeout(5):
        await feed.flush()


@pytest.mark.protocol("progress-ends")
async def test_a_closed_feed_sends_nothing_and_leaves_no_task() -> None:
    client = Client()
    feed = ProgressFeed(client.send)
    feed.report(Progress(done=1))
    feed.close()
    feed.report(Progress(done=2))
    await asyncio.sleep(0)
    assert client.got == []
    assert asyncio.all_tasks() == {asyncio.current_task()}
