"""When files were changed last."""

from datetime import UTC, datetime
from os import lstat
from pathlib import Path


def modified_at(path: Path) -> str | None:
    """Give when a file was last changed on disk, as ISO 8601; None if it is not there."""
    try:
        status = lstat(path)
        moment = datetime.fromtimestamp(int(status.st_mtime), UTC)
    except (OSError, ValueError, OverflowError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
