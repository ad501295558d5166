"""The ways in which a model's answer can go wrong, and what each does to it.

Nothing here sends anything: a fault turns an answer into another `Reply`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from lsp_agent.testkit.json_values import JsonObject, object_or_empty
from lsp_agent.testkit.reply import Finish, Reply, error_body, json_reply, stream_reply
from lsp_agent.testkit.sse import Event, encode

HTTP_FAULTS = MappingProxyType(
    {
        "400": ("invalid_request_error", "The script refuses this request"),
        "401": ("authentication_error", "The API key is not valid"),
        "403": ("permission_error", "The API key may not use this resource"),
        "404": ("not_found_error", "The requested resource was not found"),
        "413": ("request_too_large", "The request exceeds the maximum size"),
        "429": ("rate_limit_error", "The request would exceed the rate limit"),
        "500": ("api_error", "Internal server error"),
        "502": ("api_error", "Bad gateway"),
        "503": ("api_error", "Service unavailable"),
        "504": ("timeout_error", "The request timed out"),
        "529": ("overloaded_error", "Overloaded"),
    }
)
"""Error type and text by HTTP status.  Source: Anthropic API, "Errors", November 2026."""

CUTTING_FAULTS = ("disconnect", "stream_error", "hang", "garbage", "no_stop")
"""Faults in the middle of an answer, after `after_events` of its events."""

FAULTS = (*HTTP_FAULTS, *CUTTING_FAULTS, "bad_tool_json", "disconnect_before_headers")
"""The names of all faults."""

DEFAULT_AFTER_EVENTS = 4
"""The start of the message and of its first block, a ping, and one piece of the block."""

GARBAGE = b"event: content_block_delta\ndata: {this is not JSON\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with an answer; a field that a fault has no use for is ignored."""

    name: str
    """One of `FAULTS`."""
    after_events: int | None = None
    """How many events arrive first; None is the whole answer but its end for `no_stop`, else 4.

    An answer that has no more events than this is cut before its last one.
    """
    retry_after_s: float | None = None
    """Sent as the `retry-after` header of an HTTP error; None sends no such header."""
    error_type: str = "overloaded_error"
    """The type of the error that `stream_error` sends."""
    message: str | None = None
    """The text of an HTTP error or of `stream_error`; None is the usual one."""


def faulty_stream(events: Sequence[Event], fault: Fault) -> Reply:
    """Give the streamed answer `events` as `fault` leaves it."""
    return replace(_early_failure(fault) or _cut_stream(events, fault), fault=fault.name)


def faulty_body(body: JsonObject, fault: Fault) -> Reply:
    """Give the answer `body`, which does not stream, as `fault` leaves it."""
    return replace(_early_failure(fault) or _cut_body(body, fault), fault=fault.name)


def _early_failure(fault: Fault) -> Reply | None:
    """Give what is sent if the fault strikes before the answer has begun."""
    if fault.name == "disconnect_before_headers":
        return Reply(status=0, finish=Finish.DISCONNECT)
    if fault.name not in HTTP_FAULTS:
        return None
    error_type, usual_message = HTTP_FAULTS[fault.name]
    message = fault.message or usual_message
    reply = json_reply(error_body(error_type, message), status=int(fault.name))
    if fault.retry_after_s is None:
        return replace(reply, error=message)
    headers = {**reply.headers, "retry-after": f"{fault.retry_after_s:g}"}
    return replace(reply, error=message, headers=headers)


def _cut_stream(events: Sequence[Event], fault: Fault) -> Reply:
    if fault.name == "bad_tool_json":
        return stream_reply(_encoded(_with_bad_tool_json(events)))
    n_sent = min(_n_events_before(fault, len(events)), len(events) - 1)
    sent = _encoded(events[:n_sent])
    match fault.name:
        case "disconnect":
            return stream_reply(sent, finish=Finish.DISCONNECT)
        case "hang":
            return stream_reply(sent, finish=Finish.HANG)
        case "stream_error":
            message = fault.message or HTTP_FAULTS["529"][1]
            return stream_reply((*sent, encode(error_body(fault.error_type, message))))
        case "garbage":
            return stream_reply((*sent, GARBAGE, *_encoded(events[n_sent:])))
        case "no_stop":
            return stream_reply(sent)
        case _:
            raise ValueError(f"expected a fault among {FAULTS}, got {fault.name!r}")


def _cut_body(body: JsonObject, fault: Fault) -> Reply:
    whole = json_reply(body)
    half = whole.frames[0][: len(whole.frames[0]) // 2]
    match fault.name:
        case "disconnect":
            return replace(whole, frames=(half,), finish=Finish.DISCONNECT)
        case "hang":
            return Reply(status=0, finish=Finish.HANG)
        case "garbage":
            return replace(whole, frames=(half,), size_bytes=len(half))
        case _:
            message = f'the fault {fault.name!r} needs a request with "stream": true'
            return replace(
                json_reply(error_body("invalid_request_error", message), status=400),
                error=message,
            )


def _n_events_before(fault: Fault, n_events: int) -> int:
    if fault.after_events is not None:
        return fault.after_events
    return n_events if fault.name == "no_stop" else DEFAULT_AFTER_EVENTS


def _with_bad_tool_json(events: Sequence[Event]) -> list[Event]:
    """Break the arguments of every tool call in their last piece, past any repair."""
    broken = list(events)
    for index, event in enumerate(events):
        delta = object_or_empty(event.get("delta"))
        follower = events[index + 1] if index + 1 < len(events) else {}
        if "partial_json" in delta and follower.get("type") == "content_block_stop":
            piece = f"{delta['partial_json']}"[:-1] + ", <broken>"
            broken[index] = {**event, "delta": {**delta, "partial_json": piece}}
    return broken


def _encoded(events: Sequence[Event]) -> tuple[bytes, ...]:
    return tuple(encode(event) for event in events)
