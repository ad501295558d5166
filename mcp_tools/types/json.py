"""The types of plain JSON."""

from collections.abc import Mapping
from typing import TypeAlias, Union

JsonValue: TypeAlias = Union[bool, int, float, str, "list[JsonValue]", "dict[str, JsonValue]", None]
"""Any value that JSON can carry."""

JsonObject: TypeAlias = dict[str, JsonValue]
"""A JSON object."""

JsonMapping: TypeAlias = Mapping[str, JsonValue]
"""A JSON object that is only read."""
