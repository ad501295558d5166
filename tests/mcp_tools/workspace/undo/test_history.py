"""Which recorded changes an undo or a redo is about."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mcp_tools.types.contents import Folder, State
from mcp_tools.types.errors import NotFound
from mcp_tools.types.journal import EntryState, Target
from mcp_tools.workspace.hunks import hunks_between
from mcp_tools.workspace.undo.history import Scope, select, select_redo, statuses
from mcp_tools.workspace.undo.standing import Status
from tests.mcp_tools.workspace.recorded import ROOT, Recorded


@pytest.fixture
def world() -> Iterator[Recorded]:
    with Recorded({"a": "1\n2\n3\n", "b": "1\n2\n3\n"}) as recorded:
        yield recorded


def numbers(world: Recorded, targets: tuple[Target, ...]) -> list[str]:
    """Give targets as `#1` or `#1 path`."""
    by_id = {entry.id: entry.number for entry in world.journal.entries()}
    return [f"#{by_id[t.entry_id]}{f' {t.path}' if t.path else ''}" for t in targets]


def chosen(world: Recorded, scope: Scope) -> list[str]:
    return numbers(world, select(world.journal.entries(), scope, ROOT))


def chosen_to_redo(world: Recorded, scope: Scope) -> list[str]:
    return numbers(world, select_redo(world.journal.entries(), scope, ROOT))


def refusal(world: Recorded, scope: Scope) -> str:
    with pytest.raises(NotFound) as caught:
        select(world.journal.entries(), scope, ROOT)
    return str(caught.value)


def refusal_to_redo(world: Recorded, scope: Scope) -> str:
    with pytest.raises(NotFound) as caught:
        select_redo(world.journal.entries(), scope, ROOT)
    return str(caught.value)


def edit(world: Recorded, *names: str, turn: str = "", session: str = "") -> str:
    """Change one more line of some files, and give the entry's id."""
    wishes = {name: f"{world.text(name) or ''}{len(world.files)}{world.moment}\n" for name in names}
    return world.change(wishes, turn=turn, session=session).id


# ---------------------------------------------------------------- the newest


def test_the_newest_change_is_meant_when_nothing_is_said(world: Recorded) -> None:
    edit(world, "a")
    edit(world, "a", "b")
    assert chosen(world, Scope()) == ["#2"]


def test_one_undo_after_the_other_goes_back_and_redo_comes_forth(world: Recorded) -> None:
    for _ in range(3):
        edit(world, "a")
    assert [numbers(world, world.undo().targets) for _ in range(3)] == [["#3"], ["#2"], ["#1"]]
    assert refusal(world, Scope()) == "there is no change in the history that is not undone yet"
    assert [numbers(world, world.redo().targets) for _ in range(3)] == [["#6"], ["#5"], ["#4"]]
    assert refusal_to_redo(world, Scope()) == "there is no undo that could be made again"
    assert [numbers(world, world.undo().targets) for _ in range(3)] == [["#9"], ["#8"], ["#7"]]


def test_the_newest_of_a_path_is_that_path_alone(world: Recorded) -> None:
    edit(world, "a", "b")
    edit(world, "a")
    assert chosen(world, Scope(path=ROOT / "b")) == ["#1 b"]
    assert chosen(world, Scope(path=Path("a"))) == ["#2"]
    world.undo(Scope(path=ROOT / "a"))
    assert chosen(world, Scope(path=ROOT / "a")) == ["#1 a"]
    assert refusal(world, Scope(path=ROOT / "c")) == (
        "there is no change of 'c' in the history that is not undone yet"
    )


def test_a_folder_means_all_that_is_in_it(world: Recorded) -> None:
    world.change({"d/x": "x\n", "d/y": "y\n", "dd": "z\n"})
    assert chosen(world, Scope(path=ROOT / "d")) == ["#1 d", "#1 d/x", "#1 d/y"]
    assert chosen(world, Scope(path=ROOT)) == ["#1"]


def test_what_is_outside_of_the_workspace_is_refused(world: Recorded) -> None:
    edit(world, "a")
    assert refusal(world, Scope(path=Path("/other/a"))) == (
        "'a' is not in the workspace, so nothing is recorded of it"
    )


def test_changes_that_were_not_made_or_changed_nothing_are_passed_over(world: Recorded) -> None:
    edit(world, "a")
    world.change({})
    world.fail({"a": "x\n"})
    assert chosen(world, Scope()) == ["#1"]
    assert statuses(world.journal.entries()) == {
        entry.id: Status.NOTHING if entry.number == 3 else Status.APPLIED
        for entry in world.journal.entries()
    }


# ---------------------------------------------------------------- named entries


def test_an_entry_is_named_by_number_id_or_the_start_of_its_id(world: Recorded) -> None:
    entry_id = edit(world, "a")
    edit(world, "a")
    for name in ("1", "#1", " #1 ", entry_id, entry_id[:6], entry_id.upper()):
        assert chosen(world, Scope(entry_id=name)) == ["#1"]


def test_a_name_that_fits_none_or_several_is_refused(world: Recorded) -> None:
    edit(world, "a")
    edit(world, "a")
    assert refusal(world, Scope(entry_id="#7")) == "there is no entry '#7' in the history"
    assert refusal(world, Scope(entry_id="abcd")) == "there is no entry 'abcd' in the history"
    assert refusal(world, Scope(entry_id="kk")) == (
        "expected the number of an entry, or 4 letters of its id, got 'kk'"
    )
    alike = [replace(entry, id=f"kkkk{entry.number}") for entry in world.journal.entries()]
    with pytest.raises(NotFound, match=r"'kkkk' fits several entries: #2 'change', #1 'change'"):
        select(alike, Scope(entry_id="kkkk"), ROOT)


def test_one_path_or_hunk_of_a_named_entry(world: Recorded) -> None:
    entry_id = edit(world, "a", "b")
    assert chosen(world, Scope(entry_id="1", path=ROOT / "a")) == ["#1 a"]
    hunk = Scope(entry_id="1", path=ROOT / "a", hunk_id="h1")
    targets = select(world.journal.entries(), hunk, ROOT)
    assert targets == (Target(entry_id=entry_id, path="a", hunk_ids=("h1",)),)
    assert refusal(world, replace(hunk, path=None)) == (
        "#1 'change' changed 2 files: name the one of the hunk"
    )
    assert refusal(world, Scope(hunk_id="h1")) == (
        "a hunk is taken back out of one change: name that too"
    )
    assert refusal(world, Scope(entry_id="1", path=ROOT / "c")) == "#1 'change' did not change 'c'"


def test_what_cannot_be_taken_back_is_said_with_the_reason(world: Recorded) -> None:
    edit(world, "a")
    world.undo()
    world.change({})
    world.fail({"a": "x\n"})
    assert refusal(world, Scope(entry_id="1")) == (
        "#1 'change' is taken back already, by #2; redo that"
    )
    assert refusal(world, Scope(entry_id="3")) == "#3 'change' changed no file"
    assert refusal(world, Scope(entry_id="4")) == (
        "#4 'refused' was not made to its end, so there is nothing to undo"
    )
    world.redo()
    assert refusal(world, Scope(entry_id="2")) == (
        "#2 'Undo: change' is taken back already, by #5; undo that"
    )


def test_a_hunk_that_is_taken_back_already_is_refused(world: Recorded) -> None:
    before, after = State(content="1\n2\n3\n"), State(content="one\n2\nthree\n")
    world.change({"a": after.content})
    hunk = hunks_between(ROOT / "a", before, after)[0]
    scope = Scope(entry_id="1", hunk_id=hunk.id)
    world.undo(scope)
    assert refusal(world, scope) == "#1 'change' is taken back already, by #2; redo that"
    assert world.text("a") == "1\n2\nthree\n"


def test_an_undo_can_be_undone_by_its_name(world: Recorded) -> None:
    edit(world, "a")
    world.undo()
    assert chosen(world, Scope(entry_id="2")) == ["#2"]


def test_a_change_that_was_redone_is_taken_back_by_its_redo_too(world: Recorded) -> None:
    """What a redo left is nearer to now than what the change left."""
    edit(world, "a", "b")
    world.undo()
    world.put("a", "typed\n1\n2\n3\n")
    world.redo()
    assert chosen(world, Scope(entry_id="1")) == ["#3", "#1"]
    assert chosen(world, Scope(entry_id="1", path=ROOT / "b")) == ["#3 b", "#1 b"]
    world.undo(Scope(entry_id="1"))
    assert world.text("a") == "typed\n1\n2\n3\n"
    assert refusal(world, Scope()) == "there is no change in the history that is not undone yet"


def test_a_redo_that_was_passed_over_is_not_taken_back_any_more(world: Recorded) -> None:
    before, after = State(content="1\n2\n3\n"), State(content="one\n2\nthree\n")
    world.change({"a": after.content})
    world.undo()
    world.redo()
    hunk = hunks_between(ROOT / "a", before, after)[0]
    world.undo(Scope(entry_id="1", hunk_id=hunk.id))
    assert chosen(world, Scope()) == ["#1"]
    assert refusal(world, Scope(entry_id="3")) == (
        "#3 'Redo: change' is taken back already, by #4; redo that"
    )


# ---------------------------------------------------------------- turns, sessions, moments


def test_a_turn_and_a_session_are_all_their_changes_that_stand(world: Recorded) -> None:
    edit(world, "a", turn="t1", session="s1")
    edit(world, "b", turn="t2", session="s1")
    edit(world, "a", turn="t3", session="s2")
    edit(world, "a", "b", turn="t2", session="s1")
    assert chosen(world, Scope(turn_id="t2")) == ["#4", "#2"]
    assert chosen(world, Scope(session_id="s1")) == ["#4", "#2", "#1"]
    assert chosen(world, Scope(session_id="s1", turn_id="t1")) == ["#1"]
    assert chosen(world, Scope(session_id="s1", path=ROOT / "b")) == ["#4 b", "#2"]
    assert chosen(world, Scope(session_id="s1", after_id="1")) == ["#4", "#2"]
    world.undo(Scope(turn_id="t2"))
    assert chosen(world, Scope(session_id="s1")) == ["#1"]
    assert refusal(world, Scope(turn_id="t2")) == (
        "there is no such change in the history that is not undone yet"
    )


def test_a_session_that_was_undone_as_one_is_redone_as_one(world: Recorded) -> None:
    for turn in ("t1", "t2"):
        edit(world, "a", turn=turn, session="s1")
    edit(world, "b", turn="t3", session="s2")
    world.undo(Scope(session_id="s1"))
    world.undo(Scope(turn_id="t3"))
    assert chosen_to_redo(world, Scope(session_id="s1")) == ["#4"]
    assert refusal_to_redo(world, Scope(turn_id="t1")) == (
        "there is no such change in the history that is not undone yet"
    )
    assert refusal_to_redo(world, Scope(entry_id="1")) == (
        "#1 'change' was undone together with other changes; redo #4"
    )
    world.redo(Scope(session_id="s1"))
    assert chosen(world, Scope(session_id="s1")) == ["#6", "#2", "#1"]
    assert chosen(world, Scope(turn_id="t1")) == ["#1"]


def test_a_moment_means_all_since_then_and_nothing_at_it(world: Recorded) -> None:
    edit(world, "a")
    moment = world.moment
    edit(world, "a")
    world.undo()
    world.redo()
    assert chosen(world, Scope(since=moment)) == ["#4", "#3", "#2"]
    assert chosen(world, Scope(after_id="#2")) == ["#4", "#3"]
    assert chosen(world, Scope(after_id="#2", path=ROOT / "a")) == ["#4", "#3"]
    for scope in (
        Scope(since=world.moment),
        Scope(after_id="4"),
        Scope(since=moment, path=Path("b")),
    ):
        assert refusal(world, scope) == "nothing was changed since then"


# ---------------------------------------------------------------- redo


def test_a_redo_means_the_newest_undo_also_of_a_path(world: Recorded) -> None:
    edit(world, "a")
    edit(world, "b")
    world.undo()
    world.undo()
    assert chosen_to_redo(world, Scope()) == ["#4"]
    assert chosen_to_redo(world, Scope(path=ROOT / "b")) == ["#3"]
    assert refusal_to_redo(world, Scope(path=ROOT / "c")) == (
        "there is no undo of 'c' that could be made again"
    )
    assert refusal_to_redo(world, Scope(hunk_id="h")) == (
        "a hunk is made again out of one undo: name that too"
    )


def test_a_redo_may_name_the_undo_or_the_change(world: Recorded) -> None:
    edit(world, "a")
    edit(world, "a")
    world.undo()
    assert chosen_to_redo(world, Scope(entry_id="3")) == ["#3"]
    assert chosen_to_redo(world, Scope(entry_id="2")) == ["#3"]
    assert refusal_to_redo(world, Scope(entry_id="1")) == (
        "#1 'change' is not undone, so there is nothing to make again"
    )
    world.redo()
    assert (
        refusal_to_redo(world, Scope(entry_id="4"))
        == "#4 'Redo: change' is a redo; undo it instead"
    )


def test_undos_since_a_moment_are_redone_together(world: Recorded) -> None:
    for _ in range(3):
        edit(world, "a")
    world.undo()
    moment = world.moment
    world.undo()
    world.undo()
    assert chosen_to_redo(world, Scope(since=moment)) == ["#6", "#5"]


def test_the_folder_that_a_redo_of_one_file_made_goes_with_it(world: Recorded) -> None:
    world.change({"d/x": "x\n"})
    world.undo()
    world.redo(Scope(entry_id="2", path=ROOT / "d/x"))
    assert world.files[ROOT / "d"] == State(content=Folder(), mode=0o755)
    assert chosen(world, Scope(entry_id="1")) == ["#3", "#1"]
    world.undo(Scope(entry_id="1"))
    assert ROOT / "d" not in world.files


def test_a_pending_change_is_nothing_yet(world: Recorded) -> None:
    edit(world, "a")
    pending = replace(world.journal.entries()[0], state=EntryState.PENDING)
    with pytest.raises(NotFound, match="not made to its end"):
        select([pending], Scope(entry_id="1"), ROOT)


def test_an_undo_of_what_the_history_has_forgotten_is_nothing(world: Recorded) -> None:
    edit(world, "a")
    world.put("a", "1\n2\n3\n")
    world.undo()
    forgotten = world.journal.entries()[:1]
    with pytest.raises(NotFound, match="there is nothing of #2 'Undo: change' to take back"):
        select_redo(forgotten, Scope(entry_id="2"), ROOT)
