"""A command sees the top layer, and what it changes waits for review."""

import asyncio
import os
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.agent.events import CommandFinished, Outcome, Proposed, Warned
from lsp_agent.engine.protocol import Accept, Interrupt, Reject, Run, Undo
from mcp_tools.ports import Runner
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.jobs import OnOutput
from mcp_tools.workspace.review import review_of
from tests.lsp_agent.engine.verses import (
    POEM,
    PROJECT,
    THREE,
    changed,
    hunk,
    open_lines,
    poem,
    proposed,
    turns,
)
from tests.support.projects import texts_below, write_project
from tests.support.sessions import (
    LIMIT_S,
    Seat,
    finish_of,
    proposal_of,
    restarted,
    seat_at,
    seated,
)
from tests.support.unwalled import unwalled_runner

pytestmark = pytest.mark.asyncio


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the poem."""
    folder = tmp_path / "project"
    folder.mkdir()
    return write_project(folder, PROJECT)


def shell(seat: Seat, line: str) -> Run:
    return Run(ShellCommand(argv=("/bin/sh", "-c", line), cwd=seat.root, timeout_s=LIMIT_S))


async def test_what_a_command_makes_is_proposed_and_nothing_has_changed(root: Path) -> None:
    before = texts_below(root)
    with seated(root, []) as seat:
        line = "sed -i s/two/2/ poem.txt; echo hi; mkdir sub; echo new > sub/new.txt; rm notes.txt"
        events = await seat.run(shell(seat, line))
        (ended,) = [event for event in events if isinstance(event, CommandFinished)]
        assert (ended.exit_code, ended.output) == (0, "hi\n")
        finished = finish_of(events)
        assert (finished.outcome, finished.text) == (Outcome.DONE, f"{line}: done")
        assert texts_below(root) == before
        proposal = proposal_of(events)
        assert "-two\n+2\n" in proposal.diff
        assert not proposal.is_checked
        held = seat.engine.workspace.proposal(proposal.proposal_id)
        assert held.made_by == line
        assert held.label == f"Run: {line[:59]}…"
        await seat.run(Accept(proposal.proposal_id))
        assert texts_below(root) == {"poem.txt": changed({"two": "2"}), "sub/new.txt": "new\n"}
        await seat.run(Undo())
        assert texts_below(root) == before
        assert not (root / "sub").exists()


async def test_a_command_sees_unsaved_text_and_all_that_waits_for_review(root: Path) -> None:
    with seated(root, turns({"two": "2"}, {"five": "5"})) as seat:
        seat.type_in_editor("notes.txt", "unsaved\n")
        first = await proposed(seat)
        second = await proposed(seat)
        events = await seat.run(shell(seat, "cat poem.txt notes.txt; echo end >> poem.txt"))
        (ended,) = [event for event in events if isinstance(event, CommandFinished)]
        assert ended.output == changed({"two": "2", "five": "5"}) + "unsaved\n"
        proposal = proposal_of(events)
        assert open_lines(seat, proposal.proposal_id) == ["end"]
        held = seat.engine.workspace.proposal(proposal.proposal_id)
        assert held.below == (first.proposal_id, second.proposal_id)
        assert poem(seat) == POEM


async def test_the_exit_code_of_a_command_that_fails_is_told_and_its_work_is_kept(
    root: Path,
) -> None:
    with seated(root, []) as seat:
        events = await seat.run(shell(seat, "echo more >> poem.txt; exit 3"))
        finished = finish_of(events)
        assert finished.outcome is Outcome.NOT_SOLVED
        assert finished.text == "echo more >> poem.txt; exit 3: ended with the exit code 3"
        assert seat.held == {proposal_of(events).proposal_id}


async def test_a_command_that_changes_nothing_leaves_no_proposal(root: Path) -> None:
    with seated(root, []) as seat:
        events = await seat.run(shell(seat, "cat poem.txt; touch poem.txt"))
        assert not [event for event in events if isinstance(event, Proposed)]
        assert not seat.held
        with restarted(seat) as later:
            assert not later.held


async def test_a_command_is_told_by_its_words(root: Path) -> None:
    with seated(root, []) as seat:
        command = ShellCommand(argv=("printf", "%s", "a b"), cwd=root, timeout_s=LIMIT_S)
        assert finish_of(await seat.run(Run(command))).text == "printf %s 'a b': done"


async def test_a_command_that_cannot_be_started_leaves_nothing(root: Path) -> None:
    with seated(root, []) as seat:
        command = ShellCommand(argv=("no-such-program-4711",), cwd=root, timeout_s=LIMIT_S)
        finished = finish_of(await seat.run(Run(command)))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert "no-such-program-4711" in finished.text
        assert not seat.held


async def test_a_command_is_interrupted_and_nothing_is_held(root: Path) -> None:
    with seated(root, []) as seated_there:
        runner = unwalled_runner(root.parent / "cache")
        seat = seat_at(replace(seated_there.engine, runner=runner), seated_there.server)
        os.mkfifo(pipe := root.parent / "begun")
        work = shell(seat, f"echo more >> poem.txt; echo > {pipe}; sleep 600")
        running = asyncio.create_task(seat.run(work))
        await asyncio.to_thread(pipe.read_bytes)
        seat.session.signal(Interrupt())
        finished = finish_of(await running)
        assert finished.outcome is Outcome.CANCELLED
        assert not seat.held
        assert poem(seat) == POEM


class Typing:
    """A runner while whose commands somebody types."""

    def __init__(self, seat: Seat, runner: Runner, text: str) -> None:
        """Run by `runner`, and then show the poem with this text."""
        self._seat = seat
        self._runner = runner
        self._text = text

    async def run(
        self, command: ShellCommand, snapshot: SnapshotView, on_output: OnOutput | None = None
    ) -> CommandResult:
        """Run, and type."""
        result = await self._runner.run(command, snapshot, on_output)
        self._seat.type_in_editor("poem.txt", self._text)
        return result


def while_typing(seat: Seat, text: str) -> Seat:
    """Give a seat at which somebody types while a command runs."""
    runner = Typing(seat, seat.engine.runner, text)
    return seat_at(replace(seat.engine, runner=runner), seat.server)


async def test_what_is_typed_while_a_command_runs_is_kept(root: Path) -> None:
    with seated(root, []) as seat:
        typed = changed({"nine": "NINE"}, f"title\n{POEM}")
        events = await while_typing(seat, typed).run(shell(seat, "sed -i s/two/2/ poem.txt"))
        key = proposal_of(events).proposal_id
        assert open_lines(seat, key) == ["2"]
        top = seat.engine.workspace.snapshot(key).read(root / "poem.txt")
        assert top.text == changed({"two": "2"}, typed)


async def test_a_line_that_was_typed_while_a_command_changed_it_is_told(root: Path) -> None:
    with seated(root, []) as seat:
        work = shell(seat, "sed -i s/two/2/ poem.txt; echo more >> notes.txt")
        events = await while_typing(seat, changed({"two": "TWO"})).run(work)
        (warning,) = [event.message for event in events if isinstance(event, Warned)]
        assert warning.startswith("a part of the edits does not fit any more: line 2 of 'poem.txt'")
        proposal = proposal_of(events)
        assert [path.name for path in proposal.changes.paths] == ["notes.txt"]
        assert seat.held == {proposal.proposal_id}
        review = review_of(seat.engine.workspace, proposal.proposal_id)
        assert [file.path.name for file in review.files if file.stale] == ["poem.txt"]


async def test_work_of_which_nothing_fits_any_more_is_no_proposal(root: Path) -> None:
    with seated(root, []) as seat:
        work = shell(seat, "sed -i s/two/2/ poem.txt")
        finished = finish_of(await while_typing(seat, changed({"two": "TWO"})).run(work))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert "line 2 of 'poem.txt' was changed" in finished.text
        assert not seat.held


async def test_an_edit_of_a_command_on_another_proposal_can_be_accepted_first(
    root: Path,
) -> None:
    with seated(root, turns(THREE)) as seat:
        first = (await proposed(seat)).proposal_id
        events = await seat.run(shell(seat, "echo ten >> poem.txt; sed -i s/^5/five!/ poem.txt"))
        second = proposal_of(events).proposal_id
        refused = finish_of(await seat.run(Accept(second)))
        assert refused.outcome is Outcome.NOT_SOLVED
        assert f"settle that first: 'Edit poem.txt' ({first})" in refused.text
        await seat.run(Accept(second, hunk(seat, second, "ten")))
        assert poem(seat) == f"{POEM}ten\n"
        await seat.run(Accept(first))
        await seat.run(Accept(second))
        assert poem(seat) == changed({**THREE, "five": "five!"}) + "ten\n"


async def test_closing_the_events_of_a_command_drops_what_was_not_told(root: Path) -> None:
    with seated(root, []) as seat:
        told = seat.session.run(shell(seat, "echo more >> poem.txt"))
        async with asyncio.timeout(LIMIT_S), aclosing(told):
            async for event in told:
                if isinstance(event, CommandFinished):
                    break
        assert not seat.held
        with restarted(seat) as later:
            assert not later.held
            await later.run(Reject("none"))
