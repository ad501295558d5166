"""The process's own input and output as pipes, read and written on the event loop.

The descriptors stay blocking, because others may share them: they are touched only when the
system says that this will not block.
"""

import asyncio
import os
import select
from collections.abc import Callable
from dataclasses import dataclass

CHUNK_BYTES = 65_536
_WRITTEN_BETWEEN_PAUSES = 1_048_576


@dataclass(frozen=True, slots=True)
class Pipes:
    """Where the messages of one client come from, and where the answers go."""

    input: int
    output: int


def claim_standard_pipes() -> Pipes:
    """Take standard input and output away from all other code of this process, for good.

    What prints goes to standard error, and child processes read an empty input.
    """
    pipes = Pipes(_private_copy(0), _private_copy(1))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0, inheritable=True)
    os.close(nothing)
    _point_output_at_errors()
    return pipes


def _point_output_at_errors() -> None:
    try:
        os.dup2(2, 1, inheritable=True)
    except OSError:
        # There is no standard error either.
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1, inheritable=True)
        os.close(nothing)


def _private_copy(descriptor: int) -> int:
    """Give a copy that children do not inherit, above the standard ones."""
    copy = os.dup(descriptor)
    if copy > 2:
        return copy
    try:
        return _private_copy(descriptor)
    finally:
        os.close(copy)


async def read_some(descriptor: int) -> bytes:
    """Wait for bytes and give them; empty at the end of the input."""
    await _ready(descriptor, select.POLLIN)
    return os.read(descriptor, CHUNK_BYTES)


async def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it, at the pace of whoever reads.

    Raises: OSError if nobody reads any more.
    """
    left = memoryview(data)
    n_written = 0
    while left:
        await _ready(descriptor, select.POLLOUT)
        # A pipe that is ready takes so much without blocking.
        n_now = os.write(descriptor, left[: select.PIPE_BUF])
        left = left[n_now:]
        n_written += n_now
        if n_written >= _WRITTEN_BETWEEN_PAUSES:
            n_written = 0
            await asyncio.sleep(0)


async def _ready(descriptor: int, event: int) -> None:
    """Wait until a descriptor can be read or written, or will say that it never can."""
    poll = select.poll()
    poll.register(descriptor, event)
    if poll.poll(0):
        return
    loop = asyncio.get_running_loop()
    is_ready = loop.create_future()
    watch, unwatch = _watching(loop, event)
    watch(descriptor, lambda: is_ready.done() or is_ready.set_result(None))
    try:
        await is_ready
    finally:
        unwatch(descriptor)


def _watching(
    loop: asyncio.AbstractEventLoop, event: int
) -> tuple[Callable[[int, Callable[[], object]], object], Callable[[int], object]]:
    if event == select.POLLIN:
        return loop.add_reader, loop.remove_reader
    return loop.add_writer, loop.remove_writer
