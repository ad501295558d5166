"""Reading bodies: up to a length, within a time, and within room that all of them share."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from starlette.types import Message, Receive

from mcp_tools.server.http.heads import too_long
from mcp_tools.server.http.options import HttpLimits
from mcp_tools.server.http.refusals import Refusal, Refused


class ClientGone(Exception):
    """The client has left in the middle of its request."""


class Bodies:
    """All bodies that are being received."""

    def __init__(self, limits: HttpLimits) -> None:
        """Start with all the room there is."""
        self._limits = limits
        self._room = limits.bodies_bytes

    async def read(self, receive: Receive, length: int | None) -> bytes:
        """Read one body; `length` is what its head announces.

        Raises: ClientGone; Refused.
        """
        reserved = self._limits.body_bytes if length is None else length
        if reserved > self._room:
            retry = (b"retry-after", b"1")
            raise Refused(
                Refusal(status=503, message="Too many large requests at once", headers=(retry,))
            )
        with self._reserved(reserved):
            try:
                async with asyncio.timeout(self._limits.body_s):
                    body = await _read(receive, self._limits.body_bytes)
            except TimeoutError:
                message = f"The body took longer than {self._limits.body_s:g} s"
                raise Refused(Refusal(status=408, message=message)) from None
        if body is None:
            raise Refused(too_long(self._limits))
        return body

    @contextmanager
    def _reserved(self, n_bytes: int) -> Generator[None]:
        self._room -= n_bytes
        try:
            yield
        finally:
            self._room += n_bytes


async def _read(receive: Receive, max_bytes: int) -> bytes | None:
    parts: list[bytes] = []
    n_bytes = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        part: bytes = message.get("body", b"")
        parts.append(part)
        n_bytes += len(part)
        if n_bytes > max_bytes:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def replaying(body: bytes, receive: Receive) -> Receive:
    """Give what hands out a body that was read already, and goes on with `receive`."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
