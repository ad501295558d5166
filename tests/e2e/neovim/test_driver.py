"""The harness itself: it finds the right Neovim, and it fails when a step does."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.neovim.driver import NeovimFailed, NeovimMissing, NeovimRun, find_nvim
from tests.e2e.neovim.fake_programs import write_program
from tests.e2e.neovim.steps import press, put_cursor, run_command, wait_for_text

pytestmark = pytest.mark.e2e


def test_a_missing_neovim_is_a_failure_that_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NeovimMissing, match="run `make e2e-setup`"):
        find_nvim(env={"PATH": str(tmp_path)}, tools=tmp_path)


def test_an_old_neovim_on_the_path_gives_way_to_the_projects_own(tmp_path: Path) -> None:
    write_program(tmp_path / "bin/nvim", "0.10.4")
    own = write_program(tmp_path / "tools/nvim/bin/nvim", "0.11.0-dev")
    env = {"PATH": str(tmp_path / "bin")}
    assert find_nvim(env=env, tools=tmp_path / "tools") == own


def test_the_program_that_the_environment_names_comes_first(tmp_path: Path) -> None:
    write_program(tmp_path / "bin/nvim", "0.12.0")
    named = write_program(tmp_path / "named/nvim", "1.0.0")
    env = {"PATH": str(tmp_path / "bin"), "NVIM": str(named)}
    assert find_nvim(env=env, tools=tmp_path) == named


def test_a_wait_in_vain_fails_with_what_was_waited_for(neovim: NeovimRun) -> None:
    with pytest.raises(NeovimFailed, match="step 2, wait_for_text: waited 100 ms in vain for"):
        replace(neovim, wait_s=0.1).drive(run_command("enew"), wait_for_text("never"))


def test_a_failed_step_fails_the_run_and_no_later_step_is_done(neovim: NeovimRun) -> None:
    save_as = f"write {neovim.project}/later.txt"
    with pytest.raises(NeovimFailed, match=r"step 1, put_cursor: .*the buffer holds no"):
        neovim.drive(put_cursor("nothing"), run_command(save_as))
    assert not (neovim.project / "later.txt").exists()


def test_a_neovim_that_ends_early_is_a_failure(neovim: NeovimRun) -> None:
    with pytest.raises(NeovimFailed, match="Neovim wrote no result"):
        neovim.drive(press(":qall!<CR>"))
