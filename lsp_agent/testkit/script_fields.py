"""Reading a script's JSON objects strictly, with errors that name the field."""

import re
from collections.abc import Collection

from lsp_agent.testkit.json_values import Json, JsonObject


class ScriptError(ValueError):
    """A script that cannot be played.

    The text names the field, what was expected and what came.
    """


def expected(path: str, what: str, value: Json) -> ScriptError:
    """Give the error for a `value` at `path` that is not `what`."""
    came = repr(value)
    shown = came if len(came) <= 60 else f"{came[:57]}..."
    return ScriptError(f"{path}: expected {what}, got {shown}")


class FieldReader:
    """One JSON object of a script; a field that is not `known` is an error at once."""

    def __init__(self, value: Json, path: str, known: Collection[str]) -> None:
        """Take `value`, which stands at `path` in the script."""
        if not isinstance(value, dict):
            raise expected(path, f"an object with fields among {', '.join(known)}", value)
        for name in value:
            if name not in known:
                raise ScriptError(
                    f"{path}: unknown field {name!r}, expected one of {', '.join(known)}"
                )
        self._value: JsonObject = value
        self._path = path

    def path(self, name: str) -> str:
        """Give the place of a field, as errors name it."""
        return f"{self._path}.{name}"

    def has(self, name: str) -> bool:
        """Say whether the field was given, be it null."""
        return name in self._value

    def value(self, name: str) -> Json:
        """Give a field as it is, None if it was not given."""
        return self._value.get(name)

    def text(self, name: str) -> str:
        """Give a text that must be there."""
        value = self._value.get(name)
        if not isinstance(value, str):
            raise expected(self.path(name), "text", value)
        return value

    def optional_text(self, name: str) -> str | None:
        """Give a text, or None if it was not given."""
        return self.text(name) if self.value(name) is not None else None

    def choice(self, name: str, choices: Collection[str]) -> str:
        """Give a text that must be one of `choices`."""
        value = self._value.get(name)
        if not isinstance(value, str) or value not in choices:
            raise expected(self.path(name), f"one of {', '.join(choices)}", value)
        return value

    def optional_count(self, name: str, *, at_least: int = 0) -> int | None:
        """Give a whole number, or None if it was not given."""
        value = self._value.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
            raise expected(self.path(name), f"a whole number of at least {at_least}", value)
        return value

    def optional_seconds(self, name: str) -> float | None:
        """Give a duration in seconds, or None if it was not given."""
        value = self._value.get(name)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
            raise expected(self.path(name), "a number of seconds, 0 or more", value)
        return float(value)

    def optional_pattern(self, name: str) -> re.Pattern[str] | None:
        """Give a compiled regular expression, or None if it was not given."""
        source = self.optional_text(name)
        if source is None:
            return None
        try:
            return re.compile(source)
        except re.error as error:
            raise ScriptError(
                f"{self.path(name)}: expected a regular expression, got {source!r} ({error})"
            ) from error

    def object(self, name: str) -> JsonObject:
        """Give an object, empty if it was not given."""
        value = self._value.get(name, {})
        if not isinstance(value, dict):
            raise expected(self.path(name), "an object", value)
        return value

    def items(self, name: str) -> list[tuple[str, Json]]:
        """Give the items of a list with the place of each; empty if it was not given."""
        value = self._value.get(name, [])
        if not isinstance(value, list):
            raise expected(self.path(name), "a list", value)
        return [(f"{self.path(name)}[{index}]", item) for index, item in enumerate(value)]
