"""Who last changed each line, as git tells it.

Source: git-blame(1), the porcelain format.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from mcp_tools.code.commands.plain import plain

NOT_COMMITTED = "not committed"

_HEADER = re.compile(r"([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlamedLine:
    """One line and the commit that it came with."""

    number: int
    """From 1."""
    text: str
    commit: str
    """Empty if the line is not committed."""
    author: str
    date: str
    """The author's day, as YYYY-MM-DD."""
    subject: str


def parse_blame(text: str) -> tuple[BlamedLine, ...]:
    """Read the output of `git blame --porcelain`."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[BlamedLine]:
    facts: dict[str, dict[str, str]] = {}
    commit, number = "", 0
    for line in text.split("\n"):
        if line.startswith("\t"):
            yield _line(facts[commit], commit, number, line[1:])
        elif header := _HEADER.fullmatch(line):
            commit, number = header[1], int(header[2])
            facts.setdefault(commit, {})
        elif commit:
            name, _, value = line.partition(" ")
            facts[commit].setdefault(name, value)


def _line(facts: dict[str, str], commit: str, number: int, text: str) -> BlamedLine:
    is_committed = bool(commit.strip("0"))
    return BlamedLine(
        number=number,
        text=plain(text),
        commit=commit if is_committed else "",
        author=plain(facts.get("author", "")) if is_committed else NOT_COMMITTED,
        date=_day(facts.get("author-time", ""), facts.get("author-tz", "")) if is_committed else "",
        subject=plain(facts.get("summary", "")) if is_committed else "",
    )


def _day(seconds: str, zone: str) -> str:
    try:
        minutes = int(zone[:3]) * 60 + int(zone[0] + zone[3:5])
        moment = datetime.fromtimestamp(int(seconds), UTC)
        return f"{moment.astimezone(timezone(timedelta(minutes=minutes))):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError, IndexError):
        return ""
