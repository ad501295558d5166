"""Tests of which shell a line is for."""

from pathlib import Path

from mcp_tools.types.calls import Risk
from tests.lsp_agent.permissions.shell.gate import make_gate


def test_without_bash_only_single_programs_are_judged(tmp_path: Path) -> None:
    gate = make_gate(tmp_path)
    (tmp_path / "bin" / "bash").unlink()
    assert gate.checks("ls | wc")["other-shell"] == Risk.HIGH
    assert gate.checks("ls src/*.py")["other-shell"] == Risk.HIGH
    assert gate.checks("ls -la") == {}


def test_a_bash_of_the_workspace_is_none(tmp_path: Path) -> None:
    gate = make_gate(tmp_path)
    (tmp_path / "bin" / "bash").unlink()
    (tmp_path / "bin" / "bash").symlink_to(gate.root / "tool")
    assert gate.checks("ls | wc")["other-shell"] == Risk.HIGH
    assert gate.checks("ls")["other-shell"] == Risk.HIGH
