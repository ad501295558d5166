"""Turns on top of what waits for review: another proposal, a revision, an explanation."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from lsp_agent.agent.events import Event, Outcome, Proposed, ToolFinished, Warned
from lsp_agent.engine.protocol import (
    Accept,
    Ask,
    Comment,
    Explain,
    ExplainHunks,
    Fix,
    Interrupt,
    Reject,
    Revise,
    Work,
)
from lsp_agent.testkit.json_values import Json
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.text import Span
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.review import Selection, review_of
from tests.lsp_agent.engine.bugs import PROJECT as BUGS
from tests.lsp_agent.engine.bugs import call, edit_call, fix, read_call
from tests.lsp_agent.engine.verses import (
    POEM,
    PROJECT,
    THREE,
    changed,
    edits,
    hunk,
    open_lines,
    poem,
    proposed,
    turns,
)
from tests.support.projects import texts_below, write_project
from tests.support.sessions import (
    LIMIT_S,
    MODEL,
    Seat,
    finish_of,
    proposal_of,
    restarted,
    seat_at,
    seated,
)

pytestmark = pytest.mark.asyncio

ALL = Selection()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the poem."""
    folder = tmp_path / "project"
    folder.mkdir()
    return write_project(folder, PROJECT)


def held(seat: Seat, proposal_id: str) -> Proposal:
    return seat.engine.workspace.proposal(proposal_id)


def asked(seat: Seat, number: int) -> str:
    """Give what the model was asked in its n-th request, from 1."""
    return seat.server.requests[number - 1].request.last_user or ""


def revise(key: str, text: str, selection: Selection = ALL) -> Revise:
    return Revise(proposal_id=key, comments=(Comment(selection=selection, text=text),))


# ------------------------------------------------------------------ one on the other


async def test_a_proposal_knows_who_made_it_and_in_which_session(root: Path) -> None:
    with seated(root, turns(THREE)) as seat:
        proposal = held(seat, (await proposed(seat)).proposal_id)
        assert (proposal.session_id, proposal.made_by) == (seat.session.id, MODEL)
        assert (proposal.below, proposal.is_draft) == ((), False)


async def test_a_second_task_builds_on_what_waits_for_review(root: Path) -> None:
    script = [*turns(THREE), [read_call("poem.txt"), edits({"5": "five!"})], "Done."]
    with seated(root, script) as seat:
        first = await proposed(seat)
        second = await proposed(seat)
        assert held(seat, second.proposal_id).below == (first.proposal_id,)
        assert "-5\n+five!\n" in second.diff
        assert "+2\n" not in second.diff
        refused = finish_of(await seat.run(Accept(second.proposal_id)))
        assert refused.outcome is Outcome.NOT_SOLVED
        assert refused.text.endswith(f"settle that first: 'Edit poem.txt' ({first.proposal_id})")
        await seat.run(Accept(first.proposal_id))
        await seat.run(Accept(second.proposal_id))
        assert poem(seat) == changed({**THREE, "five": "five!"})


async def test_an_independent_second_proposal_is_accepted_first(root: Path) -> None:
    with seated(root, turns({"two": "2"}, {"eight": "8"})) as seat:
        first, second = await proposed(seat), await proposed(seat)
        await seat.run(Accept(second.proposal_id))
        assert poem(seat) == changed({"eight": "8"})
        await seat.run(Accept(first.proposal_id))
        assert poem(seat) == changed({"two": "2", "eight": "8"})


async def test_stacked_proposals_are_stacked_after_a_restart(root: Path) -> None:
    script = [*turns(THREE), [read_call("poem.txt"), edits({"5": "five!"})], "Done."]
    with seated(root, script) as seat:
        first, second = await proposed(seat), await proposed(seat)
        with restarted(seat) as later:
            assert held(later, second.proposal_id).below == (first.proposal_id,)
            await later.run(Reject(first.proposal_id))
            refused = finish_of(await later.run(Accept(second.proposal_id)))
            assert "line 5 of 'poem.txt' was changed" in refused.text
            assert poem(later) == POEM


async def test_a_fix_is_about_the_text_that_the_editor_shows(tmp_path: Path) -> None:
    write_project(tmp_path, BUGS)
    script: list[Json] = [
        [read_call(), edit_call("name.title()", "name.upper()")],
        "Done.",
        [read_call(), edit_call()],
        "Done.",
        "It is a name.",
    ]
    with seated(tmp_path, script) as seat:
        first = await proposed(seat)
        other = seat_at(seat.engine, seat.server)
        events = await other.run(fix(seat.root))
        assert finish_of(events).outcome is Outcome.DONE
        second = proposal_of(events)
        assert held(seat, second.proposal_id).below == ()
        assert (first.is_checked, second.is_checked) == (False, True)
        seen = str(seat.server.requests[3].body)
        assert "name.title()" in seen
        assert "name.upper()" not in seen
        problem = Diagnostic(
            path=tmp_path / "shop.py", span=Span(0, 3), message="what is it", source="x"
        )
        await seat.run(Explain(path=tmp_path / "shop.py", diagnostics=(problem,)))
        assert seat.held == {first.proposal_id, second.proposal_id}


async def test_a_fix_that_only_helps_is_proposed_as_unchecked(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = lenght\ny = witdh\n", encoding="utf-8")
    script: list[Json] = [
        [read_call("a.py"), call("edit_file", path="a.py", old_string="lenght", new_string="1")],
        *["I cannot do more."] * 3,
    ]
    with seated(tmp_path, script) as seat:
        events = await seat.run(Fix(path=Path("a.py")))
        assert finish_of(events).outcome is Outcome.NOT_SOLVED
        assert not proposal_of(events).is_checked


# ------------------------------------------------------------------ explaining


async def test_an_explanation_of_a_proposal_changes_nothing(root: Path) -> None:
    script = [
        *turns(THREE),
        [read_call("poem.txt")],
        [edits({"nine": "9"})],
        "It writes numbers.",
    ]
    with seated(root, script) as seat:
        key = (await proposed(seat)).proposal_id
        before = held(seat, key)
        events = await seat.run(ExplainHunks(proposal_id=key))
        finished = finish_of(events)
        assert (finished.outcome, finished.text) == (Outcome.DONE, "It writes numbers.")
        assert not [event for event in events if isinstance(event, Proposed)]
        prompt = asked(seat, 3)
        assert "-five\n+5\n" in prompt
        assert "Do not edit." in prompt
        seen = seat.server.requests[3].request.last_tool_result or ""
        assert "four" in seen
        assert "five" not in seen
        assert held(seat, key) == before
        assert seat.held == {key}


async def test_an_explanation_of_a_hunk_shows_only_that_one(root: Path) -> None:
    with seated(root, [*turns(THREE), "A five."]) as seat:
        key = (await proposed(seat)).proposal_id
        await seat.run(ExplainHunks(proposal_id=key, selection=hunk(seat, key, "5")))
        prompt = asked(seat, 3)
        assert "-five\n+5\n" in prompt
        assert "+2\n" not in prompt


# ------------------------------------------------------------------ revising


async def test_comments_go_back_to_the_agent_as_one_review(root: Path) -> None:
    answer: list[Json] = [[read_call("poem.txt"), edits({"5": "V", "8": "VIII"})], "Roman it is."]
    with seated(root, [*turns(THREE), *answer]) as seat:
        key = (await proposed(seat)).proposal_id
        await seat.run(Accept(key, hunk(seat, key, "2")))
        comments = (
            Comment(selection=hunk(seat, key, "5"), text="Roman, please"),
            Comment(selection=Selection(path=root / "poem.txt"), text="Only lines of numbers"),
            Comment(selection=ALL, text="Do the same everywhere"),
        )
        events = await seat.run(Revise(proposal_id=key, comments=comments))
        assert finish_of(events).text == "Roman it is."
        proposal = proposal_of(events)
        assert proposal.proposal_id == key
        assert "-five\n+V\n" in proposal.diff
        assert open_lines(seat, key) == ["V", "VIII"]
        prompt = asked(seat, 3)
        assert "by these 3 comments" in prompt
        assert "1. On poem.txt about\n```diff\n" in prompt
        assert "```\nRoman, please" in prompt
        assert "3. On all of it:\nDo the same everywhere" in prompt
        assert "-two" not in prompt
        assert poem(seat) == changed({"two": "2"})
        await seat.run(Accept(key))
        assert poem(seat) == changed({"two": "2", "five": "V", "eight": "VIII"})


async def test_a_proposal_is_revised_twice_on_what_was_accepted_between(root: Path) -> None:
    script = [
        *turns(THREE),
        [read_call("poem.txt"), edits({"5": "V"})],
        "Done.",
        [read_call("poem.txt"), edits({"8": "VIII", "nine": "9"})],
        "Done.",
    ]
    with seated(root, script) as seat:
        key = (await proposed(seat)).proposal_id
        await seat.run(revise(key, "Roman", hunk(seat, key, "5")))
        await seat.run(Accept(key, hunk(seat, key, "V")))
        (root / "poem.txt").write_text(f"title\n{poem(seat)}", encoding="utf-8")
        other = seat_at(seat.engine, seat.server)
        await other.run(revise(key, "Roman", hunk(seat, key, "8")))
        assert open_lines(seat, key) == ["2", "VIII\n9"]
        assert "-five" not in asked(seat, 5)
        with restarted(seat) as later:
            assert open_lines(later, key) == ["2", "VIII\n9"]
            await later.run(Accept(key))
        rest = {"two": "2", "five": "V", "eight": "VIII", "nine": "9"}
        assert poem(seat) == f"title\n{changed(rest)}"


async def test_a_revision_that_takes_everything_back_leaves_no_proposal(root: Path) -> None:
    script = [*turns({"two": "2"}), [read_call("poem.txt"), edits({"2": "two"})], "Gone."]
    with seated(root, script) as seat:
        key = (await proposed(seat)).proposal_id
        events = await seat.run(revise(key, "Better not"))
        assert finish_of(events).outcome is Outcome.DONE
        assert Warned("nothing is left of the proposal, so it is gone") in events
        assert not [event for event in events if isinstance(event, Proposed)]
        assert not seat.held
        with restarted(seat) as later:
            assert not later.held


async def test_a_revision_in_which_nothing_is_edited_says_so(root: Path) -> None:
    with seated(root, [*turns(THREE), "It is fine as it is."]) as seat:
        key = (await proposed(seat)).proposal_id
        before = held(seat, key)
        events = await seat.run(revise(key, "Is it right?"))
        assert Warned("the proposal is as it was: the model changed nothing of it") in events
        assert finish_of(events).text == "It is fine as it is."
        assert proposal_of(events).proposal_id == key
        assert held(seat, key) == before


EDIT: Json = [read_call("poem.txt"), edits({"5": "V"})]
REFUSAL: Json = {"content": "No.", "stop_reason": "refusal"}
BREAKING: Json = {"content": "x", "fault": {"name": "401"}}


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([EDIT, REFUSAL], Outcome.NOT_SOLVED),
        ([EDIT, BREAKING], Outcome.MODEL_UNAVAILABLE),
        ([EDIT, EDIT, EDIT], Outcome.NOT_SOLVED),
    ],
    ids=["refused", "broken", "out of steps"],
)
async def test_a_revision_without_a_good_end_leaves_the_proposal_as_it_was(
    root: Path, answers: Sequence[Json], outcome: Outcome
) -> None:
    with seated(root, [*turns(THREE), *answers], max_steps=3) as seat:
        key = (await proposed(seat)).proposal_id
        before = held(seat, key)
        events = await seat.run(revise(key, "Roman"))
        assert finish_of(events).outcome is outcome
        assert not [event for event in events if isinstance(event, Proposed)]
        assert held(seat, key) == before
        with restarted(seat) as later:
            assert held(later, key) == before


async def test_a_revision_that_is_interrupted_anywhere_leaves_the_proposal_as_it_was(
    root: Path,
) -> None:
    was_cancelled, n_events = True, 0
    while was_cancelled:
        n_events += 1
        with seated(root, [*turns(THREE), EDIT, "Roman it is."]) as seat:
            key = (await proposed(seat)).proposal_id
            before = held(seat, key)
            events = await seat.run_with(revise(key, "Roman"), interrupting(seat, n_events))
            was_cancelled = finish_of(events).outcome is Outcome.CANCELLED
            assert (held(seat, key) == before) == was_cancelled
            assert seat.held == {key}
            await seat.run(Reject(key))
    assert n_events > 5


def interrupting(seat: Seat, n_events: int) -> Callable[[Event], None]:
    """Give an onlooker that interrupts when it has seen so many events."""
    seen: list[Event] = []

    def see(event: Event) -> None:
        seen.append(event)
        if len(seen) == n_events:
            seat.session.signal(Interrupt())

    return see


async def test_a_revision_of_which_nobody_hears_leaves_the_proposal_as_it_was(
    root: Path,
) -> None:
    is_whole, n_events = False, 0
    while not is_whole:
        n_events += 1
        with seated(root, [*turns(THREE), EDIT, "Roman it is."]) as seat:
            key = (await proposed(seat)).proposal_id
            before = held(seat, key)
            told = seat.session.run(revise(key, "Roman"))
            seen: list[Event] = []
            async with asyncio.timeout(LIMIT_S), aclosing(told):
                async for event in told:
                    seen.append(event)
                    if len(seen) == n_events:
                        break
            is_whole = any(isinstance(event, Proposed) for event in seen)
            assert (held(seat, key) == before) != is_whole
            with restarted(seat) as later:
                assert held(later, key) == held(seat, key)
            await seat.run(Reject(key))
    assert n_events > 5


async def test_nobody_decides_on_a_proposal_that_is_being_revised(root: Path) -> None:
    with seated(root, [*turns(THREE), EDIT, "Roman it is."]) as seat:
        key = (await proposed(seat)).proposal_id
        other = seat_at(seat.engine, seat.server)
        told = seat.session.run(revise(key, "Roman"))
        n_refused = 0
        async with asyncio.timeout(LIMIT_S), aclosing(told):
            async for event in told:
                if isinstance(event, ToolFinished):
                    for work in (Accept(key), Reject(key), revise(key, "Me too")):
                        text = finish_of(await other.run(work)).text
                        assert f"the proposal {key!r} is being worked on right now" in text
                        n_refused += 1
        assert n_refused == 6
        assert open_lines(seat, key) == ["2", "V", "8"]


@pytest.mark.parametrize(
    ("comments", "reason"),
    [
        ((), "expected a comment on the proposal, got none"),
        ((Comment(selection=ALL, text=" \n"),), "expected a comment on the proposal, got none"),
        (
            (Comment(selection=Selection(hunk_id="gone"), text="Hm"),),
            "has no such hunk any more",
        ),
    ],
)
async def test_a_review_that_cannot_be_meant_is_refused_before_the_model_is_asked(
    root: Path, comments: tuple[Comment, ...], reason: str
) -> None:
    with seated(root, turns(THREE)) as seat:
        key = (await proposed(seat)).proposal_id
        finished = finish_of(await seat.run(Revise(proposal_id=key, comments=comments)))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert reason in finished.text
        assert seat.held == {key}
        assert len(seat.server.requests) == 2


@pytest.mark.parametrize(
    "work", [revise("none", "Hm"), ExplainHunks(proposal_id="none")], ids=["revise", "explain"]
)
async def test_a_proposal_that_is_not_there_is_named(root: Path, work: Work) -> None:
    with seated(root, []) as seat:
        finished = finish_of(await seat.run(work))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert "there is no proposal 'none'" in finished.text


async def test_what_no_longer_fits_is_told_and_the_rest_of_the_revision_is_proposed(
    root: Path,
) -> None:
    script = [
        [read_call("poem.txt"), read_call("notes.txt"), edits({"two": "2"})],
        [call("write_file", path="notes.txt", content="Something.\n")],
        "Done.",
        [read_call("poem.txt"), edits({"2": "II"})],
        "Done.",
    ]
    with seated(root, script) as seat:
        key = (await proposed(seat)).proposal_id
        (root / "notes.txt").write_text("Mine.\n", encoding="utf-8")
        events = await seat.run(revise(key, "Roman"))
        (warning,) = [event.message for event in events if isinstance(event, Warned)]
        assert "line 1 of 'notes.txt' was changed" in warning
        proposal = proposal_of(events)
        assert [path.name for path in proposal.changes.paths] == ["poem.txt"]
        review = review_of(seat.engine.workspace, key)
        assert [file.path.name for file in review.files if file.stale] == ["notes.txt"]
        assert texts_below(root)["notes.txt"] == "Mine.\n"


async def test_a_comment_in_an_ask_is_no_revision(root: Path) -> None:
    with seated(root, [*turns(THREE), "I see."]) as seat:
        await proposed(seat)
        events = await seat.run(Ask("Why numbers?"))
        assert not [event for event in events if isinstance(event, Proposed)]
