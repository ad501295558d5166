"""The audit log on the command line: shown, and checked."""

import json
from pathlib import Path

import pytest

from lsp_agent.app import audit_folder
from lsp_agent.audit.log import AuditLog
from mcp_tools.types.json import JsonObject
from tests.lsp_agent.cli.program import Program


@pytest.fixture
def log(program: Program, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The log of two calls, in the program's own home."""
    monkeypatch.setenv("HOME", str(program.home))
    call: JsonObject = {"at": "2026-01-02T03:04:05+00:00", "who": "test client"}
    ruled: JsonObject = {**call, "kind": "ruling", "verdict": "allow", "reason": "it is free"}
    held: JsonObject = {"kind": "call", "outcome": "done", "edit": "held", "paths": ["lengths.py"]}
    AuditLog(audit_folder(project)).append(
        [
            {**ruled, "tool": "read_file", "about": "call"},
            {**call, "kind": "call", "tool": "read_file", "outcome": "done", "edit": "none"},
            {**ruled, "tool": "edit_file", "about": "call", "who": "\u202eliar\x1b[2J"},
            {**call, **held, "tool": "edit_file"},
        ]
    )
    (path,) = program.home.rglob("calls.jsonl")
    return path


def test_nothing_was_done_yet(program: Program) -> None:
    assert program.run("audit", "verify").stdout == "Nothing has been written down yet.\n"
    assert program.run("audit", "show").stdout == ""


def test_a_whole_log_is_said_to_be_whole(program: Program, log: Path) -> None:
    n_lines = len(log.read_text(encoding="utf-8").splitlines())
    done = program.run("audit", "verify")
    assert (done.returncode, done.stdout) == (0, f"The log is whole: {n_lines} lines.\n")
    report = json.loads(program.run("audit", "verify", "--json").stdout)
    assert report == {"schema": 1, "n_lines": n_lines, "is_whole": True, "problems": []}
    shown = program.run("audit", "show", "-n", "2").stdout.splitlines()
    assert len(shown) == 2
    assert "edit held: lengths.py" in shown[1]


@pytest.mark.parametrize("what", ["changed", "removed", "removed at the end", "put in"])
def test_whatever_was_done_to_it_is_found(program: Program, log: Path, what: str) -> None:
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    match what:
        case "changed":
            lines[1] = lines[1].replace("done", "deny")
        case "removed":
            del lines[1]
        case "removed at the end":
            del lines[-1]
        case _:
            lines.insert(1, lines[0])
    log.write_text("".join(lines), encoding="utf-8")
    done = program.run("audit", "verify")
    assert done.returncode == 1
    assert "The log is not whole" in done.stdout
    report = json.loads(program.run("audit", "verify", "--json").stdout)
    assert (report["is_whole"], bool(report["problems"])) == (False, True)


def test_what_a_terminal_would_obey_is_escaped(program: Program, log: Path) -> None:
    assert log.exists()
    shown = program.run("audit", "show").stdout
    assert "\\u202eliar\\x1b[2J" in shown
    assert "\u202e" not in shown
    assert "\x1b" not in shown


def test_what_cannot_be_meant_is_said(program: Program) -> None:
    assert program.run("audit").returncode == 2
    assert program.run("audit", "show", "--root", "gone").returncode == 2
