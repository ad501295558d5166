"""One client on standard input and output: a message a line, whatever comes in.

The SDK's own transport drops what it cannot parse and reads lines of any length; here every
request is answered exactly once, nothing that prints can get between the messages, and a client
that reads slowly slows down only itself.
"""

import asyncio
import json
import logging
import signal
from collections.abc import Callable, Iterable
from functools import partial

import anyio
import mcp_types as types
from mcp.shared.message import ServerMessageMetadata, SessionMessage
from pydantic_core import PydanticSerializationError

from mcp_tools.server.code_server import CodeServer
from mcp_tools.server.inbound import InFlight, Message, Refusal, read_line
from mcp_tools.server.lines import LineSplitter, TooLong
from mcp_tools.server.pipes import CHUNK_BYTES, Pipes, read_some, write_all

logger = logging.getLogger(__name__)

LAST_ANSWERS_S = 1.0
"""How long running calls may go on after the end of the input, before they are cancelled."""
LAST_NOTICES_S = 0.1
"""How long what is nearly done may go on after a signal; then all calls are cancelled."""
LAST_WORDS_S = 2.0
"""How long a client that has ended its input may take to read what is left for it."""

_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


async def serve_stdio(server: CodeServer, pipes: Pipes) -> None:
    """Serve one client on standard input and output, until its input ends or a signal comes.

    Calls that run on are cancelled then, and all that the client has started has ended when this
    returns. `pipes` come from `claim_standard_pipes`, which is called first of all, so that
    nothing can print among the messages.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _ENDING_SIGNALS:
        loop.add_signal_handler(number, stopping.set)
    try:
        await serve_pipes(server, pipes, stopping)
    finally:
        for number in _ENDING_SIGNALS:
            loop.remove_signal_handler(number)


async def serve_pipes(
    server: CodeServer, pipes: Pipes, stopping: asyncio.Event | None = None
) -> None:
    """Serve one client on a pair of pipes, until its input ends or `stopping` is set."""
    connection = _Connection(pipes, server.end_streams)
    options = server.create_initialization_options()
    async with anyio.create_task_group() as group:
        group.start_soon(connection.read)
        group.start_soon(connection.write)
        group.start_soon(connection.stop_reading, stopping or asyncio.Event())
        try:
            await server.run(connection.messages, connection.answers, options)
        finally:
            await connection.finish()
            group.cancel_scope.cancel()


class _Refused(SessionMessage):
    """An answer that is not the server's, to a message that it never saw."""


class _Connection:
    """The two streams between the pipes of a client and the server."""

    def __init__(self, pipes: Pipes, end_streams: Callable[[], None]) -> None:
        self._pipes = pipes
        self._end_streams = end_streams
        self._in_flight = InFlight()
        self._to_server, self.messages = anyio.create_memory_object_stream[
            SessionMessage | Exception
        ]()
        self.answers, self._to_client = anyio.create_memory_object_stream[SessionMessage]()
        self._refusals = self.answers.clone()
        self._reading = anyio.CancelScope()
        self._has_written = asyncio.Event()

    async def read(self) -> None:
        """Pass on what the client sends, to its end."""
        splitter = LineSplitter()
        # Leaving ends the server's input, and lets `write` end after the server's last answer.
        with self._reading:
            async with self._to_server, self._refusals:
                while data := await read_some(self._pipes.input):
                    await self._take(splitter.feed(data))
                await self._take(splitter.end())
                # Streams have no end of their own, and nothing more is to come.
                self._end_streams()
                with anyio.move_on_after(LAST_ANSWERS_S):
                    await self._in_flight.settled()

    async def stop_reading(self, stopping: asyncio.Event) -> None:
        """End the input when somebody says so."""
        await stopping.wait()
        self._end_streams()
        with anyio.move_on_after(LAST_NOTICES_S):
            await self._in_flight.settled()
        self._reading.cancel()

    async def write(self) -> None:
        """Write the answers at the client's pace, to the end of the server's output."""
        try:
            async with self._to_client:
                async for message in self._to_client:
                    await write_all(self._pipes.output, self._lines(message))
        except OSError:
            logger.info("the client reads no more")
        finally:
            self._reading.cancel()
            self._has_written.set()

    async def finish(self) -> None:
        """Give the client a moment to read what is left."""
        self._reading.cancel()
        with anyio.move_on_after(LAST_WORDS_S, shield=True):
            await self._has_written.wait()

    async def _take(self, lines: Iterable[bytes | TooLong]) -> None:
        for line in lines:
            message = read_line(line)
            if isinstance(message, types.JSONRPCRequest):
                size_bytes = len(line) if isinstance(line, bytes) else 0
                message = self._in_flight.admit(message.id, size_bytes) or message
            if isinstance(message, Refusal):
                await self._refusals.send(_Refused(message.error))
            elif message is not None:
                await self._to_server.send(self._envelope(message))

    def _envelope(self, message: Message) -> SessionMessage:
        if not isinstance(message, types.JSONRPCRequest):
            return SessionMessage(message)
        settle = partial(self._settle, message.id)
        return SessionMessage(message, ServerMessageMetadata(on_request_unanswered=settle))

    async def _settle(self, request_id: types.RequestId) -> None:
        self._in_flight.settle(request_id)

    def _lines(self, message: SessionMessage) -> bytes:
        """Give the line of an answer, with those of all others that wait already."""
        lines = self._line(message)
        while len(lines) < CHUNK_BYTES:
            try:
                lines += self._line(self._to_client.receive_nowait())
            except (anyio.WouldBlock, anyio.EndOfStream):
                break
        return lines

    def _line(self, envelope: SessionMessage) -> bytes:
        message = envelope.message
        is_answer = isinstance(message, types.JSONRPCResponse | types.JSONRPCError)
        # Settled before the client can know, as it may use the id again at once.
        if is_answer and not isinstance(envelope, _Refused):
            self._in_flight.settle(message.id)
        return _encoded(message) + b"\n"


def _encoded(message: types.JSONRPCMessage) -> bytes:
    try:
        return message.model_dump_json(by_alias=True, exclude_unset=True).encode("utf-8")
    except PydanticSerializationError:
        # Half a character, such as a file's name may hold: it becomes a question mark.
        plain = message.model_dump(by_alias=True, exclude_unset=True)
        return json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
