"""What the doctor finds of us in the settings of MCP clients."""

import json
from pathlib import Path
from typing import Any

from lsp_agent.version import VERSION
from tests.lsp_agent.cli.program import Program


def _checks(program: Program) -> dict[str, dict[str, Any]]:
    return {
        check["name"]: check
        for check in json.loads(program.run("doctor", "--json").stdout)["checks"]
    }


def test_without_an_entry_the_doctor_tells_how_to_make_one(program: Program) -> None:
    check = _checks(program)["MCP clients"]
    assert check["state"] == "note"
    assert "mcp install CLIENT" in check["advice"]


def test_an_entry_is_started_and_one_that_does_not_start_is_broken(
    program: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    old = folder / "lsp-agent"
    answers: list[dict[str, object]] = [
        {"id": 1, "result": {"serverInfo": {"version": "0.0.1"}}},
        {"id": 2, "result": {"tools": []}},
    ]
    lines = "\n".join(json.dumps(answer) for answer in answers)
    old.write_text(f"#!/bin/sh\ncat <<'END'\n{lines}\nEND\n", encoding="utf-8")
    old.chmod(0o755)
    assert program.run("mcp", "install", "codex", "--yes").returncode == 0
    cursor = program.home / ".cursor" / "mcp.json"
    cursor.parent.mkdir()
    entry = {"command": str(old), "args": ["mcp"]}
    cursor.write_text(json.dumps({"mcpServers": {"mine": entry}}), encoding="utf-8")
    gone = {"command": "/gone/lsp-agent", "args": ["mcp"]}
    (program.home / ".claude.json").write_text(
        json.dumps({"mcpServers": {"lsp-agent": gone}}), encoding="utf-8"
    )
    (program.home / ".gemini").mkdir()
    (program.home / ".gemini" / "settings.json").write_text("{", encoding="utf-8")
    checks = _checks(program)
    assert checks["Codex"]["state"] == "ok"
    assert VERSION in checks["Codex"]["detail"]
    assert checks["Cursor"]["state"] == "note"
    assert "0.0.1" in checks["Cursor"]["detail"]
    assert checks["Cursor"]["advice"].endswith("mcp install cursor --name mine`")
    assert checks["Claude Code"]["state"] == "broken"
    assert "/gone/lsp-agent" in checks["Claude Code"]["detail"]
    assert "line 1, column 2" in checks["Gemini CLI"]["detail"]
    assert "MCP clients" not in checks
