"""Reading and writing pipes on the event loop."""

import asyncio
import os
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from mcp_tools.server.pipes import read_some, write_all

pytestmark = pytest.mark.asyncio


@pytest.fixture
def pipe() -> Generator[tuple[int, int]]:
    """Give both ends of a pipe."""
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):
            os.close(end)


async def test_reading_waits_for_bytes_without_holding_up_the_loop(pipe: tuple[int, int]) -> None:
    reader = asyncio.create_task(read_some(pipe[0]))
    await asyncio.sleep(0)
    assert not reader.done()
    os.write(pipe[1], b"abc")
    async with asyncio.timeout(5):
        assert await reader == b"abc"
    os.close(pipe[1])
    async with asyncio.timeout(5):
        assert await read_some(pipe[0]) == b""


async def test_a_reader_can_be_cancelled(pipe: tuple[int, int]) -> None:
    reader = asyncio.create_task(read_some(pipe[0]))
    await asyncio.sleep(0)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    os.write(pipe[1], b"x")
    async with asyncio.timeout(5):
        assert await read_some(pipe[0]) == b"x"


async def test_writing_goes_at_the_pace_of_the_reader(pipe: tuple[int, int]) -> None:
    data = bytes(range(256)) * 2_000
    writer = asyncio.create_task(write_all(pipe[1], data))
    got = b""
    async with asyncio.timeout(5):
        while len(got) < len(data):
            got += await read_some(pipe[0])
        await writer
    assert got == data


async def test_a_writer_without_a_reader_is_told(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with pytest.raises(BrokenPipeError):
        await write_all(pipe[1], b"x")


async def test_a_writer_that_waits_is_told_when_the_reader_goes(pipe: tuple[int, int]) -> None:
    writer = asyncio.create_task(write_all(pipe[1], b"x" * 1_000_000))
    for _ in range(3):
        await asyncio.sleep(0)
    os.close(pipe[0])
    with pytest.raises(BrokenPipeError):
        async with asyncio.timeout(5):
            await writer


@pytest.fixture
def file(tmp_path: Path) -> Generator[int]:
    """Give a file that is open for reading and writing."""
    descriptor = os.open(tmp_path / "a", os.O_RDWR | os.O_CREAT)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def nothing() -> Generator[int]:
    """Give the null device."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    yield descriptor
    os.close(descriptor)


async def test_files_and_devices_are_never_waited_for(file: int, nothing: int) -> None:
    await write_all(file, b"abc")
    os.lseek(file, 0, os.SEEK_SET)
    assert await read_some(file) == b"abc"
    assert await read_some(file) == b""
    await write_all(nothing, b"abc")
    assert await read_some(nothing) == b""
