"""The decision about each effect, as a table."""

from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.permissions.decision import (
    PROTECTED_FILES,
    PROTECTED_FOLDERS,
    Choice,
    Decision,
    decide,
    protected_paths,
)
from mcp_tools.registry import discover
from mcp_tools.types.calls import CallEffect, EditEffect, Tool, ToolCall
from mcp_tools.types.edits import ChangeSet, CreateFile, DeleteFile, FileChange, RenameFile
from mcp_tools.types.text import digest_of

ROOT = Path("/project")
CALL = ToolCall(id="1", name="it", arguments={})
BASE = digest_of("")
(READ_FILE,) = [tool for tool in discover() if tool.name == "read_file"]


def edit(*files: FileChange) -> Decision:
    changes = ChangeSet(label="it", files=files)
    return decide(EditEffect(tool=READ_FILE, call=CALL, changes=changes), ROOT)


def making(name: str) -> FileChange:
    return CreateFile(path=ROOT / name, text="")


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        (READ_FILE, Choice.ALLOW),
        (replace(READ_FILE, is_open_world=True), Choice.ASK),
        (replace(READ_FILE, is_pure=False), Choice.ASK),
        (replace(READ_FILE, is_pure=False, is_open_world=True), Choice.ASK),
    ],
)
def test_only_a_pure_call_inside_of_the_workspace_is_free(tool: Tool, expected: Choice) -> None:
    assert decide(CallEffect(tool=tool, call=CALL), ROOT).choice is expected


def test_every_tool_that_computes_edits_may_run() -> None:
    choices = {decide(CallEffect(tool=tool, call=CALL), ROOT).choice for tool in discover()}
    assert choices == {Choice.ALLOW}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.py", Choice.HOLD),
        ("git/hooks/x", Choice.HOLD),
        ("a.git", Choice.HOLD),
        (".gitignore", Choice.HOLD),
        ("sub/.git/config", Choice.ASK),
        (".git", Choice.ASK),
        (".GiT/config", Choice.ASK),
        (".g\u200cit/config", Choice.ASK),
        (".hus\u212ay/pre-commit", Choice.ASK),
        (".v\u017fcode/tasks.json", Choice.ASK),
        (".lsp-agent/hooks.toml", Choice.ASK),
        ("sub/.EnvRC", Choice.ASK),
        (".envrc/a.py", Choice.HOLD),
        (".pre-commit-config.yaml", Choice.ASK),
    ],
)
def test_an_edit_of_what_can_run_later_asks(name: str, expected: Choice) -> None:
    assert edit(making(name)).choice is expected


@pytest.mark.parametrize("name", sorted(PROTECTED_FOLDERS | PROTECTED_FILES))
def test_every_protected_name_asks(name: str) -> None:
    decision = edit(making(name))
    assert decision == Decision(choice=Choice.ASK, reason=f"{name} can make programs run later")


def test_names_in_the_tables_are_as_they_are_compared() -> None:
    assert all(name == name.casefold() for name in PROTECTED_FOLDERS | PROTECTED_FILES)


@pytest.mark.parametrize("path", ["/other/a.py", "/project-2/a.py", "/", "/project"])
def test_an_edit_outside_is_denied(path: str) -> None:
    decision = edit(making("a.py"), CreateFile(path=Path(path), text=""))
    if path == "/project":
        # The root itself is inside; that it is a folder is for the sink to say.
        assert decision.choice is Choice.HOLD
    else:
        assert decision == Decision(
            choice=Choice.DENY, reason=f"{path} is outside of the workspace"
        )


def test_one_protected_file_among_many_asks() -> None:
    assert edit(making("a.py"), making(".git/config")).choice is Choice.ASK


def test_a_rename_is_judged_by_both_names() -> None:
    old, new = ROOT / "a.py", ROOT / ".git/hooks/pre-commit"
    assert edit(RenameFile(path=old, new_path=new, base=BASE)).choice is Choice.ASK
    assert edit(RenameFile(path=new, new_path=old, base=BASE)).choice is Choice.ASK
    out = RenameFile(path=old, new_path=Path("/other/a.py"), base=BASE)
    assert edit(out).choice is Choice.DENY


def test_a_deletion_is_held_like_any_edit() -> None:
    assert edit(DeleteFile(path=ROOT / "a.py", base=BASE)).choice is Choice.HOLD


def test_protected_paths_keep_their_order() -> None:
    paths = tuple(ROOT / name for name in (".zed/x", "a.py", ".git/x"))
    assert protected_paths(paths, ROOT) == (paths[0], paths[2])
