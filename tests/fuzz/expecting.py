"""What the protocol promises for a message: judged from its bytes, by rules of its own."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, cast

RequestId: TypeAlias = str | int
MAX_DEPTH = 60
MAX_VALUES = 40_000
MAX_INT = 2**53
LONGEST_ID = 200


class Expected(StrEnum):
    """How often a message is answered under its id."""

    ONCE = "once"
    AT_MOST_ONCE = "at most once"
    """It is broken enough that its id may not be understood; or it was cancelled."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised for a message."""

    expected: Expected
    request_id: RequestId | None = None


NOTHING = Promise(Expected.NEVER)


def promise_of(data: bytes) -> Promise:
    """Tell what is promised for the bytes of one message."""
    try:
        text = data.decode("utf-8")
        message: Any = json.loads(text, object_pairs_hook=_Members)
    except (ValueError, RecursionError):
        return NOTHING
    if not isinstance(message, _Members):
        return NOTHING
    request_id: Any = message.get("id")
    if not isinstance(request_id, str | int) or isinstance(request_id, bool):
        return NOTHING
    if _is_request(message) and _is_plain(message) and "\\ud" not in text.lower():
        return Promise(Expected.ONCE, request_id)
    return Promise(Expected.AT_MOST_ONCE, request_id)


def routed_by(data: bytes) -> tuple[str | None, str | None]:
    """Give the method and the name in a message, which headers repeat; None if it has none."""
    try:
        message: Any = json.loads(data)
    except (ValueError, RecursionError):
        return None, None
    members = cast("dict[str, Any]", message) if isinstance(message, dict) else {}
    method, params = members.get("method"), members.get("params")
    within = cast("dict[str, Any]", params) if isinstance(params, dict) else {}
    name = within.get("name", within.get("uri"))
    return (
        method if isinstance(method, str) else None,
        name if isinstance(name, str) else None,
    )


class _Members(dict[str, Any]):
    """The members of an object, with whether a name came twice or has a NUL."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.is_odd = len(pairs) != len(self) or any("\0" in name for name in self)


def _is_request(message: _Members) -> bool:
    return (
        message.get("jsonrpc") == "2.0"
        and isinstance(message.get("method"), str)
        and isinstance(message.get("params", {}), dict)
        and not {"result", "error"} & message.keys()
        and _is_plain_id(message["id"])
        # A request that stays open until it is cancelled has no answer before.
        and message["method"] != "subscriptions/listen"
    )


def _is_plain_id(request_id: RequestId) -> bool:
    if isinstance(request_id, int):
        return abs(request_id) <= MAX_INT
    return len(request_id) <= LONGEST_ID


def _is_plain(value: object) -> bool:
    """Tell whether nothing in a value is read differently by different readers."""
    stack: list[tuple[object, int]] = [(value, 1)]
    n_values = 0
    while stack:
        n_values += 1
        if n_values > MAX_VALUES:
            return False
        current, depth = stack.pop()
        if depth > MAX_DEPTH or (isinstance(current, _Members) and current.is_odd):
            return False
        if isinstance(current, float) and (current != current or abs(current) > 1e300):
            return False
        if isinstance(current, int) and abs(current) > MAX_INT:
            return False
        stack += [(child, depth + 1) for child in _children(current)]
    return True


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(cast("dict[str, object]", value).values())
    return cast("list[object]", value) if isinstance(value, list) else []
