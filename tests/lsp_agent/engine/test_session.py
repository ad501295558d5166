"""What a session does with each piece of work, and how each ends."""

import asyncio
from contextlib import aclosing, closing
from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.agent.events import (
    Event,
    Outcome,
    Proposed,
    TextWritten,
    ToolFinished,
    TurnStarted,
    Warned,
)
from lsp_agent.agent.questions import AnswerKind
from lsp_agent.app import build_disk_engine
from lsp_agent.config.settings import Settings, settings_of
from lsp_agent.engine.attempts import MAX_ATTEMPTS
from lsp_agent.engine.protocol import Accept, Approve, Ask, Explain, Fix, Interrupt, Reject, Undo
from lsp_agent.engine.session import Session
from lsp_agent.models.port import Model
from lsp_agent.testkit.faults import HTTP_FAULTS
from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.server import ScriptedModel
from mcp_tools.ports import Sink
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import StaleEdit
from mcp_tools.workspace.changes import states_after
from mcp_tools.workspace.undo.history import Scope
from tests.lsp_agent.engine.bugs import (
    MENDED,
    NEW,
    OLD,
    PROJECT,
    SOURCE,
    call,
    edit_call,
    fix,
    mending_turns,
    problem,
    read_call,
)
from tests.support.projects import texts_below, write_project
from tests.support.sessions import (
    KEY,
    LIMIT_S,
    MODEL,
    Seat,
    finish_of,
    proposal_of,
    seat_at,
    seated,
    taken,
    with_sink,
)

NOTHING_TO_UNDO = "there is no change in the history that is not undone yet"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the bug."""
    return write_project(tmp_path, PROJECT)


async def proposed(seat: Seat) -> Proposed:
    """Let the bug be mended, and give the proposal."""
    return proposal_of(await seat.run(fix(seat.root)))


@pytest.mark.asyncio
async def test_a_question_is_answered_and_nothing_is_held(root: Path) -> None:
    with seated(root, ["Prices."]) as seat:
        events = await seat.run(Ask("What does\nit sell?"))
        assert isinstance(started := events[0], TurnStarted)
        assert (started.title, started.model) == ("What does", MODEL)
        finished = finish_of(events)
        assert (finished.outcome, finished.text) == (Outcome.DONE, "Prices.")
        assert finished.usage.input_tokens > 0
        assert not seat.held


@pytest.mark.asyncio
async def test_a_long_question_has_a_short_title(root: Path) -> None:
    with seated(root, ["Yes."]) as seat:
        (started, *_) = await seat.run(Ask("why " * 100))
        assert isinstance(started, TurnStarted)
        assert len(started.title) == 60
        assert started.title.endswith("…")


@pytest.mark.asyncio
async def test_an_empty_question_is_refused_before_the_model_is_asked(root: Path) -> None:
    with seated(root, ["Prices."]) as seat:
        finished = finish_of(await seat.run(Ask(" \n")))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert finished.text == "expected a question or a task, got an empty text"
        assert not seat.server.requests


@pytest.mark.asyncio
async def test_a_task_in_words_may_end_in_a_proposal(root: Path) -> None:
    turns: list[Json] = [[read_call(), edit_call()], "Done."]
    with seated(root, turns) as seat:
        proposal = proposal_of(await seat.run(Ask("Mend it")))
        assert seat.held == {proposal.proposal_id}
        assert f"+    return {MENDED.splitlines()[1].strip()[7:]}" in proposal.diff


@pytest.mark.asyncio
async def test_edits_that_take_each_other_back_are_no_proposal(root: Path) -> None:
    turns: list[Json] = [
        [read_call(), edit_call("reduction", "percent")],
        [read_call(), edit_call("price - percent", "price - reduction")],
        "It was right.",
    ]
    with seated(root, turns) as seat:
        events = await seat.run(Ask("Try it"))
        assert not [event for event in events if isinstance(event, Proposed)]
        assert not seat.held


@pytest.mark.asyncio
async def test_an_explanation_names_the_problem_and_proposes_nothing(root: Path) -> None:
    with seated(root, ["The name was never given a value."]) as seat:
        explain = Explain(path=root / "shop.py", diagnostics=(problem(root),))
        finished = finish_of(await seat.run(explain))
        assert finished.text == "The name was never given a value."
        asked = seat.server.requests[0].request.last_user or ""
    assert "shop.py:2:20: ruff [F821]: Undefined name `reduction`" in asked
    assert '"kind": "explain"' in asked


@pytest.mark.asyncio
async def test_a_fix_without_a_list_takes_all_problems_of_the_file(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        finished = finish_of(await seat.run(Fix(path=Path("shop.py"))))
        assert finished.outcome is Outcome.DONE
        assert "F821" in (seat.server.requests[0].request.last_user or "")


@pytest.mark.asyncio
async def test_a_file_without_a_problem_needs_no_model(root: Path) -> None:
    (root / "good.py").write_text("x = 1\n", encoding="utf-8")
    with seated(root, []) as seat:
        finished = finish_of(await seat.run(Fix(path=root / "good.py")))
        assert finished.outcome is Outcome.DONE
        assert finished.text == "no problems were found, so there is nothing to do"
        assert not seat.server.requests


@pytest.mark.asyncio
async def test_unsaved_text_is_what_gets_fixed(root: Path) -> None:
    (root / "shop.py").write_text("x = 1\n", encoding="utf-8")
    with seated(root, mending_turns()) as seat:
        seat.type_in_editor("shop.py", SOURCE)
        assert finish_of(await seat.run(fix(seat.root))).outcome is Outcome.DONE


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["missing.py", "../outside.py"])
async def test_a_file_that_cannot_be_fixed_is_named(root: Path, name: str) -> None:
    with seated(root, []) as seat:
        finished = finish_of(await seat.run(Fix(path=Path(name))))
    assert finished.outcome is Outcome.NOT_SOLVED
    assert Path(name).name in finished.text


@pytest.mark.asyncio
async def test_a_fix_that_brings_another_problem_is_not_proposed(root: Path) -> None:
    turns: list[Json] = [
        [read_call(), edit_call(new="price - other")],
        "Done.",
        "Done.",
        "I cannot.",
    ]
    with seated(root, turns) as seat:
        events = await seat.run(fix(seat.root))
        assert not [event for event in events if isinstance(event, Proposed)]
        assert not seat.held
        finished = finish_of(events)
    assert finished.outcome is Outcome.NOT_SOLVED
    assert finished.text == ("I cannot.\n(the edits bring new problems: Undefined name `other`)")


@pytest.mark.asyncio
async def test_edits_of_a_fix_that_was_never_measured_are_not_proposed(root: Path) -> None:
    turns: list[Json] = [
        [read_call(), edit_call()],
        {"content": "No.", "stop_reason": "refusal"},
    ]
    with seated(root, turns) as seat:
        events = await seat.run(fix(seat.root))
        assert not [event for event in events if isinstance(event, Proposed)]
        assert not seat.held
        assert finish_of(events).outcome is Outcome.NOT_SOLVED


@pytest.mark.asyncio
async def test_a_fix_at_its_limit_of_steps_is_measured(root: Path) -> None:
    with seated(root, [[read_call(), edit_call()]], max_steps=1) as seat:
        events = await seat.run(fix(seat.root))
        assert finish_of(events).outcome is Outcome.DONE
        assert seat.held == {proposal_of(events).proposal_id}


@pytest.mark.asyncio
async def test_a_denied_edit_ends_a_fix_as_denied(root: Path) -> None:
    write = call("write_file", path=".git/hooks/pre-commit", content="true\n")
    with seated(root, [[write], "I may not.", "I may not.", "I may not."]) as seat:
        events = await seat.run_with(fix(seat.root), seat.deny)
        assert finish_of(events).outcome is Outcome.DENIED
        assert not (root / ".git").exists()


@pytest.mark.asyncio
async def test_typing_while_the_model_works_is_kept(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        typed = SOURCE.replace("name.title()", "name.upper()")

        def type_once(event: Event) -> None:
            if isinstance(event, ToolFinished) and event.call.name == "diagnostics":
                seat.type_in_editor("shop.py", typed)

        proposal = proposal_of(await seat.run_with(fix(seat.root), type_once))
        snapshot = seat.engine.workspace.snapshot()
        (state,) = states_after(proposal.changes, snapshot.below_state).values()
        assert state is not None
        assert state.content == typed.replace(OLD, NEW)


@pytest.mark.asyncio
async def test_typing_into_the_same_line_while_the_model_works_wins(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        typed = SOURCE.replace("price - reduction", "price - 1")

        def type_once(event: Event) -> None:
            if isinstance(event, TextWritten) and event.text.startswith("The"):
                seat.type_in_editor("shop.py", typed)

        events = await seat.run_with(fix(seat.root), type_once)
        assert not [event for event in events if isinstance(event, Proposed)]
        assert not seat.held
        assert finish_of(events).outcome is not Outcome.FAILED


@pytest.mark.asyncio
async def test_a_rejected_proposal_is_forgotten(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        proposal = await proposed(seat)
        finished = finish_of(await seat.run(Reject(proposal.proposal_id)))
        assert finished.text == "the proposal was rejected; nothing was changed"
        assert not seat.held
        again = finish_of(await seat.run(Accept(proposal.proposal_id)))
        assert again.outcome is Outcome.NOT_SOLVED
        assert "it may be settled" in again.text
        assert texts_below(root)["shop.py"] == SOURCE


@pytest.mark.asyncio
async def test_an_accept_over_other_changes_keeps_them(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        proposal = await proposed(seat)
        (root / "shop.py").write_text("# Mine.\n" + SOURCE, encoding="utf-8")
        assert finish_of(await seat.run(Accept(proposal.proposal_id))).outcome is Outcome.DONE
        assert texts_below(root)["shop.py"] == "# Mine.\n" + MENDED
        await seat.run(Undo(Scope(path=root / "shop.py")))
        assert texts_below(root)["shop.py"] == "# Mine.\n" + SOURCE


@pytest.mark.asyncio
async def test_an_accept_of_what_was_changed_since_is_refused_and_says_why(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        proposal = await proposed(seat)
        mine = SOURCE.replace("price - reduction", "price")
        (root / "shop.py").write_text(mine, encoding="utf-8")
        finished = finish_of(await seat.run(Accept(proposal.proposal_id)))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert finished.text == (
            "line 2 of 'shop.py' was changed after the edit was computed; the newer text was "
            "kept, run the fix again for the text of now"
        )
        assert texts_below(root)["shop.py"] == mine
        assert seat.held == {proposal.proposal_id}


@pytest.mark.asyncio
async def test_an_accept_of_what_is_there_already_changes_nothing(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        proposal = await proposed(seat)
        (root / "shop.py").write_text(MENDED, encoding="utf-8")
        events = await seat.run(Accept(proposal.proposal_id))
        assert Warned("the text already is as proposed") in events
        assert finish_of(events).outcome is Outcome.DONE
        assert not seat.held
        assert finish_of(await seat.run(Undo())).text == NOTHING_TO_UNDO


class TypingSink:
    """A sink before which somebody types, so many times."""

    def __init__(self, sink: Sink, path: Path, n_times: int) -> None:
        """Apply to `sink`; type into `path` before each of the first `n_times` attempts."""
        self._sink = sink
        self._path = path
        self._n_left = n_times
        self.n_attempts = 0

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Type, and try to apply."""
        self.n_attempts += 1
        if self._n_left:
            self._n_left -= 1
            text = self._path.read_text(encoding="utf-8")
            self._path.write_text(f"{text}# more\n", encoding="utf-8")
        await self._sink.apply(changes, entry_id)


@pytest.mark.asyncio
async def test_an_accept_is_computed_anew_while_somebody_types(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        proposal = await proposed(seat)
        sink = TypingSink(seat.disk, root / "shop.py", MAX_ATTEMPTS - 1)
        other = with_sink(seat, sink)
        assert finish_of(await other.run(Accept(proposal.proposal_id))).outcome is Outcome.DONE
        assert texts_below(root)["shop.py"] == MENDED + "# more\n# more\n"
        sink = TypingSink(seat.disk, root / "shop.py", MAX_ATTEMPTS - 1)
        other = with_sink(seat, sink)
        assert finish_of(await other.run(Undo())).outcome is Outcome.DONE
        assert texts_below(root)["shop.py"] == SOURCE + "# more\n" * 4


@pytest.mark.asyncio
async def test_an_accept_gives_up_when_the_typing_does_not_end(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        proposal = await proposed(seat)
        sink = TypingSink(seat.disk, root / "shop.py", 99)
        finished = finish_of(await with_sink(seat, sink).run(Accept(proposal.proposal_id)))
        assert finished.outcome is Outcome.NOT_SOLVED
        assert "changed after the edit was computed" in finished.text
        assert sink.n_attempts == MAX_ATTEMPTS
        assert texts_below(root)["shop.py"] == SOURCE + "# more\n" * MAX_ATTEMPTS
        assert seat.held == {proposal.proposal_id}


class FullSink:
    """A sink that always says that the text moved on."""

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Refuse."""
        raise StaleEdit(f"{changes.label}: the text moved on")


@pytest.mark.asyncio
async def test_an_undo_that_is_refused_can_be_tried_again(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        await seat.run(Accept((await proposed(seat)).proposal_id))
        refused = finish_of(await with_sink(seat, FullSink()).run(Undo()))
        assert refused.outcome is Outcome.NOT_SOLVED
        assert finish_of(await seat.run(Undo())).outcome is Outcome.DONE
        assert texts_below(root)["shop.py"] == SOURCE


@pytest.mark.asyncio
async def test_an_undo_of_what_was_taken_back_by_hand_says_so(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        await seat.run(Accept((await proposed(seat)).proposal_id))
        (root / "shop.py").write_text(SOURCE, encoding="utf-8")
        assert finish_of(await seat.run(Undo())).text == "Edit shop.py: was already undone"
        assert finish_of(await seat.run(Undo())).text == NOTHING_TO_UNDO


@pytest.mark.asyncio
async def test_an_undo_of_a_file_that_was_never_changed_says_so(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        await seat.run(Accept((await proposed(seat)).proposal_id))
        finished = finish_of(await seat.run(Undo(Scope(path=root / "notes.txt"))))
        assert (
            finished.text
            == "there is no change of 'notes.txt' in the history that is not undone yet"
        )


@pytest.mark.asyncio
async def test_an_undo_over_a_later_change_of_the_same_line_is_refused(root: Path) -> None:
    with seated(root, mending_turns()) as seat:
        await seat.run(Accept((await proposed(seat)).proposal_id))
        mine = MENDED.replace("/ 100", "/ 1000")
        (root / "shop.py").write_text(mine, encoding="utf-8")
        assert finish_of(await seat.run(Undo())).outcome is Outcome.NOT_SOLVED
        assert texts_below(root)["shop.py"] == mine


@pytest.mark.asyncio
async def test_a_second_piece_of_work_at_the_same_time_is_refused(root: Path) -> None:
    again: Json = {"match": {"last_user": "Now"}, "content": "Again."}
    with seated(root, [again, {"content": "x", "fault": "hang"}]) as seat:
        async with asyncio.timeout(LIMIT_S), aclosing(seat.session.run(Ask("Wait"))) as events:
            await anext(events)
            with pytest.raises(RuntimeError, match="already at work"):
                await seat.run(Ask("Hurry"))
        assert finish_of(await seat.run(Ask("Now"))).text == "Again."


@pytest.mark.asyncio
async def test_signals_without_work_do_nothing(root: Path) -> None:
    with seated(root, ["Yes."]) as seat:
        seat.session.signal(Interrupt())
        seat.session.signal(Approve(request_id="gone", answer=AnswerKind.ONCE))
        assert finish_of(await seat.run(Ask("Is it?"))).text == "Yes."
        seat.session.signal(Interrupt())


@pytest.mark.asyncio
async def test_a_conversation_goes_on_over_several_prompts(root: Path) -> None:
    with seated(root, ["One.", "Two."]) as seat:
        await seat.run(Ask("First"))
        await seat.run(Ask("Second"))
        assert [record.request.n_messages for record in seat.server.requests] == [1, 3]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "fault", [*HTTP_FAULTS, "disconnect", "disconnect_before_headers", "garbage", "stream_error"]
)
async def test_a_model_that_fails_ends_the_turn_and_not_the_session(root: Path, fault: str) -> None:
    wait: dict[str, Json] = {"retry_after_s": 1e9} if fault in HTTP_FAULTS else {}
    turns: list[Json] = [
        {"match": {"last_user": "again"}, "content": "Here I am."},
        [read_call(), edit_call()],
        {"content": "Hello there", "fault": {"name": fault, **wait}, "times": 9},
    ]
    with seated(root, turns) as seat:
        finished = finish_of(await seat.run(fix(seat.root)))
        assert finished.outcome is Outcome.MODEL_UNAVAILABLE
        assert finished.text
        assert KEY not in finished.text
        assert not seat.held
        assert finish_of(await seat.run(Ask("And again"))).text == "Here I am."


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"api_key": None}, "set ANTHROPIC_API_KEY"),
        ({"model": "gpt"}, "no provider knows the model 'gpt'"),
    ],
)
async def test_a_model_that_is_not_set_up_says_what_to_set(
    root: Path, changes: dict[str, str | None], expected: str
) -> None:
    values = {"model": MODEL, "api_key": KEY, **changes}
    with closing(build_disk_engine(settings_of(values, "test"), root)) as engine:
        (finished,) = await taken(Session(engine).run(Ask("Hello")))
    assert finish_of([finished]).outcome is Outcome.MODEL_UNAVAILABLE
    assert expected in finish_of([finished]).text


@pytest.mark.asyncio
async def test_a_fault_of_our_own_is_answered_and_logged_without_the_key(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> Model:
        raise ZeroDivisionError

    settings = Settings(model=MODEL, api_key=KEY)
    with ScriptedModel([]) as server, closing(build_disk_engine(settings, root)) as engine:
        broken = replace(engine, make_model=stumble)
        finished = finish_of(await seat_at(broken, server).run(Ask("Hello")))
    assert finished.outcome is Outcome.FAILED
    assert "ZeroDivisionError" in finished.text
    assert "ZeroDivisionError" in caplog.text
    assert KEY not in caplog.text
