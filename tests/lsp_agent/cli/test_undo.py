"""`lsp-agent undo`: what is taken back, what is left alone, and every exit code."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from tests.lsp_agent.cli.conftest import LETTERS, change, propose, shown_json
from tests.lsp_agent.cli.documented import CHANGING, EVERY, documented
from tests.lsp_agent.cli.program import LIMIT_S, Program
from tests.lsp_agent.cli.trees import walked


def text_of(program: Program) -> str:
    return (program.cwd / "letters.txt").read_text(encoding="utf-8")


def write(program: Program, text: str) -> None:
    (program.cwd / "letters.txt").write_text(text, encoding="utf-8")


def test_the_newest_change_is_taken_back_and_shown(plain: Program) -> None:
    change(plain, "sed -i s/^b/B/ letters.txt")
    changed = text_of(plain)
    change(plain, "sed -i s/^s/S/ letters.txt")
    done = plain.run("undo")
    assert done.returncode == 0, done.stderr
    assert text_of(plain) == changed
    assert [line for line in done.stdout.splitlines() if line[:1] in "+-"][2:] == ["-S", "+s"]
    assert "This is #3 in the history; `lsp-agent undo --redo` turns it round." in done.stderr
    assert plain.run("undo").returncode == 0
    assert text_of(plain) == LETTERS
    done = plain.run("undo", "--redo")
    assert done.returncode == 0
    assert text_of(plain) == changed


def test_nothing_to_take_back_is_2(plain: Program) -> None:
    for arguments in (("undo",), ("undo", "--redo"), ("undo", "1"), ("undo", "--turn", "x")):
        done = plain.run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("lsp-agent: there is no ")
    change(plain, "echo >new.txt")
    assert plain.run("undo", "1").returncode == 0
    again = plain.run("undo", "1")
    assert again.returncode == 2
    assert "is taken back already, by #2; redo that" in again.stderr


def test_a_dry_run_shows_all_and_changes_nothing(plain: Program) -> None:
    change(plain, "sed -i -e s/^b/B/ -e s/^s/S/ letters.txt; mkdir made")
    write(plain, text_of(plain).replace("B\n", "mine\n"))
    before = walked(plain.cwd)
    done = plain.run("undo", "--dry-run")
    assert done.returncode == 1
    assert done.stdout.startswith("# deleted folder 'made'\n--- a/letters.txt\n")
    assert "\n-S\n+s\n" in done.stdout
    assert "Left alone: letters.txt:2: these lines were changed again" in done.stderr
    assert "Nothing was changed, since this is a dry run." in done.stderr
    assert walked(plain.cwd) == before
    dry = shown_json(plain, "undo", "--dry-run", exit_code=1)
    assert (dry["dry_run"], dry["applied"], dry["entries"]) == (True, False, [])
    made = shown_json(plain, "undo", exit_code=1)
    assert (made["dry_run"], made["applied"], made["entries"]) == (False, True, [2])
    for name in ("diff", "conflicts", "targets"):
        assert made[name] == dry[name]


def test_lines_that_were_changed_since_are_left_alone_and_named(plain: Program) -> None:
    change(plain, "sed -i -e s/^b/B/ -e s/^s/S/ letters.txt")
    write(plain, text_of(plain).replace("B\n", "mine\n") + "more\n")
    shown = shown_json(plain, "undo", exit_code=1)
    assert set(shown) == documented(EVERY, CHANGING, "`undo` adds")
    assert shown["outcome"] == "not_solved"
    (conflict,) = shown["conflicts"]
    assert (conflict["path"], conflict["line"]) == ("letters.txt", 2)
    assert text_of(plain) == LETTERS.replace("b\n", "mine\n") + "more\n"
    (target,) = shown["targets"]
    assert (target["number"], target["path"], len(target["hunks"])) == (1, "letters.txt", 1)


def test_a_change_that_somebody_wrote_over_stays_whole(plain: Program) -> None:
    change(plain, "sed -i s/^b/B/ letters.txt")
    write(plain, LETTERS.replace("b\n", "mine\n"))
    done = plain.run("undo")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing was taken back, what is there now was kept: letters.txt" in done.stderr
    assert "mine\n" in text_of(plain)


def test_a_file_a_hunk_or_a_turn_can_be_taken_back_alone(plain: Program) -> None:
    change(plain, "sed -i -e s/^b/B/ -e s/^s/S/ letters.txt; mkdir in; echo x >in/new.txt")
    (entry,) = shown_json(plain, "history", "1")["history"]
    (hunks,) = [file["hunks"] for file in entry["files"] if file["path"] == "letters.txt"]
    done = plain.run("undo", "1", "--hunk", hunks[1]["id"][:5])
    assert done.returncode == 0, done.stderr
    assert text_of(plain) == LETTERS.replace("b\n", "B\n")
    inside = Program(home=plain.home, cwd=plain.cwd / "in")
    done = inside.run("undo", "--file", "new.txt", "--root", "..")
    assert done.returncode == 0, done.stderr
    assert not (plain.cwd / "in/new.txt").exists()
    assert (plain.cwd / "in").is_dir()
    assert plain.run("undo", "--turn", entry["turn"]).returncode == 0
    assert walked(plain.cwd) == {"letters.txt": ("file", 0o644, LETTERS.encode())}


def test_all_changes_since_a_moment_are_taken_back(plain: Program) -> None:
    change(plain, "echo >one.txt")
    after_one = walked(plain.cwd)
    moment = datetime.now().astimezone().isoformat()
    change(plain, "sed -i s/^b/B/ letters.txt")
    change(plain, "rm one.txt")
    assert plain.run("undo").returncode == 0
    done = plain.run("undo", "--to", moment)
    assert done.returncode == 0, done.stderr
    assert f"Back to what was there at {moment[:10]} {moment[11:19]}" in done.stderr
    assert walked(plain.cwd) == after_one
    done = plain.run("undo", "--redo")
    assert done.returncode == 0, done.stderr
    assert "B\n" in text_of(plain)
    done = plain.run("undo", "--to", "#1")
    assert "Back to what was there after #1 (Run: echo >one.txt)." in done.stderr
    assert walked(plain.cwd) == after_one
    assert plain.run("undo", "--to", "0s").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("1", "--to", "5m"), "expected an ENTRY, or one of --to, --turn and --session, got both"),
        (("--hunk", "abcd"), "name its ENTRY too"),
        (("--to", "soon"), "expected a moment such as"),
        (("--to", "9"), "there is no entry '9' in the history"),
        (("1", "--hunk", "ffffffff"), "#1 has no hunk 'ffffffff'; it has "),
        (("1", "--file", "other.txt"), "did not change 'other.txt'"),
        (("--file", "/etc/passwd"), "is not in the workspace"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(
    plain: Program, arguments: tuple[str, ...], said: str
) -> None:
    change(plain, "echo >new.txt")
    done = plain.run("undo", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_became_a_folder_is_left_alone(plain: Program) -> None:
    change(plain, "sed -i s/^b/B/ letters.txt; echo >new.txt")
    (plain.cwd / "letters.txt").unlink()
    (plain.cwd / "letters.txt").mkdir()
    (plain.cwd / "letters.txt/mine.txt").write_text("mine", encoding="utf-8")
    done = plain.run("undo")
    assert done.returncode == 1
    assert "Left alone: letters.txt: it is no text file any more" in done.stderr
    assert not (plain.cwd / "new.txt").exists()
    assert (plain.cwd / "letters.txt/mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_commit_in_the_meantime_changes_nothing_about_it(program: Program, project: Path) -> None:
    """It needs no repository, and where there is one it is not looked at."""
    assert program.run("fix", "lengths.py", "--apply").returncode == 0
    index = (project / ".git/index").read_bytes()
    shutil.rmtree(project / ".git/objects")
    assert program.run("undo", "--root", ".").returncode == 0
    assert "wrds" in (project / "lengths.py").read_text(encoding="utf-8")
    assert (project / ".git/index").read_bytes() == index


def test_two_undos_at_once_take_back_two_changes_or_one(plain: Program) -> None:
    change(plain, "sed -i s/^b/B/ letters.txt")
    change(plain, "sed -i s/^s/S/ letters.txt")
    with plain.started("undo", "--json") as first, plain.started("undo", "--json") as second:
        outputs = [process.communicate(timeout=LIMIT_S)[0] for process in (first, second)]
    results = [json.loads(output) for output in outputs if output]
    undone = {target["number"] for result in results for target in result["targets"]}
    assert all(result["outcome"] == "done" for result in results)
    # The text is what the history says, whichever of the two was first.
    expected = LETTERS if undone == {1, 2} else LETTERS.replace("b\n", "B\n")
    assert undone in ({1, 2}, {2})
    assert text_of(plain) == expected
    listed = shown_json(plain, "history")["history"]
    assert {e["number"] for e in listed if e["status"] == "undone"} == undone


def test_a_proposal_that_was_accepted_and_undone_does_not_wait_again(plain: Program) -> None:
    proposal_id = propose(plain, "echo >new.txt")
    assert plain.run("review", proposal_id, "--accept").returncode == 0
    assert plain.run("undo").returncode == 0
    assert shown_json(plain, "review")["proposals"] == []
