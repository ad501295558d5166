"""What the Neovim plugin does by itself, whatever the server says."""

import re
from dataclasses import replace

import pytest

from tests.e2e.neovim.driver import PLUGIN, NeovimRun
from tests.e2e.neovim.projects import ONE_TYPO
from tests.e2e.neovim.steps import (
    evaluate,
    open_file,
    remember_text,
    run_command,
)

pytestmark = pytest.mark.e2e

COMMANDS = (
    "LspAgentAccept",
    "LspAgentAsk",
    "LspAgentCancel",
    "LspAgentComment",
    "LspAgentExplain",
    "LspAgentFix",
    "LspAgentFixFile",
    "LspAgentRedo",
    "LspAgentReject",
    "LspAgentReview",
    "LspAgentUndo",
)


def test_every_command_exists(neovim: NeovimRun) -> None:
    commands = "vim.fn.getcompletion('LspAgent', 'command')"
    result = neovim.drive(evaluate("commands", commands))
    assert result.values["commands"] == list(COMMANDS)


def test_every_command_and_setup_has_help(neovim: NeovimRun) -> None:
    subjects = [*(f":{command}" for command in COMMANDS), "lsp_agent.setup()", "lsp-agent"]
    shown = [
        step
        for subject in subjects
        for step in (
            run_command(f"help {subject}"),
            evaluate(subject, "vim.fn.expand('%:t') .. ' ' .. vim.fn.expand('<cWORD>')"),
        )
    ]
    result = neovim.drive(run_command("helptags ALL"), *shown)
    assert result.values == {subject: f"lsp_agent.txt *{subject}*" for subject in subjects}


def test_every_link_of_the_help_leads_somewhere(neovim: NeovimRun) -> None:
    text = (PLUGIN / "doc/lsp_agent.txt").read_text(encoding="utf-8")
    links = sorted(set(re.findall(r"\|([^|\s]+)\|", text)))
    known = [
        evaluate(link, f"vim.list_contains(vim.fn.getcompletion({link!r}, 'help'), {link!r})")
        for link in links
    ]
    result = neovim.drive(run_command("helptags ALL"), *known)
    assert links
    assert [link for link in links if not result.values[link]] == []


def test_a_missing_program_is_explained_and_nothing_is_started(neovim: NeovimRun) -> None:
    result = replace(neovim, server=("lsp-agent-of-nobody", "lsp")).drive(
        run_command(f"edit {ONE_TYPO}"),
        evaluate("n_clients", "#vim.lsp.get_clients()"),
        run_command("checkhealth lsp_agent"),
        remember_text("health"),
    )
    [warning] = result.warnings
    assert '"lsp-agent-of-nobody" is not an executable program' in warning
    assert "uv tool install lsp-agent" in warning
    assert result.values["n_clients"] == 0
    assert "ERROR" in result.texts["health"]
    assert "uv tool install lsp-agent" in result.texts["health"]


def test_a_command_in_a_buffer_without_server_says_so(neovim: NeovimRun) -> None:
    result = neovim.drive(run_command("enew"), run_command("LspAgentFix"))
    assert result.warnings == [
        "lsp-agent: the server is not running for this buffer, see :checkhealth lsp_agent"
    ]


def test_an_unknown_option_of_setup_is_refused(neovim: NeovimRun) -> None:
    call = "select(2, pcall(require('lsp_agent').setup, { keymap = true }))"
    result = neovim.drive(evaluate("error", call))
    assert str(result.values["error"]).endswith('lsp_agent.setup: unknown option "keymap"')


# A linter counts bytes; the protocol counts UTF-16 units here. U+20AC is three bytes and one unit.
LINTER_DIAGNOSTIC = """(function()
  vim.api.nvim_buf_set_lines(0, 0, -1, true, { '', '€€ totl' })
  vim.diagnostic.set(vim.api.nvim_create_namespace('linter'), 0, {
    { lnum = 1, col = 7, end_col = 11, message = 'what is this?', source = 'linter' },
  })
  vim.fn.cursor(2, 9)
  local found = require('lsp_agent.diagnostics').at_cursor({ offset_encoding = 'utf-16' })
  local range = found[1].range
  return ('%d found, %s, line %d, characters %d to %d'):format(
    #found, found[1].source, range.start.line, range.start.character, range['end'].character
  )
end)()"""


def test_a_linters_diagnostic_gets_the_columns_of_the_server(neovim: NeovimRun) -> None:
    result = neovim.drive(evaluate("found", LINTER_DIAGNOSTIC))
    assert result.values["found"] == "1 found, linter, line 1, characters 3 to 7"


def test_health_reports_the_running_server(neovim: NeovimRun) -> None:
    result = neovim.drive(
        open_file(ONE_TYPO), run_command("checkhealth lsp_agent"), remember_text("health")
    )
    health = result.texts["health"]
    assert "OK server version: " in health
    assert f"OK running for {neovim.project}, buffers: 1" in health
    assert "OK code actions work inside the document of a review" in health
    assert "ERROR" not in health
    assert "WARNING" not in health


def test_of_differences_the_server_gets_only_its_own(neovim: NeovimRun) -> None:
    (neovim.project / "someones.diff").write_text("--- a\n+++ b\n", encoding="utf-8")
    clients = "#vim.lsp.get_clients({ bufnr = vim.fn.bufnr('someones.diff') })"
    result = neovim.drive(
        run_command("edit someones.diff"),
        evaluate("filetype", "vim.bo.filetype"),
        open_file(ONE_TYPO),
        evaluate("n_clients", clients),
    )
    assert result.values == {"filetype": "diff", "n_clients": 0}


def test_filetypes_of_the_user_keep_the_document_of_a_review(neovim: NeovimRun) -> None:
    result = neovim.drive(
        run_command("lua require('lsp_agent').setup({ filetypes = { 'python' } })"),
        evaluate("filetypes", "vim.lsp.config.lsp_agent.filetypes"),
    )
    assert result.values["filetypes"] == ["diff", "python"]


def test_keymaps_are_only_set_where_the_server_is(neovim: NeovimRun) -> None:
    mapped = "vim.fn.maparg('<Leader>af', 'n')"
    result = neovim.drive(
        run_command("lua require('lsp_agent').setup({ keymaps = true })"),
        evaluate("elsewhere", mapped),
        open_file(ONE_TYPO),
        evaluate("here", mapped),
    )
    assert result.values == {"elsewhere": "", "here": "<Cmd>LspAgentFix<CR>"}
