"""Reading messages from standard input, each in one go.

pygls reads each line of a message's header, and its body, by a way through a thread of its own;
the three ways take as long as most answers.
"""

import asyncio
import re
from collections import deque
from concurrent.futures import Executor
from typing import BinaryIO

_LENGTH = re.compile(rb"Content-Length: (\d+)\r\n")


class MessageReader:
    """Gives lines and bodies of messages as they were sent; empty at the end of the input."""

    def __init__(self, source: BinaryIO, executor: Executor) -> None:
        """Read `source`, which may block, in a thread of `executor`."""
        self._source = source
        self._executor = executor
        self._lines: deque[bytes] = deque()
        self._body = b""

    async def readline(self) -> bytes:
        """Give the next line of a header, with its end."""
        if not self._lines:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._executor, self._read_message)
        return self._lines.popleft()

    async def readexactly(self, n: int) -> bytes:
        """Give the body of the message whose header was read last."""
        return self._body if len(self._body) == n else b""

    def _read_message(self) -> None:
        n_bytes = 0
        while line := self._source.readline():
            self._lines.append(line)
            if not n_bytes and (found := _LENGTH.fullmatch(line)):
                n_bytes = int(found[1])
            if not line.strip():
                self._body = self._source.read(n_bytes) if n_bytes else b""
                return
        self._lines.append(b"")
