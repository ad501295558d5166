"""Trust at the command line."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.lsp_agent.cli.mcp_client import connected
from tests.lsp_agent.cli.program import Program


@pytest.fixture
def hooked(program: Program) -> Program:
    (program.cwd / "pyproject.toml").write_text("", encoding="utf-8")
    (program.cwd / ".lsp-agent").mkdir()
    path = program.cwd / ".lsp-agent" / "hooks.toml"
    path.write_text('command = ["sh"]\n# \u202e hidden\n', encoding="utf-8")
    return program


@pytest.fixture
def git_program(program: Program) -> Program:
    subprocess.run(["git", "init", "-q"], cwd=program.cwd, check=True)
    return program


def state(program: Program) -> dict[str, object]:
    done = program.run("trust", "--json")
    report: dict[str, object] = json.loads(done.stdout)
    assert report["exit_code"] == done.returncode
    return report


def test_a_folder_is_untrusted_until_it_is_granted_and_after_it_is_revoked(
    hooked: Program,
) -> None:
    assert (state(hooked)["trust"], state(hooked)["exit_code"]) == ("untrusted", 1)
    granted = hooked.run("trust", "grant", "--yes")
    assert granted.returncode == 0
    assert ".lsp-agent/hooks.toml (on)" in granted.stdout
    assert 'command = ["sh"]' in granted.stderr
    assert "<U+202E> hidden" in granted.stderr
    report = state(hooked)
    assert (report["trust"], report["exit_code"]) == ("trusted", 0)
    name = ".lsp-agent/hooks.toml"
    assert report["powers"] == [{"kind": "hooks", "name": name, "is_on": True, "problem": ""}]
    assert hooked.run("trust", "list").stdout.strip() == str(hooked.cwd)
    assert hooked.run("trust", "revoke").returncode == 0
    assert state(hooked)["trust"] == "untrusted"
    assert json.loads(hooked.run("trust", "list", "--json").stdout)["folders"] == []


def test_without_a_terminal_and_a_yes_nothing_is_granted(hooked: Program) -> None:
    done = hooked.run("trust", "grant", stdin="y\n")
    assert done.returncode == 3
    assert "--yes" in done.stderr
    assert state(hooked)["trust"] == "untrusted"


def test_at_a_terminal_it_asks(hooked: Program) -> None:
    screen = hooked.on_terminal("trust", "grant", typed="n\n")
    assert "Do you trust" in screen
    assert state(hooked)["trust"] == "untrusted"
    hooked.on_terminal("trust", "grant", typed="y\n")
    assert state(hooked)["trust"] == "trusted"


def test_what_changed_is_off_and_said(hooked: Program) -> None:
    hooked.run("trust", "grant", "--yes")
    (hooked.cwd / ".lsp-agent" / "hooks.toml").write_text("other = 1\n", encoding="utf-8")
    done = hooked.run("trust")
    assert done.returncode == 0
    assert "(off: new, or changed since you trusted it)" in done.stdout
    assert "switches it on" in done.stderr


def test_home_is_refused_and_a_missing_folder_too(program: Program) -> None:
    done = program.run("trust", "grant", str(program.home), "--yes")
    assert done.returncode == 2
    assert "single projects" in done.stderr
    assert program.run("trust", "grant", "nothing", "--yes").returncode == 2


def test_a_folder_that_is_gone_is_listed_as_ended(program: Program, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    program.run("trust", "grant", str(other), "--yes")
    other.rename(tmp_path / "moved")
    assert "(ended: " in program.run("trust", "list").stdout


@pytest.mark.parametrize("options", [(), ("--trust",)])
def test_one_run_can_be_trusted_by_an_option(git_program: Program, options: Sequence[str]) -> None:
    with connected(git_program, "--profile", "full", *options) as client:
        text, is_error = client.call("git_status")
    assert is_error is not bool(options), text
    assert state(git_program)["trust"] == "untrusted"
