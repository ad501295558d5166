"""Formats of settings files, changed without touching what a person has written around."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from mcp_tools.types.errors import ExpectedError


class UnusableSettings(ExpectedError):
    """A settings file that cannot be read, or not changed safely; the text says where and why."""


class SettingsFormat(Protocol):
    """Reads a text, and changes one value in it; the rest stays as it is written."""

    def read(self, text: str) -> Mapping[str, object]:
        """Give what a text says. Raises: UnusableSettings, with the line and the column."""
        ...

    def with_value(self, text: str, keys: Sequence[str], value: object) -> str:
        """Give the text with a value below these keys, which are made where they are missing.

        Raises: UnusableSettings.
        """
        ...

    def without(self, text: str, keys: Sequence[str]) -> str:
        """Give the text without what is below these keys, which must be there.

        Raises: UnusableSettings.
        """
        ...


def at_line(text: str, offset: int, problem: str) -> UnusableSettings:
    """Give the error for a problem at a place of a text."""
    line_number = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return UnusableSettings(f"line {line_number}, column {column}: {problem}")
