"""What a person means by a moment, and how moments are shown."""

from datetime import datetime, timedelta

import pytest

from lsp_agent.cli.command import UsageError
from lsp_agent.cli.moments import full, moment_of, short

# Without a zone it is one of this machine, as for a person at it.
NOW = datetime(2026, 3, 14, 15, 30, 20).astimezone()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10:30", (14, 10, 30, 0)),
        ("7:05", (14, 7, 5, 0)),
        ("15:30:19", (14, 15, 30, 19)),
        ("20s", (14, 15, 30, 0)),
        ("15m", (14, 15, 15, 20)),
        (" 2h ago ", (14, 13, 30, 20)),
        ("3 d", (11, 15, 30, 20)),
        ("2026-03-14T09:08", (14, 9, 8, 0)),
        ("2026-03-13 23:59:58", (13, 23, 59, 58)),
        ("2026-03-12", (12, 0, 0, 0)),
    ],
)
def test_a_moment_is_understood(text: str, meant: tuple[int, int, int, int]) -> None:
    day, hour, minute, second = meant
    assert moment_of(text, NOW) == datetime(2026, 3, day, hour, minute, second).astimezone()


def test_a_time_with_a_zone_is_in_that_zone() -> None:
    moment = moment_of("2026-03-10T12:00:00+05:00", NOW)
    assert moment == datetime.fromisoformat("2026-03-10T07:00:00+00:00")


@pytest.mark.parametrize(
    "text", ["", "yesterday", "25:00", "10:61", "5x", "-5m", "2026-13-01", "999999d", "1.5h"]
)
def test_what_is_no_moment_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(UsageError, match="expected a moment such as `10:30`"):
        moment_of(text, NOW)


@pytest.mark.parametrize("text", ["15:31", "2026-03-15", "2030-01-01T00:00Z"])
def test_what_is_still_to_come_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected a moment in the past"):
        moment_of(text, NOW)


@pytest.mark.parametrize(
    ("age", "shown"),
    [
        (timedelta(seconds=1), "just now"),
        (timedelta(seconds=61), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=2), "13:30"),
        (timedelta(hours=16), "16 h ago"),
        (timedelta(days=2), "2026-03-12 15:30"),
        (timedelta(seconds=-90), "15:31"),
    ],
)
def test_a_moment_is_shown_as_briefly_as_it_is_clear(age: timedelta, shown: str) -> None:
    assert short(NOW - age, NOW) == shown


def test_a_moment_in_full_has_its_zone() -> None:
    assert full(datetime.fromisoformat("2026-03-14T09:08:07+01:00")) == "2026-03-14 09:08:07 +0100"
