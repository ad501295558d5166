"""Which proposal, and which part of it, a person means."""

from pathlib import Path

import pytest

from lsp_agent.cli.command import UsageError
from lsp_agent.cli.selecting import proposals_of, selection_of
from mcp_tools.types.contents import State
from mcp_tools.workspace.hunks import Hunk, hunks_between
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.review import Review, ReviewedFile, Selection, StaleHunk

ROOT = Path("/workspace")
IDS = ("abcd1111", "abcd2222", "beef")
WAITING = tuple(Proposal(id=name, label=f"Edit {name}") for name in IDS)


def reviewed(name: str) -> tuple[ReviewedFile, tuple[Hunk, ...]]:
    """Give a file with two hunks that fit and one that does not."""
    path = ROOT / name
    before, after = State(content="a\nb\nc\nd\ne\n"), State(content="A\nb\nC\nd\nE\n")
    hunks = hunks_between(path, before, after)
    stale = (StaleHunk(hunk=hunks[2], reason="changed"),)
    file = ReviewedFile(path=path, below=before, wanted=after, hunks=hunks[:2], stale_hunks=stale)
    return file, hunks


ONE, HUNKS = reviewed("pkg/a.py")
TWO, OTHERS = reviewed("a.py")
REVIEW = Review(proposal=WAITING[0], files=(TWO, ONE))


def select(text: str) -> Selection:
    return selection_of(text, REVIEW, root=ROOT, here=ROOT / "pkg")


@pytest.mark.parametrize(
    ("text", "found"),
    [("abcd1111", IDS[:1]), ("abcd2", IDS[1:2]), ("beef", IDS[2:]), ("all", IDS)],
)
def test_a_proposal_is_named_by_the_beginning_of_its_id(text: str, found: tuple[str]) -> None:
    assert tuple(proposal.id for proposal in proposals_of(text, WAITING)) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abcd", "'abcd' is the beginning of several ids: abcd1111, abcd2222"),
        ("bee", "there is no proposal 'bee'"),
        (None, "3 proposals wait; name one, or `all`: abcd1111 \\(Edit abcd1111\\)"),
    ],
)
def test_what_names_none_or_several_is_refused(text: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        proposals_of(text, WAITING)


def test_the_only_proposal_needs_no_name() -> None:
    assert proposals_of(None, WAITING[:1]) == WAITING[:1]
    with pytest.raises(UsageError, match="no proposal waits for review"):
        proposals_of(None, ())


def test_parts_are_named_by_file_hunk_or_both() -> None:
    assert select("") == Selection()
    assert select("pkg/a.py") == Selection(path=ONE.path)
    # As the review shows it comes before what the person's own folder has.
    assert select("a.py") == Selection(path=TWO.path)
    assert select("../pkg/a.py") == Selection(path=ONE.path)
    for hunk in HUNKS:
        meant = Selection(path=ONE.path, hunk_id=hunk.id)
        assert select(hunk.id) == select(f"pkg/a.py:{hunk.id[:6]}") == meant


@pytest.mark.parametrize("text", ["b.py", "a.py:zzzz", "b.py:", f"a.py:{HUNKS[0].id}", "abc"])
def test_a_part_that_is_not_there_is_told_with_what_is(text: str) -> None:
    with pytest.raises(UsageError, match="has no file or hunk") as caught:
        select(text)
    assert f"'pkg/a.py' ({HUNKS[0].id} {HUNKS[1].id} {HUNKS[2].id})" in str(caught.value)
