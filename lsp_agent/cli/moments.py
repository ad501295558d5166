"""Moments as a person types and reads them: `10:30`, `2h`, an ISO time; `5 min ago`."""

import re
from datetime import datetime, timedelta

from lsp_agent.cli.command import UsageError
from mcp_tools.workspace.journal import clock

_AGO = re.compile(r"([0-9]{1,6})\s*([smhd])(?:\s+ago)?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def now_here() -> datetime:
    """Give the moment of now, in the zone of this machine."""
    return clock.now().astimezone()


def moment_of(text: str, now: datetime) -> datetime:
    """Give the moment that a person means: `10:30` of today, `15m`, `2h`, `3d` ago, or ISO.

    A time without a zone is in the zone of this machine.
    Raises: UsageError, also for what is still to come.
    """
    words = text.strip()
    try:
        moment = _ago(words, now) or _of_today(words, now) or datetime.fromisoformat(words)
        # Of a bare time it takes the rules of that day: a change of the clocks may lie between.
        moment = moment.astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            "expected a moment such as `10:30` (today), `15m`, `2h` or `3d` (ago) or "
            f"`2026-03-14T10:30`, got {text!r}"
        ) from None
    if moment > now:
        raise UsageError(f"expected a moment in the past, got {text!r}, which is {full(moment)}")
    return moment


def full(moment: datetime) -> str:
    """Give a moment in full, with its zone: `2026-03-14 10:30:05 +0100`."""
    return f"{moment:%Y-%m-%d %H:%M:%S %z}"


def short(moment: datetime, now: datetime) -> str:
    """Give a moment as briefly as it is clear: `5 min ago`, `10:30`, `2026-03-14 10:30`."""
    moment = moment.astimezone()
    age = now - moment
    if timedelta(0) <= age < _MINUTE:
        return "just now"
    if timedelta(0) <= age < _HOUR:
        return f"{age // _MINUTE} min ago"
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    if timedelta(0) <= age < _DAY:
        return f"{age // _HOUR} h ago"
    return f"{moment:%Y-%m-%d %H:%M}"


def _ago(words: str, now: datetime) -> datetime | None:
    match = _AGO.fullmatch(words)
    return match and now - timedelta(**{_UNITS[match[2]]: int(match[1])})


def _of_today(words: str, now: datetime) -> datetime | None:
    match = _CLOCK.fullmatch(words)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    today = now.replace(tzinfo=None)
    return today.replace(hour=hour, minute=minute, second=second, microsecond=0)
