"""`lsp-agent doctor`: what it finds, and how it says what to do."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lsp_agent.cli.checks import masked
from tests.lsp_agent.cli.program import Program, config_file

KEY = "sk-ant-0123456789"


def _with(program: Program, **variables: str) -> Program:
    return Program(home=program.home, cwd=program.cwd, variables=variables)


def _checks(program: Program, *, exit_code: int) -> dict[str, dict[str, Any]]:
    done = program.run("doctor", "--json")
    result = json.loads(done.stdout)
    assert (done.returncode, result["exit_code"], done.stderr) == (exit_code, exit_code, "")
    assert result["ok"] == (exit_code == 0)
    return {check["name"]: check for check in result["checks"]}


def _editor(folder: Path, name: str, version: str) -> str:
    """Make a program that tells its version, and give a PATH with nothing else."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{version}'\n", encoding="utf-8")
    path.chmod(0o755)
    return str(folder)


def test_an_empty_home_and_no_key_are_well(program: Program) -> None:
    checks = _checks(program, exit_code=0)
    assert checks["model"]["detail"].startswith("offline, since there is no key")
    assert checks["offline engine"]["state"] == "ok"
    for name in ("ruff", "rg"):
        assert checks[name]["state"] == "ok"
        assert re.match(r"\d+\.\d+\.\d+ \(/", checks[name]["detail"])


def test_a_key_is_masked_and_chooses_the_model(program: Program) -> None:
    there = _with(program, ANTHROPIC_API_KEY=KEY)
    checks = _checks(there, exit_code=0)
    assert checks["settings.api_key"]["detail"] == "...6789, from ANTHROPIC_API_KEY"
    assert checks["model"]["detail"].endswith("since ANTHROPIC_API_KEY has a key")
    assert KEY not in there.run("doctor").stdout


def test_a_password_in_an_address_is_masked(program: Program) -> None:
    there = _with(program, ANTHROPIC_BASE_URL="https://me:secret@example.org/v1")
    detail = _checks(there, exit_code=0)["settings.base_url"]["detail"]
    assert detail == "https://...@example.org/v1, from ANTHROPIC_BASE_URL"


@pytest.mark.parametrize(("key", "shown"), [(KEY, "...6789"), ("short", "(set)")])
def test_only_the_end_of_a_long_key_is_shown(key: str, shown: str) -> None:
    assert masked(key) == shown


def test_each_setting_tells_where_it_comes_from(program: Program) -> None:
    path = config_file(program.home)
    path.write_text("max_steps = 7\nmodel = 'claude-x'\n", encoding="utf-8")
    checks = _checks(_with(program, LSP_AGENT_MODEL="offline"), exit_code=0)
    assert checks["settings.max_steps"]["detail"] == f"7, from {path}"
    assert checks["settings.model"]["detail"] == "offline, from LSP_AGENT_MODEL"
    assert checks["settings.diagnostics"]["detail"] == "True"


def test_a_model_that_cannot_be_had_is_broken_and_says_how_to_mend_it(program: Program) -> None:
    check = _checks(_with(program, LSP_AGENT_MODEL="claude-x"), exit_code=1)["model"]
    assert check["state"] == "broken"
    assert "set ANTHROPIC_API_KEY" in check["advice"]


def test_a_wrong_settings_file_is_broken_and_the_rest_is_checked(program: Program) -> None:
    config_file(program.home).write_text("mdoel = 1\n", encoding="utf-8")
    checks = _checks(program, exit_code=1)
    assert "'mdoel'" in checks["settings"]["detail"]
    assert checks["ruff"]["state"] == "ok"


def test_the_state_folder_is_named(program: Program, tmp_path: Path) -> None:
    check = _checks(program, exit_code=0)["state folder"]
    assert check["detail"].startswith(str(program.home))
    assert "(not there yet)" in check["detail"]
    chosen = tmp_path / "state"
    chosen.mkdir()
    check = _checks(_with(program, LSP_AGENT_STATE_DIR=str(chosen)), exit_code=0)["state folder"]
    assert check["detail"] == f"{chosen}, for the undo journal and proposals"


@pytest.mark.parametrize("place", ["taken", "taken/in", "relative"])
def test_a_state_folder_that_cannot_be_used_is_broken(
    program: Program, tmp_path: Path, place: str
) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    folder = place if place == "relative" else str(tmp_path / place)
    check = _checks(_with(program, LSP_AGENT_STATE_DIR=folder), exit_code=1)["state folder"]
    assert check["state"] == "broken"
    assert repr(folder if place == "relative" else str(tmp_path / "taken")) in check["detail"]


def test_it_is_said_how_commands_are_shown_what_waits(program: Program) -> None:
    detail = _checks(program, exit_code=0)["commands"]["detail"]
    assert detail.startswith(("run over the real files, by an overlay", "run in a copy"))


def test_a_new_enough_editor_gets_the_lines_to_add(program: Program, tmp_path: Path) -> None:
    path = _editor(tmp_path / "bin", "nvim", "NVIM v0.11.4")
    done = _with(program, PATH=path).run("doctor")
    assert done.returncode == 0
    assert "vim.lsp.enable('lsp_agent')" in done.stdout
    assert "eglot" not in done.stdout


@pytest.mark.parametrize("version", ["NVIM v0.10.2", "no number"])
def test_an_editor_that_is_too_old_or_silent_is_a_note(
    program: Program, tmp_path: Path, version: str
) -> None:
    there = _with(program, PATH=_editor(tmp_path / "bin", "nvim", version))
    assert _checks(there, exit_code=0)["Neovim"]["state"] == "note"
    assert "vim.lsp" not in there.run("doctor").stdout


def test_without_an_editor_the_doctor_says_so(program: Program) -> None:
    check = _checks(_with(program, PATH="/nowhere"), exit_code=0)["editors"]
    assert check["state"] == "note"
    assert "Helix" in check["detail"]


def test_it_tells_openly_whether_commits_disclose_the_agent(program: Program) -> None:
    assert _checks(program, exit_code=0)["disclosure"]["state"] == "ok"
    file = config_file(program.home)
    file.write_text('discloses_agent = false\nsecrets = ["falcon"]\n', encoding="utf-8")
    checks = _checks(program, exit_code=0)
    assert checks["disclosure"]["state"] == "note"
    assert f"do not say that it helped, since {file} turns" in checks["disclosure"]["detail"]
    assert "falcon" not in program.run("doctor").stdout
