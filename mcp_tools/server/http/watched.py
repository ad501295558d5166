"""A connection that is watched: uvicorn speaks HTTP on it, and this keeps the time.

What uvicorn leaves to a proxy in front of it is done here: deadlines for headers and for the
reading of answers, a bound of what is parsed at once, and an end that lets the answer arrive.
"""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from mcp_tools.server.http.connections import Connections
from mcp_tools.server.http.options import HttpLimits

_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n"
    b"connection: close\r\n\r\n"
)
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_EARLY_BYTES = 64 * 1024
_VERSION = b"HTTP/1."
"""What each head of an answer begins with."""
_LENGTH = b"content-length:"
"""What the head of an answer has whose body is there already."""
_MORE_COMES = (h11.SEND_BODY, h11.ERROR)
"""States in which a client may be sending still: a body, or what nobody understands."""


class WatchedConnection(asyncio.Protocol):
    """The protocol of one connection; what it says is up to the speaker."""

    def __init__(
        self,
        make_speaker: "Callable[[WatchedConnection], H11Protocol]",
        connections: Connections,
        limits: HttpLimits,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Take what makes the speaker, all connections, and the TLS to begin with if any."""
        self._speaker = make_speaker(self)
        self._connections = connections
        self._limits = limits
        self._tls = tls
        self._loop = asyncio.get_running_loop()
        self._raw: asyncio.Transport | None = None
        self._transport: asyncio.Transport | None = None
        """Where HTTP goes; None before TLS stands."""
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._early: list[bytes] = []
        self._handshake: asyncio.Task[None] | None = None
        self._is_leaving = False

    @property
    def is_leaving(self) -> bool:
        """Nothing more is said on this connection."""
        return self._is_leaving

    @property
    def is_waiting(self) -> bool:
        """No request of this connection is being answered."""
        cycle = cast("Any", self._speaker).cycle  # None before the first request, whatever it says
        return cycle is None or cycle.response_complete

    def prove(self) -> None:
        """Count this among the connections whose clients may call."""
        self._connections.prove(self)

    def shed(self) -> None:
        """End this, to make room."""
        if self._transport is None or self._is_leaving:
            self.abort()
        else:
            self.leave()

    def abort(self) -> None:
        """End this at once, whatever was still to be sent."""
        self._is_leaving = True
        if self._handshake is not None:
            self._handshake.cancel()
        transport = self._transport or self._raw
        if transport is not None:
            transport.abort()

    def leave(self) -> None:
        """End this once all is sent; it does not wait for a client that does not read.

        A body that nobody wants is still taken for a moment, and dropped: to close in the middle
        of it would take the answer away from a client that is still sending.
        """
        transport = self._transport
        if transport is None or self._is_leaving:
            return
        self._is_leaving = True
        self._stop("head")
        if self._speaker.conn.their_state in _MORE_COMES and transport.can_write_eof():
            transport.write_eof()
            transport.resume_reading()
            self._start("end", self._limits.linger_s, transport.abort)
        else:
            transport.close()
            self._start("end", self._limits.stall_s, transport.abort)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Find a place for the connection, or refuse it."""
        raw = self._raw = cast("asyncio.Transport", transport)
        if not self._connections.admit(self):
            self._is_leaving = True
            if self._tls is None:
                raw.write(_FULL)
            raw.close()
            return
        self._start("head", self._limits.head_s, self._end_slow_head)
        if self._tls is None:
            self._open(raw)
        else:
            self._handshake = self._loop.create_task(self._secure(raw, self._tls))

    def data_received(self, data: bytes) -> None:
        """Pass on what comes; heads in pieces, so that their bound holds."""
        if self._transport is None:
            self._early.append(data)
            if sum(map(len, self._early)) > _EARLY_BYTES:
                self.abort()
            return
        conn = self._speaker.conn
        while data and not self._is_leaving:
            size = len(data)
            if conn.their_state is h11.IDLE:
                size = self._limits.head_bytes
            self._speaker.data_received(data[:size])
            data = data[size:]
        if conn.their_state is not h11.IDLE:
            self._stop("head")
        elif "head" not in self._timers and not self._is_leaving:
            self._start("head", self._limits.head_s, self._end_slow_head)

    def eof_received(self) -> None:
        """Take the end of what a client sends as its leaving."""
        if not self._is_leaving and self._transport is not None:
            self._speaker.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Free all that belongs to the connection."""
        self._is_leaving = True
        self._connections.forget(self)
        for timer in self._timers.values():
            timer.cancel()
        if self._transport is not None:
            self._speaker.connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not read."""
        self._start("stall", self._limits.stall_s, self.abort)
        self._speaker.pause_writing()

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        self._stop("stall")
        self._speaker.resume_writing()

    def _open(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._speaker.connection_made(_Spoken(transport, self))

    async def _secure(self, raw: asyncio.Transport, tls: ssl.SSLContext) -> None:
        secure = None
        with suppress(OSError):  # TLS that fails, is too slow, or has lost its client
            secure = await self._loop.start_tls(
                raw, self, tls, server_side=True, ssl_handshake_timeout=self._limits.head_s
            )
        if secure is None:
            self.abort()
            return
        self._open(secure)
        early, self._early = b"".join(self._early), []
        self.data_received(early)

    def _end_slow_head(self) -> None:
        if self._transport is not None and self._speaker.conn.trailing_data[0]:
            self._transport.write(_TOO_SLOW)
        self.shed()

    def _start(self, name: str, after_s: float, action: Callable[[], None]) -> None:
        self._stop(name)
        self._timers[name] = self._loop.call_later(after_s, action)

    def _stop(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()


class _Spoken(asyncio.Transport):
    """The transport as the speaker has it: closing it means to leave.

    The head of an answer whose length is known is sent together with the first of its body: each
    sending costs much beside all else that is done for a small answer, and wakes the client.
    """

    def __init__(self, transport: asyncio.Transport, connection: WatchedConnection) -> None:
        super().__init__()
        self._transport = transport
        self._connection = connection
        self._head = b""
        """What is to be sent with the next piece, or before the end."""

    def get_extra_info(self, name: str, default: object = None) -> Any:  # noqa: ANN401 - the interface
        return self._transport.get_extra_info(name, default)

    def write(self, data: bytes) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - h11 gives bytes
        if self._connection.is_leaving:
            return
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(b"".join((head, data)))
        elif data.startswith(_VERSION) and _LENGTH in data:
            self._head = data
        else:
            self._transport.write(data)

    def close(self) -> None:
        self._send_head()
        self._connection.leave()

    def _send_head(self) -> None:
        if self._head and not self._connection.is_leaving:
            head, self._head = self._head, b""
            self._transport.write(head)

    def is_closing(self) -> bool:
        return self._connection.is_leaving or self._transport.is_closing()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()
