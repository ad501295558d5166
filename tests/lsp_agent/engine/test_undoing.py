"""Taking back what was accepted: whole or in parts, today or tomorrow."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from lsp_agent.agent.events import Applied, ConflictFound, Event, Outcome
from lsp_agent.engine.protocol import Accept, Redo, Undo
from lsp_agent.testkit.json_values import Json
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import Denied
from mcp_tools.types.journal import Actor, Entry, EntryKind, EntryState
from mcp_tools.workspace.hunks import hunks_between
from mcp_tools.workspace.undo.history import Scope
from tests.lsp_agent.engine.bugs import call, read_call
from tests.lsp_agent.engine.verses import (
    POEM,
    PROJECT,
    THREE,
    changed,
    edits,
    hunk,
    poem,
    proposed,
    shown,
    turns,
)
from tests.support.projects import texts_below, write_project
from tests.support.sessions import (
    EditorWithBuffers,
    Seat,
    finish_of,
    restarted,
    seat_at,
    seated,
    with_sink,
)

pytestmark = pytest.mark.asyncio

NOTHING = "there is no change in the history that is not undone yet"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the poem."""
    folder = tmp_path / "project"
    folder.mkdir()
    return write_project(folder, PROJECT)


async def accepted(seat: Seat) -> str:
    """Let the model change what its script says, accept it, and give the turn's id."""
    key = (await proposed(seat)).proposal_id
    assert finish_of(await seat.run(Accept(key))).outcome is Outcome.DONE
    return key


def hunk_id(seat: Seat, entry: Entry, new_text: str) -> str:
    """Give the id of the hunk of an entry that wrote this line."""
    journal = seat.engine.applier.journal
    (record,) = entry.files
    assert record.before is not None
    assert record.after is not None
    path = seat.root / record.path
    found = hunks_between(path, journal.load(record.before), journal.load(record.after))
    return next(h.id for h in found if h.new_text == f"{new_text}\n")


def conflicts(events: Sequence[Event]) -> list[tuple[str, int | None]]:
    return [(e.path.name, e.line_number) for e in events if isinstance(e, ConflictFound)]


async def test_an_undo_is_a_change_of_its_own_in_the_journal(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        await accepted(seat)
        events = await seat.run(Undo())
        assert finish_of(events).text == "undone: Edit poem.txt"
        assert poem(seat) == POEM
        undo, change = seat.history
        (applied,) = [e for e in events if isinstance(e, Applied)]
        assert (applied.proposal_id, applied.entry_id) == ("", undo.id)
        assert (undo.kind, undo.state) == (EntryKind.UNDO, EntryState.DONE)
        assert [target.entry_id for target in undo.targets] == [change.id]
        assert (undo.origin.actor, undo.origin.name) == (Actor.USER, "undo")
        assert undo.origin.session_id == seat.session.id


async def test_an_undo_does_not_bring_the_proposal_back(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        await accepted(seat)
        await seat.run(Undo())
        assert not seat.held


async def test_what_was_undone_is_made_again(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        await accepted(seat)
        await seat.run(Undo())
        events = await seat.run(Redo())
        assert finish_of(events).text == "redone: Edit poem.txt"
        assert poem(seat) == changed(THREE)
        assert seat.history[0].kind is EntryKind.REDO
        assert seat.history[0].origin.name == "redo"
        again = finish_of(await seat.run(Redo()))
        assert (again.outcome, again.text) == (
            Outcome.NOT_SOLVED,
            "there is no undo that could be made again",
        )
        await seat.run(Undo())
        assert poem(seat) == POEM


async def test_one_hunk_of_a_change_is_taken_back(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        await accepted(seat)
        (entry,) = seat.history
        scope = Scope(entry_id=f"#{entry.number}", hunk_id=hunk_id(seat, entry, "5"))
        finished = finish_of(await seat.run(Undo(scope)))
        assert finished.text == "undone: Edit poem.txt (in part)"
        assert poem(seat) == changed({"two": "2", "eight": "8"})
        await seat.run(Undo())
        assert poem(seat) == POEM
        await seat.run(Redo())
        await seat.run(Redo(Scope(entry_id=seat.history[-2].id)))
        assert poem(seat) == changed(THREE)


TWO_FILES: list[Json] = [
    [read_call("poem.txt"), read_call("notes.txt")],
    [edits({"two": "2"}), call("write_file", path="notes.txt", content="Something.\n")],
    "Done.",
]


async def test_one_file_of_a_change_is_taken_back(root: Path) -> None:
    with seated(root, TWO_FILES) as seat:
        await accepted(seat)
        await seat.run(Undo(Scope(path=root / "notes.txt")))
        assert texts_below(root) == {
            "notes.txt": "Nothing yet.\n",
            "poem.txt": changed({"two": "2"}),
        }
        again = finish_of(await seat.run(Undo(Scope(path=Path("notes.txt")))))
        assert again.text == NOTHING.replace("change", "change of 'notes.txt'")


async def test_all_of_a_turn_is_taken_back_though_it_was_accepted_in_parts(root: Path) -> None:
    with seated(root, turns(THREE, {"three": "3"})) as seat:
        key = (await proposed(seat)).proposal_id
        for line in ("8", "2", "5"):
            await seat.run(Accept(key, hunk(seat, key, line)))
        await accepted(seat)
        await seat.run(Undo(Scope(turn_id=key)))
        assert poem(seat) == changed({"three": "3"})


async def test_all_of_a_session_is_taken_back(root: Path) -> None:
    with seated(root, turns({"one": "1"}, {"two": "2"}, {"three": "3"})) as seat:
        await accepted(seat)
        other = seat_at(seat.engine, seat.server)
        await accepted(other)
        await accepted(other)
        await seat.run(Undo(Scope(session_id=other.session.id)))
        assert poem(seat) == changed({"one": "1"})


async def test_everything_since_a_moment_is_taken_back(root: Path) -> None:
    with seated(root, turns({"one": "1"}, {"two": "2"}, {"three": "3"})) as seat:
        await accepted(seat)
        moment = seat.history[0].at
        await accepted(seat)
        await seat.run(Undo())
        await accepted(seat)
        await seat.run(Undo(Scope(since=moment)))
        assert poem(seat) == changed({"one": "1"})
        await seat.run(Undo(Scope(since=moment - timedelta(days=1))))
        assert poem(seat) == POEM


async def test_an_undo_after_a_restart_is_exact(root: Path) -> None:
    script: list[Json] = [
        [read_call("poem.txt"), edits({"two": "2"})],
        [call("write_file", path="deep/new.txt", content="new\n")],
        "Done.",
    ]
    with seated(root, script) as seat:
        (root / "poem.txt").chmod(0o600)
        before = texts_below(root)
        await accepted(seat)
        assert "deep/new.txt" in texts_below(root)
    with restarted(seat) as later:
        assert finish_of(await later.run(Undo())).outcome is Outcome.DONE
        assert texts_below(root) == before
        assert not (root / "deep").exists()
        assert (root / "poem.txt").stat().st_mode & 0o777 == 0o600
    with restarted(seat) as last:
        await last.run(Redo())
        assert texts_below(root)["deep/new.txt"] == "new\n"


async def test_what_was_typed_since_is_kept(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        seat.type_in_editor("poem.txt", POEM)
        editor = with_sink(seat, EditorWithBuffers(seat))
        await accepted(editor)
        typed = changed({"three": "THREE"}, f"title\n{shown(seat)}")
        seat.type_in_editor("poem.txt", typed)
        assert finish_of(await editor.run(Undo())).outcome is Outcome.DONE
        assert shown(seat) == changed({"three": "THREE"}, f"title\n{POEM}")
        assert poem(seat) == POEM


async def test_lines_that_were_changed_again_are_listed_and_left(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        await accepted(seat)
        mine = f"title\n{poem(seat)}".replace("5\n", "5 and a half\n")
        (root / "poem.txt").write_text(mine, encoding="utf-8")
        events = await seat.run(Undo())
        finished = finish_of(events)
        assert conflicts(events) == [("poem.txt", 6)]
        assert finished.outcome is Outcome.NOT_SOLVED
        assert finished.text.startswith("undone: Edit poem.txt")
        assert "except for poem.txt, line 6: these lines were changed again" in finished.text
        assert poem(seat) == f"title\n{POEM}".replace("five\n", "5 and a half\n")


async def test_an_undo_of_which_nothing_is_left_changes_nothing_and_says_why(root: Path) -> None:
    with seated(root, turns({"five": "5"})) as seat:
        await accepted(seat)
        mine = changed({"five": "FIVE"})
        (root / "poem.txt").write_text(mine, encoding="utf-8")
        finished = finish_of(await seat.run(Undo()))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert "poem.txt, line 5: these lines were changed again" in finished.text
        assert poem(seat) == mine
        assert len(seat.history) == 1


async def test_a_new_file_in_which_somebody_wrote_is_not_removed(root: Path) -> None:
    script: list[Json] = [[call("write_file", path="new.txt", content="new\n")], "Done."]
    with seated(root, script) as seat:
        await accepted(seat)
        (root / "new.txt").write_text("new\nand mine\n", encoding="utf-8")
        events = await seat.run(Undo())
        assert finish_of(events).outcome is Outcome.NOT_SOLVED
        assert texts_below(root)["new.txt"] == "new\nand mine\n"


async def test_two_undos_at_once_take_back_two_changes(root: Path) -> None:
    with seated(root, turns({"one": "1"}, {"two": "2"}, {"three": "3"})) as seat:
        for _ in range(3):
            await accepted(seat)
        others = [seat_at(seat.engine, seat.server) for _ in range(2)]
        done = await asyncio.gather(*(other.run(Undo()) for other in others))
        assert [finish_of(events).outcome for events in done] == [Outcome.DONE] * 2
        assert poem(seat) == changed({"one": "1"})


class LockedSink:
    """A sink that lets nobody change anything."""

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Refuse."""
        raise Denied(f"{changes.label}: the document is locked")


async def test_an_undo_that_was_refused_counts_as_none(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        await accepted(seat)
        refused = finish_of(await with_sink(seat, LockedSink()).run(Undo()))
        assert refused.outcome is Outcome.DENIED
        assert seat.history[0].state is EntryState.FAILED
        assert finish_of(await seat.run(Undo())).outcome is Outcome.DONE
        assert poem(seat) == POEM


async def test_what_was_undone_by_hand_counts_as_undone(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        await accepted(seat)
        (root / "poem.txt").write_text(POEM, encoding="utf-8")
        events = await seat.run(Undo())
        assert finish_of(events).text == "Edit poem.txt: was already undone"
        assert not [event for event in events if isinstance(event, Applied)]
        assert finish_of(await seat.run(Undo())).text == NOTHING


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        (Scope(entry_id="#99"), "there is no entry '#99'"),
        (Scope(entry_id="zzzz"), "there is no entry 'zzzz'"),
        (Scope(turn_id="none"), "there is no such change"),
        (Scope(path=Path("/elsewhere")), "is not in the workspace"),
    ],
)
async def test_a_scope_that_means_nothing_says_so(root: Path, scope: Scope, reason: str) -> None:
    with seated(root, turns(THREE)) as seat:
        await accepted(seat)
        finished = finish_of(await seat.run(Undo(scope)))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert reason in finished.text
        assert poem(seat) == changed(THREE)


async def test_many_conflicts_are_counted_in_the_answer(root: Path) -> None:
    odd = {"one": "1", "three": "3", "five": "5", "seven": "7", "nine": "9"}
    script: list[Json] = [
        [read_call("poem.txt"), edits(odd), read_call("notes.txt")],
        [call("write_file", path="notes.txt", content="Something.\n")],
        [call("write_file", path="new.txt", content="new\n")],
        "Done.",
    ]
    with seated(root, script) as seat:
        await accepted(seat)
        numbers = {number: f"{number}!" for number in odd.values()}
        (root / "poem.txt").write_text(changed(numbers, poem(seat)), encoding="utf-8")
        (root / "new.txt").write_text("mine\n", encoding="utf-8")
        events = await seat.run(Undo())
        assert len(conflicts(events)) == 6
        assert finish_of(events).outcome is Outcome.NOT_SOLVED
        assert finish_of(events).text.endswith("; and 1 more")
        assert texts_below(root)["notes.txt"] == "Nothing yet.\n"
