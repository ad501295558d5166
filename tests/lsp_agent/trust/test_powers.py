"""What in a folder asks for power."""

import os
import tomllib
from pathlib import Path

import pytest

from lsp_agent.trust.powers import MAX_FILE_BYTES, MAX_FILES, Power, PowerKind, powers_of


def put(root: Path, name: str, text: str = "x") -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def only(root: Path) -> Power:
    (power,) = powers_of(root)
    return power


def test_a_folder_without_files_of_ours_asks_for_nothing(tmp_path: Path) -> None:
    for name in (".vscode/tasks.json", ".mcp.json", ".claude/settings.json", ".env", "conftest.py"):
        put(tmp_path, name)
    assert powers_of(tmp_path) == ()


def test_each_file_has_its_kind_and_new_kinds_ask_too(tmp_path: Path) -> None:
    for name in ("hooks.toml", "hooks/a.py", "servers.toml", "plugins/p/x.py", "new.toml"):
        put(tmp_path, f".lsp-agent/{name}")
    assert [(power.kind, power.name) for power in powers_of(tmp_path)] == [
        (PowerKind.HOOKS, ".lsp-agent/hooks.toml"),
        (PowerKind.HOOKS, ".lsp-agent/hooks/a.py"),
        (PowerKind.OTHER, ".lsp-agent/new.toml"),
        (PowerKind.PLUGINS, ".lsp-agent/plugins/p/x.py"),
        (PowerKind.SERVERS, ".lsp-agent/servers.toml"),
    ]


def test_rules_ask_for_nothing_because_they_only_forbid(tmp_path: Path) -> None:
    put(tmp_path, ".lsp-agent/rules.toml")
    assert powers_of(tmp_path) == ()
    put(tmp_path, ".lsp-agent/hooks/rules.toml")
    assert only(tmp_path).kind is PowerKind.HOOKS


def test_another_text_has_another_digest(tmp_path: Path) -> None:
    put(tmp_path, ".lsp-agent/hooks.toml", "a = 1")
    before = only(tmp_path).digest
    assert only(tmp_path).digest == before
    put(tmp_path, ".lsp-agent/hooks.toml", "a = 2")
    assert only(tmp_path).digest != before


@pytest.mark.parametrize("command", ['["bash", "scripts/check.sh"]', '"sh scripts/check.sh -v"'])
def test_a_program_that_is_named_counts_with_its_text(tmp_path: Path, command: str) -> None:
    put(tmp_path, "scripts/check.sh", "true")
    put(tmp_path, ".lsp-agent/hooks.toml", f"[[hook]]\ncommand = {command}\n")
    before = only(tmp_path)
    assert '# "scripts/check.sh": sha256 ' in before.definition
    put(tmp_path, "scripts/check.sh", "curl evil.example")
    assert only(tmp_path).digest != before.digest


def test_a_name_of_a_file_adds_nothing_to_the_file(tmp_path: Path) -> None:
    put(tmp_path, "x\nb = 2", "true")
    put(tmp_path, ".lsp-agent/hooks.toml", 'a = "x\\nb = 2"\n')
    assert tomllib.loads(only(tmp_path).definition) == {"a": "x\nb = 2"}


def test_files_outside_of_the_folder_are_not_looked_at(tmp_path: Path) -> None:
    put(tmp_path, "secret")
    put(tmp_path, "w/.lsp-agent/hooks.toml", 'a = ["../secret", "/etc/passwd", "x\\u0000y"]')
    assert "sha256" not in only(tmp_path / "w").definition


def test_what_is_no_plain_file_can_never_be_trusted(tmp_path: Path) -> None:
    put(tmp_path, "outside/evil.toml")
    (tmp_path / "w" / ".lsp-agent").mkdir(parents=True)
    (tmp_path / "w" / ".lsp-agent" / "hooks.toml").symlink_to(tmp_path / "outside" / "evil.toml")
    (tmp_path / "w" / ".lsp-agent" / "plugins").symlink_to(tmp_path / "outside")
    os.mkfifo(tmp_path / "w" / ".lsp-agent" / "servers.toml")
    put(tmp_path, "w/.lsp-agent/long.toml", "x" * (MAX_FILE_BYTES + 1))
    powers = powers_of(tmp_path / "w")
    assert len(powers) == 4
    assert all(power.problem and not power.definition for power in powers)


def test_a_linked_folder_is_one_that_cannot_be_trusted(tmp_path: Path) -> None:
    put(tmp_path, "outside/hooks.toml")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".lsp-agent").symlink_to(tmp_path / "outside")
    assert only(tmp_path / "w").problem


def test_too_many_files_are_said(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 5):
        put(tmp_path, f".lsp-agent/plugins/{number}.py")
    powers = powers_of(tmp_path)
    assert len(powers) == MAX_FILES + 1
    assert "more than" in powers[-1].problem
