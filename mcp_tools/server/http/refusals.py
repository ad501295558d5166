"""Requests that are not let in: each with a status, a reason, and the end of the connection."""

import json
from dataclasses import dataclass

from starlette.types import Send

INVALID_REQUEST = -32600
PARSE_ERROR = -32700


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is not let in; nothing that the client sent is in it."""

    status: int
    message: str
    code: int = INVALID_REQUEST
    headers: tuple[tuple[bytes, bytes], ...] = ()
    request_id: str | int | None = None
    """Of the message that was refused; None if it was not looked at."""


class Refused(Exception):
    """A request is not let in."""

    def __init__(self, refusal: Refusal) -> None:
        """Take the reason."""
        super().__init__(refusal.message)
        self.refusal = refusal


def refuse_if(refusal: Refusal | None) -> None:
    """Stop if there is a reason.

    Raises: Refused.
    """
    if refusal is not None:
        raise Refused(refusal)


async def refuse(send: Send, refusal: Refusal) -> None:
    """Answer with a JSON-RPC error, and close: the body may be unread."""
    error = {"code": refusal.code, "message": refusal.message}
    body = json.dumps({"jsonrpc": "2.0", "id": refusal.request_id, "error": error}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        *refusal.headers,
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
