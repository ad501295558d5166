"""What the server is to put on the wire for one request, as a plan."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lsp_agent.testkit.json_values import JsonObject


class Finish(StrEnum):
    """What happens to the connection once the frames of a reply are sent."""

    COMPLETE = "complete"
    """The answer ends as HTTP wants it; the connection stays usable."""
    DISCONNECT = "disconnect"
    """The connection closes in the middle of the answer."""
    HANG = "hang"
    """Nothing more comes until the client leaves or the server closes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to one request, frame by frame."""

    status: int
    """The HTTP status; 0 means that not even the status line is sent."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    frames: tuple[bytes, ...] = ()
    """Each is one write; in a stream each is one event."""
    size_bytes: int | None = None
    """The announced length, which a cut answer does not reach; None is a chunked stream."""
    finish: Finish = Finish.COMPLETE
    turn_index: int | None = None
    """The turn that was played, counted from 0; None is the default turn, or no turn at all."""
    fault: str | None = None
    error: str | None = None
    """The message of an error reply, for the log."""


def json_reply(body: JsonObject, *, status: int = 200) -> Reply:
    """Give a whole JSON document as the answer."""
    frame = json.dumps(body).encode("ascii")
    headers = {"content-type": "application/json"}
    return Reply(status=status, headers=headers, frames=(frame,), size_bytes=len(frame))


def stream_reply(frames: tuple[bytes, ...], *, finish: Finish = Finish.COMPLETE) -> Reply:
    """Give server-sent events as the answer."""
    headers = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
    return Reply(status=200, headers=headers, frames=frames, finish=finish)


def error_body(error_type: str, message: str) -> JsonObject:
    """Give an error in the shape of the Messages API."""
    return {"type": "error", "error": {"type": error_type, "message": message}}
