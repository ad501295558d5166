"""What each command says at its start: interrupted changes, a journal that is of no use."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

from lsp_agent.cli.opening import recovery_lines
from mcp_tools.types.contents import State
from mcp_tools.types.journal import Actor, NewEntry, Origin, Transition
from mcp_tools.workspace.disk.recovery import Recovered
from mcp_tools.workspace.journal.journal import Journal
from tests.lsp_agent.cli.conftest import LETTERS, change, git_diff, shown_json
from tests.lsp_agent.cli.program import LIMIT_S, ROOT, Program

BEGIN = """\
import os, sys
from pathlib import Path
from lsp_agent.config.settings import state_folder
from mcp_tools.types.contents import State
from mcp_tools.types.journal import Actor, NewEntry, Origin, Transition
from mcp_tools.workspace.journal.journal import Journal

root = Path.cwd()
before = {p: State(content=p.read_text(), mode=0o644) for p in sorted(root.glob("*.txt"))}
transitions = tuple(
    Transition(path=p, before=s, after=State(content="changed\\n", mode=0o644))
    for p, s in before.items()
)
origin = Origin(actor=Actor.USER, name="accept")
new = NewEntry(label="Edit it", origin=origin, transitions=transitions)
Journal(state_folder(root), root).begin(new)
for name in sys.argv[1:]:
    (root / name).write_text("changed\\n")
os._exit(9)
"""
"""A program that is ended in the middle of a change of all text files; it has made some."""

COMMANDS = (("history",), ("undo",), ("review",), ("review", "--accept"))


def end_in_the_middle(program: Program, *made: str) -> None:
    (program.cwd / "other.txt").write_text("other\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", BEGIN, *made],
        cwd=program.cwd,
        env=program.environment,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 9


def read(program: Program, name: str) -> str:
    return (program.cwd / name).read_text(encoding="utf-8")


def with_state_in(program: Program, folder: object) -> Program:
    variables = {"LSP_AGENT_STATE_DIR": str(folder)}
    return Program(home=program.home, cwd=program.cwd, variables=variables)


def test_an_interrupted_change_is_put_back_and_told_once(plain: Program) -> None:
    end_in_the_middle(plain, "letters.txt")
    done = plain.run("history")
    assert done.stderr.splitlines()[:2] == [
        "The program was ended during change #1 (Edit it); nothing of it stays.",
        "Put back as before it: letters.txt.",
    ]
    assert "#1  just now  Edit it (interrupted)\n" in done.stdout
    assert "    cannot be undone: nothing of it stayed\n" in done.stdout
    assert (read(plain, "letters.txt"), read(plain, "other.txt")) == (LETTERS, "other\n")
    assert plain.run("history").stderr == ""


def test_a_change_that_cannot_be_put_back_yet_is_told_as_such(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", tmp_path)
    gone = State(content="gone\n", mode=0o644)
    new = NewEntry(
        label="Edit it",
        origin=Origin(actor=Actor.USER, name="accept"),
        transitions=(Transition(path=tmp_path / "a.txt", before=gone, after=None),),
    )
    pending = Recovered(entry=journal.begin(new), put_back=(), left=("a.txt",), is_finished=False)
    journal.close()
    assert list(recovery_lines(pending)) == [
        "The program was ended during change #1 (Edit it); it cannot be put back yet, which is "
        "tried again at the next start: a.txt."
    ]


def test_what_was_changed_since_an_interrupted_change_is_left_and_named(plain: Program) -> None:
    end_in_the_middle(plain, "letters.txt", "other.txt")
    (plain.cwd / "other.txt").write_text("mine\n", encoding="utf-8")
    done = plain.run("undo")
    assert done.returncode == 2
    assert "Left alone, since they were changed again: other.txt.\n" in done.stderr
    assert (read(plain, "letters.txt"), read(plain, "other.txt")) == (LETTERS, "mine\n")


def test_a_change_that_only_lacked_its_confirmation_is_kept(plain: Program) -> None:
    end_in_the_middle(plain, "letters.txt", "other.txt")
    done = plain.run("review")
    assert done.stderr.splitlines()[0] == (
        "The program was ended during change #1 (Edit it); it had been made, and is kept."
    )
    assert read(plain, "letters.txt") == "changed\n"
    assert plain.run("undo").returncode == 0
    assert (read(plain, "letters.txt"), read(plain, "other.txt")) == (LETTERS, "other\n")


def test_a_state_folder_that_cannot_be_used_is_named_and_nothing_is_changed(
    program: Program, project: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("", encoding="utf-8")
    there = with_state_in(program, taken)
    for arguments in COMMANDS:
        done = there.run(*arguments)
        assert done.returncode == 1, (arguments, done.stderr)
        assert done.stderr.count(str(taken)) == 1, done.stderr
    applied = there.run("fix", "lengths.py", "--apply")
    assert applied.returncode == 1
    assert f"the undo journal in '{taken}" in applied.stderr
    assert "Traceback" not in applied.stderr
    assert git_diff(project) == ""
    # What would be changed can still be looked at.
    shown = there.run("fix", "lengths.py")
    assert shown.returncode == 0
    assert "+    return sum(len(word) for word in words)" in shown.stdout
    assert "Traceback" not in shown.stderr
    assert shown.stderr.endswith("Nothing was written.\n")


def test_a_state_folder_that_is_no_absolute_path_is_wrong_usage(plain: Program) -> None:
    done = with_state_in(plain, "here").run("history")
    assert done.returncode == 2
    assert "LSP_AGENT_STATE_DIR: expected an absolute path, got 'here'" in done.stderr


def test_a_journal_of_a_newer_version_is_refused_and_left_alone(
    plain: Program, tmp_path: Path
) -> None:
    there = with_state_in(plain, tmp_path / "state")
    change(there, "echo >new.txt")
    (database,) = (tmp_path / "state").rglob("journal.db")
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 4711")
    connection.close()
    before = database.read_bytes()
    for arguments in (*COMMANDS, ("run", "--apply", "--", "touch", "second.txt")):
        done = there.run(*arguments)
        assert done.returncode == 1, (arguments, done.stderr)
        assert "newer" in done.stderr
        assert "Traceback" not in done.stderr
    assert database.read_bytes() == before
    assert not (plain.cwd / "second.txt").exists()


def test_a_folder_that_is_no_project_is_wrong_usage(plain: Program) -> None:
    at_home = Program(home=plain.home, cwd=plain.home)
    for arguments in (*COMMANDS, ("run", "--", "true")):
        done = at_home.run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is no project; go to one, or name its folder by --root" in done.stderr
    done = plain.run("history", "--root", "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr


def test_the_state_is_in_private_folders_of_the_user(plain: Program, tmp_path: Path) -> None:
    state = tmp_path / "state"
    there = with_state_in(plain, state)
    change(there, "echo secret >new.txt")
    kept = [path for path in state.rglob("*") if path.parent.parent.parent != state]
    assert kept
    for path in kept:
        assert path.stat().st_mode & 0o077 == 0, path
    assert json.dumps(shown_json(there, "history")).count("echo secret") >= 1
    assert not list(plain.cwd.glob(".*"))
    assert ROOT not in state.parents
