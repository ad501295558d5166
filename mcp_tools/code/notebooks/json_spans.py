"""Where the parts of a JSON text stand, so that one can be replaced and the rest stays."""

import json
import re
from typing import cast

from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.json import JsonValue
from mcp_tools.types.text import Span

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def value_at(text: str, start: int) -> tuple[JsonValue, Span]:
    """Give the value that starts at or after an offset behind white space, and its span.

    Raises: InvalidEdit.
    """
    start = _skipped(text, start)
    try:
        decoded: object = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise InvalidEdit(f"the notebook is not valid JSON: {reason}") from error
    value, end = cast(tuple[JsonValue, int], decoded)
    return value, Span(start, end)


def members(text: str, span: Span) -> dict[str, Span]:
    """Give the spans of the values of an object, by their keys, in order.

    Raises: InvalidEdit if a key stands there twice.
    """
    found: dict[str, Span] = {}
    at = _skipped(text, span.start + 1)
    while text[at] != "}":
        key, key_span = value_at(text, at)
        assert isinstance(key, str)
        colon = _skipped(text, key_span.end)
        _, value_span = value_at(text, colon + 1)
        if key in found:
            raise InvalidEdit(f"the notebook has the key {key!r} twice in one object; repair it")
        found[key] = value_span
        at = _behind_comma(text, value_span.end)
    return found


def elements(text: str, span: Span) -> list[Span]:
    """Give the spans of the values of an array, in order."""
    found: list[Span] = []
    at = _skipped(text, span.start + 1)
    while text[at] != "]":
        _, value_span = value_at(text, at)
        found.append(value_span)
        at = _behind_comma(text, value_span.end)
    return found


def _behind_comma(text: str, at: int) -> int:
    at = _skipped(text, at)
    return _skipped(text, at + 1) if text[at] == "," else at


def _skipped(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at
