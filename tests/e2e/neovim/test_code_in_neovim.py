"""Questions about code in a real Neovim: definition, references, callers, and a rename."""

from pathlib import Path

import pytest

from tests.e2e.neovim.driver import NeovimRun
from tests.e2e.neovim.projects import ONE_TYPO, TWO_TYPOS
from tests.e2e.neovim.steps import (
    evaluate,
    open_file,
    press,
    put_cursor,
    remember_text,
    run_command,
    wait_for_text,
)

pytestmark = pytest.mark.e2e


def place_of(line: str) -> str:
    """Give the file, line and column of a line of a list of places."""
    return line.split("/")[-1].rpartition("|")[0].partition("-")[0]


def test_definition_opens_the_other_file_at_the_name(neovim: NeovimRun) -> None:
    result = neovim.drive(
        open_file(TWO_TYPOS),
        put_cursor("gross_total(prices"),
        run_command("lua vim.lsp.buf.definition()"),
        wait_for_text("def gross_total"),
        evaluate("line", "vim.api.nvim_get_current_line()"),
        evaluate("column", "vim.api.nvim_win_get_cursor(0)[2]"),
    )
    assert str(result.values["line"]).startswith("def gross_total(")
    assert result.values["column"] == len("def ")
    assert result.warnings == []


def test_references_are_listed_with_their_places(neovim: NeovimRun) -> None:
    result = neovim.drive(
        open_file(ONE_TYPO),
        put_cursor("gross_total(prices"),
        run_command("lua vim.lsp.buf.references()"),
        wait_for_text("amount = gross_total"),
        remember_text("list"),
    )
    assert [place_of(line) for line in result.texts["list"].splitlines()] == [
        "report.py|3 col 29",
        "report.py|13 col 14",
        "totals.py|12 col 5",
    ]
    assert result.warnings == []


def test_callers_are_listed(neovim: NeovimRun) -> None:
    result = neovim.drive(
        open_file(ONE_TYPO),
        put_cursor("net_total(prices: list"),
        run_command("lua vim.lsp.buf.incoming_calls()"),
        wait_for_text("| gross_total"),
        remember_text("list"),
    )
    assert [place_of(line) for line in result.texts["list"].splitlines()] == ["totals.py|14 col 12"]
    assert result.warnings == []


def test_a_rename_changes_every_file_and_u_undoes_it(neovim: NeovimRun, project: Path) -> None:
    before = (project / ONE_TYPO).read_text(encoding="utf-8")
    report = (project / TWO_TYPOS).read_text(encoding="utf-8")
    result = neovim.drive(
        open_file(ONE_TYPO),
        put_cursor("gross_total(prices"),
        run_command("lua vim.lsp.buf.rename('taxed_total')"),
        wait_for_text("def taxed_total"),
        remember_text("renamed"),
        press("u"),
        remember_text("undone"),
        open_file(TWO_TYPOS),
        remember_text("other"),
    )
    assert result.texts["renamed"] == before.replace("gross_total", "taxed_total")
    assert result.texts["undone"] == before
    assert result.texts["other"] == report.replace("gross_total", "taxed_total")
    assert (project / ONE_TYPO).read_text(encoding="utf-8") == before
