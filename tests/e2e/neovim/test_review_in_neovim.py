"""Reviewing in a real Neovim: hunk by hunk, while typing, over restarts, and back again."""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lsp_agent.testkit.server import ScriptedModel
from tests.e2e.neovim.driver import REPOSITORY, SERVER, NeovimResult, NeovimRun
from tests.e2e.neovim.projects import THREE_RATES
from tests.e2e.neovim.steps import (
    Step,
    evaluate,
    go_to_review,
    kill_server,
    open_file,
    press,
    put_cursor,
    remember_text,
    run_code_action,
    run_command,
    save,
    start_server_again,
    wait_for_code_lens,
    wait_for_no_text,
    wait_for_progress_end,
    wait_for_text,
)

pytestmark = pytest.mark.e2e

ASK = "LspAgentAsk raise the rates"
PLAIN_ASK = (
    "lua vim.lsp.get_clients({ name = 'lsp_agent' })[1]:exec_cmd({ title = 'ask', "
    "command = 'lspAgent.ask', arguments = { { text = 'raise the rates' } } })"
)


def edit(old: str, new: str) -> dict[str, str]:
    return {"old_string": f"return {old}", "new_string": f"return {new}"}


def calls(name: str, path: str = THREE_RATES, **arguments: object) -> dict[str, object]:
    """A turn in which the model calls one tool about a file."""
    block = {"type": "tool_use", "name": name, "input": {"path": path, **arguments}}
    return {"content": [block]}


RAISED = [edit("0.05", "0.07"), edit("0.16", "0.19"), edit("0.33", "0.5")]
RAISE = [calls("read_file"), calls("multi_edit", edits=RAISED), {"content": "I raised them."}]
RAISE_MORE = [
    calls("read_file"),
    calls("edit_file", **edit("0.19", "0.21")),
    {"content": "It is the rate of 2027 now."},
]


TYPED = "# Checked by hand.\n"
TYPE = press("ggO# Checked by hand.<Esc>")


def saved(project: Path) -> str:
    """The file's text on disk."""
    return (project / THREE_RATES).read_text(encoding="utf-8")


def rates(before: str, reduced: str, standard: str, luxury: str) -> str:
    """The file's text with other rates."""
    text = before
    for old, new in (("0.05", reduced), ("0.16", standard), ("0.33", luxury)):
        assert before.count(old) == 1
        text = text.replace(old, new)
    return text


MADE, CLOSED = "invoices/rates_of_2027.py", "invoices/__init__.py"
CHANGE_MANY = [
    calls("read_file"),
    calls("read_file", CLOSED),
    calls("multi_edit", edits=RAISED),
    calls("edit_file", CLOSED, old_string="small shop", new_string="large shop"),
    calls("write_file", MADE, content="RATE = 0.21\n"),
    {"content": "Done."},
]


@contextmanager
def with_model(neovim: NeovimRun, tmp_path: Path, *turns: object) -> Generator[NeovimRun]:
    """Give a run whose model plays `turns`, and whose state outlives it."""
    with ScriptedModel({"turns": list(turns)}) as model:
        environment = {
            "ANTHROPIC_API_KEY": "test-key",
            "ANTHROPIC_BASE_URL": model.url,
            "LSP_AGENT_STATE_DIR": str(tmp_path / "state"),
        }
        yield replace(neovim, env=environment, init_options={"model": "claude-sonnet-5-5"})


def history(run: NeovimRun) -> list[dict[str, Any]]:
    """What `lsp-agent history --json` says of the project, the oldest first."""
    environment = {"HOME": str(run.home), "PYTHONPATH": str(REPOSITORY), **run.env}
    command = [sys.executable, "-m", "lsp_agent", "history", "--json", "--root", str(run.project)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=30)
    listed: list[dict[str, Any]] = json.loads(done.stdout)["history"]
    return listed[::-1]


def seen(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of an entry that say who did what, and what became of it."""
    return tuple(str(entry[name]) for name in ("kind", "state", "actor", "name", "status"))


def text_at_end(result: NeovimResult, run: NeovimRun) -> str:
    return result.texts[str(run.project / THREE_RATES)]


def proposed(ask: str = ASK) -> tuple[Step, ...]:
    """Ask, and wait until the edits are shown; the file's window is the current one again."""
    return (
        open_file(THREE_RATES),
        run_command(ask),
        go_to_review(),
        wait_for_text("+    return 0.5"),
        open_file(THREE_RATES),
    )


def test_one_hunk_is_accepted_one_rejected_and_one_made_anew_by_a_comment(
    neovim: NeovimRun, tmp_path: Path, project: Path
) -> None:
    before = saved(project)
    expected = TYPED + rates(before, "0.07", "0.21", "0.33")
    with with_model(neovim, tmp_path, *RAISE, *RAISE_MORE) as run:
        result = run.drive(
            *proposed(),
            remember_text("proposed"),
            TYPE,
            put_cursor("0.05"),
            run_code_action("^accept hunk"),
            wait_for_text("return 0.07"),
            put_cursor("0.33"),
            run_code_action("^reject hunk"),
            go_to_review(),
            wait_for_no_text("+    return 0.5"),
            evaluate("filetype", "vim.bo.filetype"),
            put_cursor("+    return 0.19"),
            press("o> Take the rate of 2027.<Esc>"),
            run_code_action("^send review .1 comment"),
            wait_for_text("+    return 0.21"),
            put_cursor("+    return 0.21"),
            run_code_action("^accept hunk"),
            wait_for_text("Nothing of this proposal waits"),
            open_file(THREE_RATES),
            wait_for_text("return 0.21"),
            remember_text("reviewed"),
            run_command("LspAgentUndo"),
            wait_for_text("return 0.16"),
            remember_text("undone"),
            run_command("LspAgentRedo"),
            wait_for_text("return 0.21"),
            wait_for_progress_end("^redo"),
            save(),
        )
        entries = history(run)
    assert result.texts["proposed"] == before
    assert result.values["filetype"] == "diff"
    assert result.texts["reviewed"] == expected
    assert result.texts["undone"] == expected.replace("0.21", "0.16")
    assert text_at_end(result, run) == expected
    assert saved(project) == expected
    assert [seen(entry) for entry in entries] == [
        ("change", "done", "user", "accept", "applied"),
        ("change", "done", "user", "accept", "applied"),
        ("undo", "done", "user", "undo", "undone"),
        ("redo", "done", "user", "redo", "applied"),
    ]
    assert result.warnings == []


def test_a_proposal_survives_a_killed_server_and_can_be_accepted(
    neovim: NeovimRun, tmp_path: Path, project: Path
) -> None:
    before, pid_file = saved(project), tmp_path / "pid"
    noting = ("sh", "-c", f'echo $$ > {pid_file}; exec "$0" "$@"', *SERVER)
    with with_model(neovim, tmp_path, *RAISE) as run:
        result = replace(run, server=noting).drive(
            *proposed(),
            TYPE,
            kill_server(str(pid_file)),
            start_server_again(),
            put_cursor("0.05"),
            run_code_action("^accept hunk"),
            wait_for_text("return 0.07"),
            go_to_review(),
            wait_for_no_text("+    return 0.07"),
            put_cursor("+    return 0.19"),
            run_code_action("^accept hunk"),
            open_file(THREE_RATES),
            wait_for_text("return 0.19"),
            *(wait_for_progress_end("^apply") for _ in range(2)),  # The text is there before.
        )
        entries = history(run)
    assert text_at_end(result, run) == TYPED + rates(before, "0.07", "0.19", "0.33")
    assert saved(project) == before
    assert [seen(entry)[:4] for entry in entries] == [("change", "done", "user", "accept")] * 2


def test_an_accepted_change_is_undone_after_neovim_was_closed_and_opened_again(
    neovim: NeovimRun, tmp_path: Path, project: Path
) -> None:
    before = saved(project)
    with with_model(neovim, tmp_path, *RAISE) as run:
        run.drive(
            *proposed(),
            put_cursor("0.05"),
            run_command("LspAgentAccept"),
            wait_for_text("return 0.07"),
            save(),
        )
        assert saved(project) == rates(before, "0.07", "0.16", "0.33")
        later = replace(run, home=tmp_path / "later")
        result = later.drive(
            open_file(THREE_RATES),
            TYPE,
            run_command("LspAgentUndo"),
            wait_for_text("return 0.05"),
            remember_text("undone"),
            # What was not decided on is still there.
            run_command("LspAgentReview"),
            go_to_review(),
            wait_for_text("+    return 0.5"),
        )
        entries = history(later)
    assert result.texts["undone"] == TYPED + before
    assert [entry["kind"] for entry in entries] == ["change", "undo"]
    assert result.warnings == []


def test_the_commands_decide_in_the_file_and_in_the_document_of_the_review(
    neovim: NeovimRun, tmp_path: Path, project: Path
) -> None:
    before = saved(project)
    with with_model(neovim, tmp_path, *RAISE, *RAISE_MORE) as run:
        result = run.drive(
            *proposed(),
            put_cursor("Rate of jewels"),
            run_command("LspAgentAccept"),
            put_cursor("0.33"),
            run_command("LspAgentReject"),
            go_to_review(),
            wait_for_no_text("+    return 0.5"),
            put_cursor("+    return 0.19"),
            run_command("LspAgentComment Take the rate of 2027."),
            wait_for_text("+    return 0.21"),
            run_command("LspAgentAccept!"),
            wait_for_text("Nothing of this proposal waits"),
            open_file(THREE_RATES),
            wait_for_text("return 0.21"),
        )
    assert text_at_end(result, run) == rates(before, "0.07", "0.21", "0.33")
    assert result.warnings == ["lsp-agent: nothing waits for review here"]


def test_reviewing_works_in_plain_neovim_without_our_plugin(
    neovim: NeovimRun, tmp_path: Path, project: Path
) -> None:
    before = saved(project)
    with with_model(neovim, tmp_path, *RAISE) as run:
        result = replace(run, with_plugin=False).drive(
            *proposed(PLAIN_ASK),
            put_cursor("0.05"),
            run_code_action("^reject hunk"),
            go_to_review(),
            wait_for_no_text("+    return 0.07"),
            put_cursor("Index: "),
            run_code_action("^accept all in this file"),
            wait_for_text("Nothing of this proposal waits"),
            open_file(THREE_RATES),
            wait_for_text("return 0.19"),
        )
    assert text_at_end(result, run) == rates(before, "0.05", "0.19", "0.5")
    assert result.warnings == []


def test_what_is_open_changes_in_its_buffer_all_else_on_disk_and_undo_takes_back_both(
    neovim: NeovimRun, tmp_path: Path, project: Path
) -> None:
    names = (THREE_RATES, CLOSED)
    before = {name: (project / name).read_text(encoding="utf-8") for name in names}
    changed = {
        THREE_RATES: before[THREE_RATES],
        CLOSED: before[CLOSED].replace("small", "large"),
        MADE: "RATE = 0.21\n",
    }
    on_disk = f"""(function()
      return vim.tbl_map(function(name)
        return vim.fn.filereadable(name) == 1 and vim.fn.readblob(name) or 'nothing'
      end, {{ '{THREE_RATES}', '{CLOSED}', '{MADE}' }})
    end)()"""
    with with_model(neovim, tmp_path, *CHANGE_MANY) as run:
        result = run.drive(
            *proposed(),
            run_code_action("^accept all .5 in 3 files"),
            wait_for_text("return 0.07"),
            remember_text("accepted"),
            evaluate("accepted", on_disk),
            open_file(MADE),
            wait_for_text("0.21"),
            run_command("LspAgentUndo!"),
            wait_for_progress_end("^undo"),
            open_file(THREE_RATES),
            wait_for_text("return 0.05"),
            evaluate("is_listed", f"vim.fn.buflisted('{MADE}')"),
        )
        entries = history(run)
    assert result.texts["accepted"] == rates(before[THREE_RATES], "0.07", "0.19", "0.5")
    assert result.values["accepted"] == list(changed.values())
    assert text_at_end(result, run) == before[THREE_RATES]
    assert {name: (project / name).read_text(encoding="utf-8") for name in names} == before
    assert not (project / MADE).exists()
    assert result.values["is_listed"] == 0
    assert [entry["kind"] for entry in entries] == ["change", "undo"]
    assert [file["path"] for file in entries[1]["files"]] == [CLOSED, THREE_RATES, MADE]
    assert result.warnings == []


def test_code_lenses_are_shown_to_those_who_want_them(neovim: NeovimRun, tmp_path: Path) -> None:
    with with_model(neovim, tmp_path, *RAISE) as run:
        result = run.drive(
            run_command("lua require('lsp_agent').setup({ code_lenses = true })"),
            *proposed(),
            wait_for_code_lens("^accept return 0.07"),
        )
    assert result.warnings == []
