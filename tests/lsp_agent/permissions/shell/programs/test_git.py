"""Commands of git: what reads is known, where the repository's settings run nothing."""

import shlex
import subprocess
from pathlib import Path

import pytest

from lsp_agent.permissions.shell.programs.git_options import TABLES
from tests.lsp_agent.permissions.shell.programs.workspace import (
    CONFIG,
    NOTHING,
    checks,
    judge,
    make_workspace,
)

EVERYDAY = Path(__file__).with_name("everyday.txt")

READING = [
    ("git", NOTHING),
    ("git --version", NOTHING),
    ("git log -p -S /foo -- src", NOTHING),
    ("git --no-pager diff HEAD~1..HEAD -- src/main.py", NOTHING),
    ("git -C src log", NOTHING),
    ("git -C src diff ../README.md", NOTHING),
    ("git grep /foo src", NOTHING),
    ("git grep -e /foo -- src", NOTHING),
    ("git ls-files .env", NOTHING),
    ("git check-ignore -v .env", NOTHING),
    ("git log --format='%h %s' -5", NOTHING),
]

CHANGING = [
    ("git add .", {"git-command"}),
    ("git commit -m x", {"git-command"}),
    ("git checkout .", {"git-command"}),
    ("git lg", {"git-command"}),
    ("git push", {"git-command", "network"}),
    ("git fetch --all", {"git-command", "network"}),
    ("git submodule status", {"git-command", "network"}),
    ("git branch new", {"git-command"}),
    ("git branch -v new", {"git-command"}),
    ("git branch -D old", {"git-command", "writing-flag"}),
    ("git branch --edit-description", {"executing-flag"}),
    ("git tag v1", {"git-command"}),
    ("git tag -m x v1", {"git-command", "writing-flag"}),
    ("git config user.name me", {"git-command"}),
    ("git config --unset user.name", {"writing-flag"}),
    ("git config -e", {"executing-flag"}),
    ("git config get user.name", NOTHING),
    ("git config list", NOTHING),
    ("git config edit", {"git-command"}),
    ("git log -p --submodule=diff", {"executing-flag"}),
    ("git cat-file --batch", {"listed-files"}),
    ("git remote add x y", {"git-command"}),
    ("git remote show origin", {"git-command"}),
    ("git stash", {"git-command"}),
    ("git stash -p list", {"git-command"}),
    ("git stash drop", {"git-command"}),
    ("git worktree add x", {"git-command"}),
    ("git reflog expire --all", {"git-command"}),
    ("git reflog --date iso delete", {"git-command"}),
    ("git symbolic-ref HEAD refs/heads/x", {"git-command"}),
    ("git config user.name --get", {"git-command"}),
]

OPTIONS = [
    ("git -c core.pager=x log", {"executing-flag"}),
    ("git --exec-path=. log", {"executing-flag"}),
    ("git --git-dir=x log", {"executing-flag"}),
    ("git -p log", {"executing-flag"}),
    ("git -C .. log", {"outside-workspace"}),
    ("git -C src -C ../.. log", {"outside-workspace"}),
    ("git log --output=x", {"writing-flag"}),
    ("git log --outpu x", {"unknown-option", "writing-flag"}),
    ("git diff --ext-diff", {"executing-flag"}),
    ("git show --textconv", {"executing-flag"}),
    ("git log --show-signature", {"executing-flag"}),
    ("git log --format=%G?", {"executing-flag"}),
    ("git for-each-ref --format='%(signature)'", {"executing-flag"}),
    ("git for-each-ref --format='%(*signature:grade)'", {"executing-flag"}),
    ("git for-each-ref --sort=-*signature:key", {"executing-flag"}),
    ("git branch --sort signature", {"executing-flag"}),
    ("git log --format=%+G?", {"executing-flag"}),
    ("git log --format='%h %-GS'", {"executing-flag"}),
    ("git show -s --pretty='format:% GK'", {"executing-flag"}),
    ("git grep signature", NOTHING),
    ("git grep -O x", {"executing-flag"}),
    ("git grep -nOless x", {"executing-flag"}),
    ("git grep -f /etc/passwd", {"outside-workspace"}),
    ("git grep --no-index x /etc", {"followed-links", "outside-workspace"}),
    ("git diff --no-index README.md /etc/passwd", {"followed-links", "outside-workspace"}),
    ("git diff README.md /etc/passwd", {"outside-workspace"}),
    ("git diff --stat-width /etc/passwd README.md", {"outside-workspace"}),
    ("git blame --contents=/etc/passwd README.md", {"outside-workspace"}),
    ("git config -f /etc/passwd --list", {"outside-workspace"}),
    ("git cat-file --filters HEAD:x", {"executing-flag"}),
]
"""Options that run, write, or read other files."""

SECRETS = [
    ("git show HEAD:.env", {"secret-file"}),
    ("git show :0:.env", {"secret-file"}),
    ("git log -p -- .env", {"secret-file"}),
    ("git log -L1,5:.env", {"secret-file"}),
    ("git diff -- ':(top).env'", {"secret-file"}),
    ("git cat-file -p HEAD:deploy/id_rsa", {"secret-file"}),
]


@pytest.mark.parametrize(("command", "expected"), READING + CHANGING + OPTIONS + SECRETS)
def test_commands_are_judged(command: str, expected: frozenset[str] | set[str], root: Path) -> None:
    assert checks(root, command) == expected


@pytest.mark.parametrize("command", sorted(TABLES))
def test_an_option_that_is_not_listed_is_never_low(command: str, root: Path) -> None:
    for option in ("--no-such-option", "--upload-pack=x", "--receive-pack", "--exec=x", "--edit-x"):
        found = judge(root, "git", command, option)
        assert "unknown-option" in {one.check for one in found}, option


@pytest.mark.parametrize("command", ["log -1", "show HEAD:README.md", "status", "branch"])
def test_settings_that_run_a_program_make_each_command_ask(command: str, tmp_path: Path) -> None:
    root = make_workspace(tmp_path, config=CONFIG + "[core]\n\tfsmonitor = ./x\n")
    (found,) = judge(root, "git", *command.split())
    assert found.check == "git-helpers"
    assert "core.fsmonitor" in found.detail


def test_a_path_to_hooks_matters_where_git_looks_at_files(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, config=CONFIG + "[core]\n\thooksPath = .husky/_\n")
    assert checks(root, "git log") == NOTHING
    assert checks(root, "git status") == {"git-helpers"}


def test_another_folder_has_settings_of_its_own(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    make_workspace(root / "planted", config="[core]\n\tfsmonitor = ./x\n")
    assert checks(root, "git log") == NOTHING
    assert checks(root, "git -C planted log") == {"git-helpers"}


HOOKS = ("fsmonitor-watchman", "post-checkout", "pre-commit", "reference-transaction", "update")


def make_trapped_repository(folder: Path) -> Path:
    """Make a repository whose hooks and attributes would all leave a file behind."""
    root = make_workspace(folder / "root")
    git = ("git", "-C", root, "-c", "user.name=it", "-c", "user.email=it@example.org")
    (root / ".gitattributes").write_text("* diff=x filter=x merge=x\n", encoding="utf-8")
    for arguments in (("add", "."), ("commit", "-qm", "one"), ("branch", "-M", "main")):
        subprocess.run((*git, *arguments), check=True, capture_output=True)
    (root / "README.md").write_text("changed\n", encoding="utf-8")
    for hook in HOOKS:
        path = root / ".git" / "hooks" / hook
        path.write_text(f"#!/bin/sh\ntouch {folder}/fired\n", encoding="utf-8")
        path.chmod(0o755)
    return root


def run_git(root: Path, line: str) -> None:
    subprocess.run(shlex.split(line), cwd=root, capture_output=True, check=False, timeout=10)


def test_where_the_settings_are_harmless_git_runs_nothing(tmp_path: Path) -> None:
    root = make_trapped_repository(tmp_path)
    lines = EVERYDAY.read_text(encoding="utf-8").splitlines()
    plain = [line for line in lines if line.startswith("git ") and not set(line) & set("|&")]
    assert len(plain) > 80
    for line in plain:
        assert checks(root, line) == NOTHING, line
        run_git(root, line)
    assert not (tmp_path / "fired").exists()


def test_where_they_are_found_harmful_it_does(tmp_path: Path) -> None:
    root = make_trapped_repository(tmp_path)
    run_git(root, f"git config core.fsmonitor 'touch {tmp_path}/fired;:'")
    assert checks(root, "git status") == {"git-helpers"}
    run_git(root, "git status")
    assert (tmp_path / "fired").exists()
