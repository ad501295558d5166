"""The decision about each effect, as a table."""

from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.permissions.decision import (
    DEFAULT_POLICY,
    PROTECTED_FILES,
    PROTECTED_FOLDERS,
    Choice,
    Decision,
    Level,
    Policy,
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


def edit(*files: FileChange, policy: Policy = DEFAULT_POLICY) -> Decision:
    changes = ChangeSet(label="it", files=files)
    return decide(EditEffect(tool=READ_FILE, call=CALL, changes=changes), ROOT, policy)


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


@pytest.mark.parametrize("tool", discover(), ids=lambda tool: tool.name)
def test_every_tool_that_only_reads_or_computes_edits_may_run(tool: Tool) -> None:
    is_free = tool.is_pure and not tool.is_open_world
    expected = Choice.ALLOW if is_free else Choice.ASK
    assert decide(CallEffect(tool=tool, call=CALL), ROOT).choice is expected


EDITS = replace(READ_FILE, name="edits", is_read_only=False)
RUNS = replace(EDITS, name="runs", is_pure=False)
FETCHES = replace(READ_FILE, name="fetches", is_open_world=True)
FREE, HELD, ASKS, NO = Choice.ALLOW, Choice.HOLD, Choice.ASK, Choice.DENY


@pytest.mark.parametrize(
    ("level", "reads", "edits", "runs", "fetches"),
    [
        (Level.OBSERVE, FREE, NO, NO, ASKS),
        (Level.SUGGEST, FREE, FREE, ASKS, ASKS),
        (Level.EDIT, FREE, FREE, ASKS, ASKS),
        (Level.AUTO, FREE, FREE, FREE, FREE),
    ],
)
def test_what_may_run_at_each_level(
    level: Level, reads: Choice, edits: Choice, runs: Choice, fetches: Choice
) -> None:
    found = [
        decide(CallEffect(tool=tool, call=CALL), ROOT, Policy(level=level)).choice
        for tool in (READ_FILE, EDITS, RUNS, FETCHES)
    ]
    assert found == [reads, edits, runs, fetches]


@pytest.mark.parametrize(
    ("level", "name", "expected"),
    [
        (Level.OBSERVE, "a.py", NO),
        (Level.OBSERVE, ".git/config", NO),
        (Level.SUGGEST, "a.py", HELD),
        (Level.SUGGEST, ".git/config", ASKS),
        (Level.EDIT, "a.py", FREE),
        (Level.EDIT, ".git/config", ASKS),
        (Level.AUTO, "a.py", FREE),
        (Level.AUTO, ".git/config", ASKS),
    ],
)
def test_what_becomes_of_an_edit_at_each_level(level: Level, name: str, expected: Choice) -> None:
    for allowed in (frozenset[str](), frozenset({READ_FILE.name})):
        policy = Policy(level=level, allow=allowed)
        assert edit(making(name), policy=policy).choice is expected
        outside = CreateFile(path=Path("/other/a.py"), text="")
        assert edit(outside, policy=policy).choice is NO


@pytest.mark.parametrize("level", Level)
def test_an_allowed_name_runs_without_a_question_except_for_observers(level: Level) -> None:
    policy = Policy(level=level, allow=frozenset({"runs", "fetches"}))
    runs = decide(CallEffect(tool=RUNS, call=CALL), ROOT, policy).choice
    assert runs is (NO if level is Level.OBSERVE else FREE)
    assert decide(CallEffect(tool=FETCHES, call=CALL), ROOT, policy).choice is FREE


def test_a_question_and_a_refusal_name_what_would_allow_it() -> None:
    asking = decide(CallEffect(tool=RUNS, call=CALL), ROOT)
    assert asking.reason == "runs does more than read, and the level is suggest"
    assert asking.remedy == (
        'start with `--allow runs`, or set `allow = ["runs"]` in the user\'s config.toml'
    )
    shell = replace(RUNS, is_open_world=True, is_read_only=False)
    asking = decide(CallEffect(tool=shell, call=CALL), ROOT)
    assert asking.reason == "runs runs commands, and the level is suggest"
    asking = decide(CallEffect(tool=FETCHES, call=CALL), ROOT)
    assert asking.reason == "fetches reaches the network, and the level is suggest"
    denied = decide(CallEffect(tool=RUNS, call=CALL), ROOT, Policy(level=Level.OBSERVE))
    assert denied.reason == "runs does more than read, and the level is observe"
    assert "--level suggest" in denied.remedy


@pytest.mark.parametrize("level", Level)
def test_turns_of_our_own_agent_end_in_a_proposal(level: Level) -> None:
    policy = Policy(level=level, allow=frozenset({"shell"})).for_turns()
    assert policy.allow == {"shell"}
    assert policy.level is (Level.OBSERVE if level is Level.OBSERVE else Level.SUGGEST)


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
        ("sub/Project.Code-Workspace", Choice.ASK),
        ("a.pth", Choice.ASK),
        ("pth", Choice.HOLD),
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
