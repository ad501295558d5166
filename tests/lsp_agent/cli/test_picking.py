"""`lsp-agent review` on a terminal: hunk by hunk, by keys that a person types."""

import signal

import pytest

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.cli.conftest import LETTERS, propose, scripted, shown_json
from tests.lsp_agent.cli.program import Program
from tests.lsp_agent.cli.test_review import NEW_FILE, READ, THREE_HUNKS, WRITE_OUT

END_OF_INPUT = "\x04"


def review(program: Program, *keys: str) -> str:
    """Review on a terminal where these keys are typed, each with a line end."""
    typed = "".join(key if key == END_OF_INPUT else f"{key}\n" for key in keys)
    return program.on_terminal("review", typed=typed)


def text_of(program: Program) -> str:
    return (program.cwd / "letters.txt").read_text(encoding="utf-8")


def n_waiting(program: Program) -> int:
    proposals = shown_json(program, "review")["proposals"]
    return sum(len(file["hunks"]) for proposal in proposals for file in proposal["files"])


@pytest.mark.parametrize(
    ("keys", "accepted", "n_left"),
    [
        (("y", "n", "y"), "bs", 0),
        (("y", "q"), "b", 2),
        (("s", "y", "s"), "j", 2),
        (("a",), "bjs", 0),
        (("d",), "", 0),
        (("n", "a"), "js", 0),
        (("s", "a"), "js", 1),
        (("s", "d"), "", 1),
        (("y", "what", "?", "", "y", END_OF_INPUT), "bj", 1),
        ((END_OF_INPUT,), "", 3),
    ],
)
def test_each_hunk_is_settled_as_its_key_says(
    plain: Program, keys: tuple[str, ...], accepted: str, n_left: int
) -> None:
    propose(plain, THREE_HUNKS)
    screen = review(plain, *keys)
    assert "Traceback" not in screen
    expected = LETTERS
    for letter in accepted:
        expected = expected.replace(f"{letter}\n", f"{letter.upper()}\n")
    assert text_of(plain) == expected
    assert n_waiting(plain) == n_left


def test_the_hunk_is_shown_in_color_with_the_keys_there_are(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    screen = review(plain, "?", "q")
    assert "\x1b[31m-b\x1b[0m\r\n\x1b[32m+B\x1b[0m\r\n" in screen
    assert "Accept this hunk of letters.txt:2 [y,n,c,e,s,a,d,q,?]?" in screen
    assert "n  reject this hunk: it is forgotten" in screen


def test_proposals_come_one_after_the_other_until_the_person_quits(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    propose(plain, NEW_FILE)
    review(plain, "a", "q")
    assert "S\n" in text_of(plain)
    assert not (plain.cwd / "new.txt").exists()
    review(plain, "y")
    assert (plain.cwd / "new.txt").exists()


def test_comments_are_sent_together_and_the_answer_is_reviewed(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    with ScriptedModel([[READ], [WRITE_OUT], "I wrote it out."]) as model:
        keys = ("y", "c", "write it out", "c", "", "s", "s", "y")
        screen = review(scripted(plain, model), *keys)
        prompt = str(model.requests[0].body)
    assert "Sending a review with 1 comment." in screen
    assert "write it out" in prompt
    # The first is the new baseline; the answer to the comment was skipped, the last accepted.
    expected = LETTERS.replace("b\n", "B\n").replace("s\n", "S\n")
    assert text_of(plain) == expected
    assert n_waiting(plain) == 1


def test_a_comment_that_cannot_be_sent_is_shown_again(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    with ScriptedModel({"turns": [], "api_key": "another"}) as model:
        screen = review(scripted(plain, model), "c", "write it out", "q")
    assert "These comments were not sent:" in screen
    assert screen.partition("These comments were not sent:")[2].count("- write it out") == 1
    assert n_waiting(plain) == 3


def test_ctrl_c_ends_the_review_and_shows_the_comments_again(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    with plain.at_terminal("review") as seat:
        seat.sees("letters.txt:2 [")
        seat.types("y")
        seat.sees("letters.txt:10 [")
        seat.types("c")
        seat.sees("Your comment:")
        seat.types("write it out")
        seat.sees("letters.txt:19 [")
        seat.process.send_signal(signal.SIGINT)
        seat.sees("These comments were not sent:")
        seat.sees("- write it out")
        assert seat.ends() == 130
    # What was accepted before is accepted; the rest waits.
    assert text_of(plain) == LETTERS.replace("b\n", "B\n")
    assert n_waiting(plain) == 2


def test_an_explanation_is_shown_and_the_hunk_asked_about_again(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    with ScriptedModel(["It writes it large."]) as model:
        screen = review(scripted(plain, model), "e", "y", "q")
    assert "It writes it large." in screen
    assert text_of(plain) == LETTERS.replace("b\n", "B\n")


def test_what_does_not_fit_any_more_is_told_at_the_end(plain: Program) -> None:
    proposal_id = propose(plain, THREE_HUNKS)
    (plain.cwd / "letters.txt").write_text(LETTERS.replace("j\n", "mine\n"), encoding="utf-8")
    screen = review(plain, "y", "y")
    assert "A hunk of letters.txt does not fit any more" in screen
    assert f"`lsp-agent review {proposal_id} --reject " in screen
    assert text_of(plain).count("mine\n") == 1


def test_nothing_to_review_asks_nothing(plain: Program) -> None:
    assert "No edits wait for review." in plain.on_terminal("review")


def test_a_list_can_be_had_on_a_terminal_too(plain: Program) -> None:
    propose(plain, THREE_HUNKS)
    screen = plain.on_terminal("review", "--show")
    assert "Accept this hunk" not in screen
    assert screen.count("  hunk ") == 3
