"""JSON values as Python sees them, and the narrowing that reading them takes."""

from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""Any value that JSON can hold."""

JsonObject: TypeAlias = dict[str, Json]
"""A JSON object."""


def object_or_empty(value: Json) -> JsonObject:
    """Give `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects_in(value: Json) -> list[JsonObject]:
    """Give the objects of a list in its order; anything else is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_or_none(value: Json) -> str | None:
    """Give `value` if it is text, else None."""
    return value if isinstance(value, str) else None
