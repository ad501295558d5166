"""Long lists in pages: the place to go on from is a token that only we can read."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import TypeVar

from mcp_tools.server.convert import invalid_params

ItemT = TypeVar("ItemT")

PAGE = 100

_PLACE = re.compile(r"(?P<list>[a-z]+):(?P<start>[1-9][0-9]{0,8})")


def page_of(
    items: Sequence[ItemT], name: str, cursor: str | None, page: int = PAGE
) -> tuple[Sequence[ItemT], str | None]:
    """Give a page of the list called `name`, and the cursor of the next one, if there is one.

    Raises: MCPError if the cursor is none that this list gave, or the list has become shorter.
    """
    start = 0 if cursor is None else _start(name, cursor)
    if start and start >= len(items):
        raise invalid_params("Invalid cursor: the list has become shorter; start anew without it")
    end = start + page
    return items[start:end], _cursor(name, end) if end < len(items) else None


def check_single(cursor: str | None) -> None:
    """Refuse any cursor, for a list that is always given at once.

    Raises: MCPError.
    """
    if cursor is not None:
        raise invalid_params("Invalid cursor: this list is given at once; leave it out")


def _cursor(name: str, start: int) -> str:
    return base64.urlsafe_b64encode(f"{name}:{start}".encode("ascii")).decode("ascii")


def _start(name: str, cursor: str) -> int:
    try:
        place = base64.b64decode(cursor, altchars=b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error):
        place = ""
    found = _PLACE.fullmatch(place)
    if found is None or found["list"] != name:
        raise invalid_params("Invalid cursor: pass the one that the last page gave, or none")
    return int(found["start"])
