"""The main job in a real Neovim: a diagnostic, a code action, and the fix in the buffer."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.neovim.driver import NeovimRun
from tests.e2e.neovim.projects import ONE_TYPO, TWO_TYPOS
from tests.e2e.neovim.steps import (
    open_file,
    press,
    press_when_an_edit_arrives,
    put_cursor,
    remember_text,
    run_code_action,
    run_command,
    save,
    wait_for_answer,
    wait_for_diagnostic,
    wait_for_no_diagnostic,
    wait_for_progress_end,
    wait_for_text,
)

pytestmark = pytest.mark.e2e

TYPO = "undefined name"


def fixed_total(text: str) -> str:
    """The text of `ONE_TYPO` without its mistake."""
    return text.replace("return totl", "return total")


def fixed_report(text: str) -> str:
    """The text of `TWO_TYPOS` without its mistakes."""
    return text.replace("{custmer}", "{customer}").replace("{amout:", "{amount:")


def read(project: Path, name: str) -> str:
    """The text of a file on disk."""
    return (project / name).read_text(encoding="utf-8")


def check_fix_and_undo(run: NeovimRun) -> None:
    """Fix `ONE_TYPO` by its code action, take it back with `u`, and look at both texts."""
    before = read(run.project, ONE_TYPO)
    result = run.drive(
        open_file(ONE_TYPO),
        wait_for_diagnostic(TYPO),
        put_cursor("totl"),
        run_code_action("^fix with agent"),
        wait_for_text("return total"),
        remember_text("fixed"),
        wait_for_progress_end("fix"),
        wait_for_no_diagnostic(TYPO),
        press("u"),
        remember_text("undone"),
        wait_for_diagnostic(TYPO),
    )
    assert any(title.startswith("Explain with agent") for title in result.offered)
    assert result.texts["fixed"] == fixed_total(before)
    assert result.texts["undone"] == before
    assert read(run.project, ONE_TYPO) == before
    assert result.warnings == []
    assert result.exit_code == 0


def test_fix_with_agent_changes_the_buffer_only_and_u_undoes_it(neovim: NeovimRun) -> None:
    check_fix_and_undo(neovim)


def test_fix_with_agent_works_in_plain_neovim_without_our_plugin(neovim: NeovimRun) -> None:
    check_fix_and_undo(replace(neovim, with_plugin=False))


def test_the_fix_is_on_disk_after_the_user_saved_it(neovim: NeovimRun, project: Path) -> None:
    before = read(project, ONE_TYPO)
    neovim.drive(
        open_file(ONE_TYPO),
        wait_for_diagnostic(TYPO),
        put_cursor("totl"),
        run_command("LspAgentFix"),
        wait_for_text("return total"),
        save(),
    )
    assert read(project, ONE_TYPO) == fixed_total(before)


def test_fix_file_repairs_every_mistake_and_leaves_the_disk_alone(
    neovim: NeovimRun, project: Path
) -> None:
    before = read(project, TWO_TYPOS)
    result = neovim.drive(
        open_file(TWO_TYPOS),
        wait_for_diagnostic("custmer"),
        wait_for_diagnostic("amout"),
        run_command("LspAgentFixFile"),
        wait_for_text("{customer}"),
        wait_for_text("{amount:"),
        wait_for_no_diagnostic(TYPO),
        remember_text("fixed"),
    )
    assert result.texts["fixed"] == fixed_report(before)
    assert read(project, TWO_TYPOS) == before
    assert result.warnings == []


def test_text_typed_while_the_agent_works_is_kept(neovim: NeovimRun, project: Path) -> None:
    before = read(project, ONE_TYPO)
    result = neovim.drive(
        open_file(ONE_TYPO),
        wait_for_diagnostic(TYPO),
        put_cursor("totl"),
        run_command("LspAgentFix"),
        press("ggO# Checked by hand.<Esc>"),
        wait_for_text("return total"),
        wait_for_no_diagnostic(TYPO),
    )
    assert result.texts[str(project / ONE_TYPO)] == "# Checked by hand.\n" + fixed_total(before)
    assert read(project, ONE_TYPO) == before


# What Neovim does with an edit that was computed for a text that is gone was read in its sources
# and seen, with 0.12.4: it drops the edit although it answers "applied", but only if it is in
# the edit's first document and its version is not 0. With version 0, that of a file nobody has
# changed, it is applied wherever its positions happen to be now. The server must notice the one
# and prevent the other.
@pytest.mark.parametrize("first_keys", ["", "Go# Seen.<Esc>"], ids=["untouched", "edited"])
def test_text_typed_while_the_edit_is_on_its_way_is_kept_and_the_fix_still_arrives(
    neovim: NeovimRun, project: Path, first_keys: str
) -> None:
    before = read(project, ONE_TYPO)
    result = neovim.drive(
        open_file(ONE_TYPO),
        press(first_keys),
        wait_for_diagnostic(TYPO),
        put_cursor("totl"),
        press_when_an_edit_arrives("ggO# Checked by hand.<Esc>"),
        run_command("LspAgentFix"),
        wait_for_text("return total"),
        wait_for_no_diagnostic(TYPO),
    )
    text = result.texts[str(project / ONE_TYPO)]
    seen = "# Seen.\n" if first_keys else ""
    assert text == "# Checked by hand.\n" + fixed_total(before) + seen
    assert read(project, ONE_TYPO) == before


def test_agent_undo_restores_the_buffer_exactly(neovim: NeovimRun, project: Path) -> None:
    before = read(project, ONE_TYPO)
    result = neovim.drive(
        open_file(ONE_TYPO),
        wait_for_diagnostic(TYPO),
        put_cursor("totl"),
        run_command("LspAgentFix"),
        wait_for_text("return total"),
        wait_for_no_diagnostic(TYPO),
        run_command("LspAgentUndo"),
        wait_for_text("return totl"),
        remember_text("undone"),
    )
    assert result.texts["undone"] == before


def test_explain_answers_and_changes_nothing(neovim: NeovimRun, project: Path) -> None:
    before = read(project, ONE_TYPO)
    result = neovim.drive(
        open_file(ONE_TYPO),
        wait_for_diagnostic(TYPO),
        put_cursor("totl"),
        run_command("LspAgentExplain"),
        wait_for_answer("totl"),
    )
    assert result.texts[str(project / ONE_TYPO)] == before
    assert result.applied == []
    assert result.warnings == []


def test_cancel_with_nothing_to_cancel_is_no_error(neovim: NeovimRun) -> None:
    result = neovim.drive(open_file(ONE_TYPO), run_command("LspAgentCancel"))
    assert result.warnings == []


def test_neovim_can_be_left_while_the_server_still_looks_at_the_file(neovim: NeovimRun) -> None:
    result = neovim.drive(open_file(ONE_TYPO))
    assert result.exit_code == 0
