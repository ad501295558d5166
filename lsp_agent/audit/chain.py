"""Lines that are chained: each carries the hash of the one before it, and its own.

Whoever changes, removes or puts in a line breaks the chain there. The chain has no key: it shows
damage and careless edits, not somebody who may write the folder and makes all of it anew.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import msgspec

from mcp_tools.types.json import JsonObject

GENESIS = "0" * 64
"""What stands for the hash before the first line."""

_QUICKLY = msgspec.json.Encoder(order="sorted")
_SEALED = re.compile(r'(?P<body>\{.*),"hash":"(?P<hash>[0-9a-f]{64})"\}', re.DOTALL)


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain ends, and the next line goes on."""

    number: int
    """Of the last line, from 1; 0 for an empty chain."""
    hash: str


EMPTY = End(0, GENESIS)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log is known to end, noted beside it."""

    end: End
    least: int
    """The number of its last line is at least this: smaller while lines are being written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line that says what its hash says."""

    number: int
    previous: str
    hash: str
    fields: JsonObject
    """All of it but the hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A place where the chain does not hold."""

    line: int
    """From 1, among all lines that are there; 0 if it is about none of them."""
    reason: str


def canonical(value: JsonObject) -> str:
    """Give JSON in ASCII, the same for the same members in whatever order they came.

    Most is ASCII as it is, and quickly written; the rest, half characters too, is escaped.
    """
    try:
        text = _QUICKLY.encode(value)
    except (ValueError, OverflowError, TypeError):  # half a character, or a very long number
        text = b"\xff"
    if text.isascii():
        return text.decode("ascii")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def sealed(fields: JsonObject, end: End) -> tuple[str, End]:
    """Give the line that follows `end`, without a line break, and the end after it."""
    numbered = {**fields, "number": end.number + 1, "previous": end.hash}
    body = canonical(numbered)
    digest = _digest(body)
    return f'{body[:-1]},"hash":"{digest}"}}', End(end.number + 1, digest)


def opened(text: str) -> Line | None:
    """Give what a line says; None if it is none, or does not fit its hash."""
    match = _SEALED.fullmatch(text)
    if match is None:
        return None
    body = f"{match['body']}}}"
    if _digest(body) != match["hash"]:
        return None
    fields: object = json.loads(body)
    if not isinstance(fields, dict):
        return None
    known = cast(JsonObject, fields)
    match known:
        case {"number": int(number), "previous": str(previous)}:
            return Line(number=number, previous=previous, hash=match_hash(text), fields=known)
        case _:
            return None


def match_hash(text: str) -> str:
    """Give the hash that a sealed line carries."""
    return text[-66:-2]


def breaks(texts: Iterable[str], head: Head | None) -> list[Break]:
    """Give the places where a chain does not hold; `head` is where it is known to have ended.

    The first lines may be gone: old files are removed as a whole.
    """
    found: list[Break] = []
    end: End | None = None
    for position, text in enumerate(texts, start=1):
        line = opened(text)
        if line is None:
            found.append(Break(line=position, reason="it was changed, or is no line of this log"))
            end = End(position if end is None else end.number + 1, "")
            continue
        reason = _misfit(line, end, is_first=position == 1)
        if reason:
            found.append(Break(line=position, reason=reason))
        end = End(line.number, line.hash)
    reason = _misfit_at_end(end, head)
    return [*found, Break(line=0, reason=reason)] if reason else found


def _misfit_at_end(end: End | None, head: Head | None) -> str:
    """Say why the log does not end where it is known to; empty if it does."""
    if head is None:
        return "" if end is None else "the note of where the log ends is missing"
    last = EMPTY if end is None else end
    if last.number < head.least:
        return f"{head.least - last.number} lines at the end are missing"
    if last.number > head.end.number:
        return f"{last.number - head.end.number} lines at the end were put in"
    if last.number == head.end.number and last.hash not in ("", head.end.hash):
        return "the last line is not the one that is known to be the last"
    return ""


def _misfit(line: Line, end: End | None, *, is_first: bool) -> str:
    """Say why a line does not follow what is before it; empty if it does."""
    if is_first:
        if (line.number == 1) != (line.previous == GENESIS):
            return "it is not the first line, though nothing is before it"
        return ""
    if end is None or not end.hash:
        return ""  # What is before it cannot be read, which was told.
    if line.number > end.number + 1:
        return f"{line.number - end.number - 1} lines before it are missing"
    if line.previous != end.hash or line.number != end.number + 1:
        return "it does not follow the line before it: lines were removed, put in or exchanged"
    return ""


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()
