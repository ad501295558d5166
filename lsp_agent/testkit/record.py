"""What the server remembers of each request, and the log file that keeps it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from threading import Condition
from typing import TextIO

from lsp_agent.testkit.json_values import JsonObject
from lsp_agent.testkit.request import ModelRequest

CUT = "[cut]"
SECRET_PARTS = ("authorization", "cookie", "key", "secret", "token", "password")


class Ending(StrEnum):
    """How the answer to a request ended."""

    PENDING = "pending"
    """It is still being sent, or hangs."""
    COMPLETE = "complete"
    """All of it was sent, faults in its content included."""
    CUT = "cut"
    """The script's fault closed the connection."""
    CLIENT_CLOSED = "client_closed"
    """The client left before the end."""
    SERVER_CLOSED = "server_closed"
    """The server was closed while the answer hung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """One request and how it was answered."""

    number: int
    """Counted from 1, over requests of every kind."""
    method: str
    path: str
    headers: Mapping[str, str]
    """The names are in lower case; the values of those that carry secrets are cut."""
    body: JsonObject | None
    """None if there was no JSON object in the request."""
    request: ModelRequest
    """What the body says."""
    turn_index: int | None
    """The turn that was played, counted from 0; None is the default turn, or no turn at all."""
    status: int
    """The HTTP status that was sent; 0 if the connection closes before it is."""
    fault: str | None
    """The fault of the turn that was played."""
    error: str | None
    """Why the request was refused, or the text of an HTTP fault."""
    ending: Ending = Ending.PENDING
    n_frames: int = 0
    """How many events of a stream were sent; of a whole answer, 1."""

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that change with the last message, if there is any."""
        return self.request.digest


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    """Give headers with names in lower case, and `[cut]` for what must not be kept."""
    lower = {name.lower(): value for name, value in headers.items()}
    return {
        name: CUT if any(part in name for part in SECRET_PARTS) else value
        for name, value in lower.items()
    }


class RequestLog:
    """The records of a run, which other threads can wait for.

    A log file gets a line when a request is answered, before the first byte is sent, and a
    second line when its answer ends.
    """

    def __init__(self) -> None:
        """Start an empty log without a file."""
        self._changed = Condition()
        self._records: list[RequestRecord] = []
        self._file: TextIO | None = None

    def open(self, path: Path | None) -> None:
        """Add the lines that come from now on to the end of the file at `path`, if any."""
        self._file = path.open("a", encoding="utf-8") if path else None

    def records(self) -> list[RequestRecord]:
        """Give a copy of the records, in the order of arrival."""
        with self._changed:
            return list(self._records)

    def add(self, record: RequestRecord) -> None:
        """Keep a request that has been decided on; `number` must be the next one."""
        with self._changed:
            self._records.append(record)
            self._write(_request_line(record))
            self._changed.notify_all()

    def end(self, number: int, ending: Ending, n_frames: int) -> None:
        """Note how the answer to request `number` ended."""
        with self._changed:
            ended = replace(self._records[number - 1], ending=ending, n_frames=n_frames)
            self._records[number - 1] = ended
            self._write(
                {"event": "ending", "number": number, "ending": ending, "n_frames": n_frames}
            )
            self._changed.notify_all()

    def wait_for_request(self, number: int, timeout_s: float) -> RequestRecord:
        """Wait until request `number` is decided on.

        Raises: TimeoutError if it did not come in time.
        """
        return self._wait(number, timeout_s, lambda record: True, "arrive")

    def wait_for_ending(self, number: int, timeout_s: float) -> RequestRecord:
        """Wait until the answer to request `number` has ended.

        Raises: TimeoutError if it did not end in time.
        """
        return self._wait(number, timeout_s, lambda r: r.ending is not Ending.PENDING, "end")

    def close(self) -> None:
        """Close the log file; the records stay."""
        with self._changed:
            if self._file:
                self._file.close()
                self._file = None

    def _wait(
        self, number: int, timeout_s: float, is_ready: Callable[[RequestRecord], bool], verb: str
    ) -> RequestRecord:
        def ready() -> bool:
            return len(self._records) >= number and is_ready(self._records[number - 1])

        with self._changed:
            if not self._changed.wait_for(ready, timeout_s):
                seen = [f"{r.number} {r.method} {r.path} {r.ending}" for r in self._records]
                raise TimeoutError(
                    f"expected request {number} to {verb} within {timeout_s:g} s,"
                    f" got {seen or 'no request'}"
                )
            return self._records[number - 1]

    def _write(self, line: JsonObject) -> None:
        if self._file:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()


def _request_line(record: RequestRecord) -> JsonObject:
    return {
        "event": "request",
        "number": record.number,
        "method": record.method,
        "path": record.path,
        "headers": dict(record.headers),
        "body": record.body,
        "digest": record.digest,
        "turn_index": record.turn_index,
        "status": record.status,
        "fault": record.fault,
        "error": record.error,
    }
