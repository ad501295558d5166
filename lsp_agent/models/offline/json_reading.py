"""Reading JSON that may be anything: a task from a prompt, or a tool's answer.

By hand, since this is read at every step and the schema library takes longer to import than the
whole engine.
"""

from mcp_tools.types.json import JsonMapping, JsonObject, JsonValue


class Unreadable(Exception):
    """The JSON is not of the expected shape; the text says which field."""


def text_at(data: JsonMapping, key: str) -> str:
    """Give a string.

    Raises: Unreadable.
    """
    value = data.get(key)
    if not isinstance(value, str):
        raise _wrong(key, "a string", value)
    return value


def optional_text_at(data: JsonMapping, key: str) -> str | None:
    """Give a string, None if it is null or missing.

    Raises: Unreadable.
    """
    return None if data.get(key) is None else text_at(data, key)


def number_at(data: JsonMapping, key: str) -> int:
    """Give a whole number, zero or more.

    Raises: Unreadable.
    """
    value = data.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _wrong(key, "a number from 0", value)
    return value


def truth_at(data: JsonMapping, key: str) -> bool:
    """Give a truth value.

    Raises: Unreadable.
    """
    value = data.get(key)
    if not isinstance(value, bool):
        raise _wrong(key, "true or false", value)
    return value


def objects_at(data: JsonMapping, key: str) -> list[JsonObject]:
    """Give a list of objects.

    Raises: Unreadable.
    """
    return [_object(key, item) for item in _list_at(data, key)]


def texts_at(data: JsonMapping, key: str) -> list[str]:
    """Give a list of strings.

    Raises: Unreadable.
    """
    items = _list_at(data, key)
    return [text_at({key: item}, key) for item in items]


def optional_object_at(data: JsonMapping, key: str) -> JsonObject | None:
    """Give an object, None if it is null or missing.

    Raises: Unreadable.
    """
    value = data.get(key)
    return None if value is None else _object(key, value)


def _list_at(data: JsonMapping, key: str) -> list[JsonValue]:
    value = data.get(key)
    if not isinstance(value, list):
        raise _wrong(key, "a list", value)
    return value


def _object(key: str, value: JsonValue) -> JsonObject:
    if not isinstance(value, dict):
        raise _wrong(key, "an object", value)
    return value


def _wrong(key: str, expected: str, value: JsonValue) -> Unreadable:
    return Unreadable(f"expected {expected} in {key!r}, got {str(value)[:40]!r}")
