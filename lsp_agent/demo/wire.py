"""JSON-RPC over two byte streams, as a language client speaks it.

Source: LSP 3.17, "Base Protocol".
"""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]
"""A message, or its params, as plain JSON."""

ANSWER_TIMEOUT_S = 30.0
METHOD_NOT_FOUND = -32601
_LENGTH = b"content-length"


class WireError(Exception):
    """The server answered with an error, not at all, or with something unreadable."""


class UnknownMethod(Exception):
    """Raised by a handler for a request that it does not know."""


Handler = Callable[[str, Message], object]
"""Takes method and params of what the server sends; what it gives is the answer to a request."""


class Wire:
    """One connection; `serve` must run beside the requests."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler
    ) -> None:
        """Talk over two streams; what the server asks and tells goes to `handle`."""
        self._reader = reader
        self._writer = writer
        self._handle = handle
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Message]] = {}

    async def serve(self) -> None:
        """Take what the server sends until it closes the stream; open requests fail then.

        Raises: WireError for what cannot be read.
        """
        try:
            while (message := await self._read()) is not None:
                self._take(message)
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(WireError("the server has gone without an answer"))

    async def request(self, method: str, params: object) -> Message:
        """Ask, and give the answer's message, whose `result` holds what was asked for.

        Raises: WireError.
        """
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, "params": params})
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                message = await answer
        except TimeoutError as error:
            raise WireError(f"no answer to {method} within {ANSWER_TIMEOUT_S:g} s") from error
        finally:
            del self._waiting[number]
        if "error" in message:
            raise WireError(f"{method}: {message['error'].get('message')}")
        return message

    def notify(self, method: str, params: object) -> None:
        """Tell the server something."""
        self._send({"method": method, "params": params})

    def _take(self, message: Message) -> None:
        if "method" not in message:
            answer = self._waiting.get(message["id"])
            if answer is not None and not answer.done():
                answer.set_result(message)
            return
        reply: Message = {}
        try:
            reply["result"] = self._handle(message["method"], message.get("params") or {})
        except UnknownMethod as error:
            reply["error"] = {"code": METHOD_NOT_FOUND, "message": str(error)}
        if "id" in message:
            self._send({"id": message["id"], **reply})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    async def _read(self) -> Message | None:
        """Read one message; None at the end of the stream."""
        length = 0
        while line := (await self._reader.readline()).strip():
            name, _, value = line.partition(b":")
            if name.lower() == _LENGTH:
                length = int(value)
        if not length:
            return None
        try:
            message: Message = json.loads(await self._reader.readexactly(length))
        except (ValueError, asyncio.IncompleteReadError) as error:
            raise WireError(f"expected a message of {length} bytes: {error}") from error
        return message
