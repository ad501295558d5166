"""Progress of a command: often enough to be alive, seldom enough to be cheap."""

import asyncio
from dataclasses import replace

import pytest

from mcp_tools.code.commands.telling import Teller
from mcp_tools.types.attending import NOBODY, Progress

pytestmark = pytest.mark.asyncio


async def test_the_first_line_is_told_at_once_and_the_rest_together() -> None:
    reports: asyncio.Queue[Progress] = asyncio.Queue()
    teller = Teller(replace(NOBODY, report=reports.put_nowait), pause_s=0.01)
    teller.take("one\n")
    teller.take("two\n")
    teller.take("\x1b[1mthree\x1b[0m\n")
    async with asyncio.timeout(5):
        told = [await reports.get(), await reports.get()]
    assert [report.message for report in told] == ["one", "three"]
    assert told[0].done < told[1].done
    teller.close()


async def test_nothing_is_told_after_the_end() -> None:
    reports: list[Progress] = []
    teller = Teller(replace(NOBODY, report=reports.append), pause_s=0)
    teller.take("one\n")
    teller.take("two\n")
    teller.close()
    for _ in range(3):
        await asyncio.sleep(0)
    assert [report.message for report in reports] == ["one"]
