"""`lsp-agent review`: what waits, and decisions on it from scripts."""

import json
from typing import Any

import pytest

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.cli.conftest import BROKEN, LETTERS, change, propose, scripted, shown_json
from tests.lsp_agent.cli.documented import CHANGING, EVERY, documented
from tests.lsp_agent.cli.program import Program

THREE_HUNKS = "sed -i -e s/^b/B/ -e s/^j/J/ -e s/^s/S/ letters.txt"
NEW_FILE = "echo hello >new.txt"

READ: dict[str, Any] = {"type": "tool_use", "name": "read_file", "input": {"path": "letters.txt"}}
WRITE_OUT: dict[str, Any] = {
    "type": "tool_use",
    "name": "edit_file",
    "input": {"path": "letters.txt", "old_string": "J\n", "new_string": "jay\n"},
}


def text_of(program: Program) -> str:
    return (program.cwd / "letters.txt").read_text(encoding="utf-8")


def waiting(program: Program) -> list[dict[str, Any]]:
    return shown_json(program, "review")["proposals"]


def hunk_ids(program: Program) -> list[str]:
    """Give the ids of all hunks that wait, from the top down."""
    files = [file for proposal in waiting(program) for file in proposal["files"]]
    return [hunk["id"] for file in files for hunk in file["hunks"]]


def test_what_waits_is_listed_with_its_hunks(plain: Program) -> None:
    proposal_id = propose(plain, f"{THREE_HUNKS}; {NEW_FILE}; mkdir empty")
    done = plain.run("review")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"proposal {proposal_id}: Run: sed -i")
    assert "(5 hunks in 3 files)\n" in done.stdout
    ids = hunk_ids(plain)
    assert f"\nletters.txt:2  hunk {ids[1]}\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n" in done.stdout
    assert f"\nempty  hunk {ids[0]}\n# new folder 'empty'\n" in done.stdout
    assert f"\nnew.txt  hunk {ids[4]}\n--- /dev/null\n+++ b/new.txt\n" in done.stdout
    assert plain.run("review", proposal_id[:4]).stdout == done.stdout


def test_nothing_waits_in_a_new_folder(plain: Program) -> None:
    done = plain.run("review")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "No edits wait for review.\n"
    for option in ("--accept", "--reject", "--explain"):
        done = plain.run("review", option)
        assert (done.returncode, done.stdout) == (2, "")
        assert "no proposal waits for review" in done.stderr


def test_the_json_has_the_documented_fields(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    shown = shown_json(plain, "review")
    assert set(shown) == documented(EVERY, CHANGING, "`review` adds")
    (proposal,) = shown["proposals"]
    assert set(proposal) == documented("A proposal has")
    (file,) = proposal["files"]
    assert set(file) == {"path", "hunks"}
    assert [hunk["line"] for hunk in file["hunks"]] == [2, 10, 19]
    for hunk in file["hunks"]:
        assert set(hunk) == documented("A hunk has") - {"undone"}
        assert (hunk["kind"], hunk["removed"], hunk["added"], hunk["stale"]) == (
            "lines",
            1,
            1,
            None,
        )


def test_one_hunk_is_accepted_one_rejected_and_the_third_waits(plain: Program) -> None:
    proposal_id = propose(plain, THREE_HUNKS)
    first, second, third = hunk_ids(plain)
    accepted = shown_json(plain, "review", proposal_id, "--accept", f"letters.txt:{first[:5]}")
    assert (accepted["applied"], accepted["entries"]) == (True, [1])
    assert text_of(plain) == LETTERS.replace("b\n", "B\n")
    done = plain.run("review", proposal_id, "--reject", second)
    assert done.returncode == 0
    assert "Waiting for review: 1 hunk in all now." in done.stderr
    assert hunk_ids(plain) == [third]
    assert plain.run("review", "--accept", "letters.txt").returncode == 0
    assert text_of(plain) == LETTERS.replace("b\n", "B\n").replace("s\n", "S\n")
    assert waiting(plain) == []


def test_several_parts_are_settled_in_one_call(plain: Program) -> None:
    propose(plain, f"{THREE_HUNKS}; {NEW_FILE}")
    ids = hunk_ids(plain)
    shown = shown_json(plain, "review", "--accept", ids[0], "--accept", "new.txt")
    assert shown["entries"] == [1, 2]
    assert hunk_ids(plain) == ids[1:3]


def test_what_was_typed_meanwhile_is_kept(plain: Program) -> None:
    proposal_id = propose(plain, THREE_HUNKS)
    typed = LETTERS.replace("j\n", "mine\n") + "more\n"
    (plain.cwd / "letters.txt").write_text(typed, encoding="utf-8")
    done = plain.run("review", "--accept")
    assert done.returncode == 1
    assert text_of(plain) == typed
    hunks = waiting(plain)[0]["files"][0]["hunks"]
    stale = [hunk for hunk in hunks if hunk["stale"]]
    assert [hunk["line"] for hunk in stale] == [10]
    assert "This does not fit any more: " in plain.run("review").stdout
    assert plain.run("review", proposal_id, "--reject", stale[0]["id"]).returncode == 0
    assert plain.run("review", "--accept").returncode == 0
    assert text_of(plain) == typed.replace("b\n", "B\n").replace("s\n", "S\n")


def test_with_several_proposals_one_must_be_named_or_all(plain: Program) -> None:
    first = propose(plain, THREE_HUNKS)
    propose(plain, NEW_FILE)
    done = plain.run("review", "--accept")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"2 proposals wait; name one, or `all`: {first} (Run: sed" in done.stderr
    assert plain.run("review", "all", "--reject").returncode == 0
    assert waiting(plain) == []
    assert text_of(plain) == LETTERS


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ffffffffffff", "--accept"), "there is no proposal 'ffffffffffff', it may be settled"),
        (("--accept", "other.txt"), "has no file or hunk 'other.txt'; a hunk that is gone was"),
        (("--reject", "letters.txt:ffff"), "It has 'letters.txt' ("),
        (("--comment", " "), "expected a comment, got an empty text"),
        (("--comment", "a", "b", "c"), "expected --comment TEXT [FILE[:HUNK]], got 3 words"),
        (("--accept", "--reject"), "not allowed with argument"),
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(
    plain: Program, arguments: tuple[str, ...], said: str
) -> None:
    propose(plain, THREE_HUNKS)
    done = plain.run("review", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert text_of(plain) == LETTERS


def test_a_hunk_that_was_accepted_already_is_gone(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    ids = hunk_ids(plain)
    assert plain.run("review", "--accept", ids[0]).returncode == 0
    again = plain.run("review", "--accept", ids[0])
    assert again.returncode == 2
    assert "a hunk that is gone was accepted or rejected" in again.stderr


def test_what_the_files_have_by_now_does_not_wait(plain: Program) -> None:
    propose(plain, NEW_FILE)
    (plain.cwd / "new.txt").write_text("hello\n", encoding="utf-8")
    assert waiting(plain) == []
    propose(plain, THREE_HUNKS)
    assert len(waiting(plain)) == 1
    # There is no need to say which of them is meant.
    assert plain.run("review", "--accept").returncode == 0
    assert "S\n" in text_of(plain)


def test_the_same_edits_wait_only_once(plain: Program) -> None:
    (plain.cwd / "a.py").write_text(BROKEN, encoding="utf-8")
    first = shown_json(plain, "fix", "a.py")["proposal"]
    second = shown_json(plain, "fix", "a.py")["proposal"]
    assert [proposal["id"] for proposal in waiting(plain)] == [second] != [first]


def test_comments_are_one_review_and_the_answer_is_shown(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    ids = hunk_ids(plain)
    with ScriptedModel([[READ], [WRITE_OUT], "I wrote it out."]) as model:
        done = scripted(plain, model).run(
            *("review", "--comment", "write it out", f"letters.txt:{ids[1]}"),
            *("--comment", "and be polite"),
        )
        prompt = json.dumps(model.requests[0].body)
    assert done.returncode == 0, done.stderr
    assert "write it out" in prompt
    assert "and be polite" in prompt
    assert "\n-j\n+jay\n" in done.stdout
    assert "I wrote it out." in done.stderr
    assert text_of(plain) == LETTERS
    assert plain.run("review", "--accept").returncode == 0
    assert "jay\n" in text_of(plain)


def test_an_explanation_is_printed_and_changes_nothing(plain: Program) -> None:
    proposal_id = propose(plain, THREE_HUNKS)
    with ScriptedModel(["It writes them large."]) as model:
        done = scripted(plain, model).run("review", "--explain", "letters.txt")
    assert (done.returncode, done.stdout) == (0, "It writes them large.\n")
    assert [proposal["id"] for proposal in waiting(plain)] == [proposal_id]


def test_without_a_model_a_comment_changes_nothing(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    ids = hunk_ids(plain)
    done = plain.run("review", "--comment", "write it out", "--model", "claude-x")
    assert (done.returncode, done.stdout) == (4, "")
    assert hunk_ids(plain) == ids


def test_a_second_proposal_waits_on_top_of_the_first(plain: Program) -> None:
    first = propose(plain, NEW_FILE)
    second = propose(plain, "echo more >>new.txt; echo other >other.txt")
    assert [p["below"] for p in waiting(plain)] == [[], [first]]
    done = plain.run("review", second, "--accept", "other.txt")
    assert done.returncode == 0, done.stderr
    assert plain.run("review", second, "--accept").returncode == 1
    assert plain.run("review", first, "--accept").returncode == 0
    assert plain.run("review", second, "--accept").returncode == 0
    assert (plain.cwd / "new.txt").read_text(encoding="utf-8") == "hello\nmore\n"


def test_a_change_in_the_history_does_not_hinder_a_review(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    change(plain, "sed -i s/^t/T/ letters.txt")
    assert plain.run("undo").returncode == 0
    assert plain.run("review", "--accept").returncode == 0
    assert text_of(plain).count("S\n") == 1
