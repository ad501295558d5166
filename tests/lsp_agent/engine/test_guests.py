"""A guest: what a caller from outside reads, changes, runs and is asked."""

import asyncio
import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.app import audit_folder
from lsp_agent.audit.log import AuditLog
from lsp_agent.engine.guests import Guest
from mcp_tools.server.ports import Caller
from mcp_tools.types.attending import NOBODY, Attendant, Progress, Question, Reply
from mcp_tools.types.calls import Answer, EditOutcome, ToolCall, ToolContext
from mcp_tools.types.journal import Actor, Origin
from mcp_tools.workspace.review import Selection, accept_part
from mcp_tools.workspace.workspace import DiskChanged, Modification
from tests.lsp_agent.engine.visits import (
    ALLOW,
    DENY,
    LIMIT_S,
    Asked,
    Visit,
    engine_at,
    visiting,
)

pytestmark = pytest.mark.asyncio


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one file."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "a.py").write_text("one\ntwo\n", encoding="utf-8")
    return folder


@pytest.fixture
def visit(root: Path) -> Generator[Visit]:
    """A guest at the usual level."""
    with visiting(root) as found:
        yield found


async def test_edits_are_held_as_one_proposal_that_the_guest_sees(visit: Visit) -> None:
    first = await visit.edit("one", "ONE")
    second = await visit.edit("two", "TWO")
    assert first.edit_outcome is second.edit_outcome is EditOutcome.HELD
    assert first.proposal_id == second.proposal_id
    assert visit.on_disk() == "one\ntwo\n"
    seen = await visit.call("read_file", path="a.py")
    assert "ONE" in seen.text
    assert visit.guest.snapshot().read(visit.root / "a.py").text == "ONE\nTWO\n"
    (proposal,) = visit.engine.workspace.open_proposals()
    assert (proposal.id, proposal.made_by) == (first.proposal_id, "test client")


async def test_a_held_edit_says_so_at_its_end_and_how_it_is_accepted(visit: Visit) -> None:
    result = await visit.edit("one", "ONE")
    assert result.text.endswith(result.note)
    assert result.data is not None
    assert result.data["outcome"] == result.note
    assert result.note.startswith("Not written yet: held for review as proposal ")
    assert f"`lsp-agent review {result.proposal_id} --accept`" in result.note


async def test_a_proposal_waits_on_the_shelf_for_other_processes(visit: Visit) -> None:
    result = await visit.edit("one", "ONE")
    await visit.edit("two", "TWO")
    other = engine_at(visit.root)
    proposal = await other.proposals.open(result.proposal_id)
    assert other.workspace.snapshot(proposal.id).read(visit.root / "a.py").text == "ONE\nTWO\n"
    await visit.guest.close()
    assert await other.proposals.is_waiting(result.proposal_id)
    other.close()


async def test_once_accepted_elsewhere_the_next_edit_begins_another_proposal(visit: Visit) -> None:
    first = await visit.edit("one", "ONE")
    other = engine_at(visit.root)
    decision = accept_part(other.workspace, first.proposal_id, Selection())
    await other.applier.apply(decision.changes, Origin(actor=Actor.USER, name="accept"))
    await other.proposals.put(decision.rest)
    second = await visit.call("edit_file", path="a.py", old_string="two", new_string="TWO")
    assert not second.is_error
    assert second.proposal_id not in ("", first.proposal_id)
    assert await other.proposals.is_waiting(second.proposal_id)
    assert not await other.proposals.is_waiting(first.proposal_id)
    other.close()


async def test_once_rejected_elsewhere_the_guest_sees_the_old_text_again(visit: Visit) -> None:
    first = await visit.edit("one", "ONE")
    other = engine_at(visit.root)
    proposal = await other.proposals.open(first.proposal_id)
    await other.proposals.put(replace(proposal, files={}))
    seen = await visit.call("read_file", path="a.py")
    assert "ONE" not in seen.text
    second = await visit.call("edit_file", path="a.py", old_string="two", new_string="TWO")
    assert visit.guest.snapshot().read(visit.root / "a.py").text == "one\nTWO\n"
    assert second.proposal_id != first.proposal_id
    other.close()


async def test_edits_that_undo_each_other_leave_nothing_to_review(visit: Visit) -> None:
    first = await visit.edit("one", "ONE")
    second = await visit.edit("ONE", "one")
    assert second.proposal_id == ""
    assert "nothing waits for review" in second.text
    assert not await visit.engine.proposals.is_waiting(first.proposal_id)
    third = await visit.edit("one", "1")
    assert third.proposal_id not in ("", first.proposal_id)


async def test_edits_side_by_side_are_all_held(visit: Visit) -> None:
    for i in range(8):
        (visit.root / f"f{i}.txt").write_text("old\n", encoding="utf-8")
        await visit.call("read_file", path=f"f{i}.txt")
    results = await asyncio.gather(
        *(
            visit.call("edit_file", path=f"f{i}.txt", old_string="old", new_string=f"new{i}")
            for i in range(8)
        )
    )
    assert {result.edit_outcome for result in results} == {EditOutcome.HELD}
    (proposal_id,) = {result.proposal_id for result in results}
    other = engine_at(visit.root)
    proposal = await other.proposals.open(proposal_id)
    assert len(proposal.files) == 8
    other.close()


async def test_two_guests_do_not_see_each_others_edits(visit: Visit) -> None:
    await visit.edit("one", "ONE")
    other = Visit(visit.engine, Guest(visit.engine, Caller(id="d", name="")))
    assert "ONE" not in (await other.call("read_file", path="a.py")).text
    assert other.guest.records() != visit.guest.records()


@pytest.mark.parametrize("level", ["edit", "auto"])
async def test_at_higher_levels_edits_are_written_at_once(root: Path, level: str) -> None:
    with visiting(root, level=level) as visit:
        heard: list[Modification] = []
        visit.engine.workspace.subscribe(lambda modification, _: heard.append(modification))
        result = await visit.edit("one", "ONE")
        assert result.edit_outcome is EditOutcome.APPLIED
        assert visit.on_disk() == "ONE\ntwo\n"
        assert result.text.endswith("Written to disk; `lsp-agent undo 1` takes it back")
        assert DiskChanged((visit.root / "a.py",)) in heard
        (entry,) = visit.engine.applier.journal.entries()
        assert entry.number == result.entry_number


async def test_observers_only_read(root: Path) -> None:
    with visiting(root, level="observe") as visit:
        person = Asked(ALLOW)
        await visit.call("read_file", path="a.py")
        result = await visit.call(
            "edit_file", person.attendant, path="a.py", old_string="one", new_string="1"
        )
        assert result.is_denied
        assert "the level is observe" in result.text
        assert "--level suggest" in result.text
        assert not person.questions


async def test_a_command_asks_and_runs_when_allowed(visit: Visit) -> None:
    person = Asked(ALLOW)
    result = await visit.call("shell", person.attendant, command="echo made > made.txt")
    assert not result.is_error
    (question,) = person.questions
    assert question.text.startswith("Allow shell? ")
    assert "echo made > made.txt" in question.detail
    assert question.choices == (ALLOW, DENY)
    assert question.takes_word
    assert result.edit_outcome is EditOutcome.HELD
    assert not (visit.root / "made.txt").exists()
    assert visit.guest.snapshot().read(visit.root / "made.txt").text == "made\n"


@pytest.mark.parametrize(
    ("attendant", "reason"),
    [
        (Asked(DENY).attendant, "the answer was no"),
        (Asked(None).attendant, "the answer was no"),
        (Asked("Maybe").attendant, "the answer was no"),
        (Asked("Trust this folder").attendant, "the answer was no"),
        (
            Asked(DENY, "test it").attendant,
            'the answer was no; the user says: "test it"',
        ),
        (NOBODY, "there is no way to ask anybody here"),
    ],
)
async def test_without_a_yes_nothing_runs_and_the_rule_that_would_allow_it_is_named(
    visit: Visit, attendant: Attendant, reason: str
) -> None:
    result = await visit.call("shell", attendant, command="touch made.txt")
    assert (result.is_error, result.is_denied) == (True, True)
    assert reason in result.text
    has_word = "the user says" in reason
    assert ("`lsp-agent rules add 'allow command touch made.txt'`" in result.text) is not has_word


async def test_an_answer_that_comes_too_late_is_a_no(root: Path) -> None:
    class Slow:
        """Never answers, and notes that it was given up."""

        given_up = False

        async def ask(self, question: Question) -> Reply | None:
            """Wait."""
            del question
            try:
                await asyncio.Event().wait()
            finally:
                self.given_up = True
            return None

    person = Slow()
    with visiting(root, approval_timeout_s=0.01) as visit:
        attendant = Attendant(report=NOBODY.report, person=person, can_ask=True)
        result = await visit.call("shell", attendant, command="touch a.txt")
        assert "nobody answered in time" in result.text
        await asyncio.sleep(0)
        assert person.given_up


async def test_a_way_to_ask_that_fails_is_a_no(visit: Visit) -> None:
    class Broken:
        """Cannot ask."""

        async def ask(self, question: Question) -> Reply | None:
            """Fail."""
            raise ZeroDivisionError

    attendant = Attendant(report=NOBODY.report, person=Broken(), can_ask=True)
    assert (await visit.call("shell", attendant, command="touch a.txt")).is_denied


async def test_a_named_tool_runs_without_a_question(root: Path) -> None:
    with visiting(root, allow=["shell"]) as visit:
        result = await visit.call("shell", command="echo hello")
        assert "hello" in result.text
        assert result.edit_outcome is EditOutcome.NONE


async def test_a_protected_file_asks_at_every_level_that_edits(root: Path) -> None:
    for level, outcome in (("suggest", EditOutcome.HELD), ("auto", EditOutcome.APPLIED)):
        with visiting(root, level=level) as visit:
            path = ".vscode/tasks.json"
            denied = await visit.call("write_file", path=path, content=level)
            assert denied.is_denied
            assert denied.text.endswith("; leave it out, or let the user do it")
            person = Asked(ALLOW).attendant
            allowed = await visit.call("write_file", person, path=path, content=level)
            assert allowed.edit_outcome is outcome


async def test_a_tool_that_waits_for_something_cancelled_ends_its_call_alone(root: Path) -> None:
    async def wait_in_vain(context: ToolContext, arguments: object) -> Answer:
        del context, arguments
        gone = asyncio.get_running_loop().create_future()
        gone.cancel()
        return await gone

    engine = engine_at(root)
    (read_file,) = (tool for tool in engine.tools if tool.name == "read_file")
    engine = replace(engine, tools=(replace(read_file, run=wait_in_vain),))
    guest = Guest(engine, Caller(id="c"))
    call = ToolCall(id="1", name="read_file", arguments={"path": "app.py"})
    result = await guest.call(call, NOBODY)
    await guest.close()
    engine.close()
    assert result.is_error
    assert "the call was stopped" in result.text


async def test_leaving_ends_what_runs(root: Path) -> None:
    with visiting(root, allow=["shell"]) as visit:
        running = asyncio.create_task(visit.call("shell", command="echo > started; sleep 1000"))
        background = await visit.call("shell", command="sleep 1000", background=True)
        assert "job-1" in background.text
        assert visit.guest.is_busy
        async with asyncio.timeout(LIMIT_S):
            await visit.guest.close()
            result = await running
        assert result.is_error
        assert not visit.guest.is_busy
        after = await visit.call("read_file", path="a.py")
        assert (after.is_error, "its session has ended" in after.text) == (True, True)


async def test_who_stops_waiting_stops_the_call(root: Path) -> None:
    with visiting(root, allow=["shell"]) as visit:
        reported = asyncio.Event()

        def report(progress: Progress) -> None:
            del progress
            reported.set()

        attendant = replace(NOBODY, report=report)
        call = ToolCall(id="1", name="shell", arguments={"command": "echo on; sleep 1000"})
        running = asyncio.create_task(visit.guest.call(call, attendant))
        async with asyncio.timeout(LIMIT_S):
            await reported.wait()
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
        assert not visit.guest.is_busy


async def test_calls_are_kept_with_all_of_their_text(visit: Visit) -> None:
    (visit.root / "long.txt").write_text("line\n" * 100, encoding="utf-8")
    await visit.call("read_file", path="long.txt")
    await visit.call("read_file", path="gone.txt")
    newest, oldest = visit.guest.records()
    assert (newest.id, newest.tool, newest.is_error) == ("call-2", "read_file", True)
    assert (oldest.id, oldest.is_error) == ("call-1", False)
    assert oldest.output.count("line") >= 100


async def test_rulings_and_calls_are_written_down(root: Path) -> None:
    with visiting(root) as visit:
        await visit.edit("one", "secret")
        await visit.call("shell", command="secret")
    texts, found = AuditLog(audit_folder(root)).check()
    lines = [json.loads(text) for text in texts]
    assert not found
    assert [
        (line["tool"], line["kind"], line.get("verdict"), line.get("outcome")) for line in lines
    ] == [
        ("read_file", "ruling", "allow", None),
        ("read_file", "call", None, "done"),
        ("edit_file", "ruling", "allow", None),
        ("edit_file", "ruling", "hold", None),
        ("edit_file", "call", None, "done"),
        ("shell", "ruling", "deny", None),
        ("shell", "call", None, "denied"),
    ]
    assert lines[3]["paths"] == ["a.py"]
    assert {line["who"] for line in lines} == {"test client"}
    assert "secret" not in "".join(texts)
