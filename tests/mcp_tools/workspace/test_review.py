"""Deciding on a proposal part by part, over text that moves."""

import os
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.types.contents import Binary, Content, Folder, Link, State
from mcp_tools.types.edits import FileChange
from mcp_tools.types.errors import NotFound, StaleEdit
from mcp_tools.types.text import split_lines
from mcp_tools.workspace.changes import change_between, states_after
from mcp_tools.workspace.hunks import Hunk, LineRange
from mcp_tools.workspace.proposals import Proposal, ProposedFile, wish_between
from mcp_tools.workspace.review import (
    Review,
    Selection,
    accept_part,
    part_diff,
    reject_part,
    review_of,
)
from mcp_tools.workspace.workspace import Draft, Hold, Put, SetBuffer, Workspace
from tests.mcp_tools.workspace.changing import changes, create, delete, modify
from tests.mcp_tools.workspace.texts import lines, many
from tests.support.desk import Desk

OLD = "1\n2\n3\n4\n5\n6\n7\n"
NEW = "one\n2\n3\nfour\n5\n6\nseven\n"
ALL = Selection()


def proposed(desk: Desk, *files: FileChange) -> None:
    """Let a proposal with these edits wait for review."""
    desk.propose(changes(*files, label="work"))
    desk.workspace.apply(Put(desk.workspace.proposal("p")))


def three_hunks(desk: Desk) -> Path:
    path = desk.write("a.txt", OLD)
    proposed(desk, modify(path, OLD, NEW))
    return path


def review(desk: Desk) -> Review:
    return review_of(desk.workspace, "p")


def one(hunk: Hunk) -> Selection:
    return Selection(path=hunk.path, hunk_id=hunk.id)


def accept(desk: Desk, selection: Selection) -> None:
    """Accept as an engine does: what is real now is in the editor, and the rest is put."""
    decision = accept_part(desk.workspace, "p", selection)
    make_real(desk, decision.changes.files)
    desk.workspace.apply(Put(decision.rest))


def make_real(desk: Desk, files: Sequence[FileChange]) -> None:
    after = states_after(changes(*files), desk.workspace.snapshot().below_state)
    for path, state in after.items():
        name = path.relative_to(desk.root).as_posix()
        if state is None:
            path.unlink()
        elif desk.workspace.buffer(path) is not None:
            desk.type_in_editor(name, str(state.content))
        else:
            desk.write(name, str(state.content))


def shown(desk: Desk) -> str:
    document = desk.workspace.snapshot().below(desk.root / "a.txt")
    return document.text


def new_texts(desk: Desk) -> list[str]:
    return [hunk.new_text for hunk in review(desk).hunks]


def test_a_proposal_is_shown_hunk_by_hunk_by_path(desk: Desk) -> None:
    a = desk.write("a.txt", OLD)
    b = desk.write("b.txt", "gone\n")
    proposed(desk, delete(b, "gone\n"), modify(a, OLD, NEW), create(desk.root / "sub/c", "made\n"))
    found = review(desk)
    assert [file.path.name for file in found.files] == ["a.txt", "b.txt", "c"]
    assert [hunk.new_text for hunk in found.hunks] == ["one\n", "four\n", "seven\n", "", "made\n"]
    assert found.proposal is desk.workspace.proposal("p")
    assert not any(file.stale for file in found.files)
    with pytest.raises(NotFound, match="no proposal 'q'"):
        review_of(desk.workspace, "q")


def test_a_hunk_is_accepted_and_the_others_wait(desk: Desk) -> None:
    three_hunks(desk)
    accept(desk, one(review(desk).hunks[1]))
    assert shown(desk) == OLD.replace("4", "four")
    assert new_texts(desk) == ["one\n", "seven\n"]
    accept(desk, ALL)
    assert shown(desk) == NEW
    with pytest.raises(NotFound):
        desk.workspace.proposal("p")


def test_a_hunk_is_rejected_and_the_others_wait(desk: Desk) -> None:
    three_hunks(desk)
    desk.workspace.apply(Put(reject_part(desk.workspace, "p", one(review(desk).hunks[1]))))
    assert shown(desk) == OLD
    assert new_texts(desk) == ["one\n", "seven\n"]
    accept(desk, ALL)
    assert shown(desk) == NEW.replace("four", "4")


def test_the_last_hunk_that_is_rejected_leaves_nothing(desk: Desk) -> None:
    three_hunks(desk)
    for _ in range(3):
        desk.workspace.apply(Put(reject_part(desk.workspace, "p", one(review(desk).hunks[0]))))
    with pytest.raises(NotFound):
        desk.workspace.proposal("p")


def test_a_path_is_decided_on_alone(desk: Desk) -> None:
    a, b = desk.write("a.txt", "a\n"), desk.write("b.txt", "b\n")
    proposed(desk, modify(a, "a\n", "A\n"), modify(b, "b\n", "B\n"))
    decision = accept_part(desk.workspace, "p", Selection(path=a))
    assert decision.changes == changes(modify(a, "a\n", "A\n"), label="work")
    assert list(decision.rest.files) == [b]
    assert list(reject_part(desk.workspace, "p", Selection(path=b)).files) == [a]


def test_everything_can_be_rejected(desk: Desk) -> None:
    three_hunks(desk)
    assert reject_part(desk.workspace, "p", ALL).files == {}


def test_typing_moves_the_hunks_and_is_kept(desk: Desk) -> None:
    three_hunks(desk)
    ids = [hunk.id for hunk in review(desk).hunks]
    typed = "typed\n" + OLD.replace("5\n", "5\nmore\n")
    desk.type_in_editor("a.txt", typed)
    found = review(desk).hunks
    assert [hunk.id for hunk in found] == ids
    places = [hunk.old_lines for hunk in found]
    assert places == [LineRange(1, 2), LineRange(4, 5), LineRange(8, 9)]
    accept(desk, one(found[1]))
    assert shown(desk) == typed.replace("4", "four")
    desk.type_in_editor("a.txt", shown(desk) + "end\n")
    accept(desk, ALL)
    assert shown(desk) == ("typed\n" + NEW.replace("5\n", "5\nmore\n") + "end\n")


def test_typing_into_a_hunk_makes_only_that_one_stale(desk: Desk) -> None:
    three_hunks(desk)
    ids = [hunk.id for hunk in review(desk).hunks]
    desk.type_in_editor("a.txt", OLD.replace("4\n", "4!\n"))
    found = review(desk)
    assert [hunk.id for hunk in found.hunks] == [ids[0], ids[2]]
    (file,) = found.files
    assert [stale.hunk.id for stale in file.stale_hunks] == [ids[1]]
    assert file.stale.startswith("line 4 of 'a.txt' was changed after the edit was computed")
    with pytest.raises(StaleEdit, match="line 4"):
        accept_part(desk.workspace, "p", ALL)
    with pytest.raises(StaleEdit, match="line 4"):
        accept_part(desk.workspace, "p", Selection(path=file.path, hunk_id=ids[1]))
    accept(desk, one(found.hunks[0]))
    accept(desk, one(review(desk).hunks[0]))
    assert shown(desk) == NEW.replace("four\n", "4!\n")
    rest = reject_part(desk.workspace, "p", Selection(path=file.path, hunk_id=ids[1]))
    assert rest.files == {}


def test_a_stale_hunk_that_is_rejected_leaves_the_others(desk: Desk) -> None:
    three_hunks(desk)
    desk.type_in_editor("a.txt", OLD.replace("4\n", "4!\n"))
    (stale,) = review(desk).files[0].stale_hunks
    desk.workspace.apply(Put(reject_part(desk.workspace, "p", one(stale.hunk))))
    assert new_texts(desk) == ["one\n", "seven\n"]
    accept(desk, ALL)
    assert shown(desk) == NEW.replace("four\n", "4!\n")


def test_a_file_that_went_away_is_stale_and_can_be_rejected(desk: Desk) -> None:
    path = three_hunks(desk)
    path.unlink()
    found = review(desk)
    assert found.hunks == ()
    assert len(found.files[0].stale_hunks) == 3
    with pytest.raises(StaleEdit, match="is not there as text any more"):
        accept_part(desk.workspace, "p", ALL)
    assert reject_part(desk.workspace, "p", Selection(path=path)).files == {}


def test_a_file_that_cannot_be_read_any_more_is_stale_and_can_be_rejected(desk: Desk) -> None:
    path = three_hunks(desk)
    path.unlink()
    os.mkfifo(path)
    found = review(desk)
    assert found.hunks == ()
    assert "a.txt" in found.files[0].stale
    stale = found.files[0].stale_hunks[0].hunk
    desk.workspace.apply(Put(reject_part(desk.workspace, "p", one(stale))))
    assert len(review(desk).files[0].stale_hunks) == 2


def test_a_hunk_that_is_settled_is_not_found(desk: Desk) -> None:
    three_hunks(desk)
    first = one(review(desk).hunks[0])
    accept(desk, first)
    for decide in (accept_part, reject_part):
        with pytest.raises(NotFound, match="has no such hunk any more"):
            decide(desk.workspace, "p", first)
        with pytest.raises(NotFound, match="has no such hunk any more"):
            decide(desk.workspace, "p", Selection(path=desk.root / "other.txt"))


def test_what_the_text_has_already_is_in_no_review(desk: Desk) -> None:
    path = three_hunks(desk)
    desk.write("a.txt", OLD.replace("4", "four"))
    assert new_texts(desk) == ["one\n", "seven\n"]
    path.write_text(NEW, encoding="utf-8")
    assert review(desk).hunks == ()
    decision = accept_part(desk.workspace, "p", ALL)
    assert (decision.changes.files, decision.rest.files) == ((), {})


WISHES: list[tuple[Content | None, Content | None]] = [
    (None, "made\n"),
    ("gone\n", None),
    ("text\n", Link("elsewhere")),
    (Binary(b"\0"), Binary(b"\1")),
    (None, Folder()),
]


@pytest.mark.parametrize(("old", "new"), WISHES)
def test_what_no_line_can_show_is_decided_on_whole(
    desk: Desk, old: Content | None, new: Content | None
) -> None:
    path = desk.root / "a.txt"
    match old:
        case str():
            desk.write("a.txt", old)
        case Binary(data=data):
            desk.write("a.txt", data)
        case _:
            pass
    before = desk.workspace.snapshot().below_state(path)
    after = None if new is None else State(content=new)
    wish = wish_between(before, after)
    desk.workspace.apply(Put(Proposal(id="p", label="work", files={path: wish})))
    (hunk,) = review(desk).hunks
    decision = accept_part(desk.workspace, "p", one(hunk))
    made = states_after(decision.changes, desk.workspace.snapshot().below_state)[path]
    assert (None if made is None else made.content) == new
    assert decision.rest.files == {}
    assert reject_part(desk.workspace, "p", one(hunk)).files == {}


def test_a_mode_is_decided_on_alone(desk: Desk) -> None:
    path = desk.write("a.txt", OLD)
    path.chmod(0o644)
    wish = ProposedFile(base=OLD, content=NEW, mode=0o755)
    desk.workspace.apply(Put(Proposal(id="p", label="work", files={path: wish})))
    mode = next(hunk for hunk in review(desk).hunks if hunk.edit is None)
    decision = accept_part(desk.workspace, "p", one(mode))
    (change,) = decision.changes.files
    assert change == replace_mode(path, 0o755)
    desk.workspace.apply(Put(reject_part(desk.workspace, "p", one(mode))))
    assert len(review(desk).hunks) == 3
    assert desk.workspace.proposal("p").files[path].mode is None


def replace_mode(path: Path, mode: int) -> FileChange:
    before, after = State(content=OLD, mode=0o644), State(content=OLD, mode=mode)
    (change,) = change_between("mode", {path: before}, {path: after}).files
    return change


def test_a_part_is_shown_as_a_diff(desk: Desk) -> None:
    three_hunks(desk)
    found = review(desk)
    assert part_diff(found, one(found.hunks[2]), desk.root) == (
        "--- a/a.txt\n+++ b/a.txt\n@@ -4,4 +4,4 @@\n 4\n 5\n 6\n-7\n+seven\n"
    )
    assert part_diff(found, ALL, desk.root).count("\n+") == 4
    with pytest.raises(NotFound):
        part_diff(found, Selection(hunk_id="none"), desk.root)


# ------------------------------------------------------------------ proposals on proposals


def on_top(desk: Desk, key: str, below: str, *files: FileChange) -> None:
    """Let another proposal wait, which was built on the one `below`."""
    workspace = desk.workspace
    workspace.apply(Draft(proposal=Proposal(id=key, label=f"work {key}", below=(below,))))
    workspace.apply(Hold(proposal_id=key, changes=changes(*files)))
    workspace.apply(Put(workspace.proposal(key)))


def test_an_independent_edit_on_another_proposal_is_accepted_first(desk: Desk) -> None:
    path = three_hunks(desk)
    on_top(desk, "q", "p", modify(path, NEW, NEW.replace("3\n", "three\n")))
    decision = accept_part(desk.workspace, "q", ALL)
    assert decision.changes.files == (modify(path, OLD, OLD.replace("3\n", "three\n")),)
    make_real(desk, decision.changes.files)
    desk.workspace.apply(Put(decision.rest))
    accept(desk, ALL)
    assert shown(desk) == NEW.replace("3\n", "three\n")


def test_a_dependent_edit_says_which_proposal_comes_first(desk: Desk) -> None:
    path = three_hunks(desk)
    on_top(desk, "q", "p", modify(path, NEW, NEW.replace("four\n", "vier\n")))
    with pytest.raises(StaleEdit, match=r"settle that first: 'work' \(p\)"):
        accept_part(desk.workspace, "q", ALL)
    accept(desk, ALL)
    decision = accept_part(desk.workspace, "q", ALL)
    make_real(desk, decision.changes.files)
    assert shown(desk) == NEW.replace("four\n", "vier\n")


def test_a_dependent_edit_of_what_was_rejected_is_stale(desk: Desk) -> None:
    path = three_hunks(desk)
    on_top(desk, "q", "p", modify(path, NEW, NEW.replace("four\n", "vier\n")))
    desk.workspace.apply(Put(reject_part(desk.workspace, "p", ALL)))
    with pytest.raises(StaleEdit, match="line 4"):
        accept_part(desk.workspace, "q", ALL)


# ------------------------------------------------------------------ in any order


class Shelf:
    """A workspace in memory: one open file, and one proposal of it."""

    def __init__(self, old: str, new: str) -> None:
        self.path = Path("/r/a")
        self.workspace = Workspace(NoDisk())
        self.show(old)
        wish = ProposedFile(base=old, content=new)
        self.put(Proposal(id="p", label="work").with_files({self.path: wish}))

    @property
    def text(self) -> str:
        return self.workspace.snapshot().below(self.path).text

    def show(self, text: str) -> None:
        self.workspace.apply(SetBuffer(path=self.path, text=text, version=1))

    def put(self, proposal: Proposal) -> None:
        self.workspace.apply(Put(proposal))

    def open(self) -> tuple[Hunk, ...]:
        if not self.workspace.open_proposals():
            return ()
        return review_of(self.workspace, "p").hunks

    def accept(self, hunk: Hunk, *, is_killed: bool = False) -> None:
        decision = accept_part(self.workspace, "p", one(hunk))
        made = states_after(decision.changes, self.workspace.snapshot().below_state)
        state = made[self.path]
        assert state is not None
        self.show(str(state.content))
        if not is_killed:
            self.put(decision.rest)


class NoDisk:
    """A source without any file."""

    root = Path("/r")

    def read(self, path: Path) -> Never:
        raise NotFound(str(path))

    def entries(self, directory: Path) -> Never:
        raise NotFound(str(directory))

    def state(self, path: Path) -> None:
        del path


@given(lines(), lines(), st.randoms(use_true_random=False))
@many
def test_hunks_accepted_in_any_order_make_the_proposal(old: str, new: str, order: Random) -> None:
    desk = Shelf(old, new)
    n_open = len(desk.open())
    while hunks := desk.open():
        desk.accept(order.choice(hunks))
        assert len(desk.open()) == n_open - 1
        n_open -= 1
    assert desk.text == new
    assert desk.workspace.open_proposals() == ()


distinct = st.lists(st.sampled_from("abcdefgh"), unique=True).map(
    lambda names: "".join(f"{name}\n" for name in names)
)


@given(distinct, distinct, st.randoms(use_true_random=False))
@many
def test_what_was_accepted_before_a_kill_is_not_asked_again(
    old: str, new: str, order: Random
) -> None:
    # Where one line is there many times, nobody can tell which of them was accepted.
    desk = Shelf(old, new)
    while hunks := desk.open():
        desk.accept(order.choice(hunks), is_killed=True)
        assert len(desk.open()) == len(hunks) - 1
    assert desk.text == new


@given(lines(), lines(), st.data())
@many
def test_rejected_hunks_and_no_others_are_missing_in_the_end(
    old: str, new: str, data: st.DataObject
) -> None:
    desk = Shelf(old, new)
    expected = list(split_lines(old))
    for hunk in reversed(desk.open()):
        if data.draw(st.booleans()):
            expected[hunk.old_lines.first : hunk.old_lines.end] = [hunk.new_text]
            desk.accept(next(h for h in desk.open() if h.old_lines == hunk.old_lines))
        else:
            here = next(h for h in desk.open() if h.old_lines == hunk.old_lines)
            desk.put(reject_part(desk.workspace, "p", one(here)))
    assert desk.text == "".join(expected)
    assert desk.open() == ()
