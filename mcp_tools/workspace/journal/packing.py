"""JSON as bytes that keep any text, also half a surrogate pair."""

import json

from mcp_tools.types.json import JsonValue
from mcp_tools.workspace.journal.contents import bytes_of, text_of


class Unreadable(ValueError):
    """What was read is not what was once written."""


def packed(value: object) -> bytes:
    """Give JSON values, tuples and enumerations of texts among them, as bytes."""
    return bytes_of(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def unpacked(data: bytes) -> JsonValue:
    """Give back what was packed; tuples come back as lists.

    Raises: ValueError.
    """
    value: JsonValue = json.loads(text_of(data))
    return value


def texts_of(value: JsonValue) -> tuple[str, ...]:
    """Give a list of texts.

    Raises: Unreadable if it is none.
    """
    texts = tuple(item for item in list_of(value) if isinstance(item, str))
    if len(texts) != len(list_of(value)):
        raise Unreadable(f"expected texts, got {value!r}")
    return texts


def list_of(value: JsonValue) -> list[JsonValue]:
    """Give a list.

    Raises: Unreadable if it is none.
    """
    if not isinstance(value, list):
        raise Unreadable(f"expected a list, got {value!r}")
    return value
