"""What was sent and what came back; in the end, what is wrong."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from tests.fuzz.expecting import Expected, Promise, RequestId, promise_of

LONGEST_SHOWN = 300
_ID = re.compile(rb'"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d{1,100})')
Key: TypeAlias = str
"""An id as JSON writes it, so that 1 and "1" are two."""


def key_of(request_id: RequestId) -> Key:
    """Give the key of an id."""
    return json.dumps(request_id)


def state_in(message: Mapping[str, Any]) -> str | None:
    """Give the sealed state that an answer carries; None if it has none."""
    result: Any = message.get("result")
    if not isinstance(result, dict):
        return None
    return cast("dict[str, Any]", result).get("requestState")


@dataclass
class Ledger:
    """The requests of one connection, and their answers."""

    owed: Counter[Key] = field(default_factory=Counter[Key])
    """How often an id must still be answered."""
    allowed: Counter[Key] = field(default_factory=Counter[Key])
    """How often it may be answered beyond that."""
    n_null_allowed: int = 0
    sent: dict[Key, bytes] = field(default_factory=dict[Key, bytes])
    problems: list[str] = field(default_factory=list[str])

    def send(self, data: bytes) -> Promise:
        """Note a message that is sent, and give what is promised for it."""
        promise = promise_of(data)
        if promise.request_id is not None:
            key = key_of(promise.request_id)
            self.sent[key] = data[:LONGEST_SHOWN]
            if promise.expected is Expected.ONCE:
                self.owed[key] += 1
            else:
                self.allowed[key] += 1
        if promise.expected is not Expected.ONCE:
            self.n_null_allowed += 1 + data.count(b"\n")
            for key in _ids_in(data):
                self.allowed[key] += 1
        self._note_cancelled(data)
        return promise

    def receive(self, message: Mapping[str, Any]) -> None:
        """Note an answer."""
        request_id = message.get("id")
        if request_id is None:
            self.n_null_allowed -= 1
            if self.n_null_allowed < 0:
                self.problems.append(f"an answer to nobody: {_shown(message)}")
            return
        key = key_of(request_id)
        for counter in (self.owed, self.allowed):
            if counter[key] > 0:
                counter[key] -= 1
                if not counter[key]:
                    del counter[key]
                return
        self.problems.append(
            f"answered once too often: {_shown(message)} to {self.sent.get(key, b'?')!r}"
        )

    def waits(self) -> bool:
        """Tell whether an answer is still owed."""
        return bool(self.owed)

    def unanswered(self) -> list[str]:
        """Give what was never answered."""
        return [f"not answered: {self.sent.get(key, b'?')!r}" for key in self.owed]

    def forget_old(self) -> None:
        """Drop what matters no more, so that a long run stays small."""
        self.sent = {key: data for key, data in self.sent.items() if key in self.owed}

    def _note_cancelled(self, data: bytes) -> None:
        if b"cancelled" not in data:
            return
        try:
            message = json.loads(data)
            request_id = message["params"]["requestId"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if isinstance(request_id, str | int):
            self.loosen(request_id)

    def loosen(self, request_id: RequestId) -> None:
        """Note that a request need not be answered any more."""
        key = key_of(request_id)
        self.allowed[key] += self.owed.pop(key, 0)


def _ids_in(data: bytes) -> set[Key]:
    """Give what may be taken for the id of a message that cannot be read."""
    keys: set[Key] = set()
    for found in _ID.finditer(data):
        with suppress(ValueError):
            keys.add(key_of(json.loads(found[1])))
    return keys


def _shown(message: Mapping[str, Any]) -> str:
    return json.dumps(cast("Any", message))[:LONGEST_SHOWN]
