"""What a proposal adds to what it was built on, and the line that announces it."""

from pathlib import Path

import pytest

from lsp_agent.engine.proposing import MAX_TITLE_CHARS, addition_of, title_of
from mcp_tools.types.errors import NotFound
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.workspace import Draft, Hold
from tests.mcp_tools.workspace.changing import changes, create, modify
from tests.support.desk import Desk, desk_in

OLD = "1\n2\n3\n4\n5\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace in a folder of its own."""
    return desk_in(tmp_path)


def test_a_proposal_is_told_without_the_one_that_it_was_built_on(desk: Desk) -> None:
    path = desk.write("a.txt", OLD)
    below = OLD.replace("1", "one")
    top = below.replace("one", "uno").replace("5", "five")
    desk.propose(changes(modify(path, OLD, below), label="first"))
    desk.workspace.apply(Draft(proposal=Proposal(id="q", label="", below=("p",))))
    desk.workspace.apply(
        Hold(proposal_id="q", changes=changes(modify(path, below, top), label="second"))
    )
    addition = addition_of(desk.workspace, "q")
    assert addition.changes == changes(modify(path, below, top), label="second")
    assert addition.diff == (
        "--- a/a.txt\n+++ b/a.txt\n@@ -1,5 +1,5 @@\n-one\n+uno\n 2\n 3\n 4\n-5\n+five\n"
    )
    assert addition.stale == ()


def test_a_path_that_does_not_fit_any_more_is_told_apart(desk: Desk) -> None:
    path = desk.write("a.txt", OLD)
    new = create(desk.root / "b.txt", "b\n")
    desk.propose(changes(modify(path, OLD, OLD.replace("1", "one")), new))
    desk.type_in_editor("a.txt", OLD.replace("1", "1!"))
    addition = addition_of(desk.workspace, "p")
    assert addition.changes.files == (new,)
    (stale,) = addition.stale
    assert str(stale).startswith("line 1 of 'a.txt' was changed")


def test_a_proposal_that_is_not_there_adds_nothing(desk: Desk) -> None:
    with pytest.raises(NotFound):
        addition_of(desk.workspace, "p")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (" Mend it\nplease", "Mend it"),
        ("x" * MAX_TITLE_CHARS, "x" * MAX_TITLE_CHARS),
        ("x" * (MAX_TITLE_CHARS + 1), "x" * (MAX_TITLE_CHARS - 1) + "…"),
        ("", ""),
    ],
)
def test_a_title_is_one_short_line(text: str, title: str) -> None:
    assert title_of(text) == title
