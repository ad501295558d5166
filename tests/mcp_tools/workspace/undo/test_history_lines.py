"""The history as a list for a person."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_tools.types.contents import Binary, Link, State
from mcp_tools.types.errors import NotText
from mcp_tools.types.journal import Actor, Entry, NewEntry, Origin, Transition
from mcp_tools.workspace.hunks import hunks_between
from mcp_tools.workspace.journal.limits import Limits
from mcp_tools.workspace.undo.history import Scope
from mcp_tools.workspace.undo.history_lines import (
    MAX_BYTES,
    MAX_FILES,
    HistoryLine,
    history,
    outlooks_of,
)
from tests.mcp_tools.workspace.recorded import ROOT, Recorded

FIVE = "1\n2\n3\n4\n5\n"


@pytest.fixture
def world() -> Iterator[Recorded]:
    with Recorded({"a": FIVE}) as recorded:
        yield recorded


def listed(world: Recorded) -> list[str]:
    """Give the history in short: number, status, lines, and whether it can be taken back."""
    return [short(line) for line in history(world.journal, world.files.get)]


def newest(world: Recorded) -> Entry:
    return world.journal.entries()[0]


def short(line: HistoryLine) -> str:
    reason = f": {line.undoable.reason}" if line.undoable.reason else ""
    counts = f"+{line.n_added} -{line.n_removed}"
    return f"#{line.entry.number} {line.status} {counts} {line.undoable.answer}{reason}"


def begin(world: Recorded, *transitions: Transition) -> Entry:
    origin = Origin(actor=Actor.TOOL, name="t")
    return world.journal.begin(NewEntry(label="t", origin=origin, transitions=transitions))


def record(world: Recorded, *transitions: Transition) -> None:
    world.journal.finish(begin(world, *transitions).id)


def test_each_change_is_told_the_newest_first(world: Recorded) -> None:
    world.change({"a": "1\n2\n3\n4\nfive\nsix\n"})
    world.change({"b": "new\nfile\n", "l": Link("a"), "x": Binary(b"\0")})
    assert listed(world) == ["#2 applied +2 -0 yes", "#1 applied +2 -1 yes"]


def test_what_is_undone_and_redone_is_said(world: Recorded) -> None:
    world.change({"a": "one\n2\n3\n4\n5\n"})
    world.undo()
    assert listed(world) == ["#2 applied +1 -1 yes", "#1 undone +1 -1 no: taken back by #2"]
    world.redo()
    assert listed(world) == [
        "#3 applied +1 -1 yes",
        "#2 undone +1 -1 no: taken back by #3",
        "#1 applied +1 -1 yes",
    ]


def test_what_stands_in_the_way_is_said(world: Recorded) -> None:
    world.change({"a": "one\n2\n3\n4\n5\n"})
    world.change({"a": "ONE\n2\n3\n4\nfive\n", "n": "new\n"}, label="more")
    world.put("a", "ONE\n2\ntyped\n3\n4\nfive!\n")
    world.put("n", "new\ntyped\n")
    assert listed(world) == [
        "#2 applied +3 -2 partly: a:6: these lines were changed again by a later edit (and 1 more)",
        "#1 applied +1 -1 no: a:1: these lines were changed again by #2 'more'",
    ]


def test_a_part_that_is_undone_is_not_looked_at_again(world: Recorded) -> None:
    after = "one\n2\nthree\n4\n5\n"
    world.change({"a": after})
    hunks = hunks_between(ROOT / "a", State(content=FIVE), State(content=after))
    world.undo(Scope(entry_id="1", hunk_id=hunks[0].id))
    world.put("a", "typed\n2\nthree\n4\n5\n")
    assert listed(world)[1] == "#1 partly undone +2 -2 yes"
    world.put("a", "typed\n2\ntyped\n4\n5\n")
    assert listed(world)[1] == (
        "#1 partly undone +2 -2 no: a:3: these lines were changed again by a later edit"
    )


def test_what_was_made_again_in_part_is_left_to_who_made_it(world: Recorded) -> None:
    after = "one\n2\nthree\n4\n5\n"
    world.change({"a": after})
    world.undo()
    hunk = hunks_between(ROOT / "a", State(content=after), State(content=FIVE))[0]
    world.redo(Scope(entry_id="2", hunk_id=hunk.id))
    assert listed(world) == [
        "#3 applied +1 -1 yes",
        "#2 partly undone +2 -2 yes",
        "#1 partly undone +2 -2 no: taken back, "
        "and made again in part by an entry after it: take that back",
    ]


def test_a_redo_that_was_passed_over_is_left_to_the_change(world: Recorded) -> None:
    after = "one\n2\nthree\n4\n5\n"
    world.change({"a": after})
    world.undo()
    world.redo()
    hunk = hunks_between(ROOT / "a", State(content=FIVE), State(content=after))[0]
    world.undo(Scope(entry_id="1", hunk_id=hunk.id))
    assert listed(world) == [
        "#4 applied +1 -1 yes",
        "#3 applied +2 -2 no: taken back in another way by #4",
        "#2 undone +2 -2 no: taken back by #3",
        "#1 partly undone +2 -2 yes",
    ]


def test_what_was_not_made_or_changed_nothing_is_said(world: Recorded) -> None:
    world.fail({"a": "x\n"})
    world.change({})
    world.change({"a": FIVE})
    begin(world)
    same = State(content="same\n")
    record(world, Transition(path=ROOT / "same", before=same, after=same))
    assert listed(world) == [
        "#5 applied +0 -0 no: it changed nothing",
        "#4 nothing +0 -0 no: it is not finished",
        "#3 applied +0 -0 no: it changed no file",
        "#2 applied +0 -0 no: it changed no file",
        "#1 nothing +1 -5 no: nothing of it stayed",
    ]


def test_what_cannot_be_read_now_is_said(world: Recorded) -> None:
    world.change({"a": "1\n"})

    def read_state(path: Path) -> State | None:
        raise NotText(f"{path.name!r} is a pipe")

    assert [found.change for found in outlooks_of(world.journal, newest(world), read_state)] == [
        None
    ]
    (line,) = history(world.journal, read_state)
    assert short(line) == "#1 applied +None -None no: 'a' is a pipe"


def test_contents_that_were_dropped_are_not_counted() -> None:
    with Recorded({"a": FIVE}, limits=Limits(max_store_bytes=4096)) as world:
        world.change({"a": "one\n2\n3\n4\n5\n"})
        noise = "".join(f"{n * n * 7919 % 10007}\n" for n in range(4000))
        for n in range(3):
            world.change({"noise": f"{n}\n{noise}"})
        assert listed(world)[-1] == (
            "#1 applied +None -None no: "
            "its contents are not kept any more, so that the journal stays small"
        )


def test_what_is_too_large_for_a_list_is_not_read(world: Recorded) -> None:
    world.change({"a": Binary(bytes(MAX_BYTES))})
    world.change({f"new {n}": "" for n in range(MAX_FILES + 1)})
    expected = "+None -None unknown: it is too large to be looked at for a list"
    assert listed(world) == [f"#2 applied {expected}", f"#1 applied {expected}"]
    assert world.journal.read == []


def test_the_list_is_cut_where_asked(world: Recorded) -> None:
    for n in range(5):
        world.change({"a": f"{n}\n"})
    world.undo()
    lines = history(world.journal, world.files.get, limit=2)
    assert [short(line) for line in lines] == [
        "#6 applied +1 -1 yes",
        "#5 undone +1 -1 no: taken back by #6",
    ]
    assert len(history(world.journal, world.files.get, limit=None)) == 6


def test_each_content_is_read_once(world: Recorded) -> None:
    for n in range(20):
        world.change({"a": FIVE + f"{n}\n"})
    history(world.journal, world.files.get)
    assert len(world.journal.read) == len(set(world.journal.read)) == 21


def test_one_entry_is_told_path_by_path(world: Recorded) -> None:
    after = "one\n2\nthree\n4\n5\n"
    entry = world.change({"a": after, "b": "new\n"})
    hunks = hunks_between(ROOT / "a", State(content=FIVE), State(content=after))
    world.undo(Scope(entry_id="1", path=ROOT / "a", hunk_id=hunks[0].id))
    world.put("a", "typed\n2\nthree!\n4\n5\n")
    first, second = outlooks_of(world.journal, entry, world.files.get)
    assert [conflict.line_number for conflict in first.conflicts] == [3]
    assert (first.n_done, second.n_done) == (0, 1)
    assert second.done.is_all
    assert second.state is None
    assert [found.path.name for found in (first, second)] == ["a", "b"]
