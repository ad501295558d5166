"""Settings in TOML, changed in place: comments, order and style stay."""

import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError
from tomlkit.items import InlineTable, Table

from lsp_agent.installing.formats import UnusableSettings


class TomlSettings:
    """The format TOML; implements SettingsFormat."""

    def read(self, text: str) -> Mapping[str, object]:
        """Give what a text says."""
        try:
            return tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise UnusableSettings(f"expected TOML: {error or 'too many levels'}") from error

    def with_value(self, text: str, keys: Sequence[str], value: object) -> str:
        """Give the text with a value below these keys."""
        document = _document(text)
        table = document
        is_table = isinstance(value, dict)
        for depth, key in enumerate(keys[:-1]):
            if key not in table:
                is_last = depth == len(keys) - 2
                # A table of tables needs no header of its own.
                table[key] = tomlkit.table(is_super_table=not is_last or is_table)
            table = _table(table[key], keys[: depth + 1])
        has_lines = is_table and not isinstance(table, InlineTable)
        table[keys[-1]] = _with_space(cast(dict[str, object], value)) if has_lines else value
        return _written(document, text)

    def without(self, text: str, keys: Sequence[str]) -> str:
        """Give the text without what is below these keys."""
        document = _document(text)
        table = document
        for depth, key in enumerate(keys[:-1]):
            table = _table(table.get(key), keys[: depth + 1])
        if keys[-1] not in table:
            raise UnusableSettings(f"there is no {'.'.join(keys)!r}")
        del table[keys[-1]]
        return _written(document, text)


def _document(text: str) -> MutableMapping[str, Any]:
    try:
        return tomlkit.parse(text)
    except (ParseError, RecursionError) as error:
        raise UnusableSettings(f"expected TOML: {error or 'too many levels'}") from error


def _with_space(values: Mapping[str, object]) -> Table:
    """Give a table that ends in an empty line, as what follows it is another one."""
    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, tomlkit.item(value))
    table.add(tomlkit.nl())
    return table


def _table(value: object, keys: Sequence[str]) -> MutableMapping[str, Any]:
    if not isinstance(value, MutableMapping):
        raise UnusableSettings(f"expected {'.'.join(keys)!r} to be a table")
    return cast(MutableMapping[str, Any], value)


def _written(document: MutableMapping[str, Any], before: str) -> str:
    try:
        text = tomlkit.dumps(document)
    except TOMLKitError as error:
        raise UnusableSettings(f"cannot be changed in place: {error}") from error
    text = f"{text.rstrip()}\n" if text.strip() else ""
    if "\r\n" in before:
        return text.replace("\r\n", "\n").replace("\n", "\r\n")
    return text
