"""Answers that are no types of the protocol: JSON that is ready, or a refusal.

A list of a thousand locations takes lsprotocol's converter tens of milliseconds; what is made of
plain dictionaries at once takes one.
"""

import json
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from lsprotocol import types as lsp

Json: TypeAlias = "dict[str, object] | list[object] | list[dict[str, object]] | str | int | None"
"""A result as JSON has it, with the protocol's own names."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A result that is JSON text already."""

    body: bytes

    def message(self, request_id: int | str) -> bytes:
        """Give the whole answer to a request."""
        return b'{"jsonrpc":"2.0","id":%s,"result":%s}' % (
            json.dumps(request_id).encode("ascii"),
            self.body,
        )


NOTHING = Ready(b"null")


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that is answered with an error, without any noise in the log."""

    code: int
    message: str

    @property
    def error(self) -> lsp.ResponseError:
        """Give it as the protocol has it."""
        return lsp.ResponseError(code=self.code, message=self.message)


CONTENT_MODIFIED = Refused(
    lsp.LSPErrorCodes.ContentModified.value, "the document was changed meanwhile; ask again"
)


def refused(message: str) -> Refused:
    """Refuse a request that is right in itself, but cannot be fulfilled."""
    return Refused(lsp.LSPErrorCodes.RequestFailed.value, message)


def ready(value: Json) -> Ready:
    """Write a result as JSON."""
    try:
        return Ready(msgspec.json.encode(value))
    except UnicodeEncodeError:  # Half of a surrogate pair, which only an escape can say.
        return Ready(json.dumps(value).encode("ascii"))
