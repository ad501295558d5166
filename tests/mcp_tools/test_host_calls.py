"""The one door: order, time, questions, and what is kept of a call."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.types.attending import NOBODY, Attendant, Progress, Question, Reply
from mcp_tools.types.calls import (
    Answer,
    Attachment,
    EditEffect,
    EditOutcome,
    Effect,
    Ruling,
    Tool,
    ToolCall,
    ToolContext,
    ToolResult,
    Verdict,
)
from mcp_tools.types.edits import ChangeSet, CreateFile
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.programs import BundledPrograms
from tests.support.desk import Desk

pytestmark = pytest.mark.asyncio


class Nothing(BaseModel):
    """No arguments, and no answer beside the text."""


Run = Callable[[ToolContext, Nothing], Awaitable[Answer]]


@dataclass
class Door:
    """A gate that allows everything, an observer, and records, around one desk."""

    desk: Desk
    journal: Journal
    edit: Verdict = Verdict.ALLOW
    observed: list[ToolResult] = field(default_factory=list[ToolResult])
    kept: list[ToolResult] = field(default_factory=list[ToolResult])

    async def judge(self, effect: Effect) -> Ruling:
        """Allow every call, and rule on edits as was said."""
        verdict = self.edit if isinstance(effect, EditEffect) else Verdict.ALLOW
        return Ruling(verdict=verdict, reason="the test")

    def called(self, call: ToolCall, result: ToolResult) -> None:
        """Note it."""
        assert call.id == result.call_id
        self.observed.append(result)

    def keep(self, result: ToolResult) -> str:
        """Keep it."""
        self.kept.append(result)
        return f"session://output/{result.call_id}"

    def host(self, *tools: Tool) -> ToolHost:
        """Give a host with these tools."""
        sink = DiskSink(DiskSource(self.desk.root), lock=self.journal.writing)
        ports = HostPorts(
            programs=BundledPrograms(),
            gate=self,
            applier=Applier(self.desk.workspace, sink, self.journal),
            observers=(self,),
            records=self,
        )
        return ToolHost(self.desk.workspace, tools, ports, session_id="s")


@pytest.fixture
def door(desk: Desk, tmp_path: Path) -> Generator[Door]:
    """Give a door; what is applied is in a journal."""
    journal = Journal(tmp_path / "state", desk.root)
    yield Door(desk, journal)
    journal.close()


def tool(
    name: str,
    run: Run,
    *,
    is_concurrency_safe: bool = True,
    timeout_s: float = 5.0,
    max_text_chars: int = 40_000,
) -> Tool:
    return Tool(
        name=name,
        title=name,
        description="Does what the test wants.",
        input_model=Nothing,
        output_model=Nothing,
        run=run,
        is_concurrency_safe=is_concurrency_safe,
        timeout_s=timeout_s,
        max_text_chars=max_text_chars,
    )


async def call(host: ToolHost, name: str, attendant: Attendant = NOBODY) -> ToolResult:
    wish = ToolCall(id=f"id-{name}", name=name, arguments={})
    async with asyncio.timeout(5):
        return await host.call(wish, proposal_id="p", attendant=attendant)


def said(text: str = "done") -> Answer:
    return Answer(text=text, data=Nothing())


async def test_calls_that_are_not_safe_run_one_after_another_and_safe_ones_beside(
    door: Door,
) -> None:
    seen: list[str] = []
    may_end = asyncio.Event()

    async def slow(_context: ToolContext, _arguments: Nothing) -> Answer:
        seen.append("slow begins")
        await may_end.wait()
        seen.append("slow ends")
        return said()

    async def quick(_context: ToolContext, _arguments: Nothing) -> Answer:
        seen.append("quick")
        return said()

    async def read(_context: ToolContext, _arguments: Nothing) -> Answer:
        seen.append("read")
        return said()

    host = door.host(
        tool("slow", slow, is_concurrency_safe=False),
        tool("quick", quick, is_concurrency_safe=False),
        tool("read", read),
    )
    first = asyncio.create_task(call(host, "slow"))
    second = asyncio.create_task(call(host, "quick"))
    await asyncio.sleep(0)
    await call(host, "read")
    may_end.set()
    await asyncio.gather(first, second)
    assert seen == ["slow begins", "read", "slow ends", "quick"]


async def test_a_command_holds_up_nobody(door: Door) -> None:
    may_end = asyncio.Event()

    async def command(_context: ToolContext, _arguments: Nothing) -> Answer:
        await may_end.wait()
        return said()

    async def edit(_context: ToolContext, _arguments: Nothing) -> Answer:
        return said()

    host = door.host(
        replace(tool("command", command, is_concurrency_safe=False), is_pure=False),
        tool("edit", edit, is_concurrency_safe=False),
    )
    running = asyncio.create_task(call(host, "command"))
    await asyncio.sleep(0)
    assert (await call(host, "edit")).text == "done"
    assert not running.done()
    may_end.set()
    assert (await running).text == "done"


async def test_what_a_command_printed_is_told_though_its_changes_are_not_kept(door: Door) -> None:
    async def command(context: ToolContext, _arguments: Nothing) -> Answer:
        change = CreateFile(path=context.root / "new.txt", text="x")
        changes = ChangeSet(label="make", files=(change,))
        return Answer(text="3 passed", data=Nothing(), changes=changes)

    door.edit = Verdict.DENY
    host = door.host(replace(tool("command", command), is_pure=False))
    result = await call(host, "command")
    assert result.is_denied
    assert result.text.startswith("3 passed\n\nWhat it changed is not kept: ")
    assert not (door.desk.root / "new.txt").exists()


async def test_a_call_that_takes_too_long_is_ended_and_says_so(door: Door) -> None:
    ended: list[str] = []

    async def hang(_context: ToolContext, _arguments: Nothing) -> Answer:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")
        raise AssertionError("never")

    result = await call(door.host(tool("hang", hang, timeout_s=0.01)), "hang")
    assert result.is_error
    assert result.text.startswith("hang did not end within 0.01 s and was stopped; ask for")
    assert ended == ["ended"]


async def test_a_tool_can_report_and_ask_and_others_can_ask_about_its_call(door: Door) -> None:
    reports: list[Progress] = []
    questions: list[str] = []

    class Person:
        """Says yes."""

        async def ask(self, question: Question) -> Reply | None:
            """Note the question."""
            questions.append(question.text)
            return Reply("yes")

    async def ask(context: ToolContext, _arguments: Nothing) -> Answer:
        context.attendant.report(Progress(done=1))
        reply = await context.attendant.person.ask(Question(text="from the tool"))
        of_host = await host.attendant("id-ask").person.ask(Question(text="from the gate"))
        assert reply == of_host == Reply("yes")
        return said()

    host = door.host(tool("ask", ask))
    attendant = Attendant(report=reports.append, person=Person(), can_ask=True)
    assert not (await call(host, "ask", attendant)).is_error
    assert questions == ["from the tool", "from the gate"]
    assert [report.done for report in reports] == [1]
    assert host.attendant("id-ask") is NOBODY


async def test_a_cancelled_call_is_observed(door: Door) -> None:
    started = asyncio.Event()

    async def hang(_context: ToolContext, _arguments: Nothing) -> Answer:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError("never")

    host = door.host(tool("hang", hang))
    running = asyncio.create_task(call(host, "hang"))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    (result,) = door.observed
    assert (result.is_error, result.text) == (True, "the call was cancelled")
    assert host.attendant("id-hang") is NOBODY


async def test_a_long_text_is_kept_whole_and_the_answer_says_where(door: Door) -> None:
    async def talk(_context: ToolContext, _arguments: Nothing) -> Answer:
        return said("line\n" * 100)

    result = await call(door.host(tool("talk", talk, max_text_chars=20)), "talk")
    assert result.text.endswith(
        "left out; ask for a smaller part; the resource session://output/id-talk has all of it]"
    )
    assert [kept.text for kept in door.kept] == ["line\n" * 100]


async def test_attachments_come_through(door: Door) -> None:
    image = Attachment(mime_type="image/png", content=b"x")

    async def show(_context: ToolContext, _arguments: Nothing) -> Answer:
        return Answer(text="an image", data=Nothing(), attachments=(image,))

    assert (await call(door.host(tool("show", show)), "show")).attachments == (image,)


@pytest.mark.parametrize("verdict", [Verdict.HOLD, Verdict.ALLOW])
async def test_a_result_says_where_its_edit_is(door: Door, verdict: Verdict) -> None:
    async def make(context: ToolContext, _arguments: Nothing) -> Answer:
        change = CreateFile(path=context.root / "new.txt", text="x")
        changes = ChangeSet(label="make", files=(change,))
        return Answer(text="made", data=Nothing(), changes=changes)

    door.edit = verdict
    result = await call(door.host(tool("make", make)), "make")
    if verdict is Verdict.HOLD:
        assert (result.edit_outcome, result.proposal_id) == (EditOutcome.HELD, "p")
        assert result.entry_number is None
    else:
        assert (result.edit_outcome, result.proposal_id) == (EditOutcome.APPLIED, "")
        assert result.entry_number == 1


async def test_what_a_slow_call_has_read_does_not_replace_what_a_later_one_knows(
    door: Door,
) -> None:
    path = door.desk.write("a.txt", "old")
    may_end = asyncio.Event()
    known: list[str | None] = []

    async def slow(context: ToolContext, _arguments: Nothing) -> Answer:
        known.append(context.reads.last_seen(path))
        await may_end.wait()
        return said()

    async def read(context: ToolContext, _arguments: Nothing) -> Answer:
        context.reads.record(await context.read(path))
        return said()

    host = door.host(tool("slow", slow), tool("read", read))
    await call(host, "read")
    running = asyncio.create_task(call(host, "slow"))
    await asyncio.sleep(0)
    door.desk.write("a.txt", "new")
    await call(host, "read")
    may_end.set()
    await running
    await call(host, "slow")
    assert known == ["old", "new"]
