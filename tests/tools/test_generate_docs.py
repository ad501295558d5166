"""The generated tables: where they go, and what they say."""

from typing import Annotated

import pytest
from msgspec import Meta, Struct

from lsp_agent.cli.main import COMMANDS
from tools.generate_docs import DocumentError, commands_table, fill, settings_rows, table

TEXT = "a\n<!-- generated: t -->\nold\n<!-- end generated: t -->\nb\n"


class _Settings(Struct, kw_only=True):
    model: Annotated[str | None, Meta(description="Which model.")] = None
    level: Annotated[str, Meta(description="How much it may do.")] = "suggest"
    is_on: Annotated[bool, Meta(description="On or off.")] = True
    key: Annotated[str, Meta(description="A key.")]


def test_a_table_replaces_what_stood_between_its_markers() -> None:
    filled = fill(TEXT, {"t": "new"})
    assert filled == "a\n<!-- generated: t -->\nnew\n<!-- end generated: t -->\nb\n"
    assert fill(filled, {"t": "new"}) == filled


def test_a_table_without_markers_is_an_error() -> None:
    with pytest.raises(DocumentError, match="generated: other"):
        fill(TEXT, {"t": "new", "other": "x"})


def test_markers_without_a_table_are_an_error() -> None:
    with pytest.raises(DocumentError, match="got 't'"):
        fill(TEXT, {})


def test_markers_in_the_wrong_order_are_an_error() -> None:
    with pytest.raises(DocumentError, match="in this order"):
        fill("<!-- end generated: t -->\n<!-- generated: t -->\n", {"t": "new"})


def test_bars_and_line_breaks_do_not_break_a_table() -> None:
    made = table(("a", "b"), [("x | y", "one\ntwo")])
    assert made == "| a | b |\n|---|---|\n| x \\| y | one two |"


def test_settings_are_listed_with_their_defaults() -> None:
    assert settings_rows(_Settings) == [
        ("`model`", "none", "Which model."),
        ("`level`", '`"suggest"`', "How much it may do."),
        ("`is_on`", "`true`", "On or off."),
        ("`key`", "required", "A key."),
    ]


def test_every_command_is_in_the_table() -> None:
    rows = commands_table()
    assert all(f"`lsp-agent {name}`" in rows for name in COMMANDS)
