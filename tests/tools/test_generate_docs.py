"""The generated tables: where they go, and what they say."""

from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from tools.generate_docs import DocumentError, command_rows, fill, settings_rows, table

TEXT = "a\n<!-- generated: t -->\nold\n<!-- end generated: t -->\nb\n"


class _Settings(BaseModel):
    model: str | None = Field(None, description="Which model.")
    level: str = Field("suggest", description="How much it may do.")
    is_on: bool = Field(True, description="On or off.")
    key: str = Field(description="A key.")


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


def test_commands_are_the_files_with_their_first_lines(tmp_path: Path) -> None:
    files = {"__init__": "All.", "terminal": "Shared.", "lsp": "Serve.\n\nMore.", "fix": "Mend."}
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(f'"""{text}"""\n', encoding="utf-8")
    assert command_rows(tmp_path) == [("`lsp-agent fix`", "Mend."), ("`lsp-agent lsp`", "Serve.")]
