"""JSON schemas of tools, as short as a model's context deserves."""

from collections.abc import Iterator
from typing import Literal, cast

from pydantic import BaseModel

from mcp_tools.types.json import JsonObject, JsonValue

_REFERENCE = "#/$defs/"
# Below these keys stand names that the author chose, so `title` is a field's name there.
_NAMING_KEYS = frozenset({"properties", "$defs", "patternProperties"})
_DATA_KEYS = frozenset({"default", "const", "enum", "examples"})


def closed_schema(
    model: type[BaseModel], *, mode: Literal["validation", "serialization"]
) -> JsonObject:
    """Give a model's JSON schema, without titles and, if possible, references.

    A model that refers to itself keeps its references. The model's own docstring is left out,
    because the tool is described already.
    """
    schema = cast(JsonObject, model.model_json_schema(by_alias=False, mode=mode))
    schema.pop("description", None)
    definitions = schema.get("$defs", {})
    assert isinstance(definitions, dict)
    if not any(_is_recursive(name, definitions) for name in definitions):
        without = {key: value for key, value in schema.items() if key != "$defs"}
        return _object(without, definitions)
    return _object(schema, {})


def _object(schema: JsonObject, definitions: JsonObject) -> JsonObject:
    """Give a schema without titles, with its references replaced by `definitions`."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and definitions:
        target = definitions[reference.removeprefix(_REFERENCE)]
        assert isinstance(target, dict)
        # What stands beside a reference is said of this use, and counts more.
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _object({**target, **beside}, definitions)
    return {key: _part(key, value, definitions) for key, value in schema.items() if key != "title"}


def _part(key: str, value: JsonValue, definitions: JsonObject) -> JsonValue:
    if key in _DATA_KEYS:
        return value
    if key in _NAMING_KEYS and isinstance(value, dict):
        return {name: _value(item, definitions) for name, item in value.items()}
    return _value(value, definitions)


def _value(value: JsonValue, definitions: JsonObject) -> JsonValue:
    if isinstance(value, list):
        return [_value(item, definitions) for item in value]
    return _object(value, definitions) if isinstance(value, dict) else value


def _is_recursive(name: str, definitions: JsonObject) -> bool:
    """Tell whether a definition leads back to itself."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        for found in _references(definitions[waiting.pop()]):
            if found == name:
                return True
            if found not in reached:
                reached.add(found)
                waiting.append(found)
    return False


def _references(value: JsonValue) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref" and isinstance(item, str):
                yield item.removeprefix(_REFERENCE)
            else:
                yield from _references(item)
