"""Tests of which program a command runs."""

from pathlib import Path

import pytest

from lsp_agent.permissions.shell.disk_world import DiskWorld
from tests.lsp_agent.permissions.shell.gate import Gate, make_gate


@pytest.mark.parametrize("line", ["./tool", "src/../tool", "inner/../tool"])
def test_a_program_of_the_workspace_is_seen_by_any_name(gate: Gate, line: str) -> None:
    assert "workspace-program" in gate.checks(line)


def test_a_program_is_of_the_workspace_where_path_leads_into_it(tmp_path: Path) -> None:
    gate = make_gate(tmp_path)
    (gate.root / "ls").write_text("", encoding="utf-8")
    (gate.root / "ls").chmod(0o755)
    programs = tmp_path / "bin"
    shadowed = Gate(root=gate.root, world=DiskWorld(f"{gate.root}:{programs}"))
    assert "workspace-program" in shadowed.checks("ls")
    beside = Gate(root=gate.root, world=DiskWorld(f":{programs}"))
    assert "workspace-program" in beside.checks("ls")
    assert "workspace-program" not in gate.checks("ls")


def test_a_link_counts_by_its_name_and_by_where_it_leads(tmp_path: Path) -> None:
    gate = make_gate(tmp_path)
    (gate.root / "cat").symlink_to(tmp_path / "bin" / "rm")
    (tmp_path / "bin" / "wc").unlink()
    (tmp_path / "bin" / "wc").symlink_to(gate.root / "tool")
    assert "workspace-program" in gate.checks("./cat a.py")
    assert "workspace-program" in gate.checks("wc a.py")


def test_a_path_to_a_program_is_fine_where_its_name_means_the_same(
    gate: Gate, tmp_path: Path
) -> None:
    own = gate.world.program("ls", gate.root)
    assert gate.checks(f"{own} -la") == {}
    assert "program-by-path" in gate.checks("../outside/ls")


def test_a_builtin_is_no_program(gate: Gate) -> None:
    assert gate.checks("echo a && pwd && true") == {}
