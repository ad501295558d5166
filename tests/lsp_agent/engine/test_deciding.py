"""Accepting and rejecting, whole and in parts, while text and processes come and go."""

import asyncio
import shutil
from pathlib import Path

import pytest

from lsp_agent.agent.events import Applied, Outcome, Warned
from lsp_agent.config.settings import state_folder
from lsp_agent.engine.protocol import Accept, Ask, Reject
from mcp_tools.ports import Sink
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.journal import Actor, EntryState, Origin
from mcp_tools.workspace.review import Selection, accept_part
from tests.lsp_agent.engine.verses import (
    POEM,
    PROJECT,
    THREE,
    changed,
    hunk,
    hunks,
    open_lines,
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


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the poem."""
    folder = tmp_path / "project"
    folder.mkdir()
    return write_project(folder, PROJECT)


async def test_a_hunk_is_accepted_and_the_rest_waits(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        events = await seat.run(Accept(key, hunk(seat, key, "5")))
        assert poem(seat) == changed({"five": "5"})
        finished = finish_of(events)
        assert finished.outcome is Outcome.DONE
        assert finished.text == "applied: Edit poem.txt (in part; the rest waits for review)"
        assert open_lines(seat, key) == ["2", "8"]
        finished = finish_of(await seat.run(Accept(key)))
        assert finished.text == "applied: Edit poem.txt"
        assert poem(seat) == changed(THREE)
        assert not seat.held


async def test_what_was_accepted_is_in_the_journal_with_its_turn(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        other = seat_at(seat.engine, seat.server)
        (applied,) = [e for e in await other.run(Accept(key)) if isinstance(e, Applied)]
        (entry,) = seat.history
        assert (applied.proposal_id, applied.entry_id) == (key, entry.id)
        assert (entry.state, entry.label) == (EntryState.DONE, "Edit poem.txt")
        assert entry.origin == Origin(
            actor=Actor.USER, name="accept", session_id=seat.session.id, turn_id=key
        )


async def test_a_hunk_is_rejected_and_the_rest_waits(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        finished = finish_of(await seat.run(Reject(key, hunk(seat, key, "5"))))
        assert finished.text == "a part of the proposal was rejected; nothing was changed"
        assert open_lines(seat, key) == ["2", "8"]
        assert poem(seat) == POEM
        await seat.run(Accept(key))
        assert poem(seat) == changed({"two": "2", "eight": "8"})
        assert len(seat.history) == 1


async def test_a_file_is_decided_on_alone(root: Path) -> None:
    script = [*turns(THREE)]
    with seated(root, script) as seat:
        key = (await proposed(seat)).proposal_id
        missing = Selection(path=root / "notes.txt")
        finished = finish_of(await seat.run(Accept(key, missing)))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert "has no such hunk any more" in finished.text
        await seat.run(Accept(key, Selection(path=root / "poem.txt")))
        assert poem(seat) == changed(THREE)
        assert not seat.held


async def test_typing_between_proposal_and_accept_is_kept(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        seat.type_in_editor("poem.txt", POEM)
        key = (await proposed(seat)).proposal_id
        editor = with_sink(seat, EditorWithBuffers(seat))
        typed = changed({"three": "THREE"}, "title\n" + POEM)
        seat.type_in_editor("poem.txt", typed)
        await editor.run(Accept(key, hunk(seat, key, "5")))
        assert shown(seat) == changed({"five": "5"}, typed)
        typed = changed({"nine": "nine!"}, shown(seat))
        seat.type_in_editor("poem.txt", typed)
        await editor.run(Accept(key))
        assert shown(seat) == changed({"two": "2", "eight": "8"}, typed)
        assert poem(seat) == POEM


async def test_typing_into_a_hunk_leaves_the_others_to_be_accepted(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        five = hunk(seat, key, "5")
        (root / "poem.txt").write_text(changed({"five": "FIVE"}), encoding="utf-8")
        finished = finish_of(await seat.run(Accept(key, five)))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert finished.text.startswith("line 5 of 'poem.txt' was changed after")
        for line in ("2", "8"):
            await seat.run(Accept(key, hunk(seat, key, line)))
        assert poem(seat) == changed({**THREE, "five": "FIVE"})
        assert seat.held == {key}
        await seat.run(Reject(key, five))
        assert not seat.held


async def test_a_proposal_waits_for_the_next_process(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        await seat.run(Accept(key, hunk(seat, key, "2")))
        await seat.run(Reject(key, hunk(seat, key, "8")))
        kept = seat.engine.workspace.proposal(key)
        with restarted(seat) as later:
            assert later.engine.workspace.proposal(key) == kept
            assert open_lines(later, key) == ["5"]
            await later.run(Accept(key))
            assert poem(later) == changed({"two": "2", "five": "5"})
            entry = later.history[0]
            assert (entry.origin.session_id, entry.origin.turn_id) == (seat.session.id, key)
        with restarted(seat) as last:
            assert not last.held


async def accept_and_die(seat: Seat, key: str, selection: Selection) -> None:
    """Do what an accept does, up to the moment before what is left is put."""
    decision = accept_part(seat.engine.workspace, key, selection)
    origin = Origin(actor=Actor.USER, name="accept", turn_id=key)
    await seat.engine.applier.apply(decision.changes, origin)


async def test_a_hunk_that_was_accepted_right_before_a_kill_is_not_asked_again(
    root: Path,
) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        await accept_and_die(seat, key, hunk(seat, key, "5"))
        with restarted(seat) as later:
            assert open_lines(later, key) == ["2", "8"]
            await later.run(Accept(key))
            assert poem(later) == changed(THREE)
            assert not later.held


async def test_a_proposal_that_was_accepted_right_before_a_kill_has_nothing_left(
    root: Path,
) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        await accept_and_die(seat, key, Selection())
        with restarted(seat) as later:
            assert hunks(later, key) == ()
            events = await later.run(Accept(key))
            assert Warned("the text already is as proposed") in events
            assert finish_of(events).outcome is Outcome.DONE
            assert not later.held
            assert len(later.history) == 1


async def test_a_proposal_that_another_process_settled_is_gone(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        with restarted(seat) as other:
            await other.run(Reject(key))
        finished = finish_of(await seat.run(Accept(key)))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert finished.text == f"the proposal {key!r} was settled by another program"
        assert not seat.held
        assert poem(seat) == POEM


async def test_what_another_process_decided_counts_here_too(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        five = hunk(seat, key, "5")
        with restarted(seat) as other:
            await other.run(Reject(key, five))
        assert open_lines(seat, key) == ["2", "5", "8"]
        finished = finish_of(await seat.run(Accept(key, five)))
        assert "has no such hunk any more" in finished.text
        await seat.run(Accept(key))
        assert poem(seat) == changed({"two": "2", "eight": "8"})


async def test_two_decisions_at_once_both_count(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        others = [seat_at(seat.engine, seat.server) for _ in range(3)]
        two, five, eight = (hunk(seat, key, line) for line in ("2", "5", "8"))
        done = await asyncio.gather(
            others[0].run(Accept(key, two)),
            others[1].run(Reject(key, five)),
            others[2].run(Accept(key, eight)),
        )
        assert [finish_of(events).outcome for events in done] == [Outcome.DONE] * 3
        assert poem(seat) == changed({"two": "2", "eight": "8"})
        assert not seat.held
        with restarted(seat) as later:
            assert not later.held


def break_state(root: Path) -> None:
    """Put a file where the state folder of a workspace should be."""
    folder = state_folder(root)
    shutil.rmtree(folder)
    folder.write_text("in the way", encoding="utf-8")


async def test_nothing_is_accepted_that_cannot_be_recorded(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        break_state(root)
        for decision in (Accept(key), Reject(key)):
            finished = finish_of(await seat.run(decision))
            assert finished.outcome is Outcome.NOT_SOLVED
            assert str(state_folder(root)) in finished.text
            assert seat.held == {key}
        assert poem(seat) == POEM


class SpoilingSink:
    """A sink after which the state folder is gone."""

    def __init__(self, sink: Sink, root: Path) -> None:
        """Apply to `sink`."""
        self._sink = sink
        self._root = root

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Apply, and let somebody remove the journal."""
        await self._sink.apply(changes, entry_id)
        break_state(self._root)


async def test_a_change_that_was_made_is_told_though_the_rest_cannot_be_kept(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        spoiling = with_sink(seat, SpoilingSink(seat.disk, root))
        events = await spoiling.run(Accept(key, hunk(seat, key, "5")))
        assert finish_of(events).outcome is Outcome.DONE
        (warning,) = [e.message for e in events if isinstance(e, Warned)]
        assert warning.startswith("the change was made, but the proposal cannot be kept")
        assert poem(seat) == changed({"five": "5"})
        assert open_lines(seat, key) == ["2", "8"]


async def test_without_a_state_folder_reading_and_proposing_still_work(root: Path) -> None:
    folder = state_folder(root)
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way", encoding="utf-8")
    with seated(root, turns(THREE)) as seat:
        events = await seat.run(Accept("none"))
        assert "there is no proposal 'none'" in finish_of(events).text
        key = (await proposed(seat)).proposal_id
        assert seat.held == {key}
        assert str(folder) in finish_of(await seat.run(Accept(key))).text
        assert seat.held == {key}
        await seat.run(Reject(key))
        assert not seat.held
    assert texts_below(root)["poem.txt"] == POEM


async def test_a_proposal_that_cannot_be_kept_is_said_to_be_lost_in_the_end(root: Path) -> None:
    folder = state_folder(root)
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way", encoding="utf-8")
    with seated(root, turns(THREE)) as seat:
        events = await seat.run(Ask("Use numbers"))
        (warning,) = [e.message for e in events if isinstance(e, Warned)]
        assert warning.startswith("the proposal does not outlive this program: ")
