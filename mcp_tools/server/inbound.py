"""What a line of input is: a message for the server, or one that has its answer already.

Every request that came in is answered exactly once, also one that cannot be understood: with its
id if there is one, and with the id null if there is not.
"""

import asyncio
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias, cast

import mcp_types as types
from pydantic import ValidationError

from mcp_tools.server.lines import LONGEST_LINE, TooLong
from mcp_tools.server.strict_json import NotStrictError, TooMuchError, strict_json

DEEPEST = 64
"""Objects and lists within each other; nothing here needs more than a few."""

IN_FLIGHT = 20_000
IN_FLIGHT_BYTES = 256 * 1024 * 1024
_TOO_MANY = -32000

_ID = rb'"id"\s*:\s*("[\w-]{1,100}"|[0-9]{1,15})\s*'
_ID_FIRST = re.compile(rb'\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?' + _ID + rb",")
_ID_LAST = re.compile(rb"(?<!\\)" + _ID + rb'(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?(?<!\})\}\s*\Z')
_METHOD = re.compile(rb'(?<!\\)"method"\s*:')

_BROKEN = types.ErrorData(code=types.INVALID_REQUEST, message="The answer is no JSON-RPC")

Inbound: TypeAlias = types.JSONRPCRequest | types.JSONRPCNotification | types.JSONRPCResponse
Message: TypeAlias = Inbound | types.JSONRPCError


@dataclass(frozen=True, slots=True)
class Refusal:
    """The answer to a message that the server never sees."""

    error: types.JSONRPCError


def read_line(line: bytes | TooLong) -> Message | Refusal | None:
    """Give the message of one line; None if nobody waits for an answer to it."""
    if isinstance(line, TooLong):
        text = f"Parse error: the line is longer than {LONGEST_LINE // 1024**2} MiB"
        return _refusal(_id_at_edge(line), types.PARSE_ERROR, text)
    if not line.strip():
        return None
    try:
        value = strict_json(line, max_depth=DEEPEST)
    except NotStrictError as error:
        return _not_strict(line, error)
    if not isinstance(value, dict):
        return _refusal(None, types.INVALID_REQUEST, "Expected one message, as an object")
    return _message(cast("dict[str, object]", value))


def _not_strict(line: bytes, error: NotStrictError) -> Refusal:
    """Give the answer to a line that is no strict JSON.

    A model may well write half a character; whoever waits for the answer to that is not left
    waiting, as long as it is plain which id is meant.
    """
    request_id: object = None
    if line.count(b'"id"') == 1 and not isinstance(error, TooMuchError):
        with suppress(ValueError, RecursionError):
            value: object = json.loads(line)
            request_id = cast("dict[str, object]", value).get("id") if _is_request(value) else None
    if isinstance(request_id, int | str) and not isinstance(request_id, bool):
        with suppress(UnicodeEncodeError):
            str(request_id).encode("utf-8")
            return _refusal(request_id, types.INVALID_REQUEST, f"Invalid request: {error}")
    return _refusal(None, types.PARSE_ERROR, "Parse error")


def _id_at_edge(line: TooLong) -> types.RequestId | None:
    """Give the id of a request by its first or last bytes, where all clients write it."""
    found = _ID_FIRST.match(line.start) or _ID_LAST.search(line.end)
    if found is None or _METHOD.search(line.start) is None:
        return None
    request_id: types.RequestId = json.loads(found[1])
    return request_id


def _is_request(value: object) -> bool:
    return isinstance(value, dict) and "method" in value


def _message(value: dict[str, object]) -> Message | Refusal | None:
    if "method" not in value and ("result" in value or "error" in value):
        return _answer(value)
    if "id" not in value and "method" in value:
        try:
            return types.JSONRPCNotification.model_validate(value, by_name=False)
        except ValidationError:
            # Nobody waits for an answer to a notification, not even to a broken one.
            return None
    request_id = value.get("id")
    if not isinstance(request_id, int | str) or isinstance(request_id, bool):
        return _refusal(None, types.INVALID_REQUEST, "Expected an id that is a string or integer")
    try:
        return types.JSONRPCRequest.model_validate(value, by_name=False)
    except ValidationError:
        return _refusal(request_id, types.INVALID_REQUEST, "Invalid request")


def in_place_of(value: object) -> types.JSONRPCError | None:
    """Give what stands for a client's broken answer to a request of ours; None for all else.

    It is an error to whoever waits for the answer here. The client hears nothing of it: an answer
    to an answer would only go round in circles.
    """
    if not isinstance(value, dict) or "method" in value:
        return None
    answer = cast("dict[str, object]", value)
    if "result" not in answer and "error" not in answer:
        return None
    message = _answer(answer)
    if isinstance(message, types.JSONRPCError) and message.error is _BROKEN:
        return message
    return None


def _answer(value: dict[str, object]) -> types.JSONRPCResponse | types.JSONRPCError | None:
    """Give the client's answer to a request of ours, or what stands for it if it is broken."""
    kind = types.JSONRPCError if "error" in value else types.JSONRPCResponse
    try:
        return kind.model_validate(value, by_name=False)
    except ValidationError:
        request_id = value.get("id")
        if not isinstance(request_id, int | str) or isinstance(request_id, bool):
            return None
        return types.JSONRPCError(jsonrpc="2.0", id=request_id, error=_BROKEN)


class InFlight:
    """The requests that have no answer yet."""

    def __init__(self) -> None:
        """Start with none."""
        self._sizes: dict[types.RequestId, int] = {}
        self._size_bytes = 0
        self._are_settled = asyncio.Event()
        self._are_settled.set()

    async def settled(self) -> None:
        """Wait until there are none."""
        await self._are_settled.wait()

    def __len__(self) -> int:
        """Tell how many there are."""
        return len(self._sizes)

    def admit(self, request_id: types.RequestId, size_bytes: int) -> Refusal | None:
        """Take a request in; gives the answer to one that may not be taken in."""
        if request_id in self._sizes:
            message = "Invalid request: a request with this id is still being answered"
            return _refusal(request_id, types.INVALID_REQUEST, message)
        if len(self._sizes) >= IN_FLIGHT or self._size_bytes + size_bytes > IN_FLIGHT_BYTES:
            message = "Too many requests at once; wait for answers first"
            return _refusal(request_id, _TOO_MANY, message)
        self._sizes[request_id] = size_bytes
        self._size_bytes += size_bytes
        self._are_settled.clear()
        return None

    def settle(self, request_id: types.RequestId | None) -> None:
        """Take note that a request has been answered, or never will be."""
        if request_id is not None:
            self._size_bytes -= self._sizes.pop(request_id, 0)
        if not self._sizes:
            self._are_settled.set()


def _refusal(request_id: types.RequestId | None, code: int, message: str) -> Refusal:
    error = types.ErrorData(code=code, message=message)
    return Refusal(types.JSONRPCError(jsonrpc="2.0", id=request_id, error=error))
