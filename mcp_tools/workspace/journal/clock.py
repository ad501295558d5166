"""The clock that dates the entries of the journal."""

from datetime import UTC, datetime


def now() -> datetime:
    """Give the time of now, with time zone."""
    return datetime.now(UTC)
