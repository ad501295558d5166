"""JSON schemas of tools, as short as a model's context deserves."""

from collections.abc import Iterator
from typing import Literal, cast

from pydantic import BaseModel

from mcp_tools.types.json import JsonObject, JsonValue
from mcp_tools.types.models import DataModel

_REFERENCE = "#/$defs/"
# Below these keys stand names that the author chose, so `title` is a field's name there.
_NAMING_KEYS = frozenset({"properties", "$defs", "patternProperties"})
_DATA_KEYS = frozenset({"default", "const", "enum", "examples"})
_SAID_LAST = ("max_tokens", "cursor")
"""How much of an answer is wanted: after what the answer is about."""


def closed_schema(
    model: type[DataModel], *, mode: Literal["validation", "serialization"]
) -> JsonObject:
    """Give a model's JSON schema, without titles and, if possible, references.

    A model that refers to itself keeps its references. The docstrings of models and enumerations
    are left out, because the fields are described already. Fields that are required come first.
    That null is taken for what is left out is not said of arguments: it would only cost.
    """
    assert issubclass(model, BaseModel)
    schema = cast(JsonObject, model.model_json_schema(by_alias=False, mode=mode))
    schema.pop("description", None)
    definitions = schema.get("$defs", {})
    assert isinstance(definitions, dict)
    if not any(_is_recursive(name, definitions) for name in definitions):
        without = {key: value for key, value in schema.items() if key != "$defs"}
        schema = _object(without, definitions)
    else:
        schema = _object(schema, {})
    if "properties" not in schema:
        return schema
    return _ordered(_without_nulls(schema) if mode == "validation" else schema)


def _without_nulls(schema: JsonObject) -> JsonObject:
    properties = schema.get("properties")
    assert isinstance(properties, dict)
    return {**schema, "properties": {name: _not_null(value) for name, value in properties.items()}}


def _not_null(value: JsonValue) -> JsonValue:
    if not isinstance(value, dict) or value.get("default", 0) is not None:
        return value
    kinds = value.get("anyOf")
    others = [kind for kind in kinds if kind != {"type": "null"}] if isinstance(kinds, list) else []
    if len(others) != 1 or not isinstance(others[0], dict):
        return value
    beside = {key: item for key, item in value.items() if key not in {"anyOf", "default"}}
    return {**others[0], **beside}


def _ordered(schema: JsonObject) -> JsonObject:
    properties, required = schema.get("properties"), schema.get("required", [])
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    wanted = [name for name in required if isinstance(name, str)]
    wanted += [name for name in properties if name not in wanted and name not in _SAID_LAST]
    wanted += [name for name in _SAID_LAST if name in properties and name not in wanted]
    return {**schema, "properties": {name: properties[name] for name in wanted}}


def _object(schema: JsonObject, definitions: JsonObject) -> JsonObject:
    """Give a schema without titles, with its references replaced by `definitions`."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and definitions:
        target = definitions[reference.removeprefix(_REFERENCE)]
        assert isinstance(target, dict)
        # What stands beside a reference is said of this use, and counts more.
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        named = {key: value for key, value in target.items() if key != "description"}
        return _object({**named, **beside}, definitions)
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
