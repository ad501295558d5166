"""The arguments of commands: one object, of which every name and every value is checked.

A name that is not known must not be passed over: a decision with a misspelt name would be one
about everything.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pygls.exceptions import JsonRpcInvalidParams

Arguments = dict[str, Any]
"""What a client sent, unchecked."""


def texts_in(arguments: Arguments, names: Sequence[str]) -> dict[str, str | None]:
    """Give the texts of an object that may have these names and no others; None where missing.

    Raises: JsonRpcInvalidParams.
    """
    for name in arguments:
        if name not in names:
            raise _wrong(f"unknown argument {name!r}; expected some of {', '.join(names)}")
    return {name: _text(name, arguments.get(name)) for name in names}


def objects_in(arguments: Arguments, name: str) -> list[Arguments]:
    """Give the objects of a list; none where it is missing.

    Raises: JsonRpcInvalidParams.
    """
    value = arguments.get(name)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise _wrong(f"{name!r}: expected a list, got {type(value).__name__}")
    items = cast("Sequence[object]", value)
    if not all(isinstance(item, Mapping) for item in items):
        raise _wrong(f"{name!r}: expected objects in the list")
    return [dict(cast("Mapping[str, Any]", item)) for item in items]


def without(arguments: Arguments, name: str) -> Arguments:
    """Give the other arguments."""
    return {key: value for key, value in arguments.items() if key != name}


def _text(name: str, value: object) -> str | None:
    if value is None or (isinstance(value, str) and value):
        return value
    got = "an empty one" if value == "" else type(value).__name__
    raise _wrong(f"{name!r}: expected a text, got {got}")


def _wrong(text: str) -> JsonRpcInvalidParams:
    return JsonRpcInvalidParams(text)
