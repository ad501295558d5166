"""What of a session is written down, and what is not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.audit.auditing import MAX_CHARS, MAX_PATHS, Auditor
from lsp_agent.audit.log import AuditLog
from lsp_agent.audit.trail import AuditTrail
from mcp_tools.registry import discover
from mcp_tools.types.calls import (
    CallEffect,
    EditEffect,
    EditOutcome,
    Effect,
    Ruling,
    ToolCall,
    ToolResult,
    Verdict,
)
from mcp_tools.types.edits import ChangeSet, CreateFile
from mcp_tools.types.json import JsonObject

ROOT = Path("/project")
(WRITE_FILE,) = [tool for tool in discover() if tool.name == "write_file"]
CALL = ToolCall(id="call-1", name="write_file", arguments={"path": "a", "content": "hunter2"})


class Yes:
    """A gate that allows everything."""

    async def judge(self, effect: Effect) -> Ruling:
        """Allow it."""
        del effect
        return Ruling(verdict=Verdict.ALLOW, reason="x" * 1000)


def changes(count: int) -> ChangeSet:
    files = tuple(CreateFile(path=ROOT / f"f{i:03}", text="hunter2") for i in range(count))
    return ChangeSet(label="it", files=files)


@pytest.mark.asyncio
async def test_rulings_and_results_are_written_without_what_was_given(tmp_path: Path) -> None:
    trail = AuditTrail(AuditLog(tmp_path))
    auditor = Auditor(trail=trail, root=ROOT, session_id="s", who="client")
    gate = auditor.over(Yes())
    assert (await gate.judge(CallEffect(tool=WRITE_FILE, call=CALL))).verdict is Verdict.ALLOW
    await gate.judge(EditEffect(tool=WRITE_FILE, call=CALL, changes=changes(MAX_PATHS + 5)))
    done = ToolResult(call_id="call-1", name="write_file", text="hunter2")
    auditor.called(CALL, replace(done, changes=changes(1), edit_outcome=EditOutcome.HELD))
    auditor.called(CALL, replace(done, is_error=True))
    auditor.called(CALL, replace(done, is_error=True, is_denied=True))
    trail.close()
    texts, found = AuditLog(tmp_path).check()
    assert not found
    assert "hunter2" not in "".join(texts)
    lines: list[JsonObject] = [json.loads(text) for text in texts]
    ruling, edit, *calls = lines
    common = {"who": "client", "session": "s", "root": "/project", "tool": "write_file"}
    assert all(common.items() <= line.items() for line in lines)
    assert (ruling["about"], ruling["verdict"]) == ("call", "allow")
    assert ruling["reason"] == "x" * MAX_CHARS + "..."
    assert (edit["about"], edit["n_paths"]) == ("edit", MAX_PATHS + 5)
    assert edit["paths"] == [f"f{i:03}" for i in range(MAX_PATHS)]
    assert [line["outcome"] for line in calls] == ["done", "failed", "denied"]
    assert [line["edit"] for line in calls] == ["held", "none", "none"]
