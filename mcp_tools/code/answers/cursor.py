"""Going on with an answer: a token that says where, and for which question and texts."""

import hashlib
import re
from collections.abc import Iterable

from mcp_tools.types.errors import InvalidEdit, StaleEdit

_CURSOR = re.compile(r"([0-9]{1,9})\.([0-9a-f]{8})\.([0-9a-f]{8})")


def fingerprint(parts: Iterable[str]) -> str:
    """Give a short digest of texts, in their order."""
    hashed = hashlib.blake2b(digest_size=4)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hashed.update(len(data).to_bytes(8, "big"))
        hashed.update(data)
    return hashed.hexdigest()


def cursor_at(start: int, query: str, answer: str) -> str:
    """Give the token of the entry `start`; `query` and `answer` are fingerprints."""
    return f"{start}.{query}.{answer}"


def start_of(cursor: str, query: str, answer: str) -> int:
    """Give the entry that a token stands for.

    Raises: InvalidEdit if it is no token, or one of another question; StaleEdit if the answer to
        the question is another one by now.
    """
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise InvalidEdit(f"expected a cursor of an earlier answer, got {cursor!r}; leave it out")
    if match[2] != query:
        raise InvalidEdit(
            "the cursor belongs to another question; pass the same arguments as then, or no cursor"
        )
    if match[3] != answer:
        raise StaleEdit("the code has changed since the cursor was given; ask again without it")
    return int(match[1])
