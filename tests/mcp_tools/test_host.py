"""The one door: what becomes of a call, whoever makes it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from mcp_tools.host import HostPorts, ToolHost
from mcp_tools.types.calls import (
    Answer,
    CallEffect,
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
from mcp_tools.types.edits import ChangeSet, CreateFile, ModifyFile, TextEdit
from mcp_tools.types.errors import Denied, NotFound, StaleEdit
from mcp_tools.types.journal import Actor, EntryState, Origin
from mcp_tools.types.json import JsonObject
from mcp_tools.types.text import Span
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.programs import BundledPrograms
from tests.support.desk import Desk

pytestmark = pytest.mark.asyncio

ALLOW = Ruling(verdict=Verdict.ALLOW, reason="allowed by the test")
HOLD = Ruling(verdict=Verdict.HOLD, reason="held by the test")
DENY = Ruling(verdict=Verdict.DENY, reason="denied by the test")


class Input(BaseModel):
    """A path, and how often."""

    model_config = ConfigDict(extra="forbid")
    path: str = Field(description="which file")
    times: int = Field(default=1, ge=1, description="how often")


class Output(BaseModel):
    """A text."""

    text: str


Run = Callable[[ToolContext, Input], Awaitable[Answer]]


@dataclass
class Judge:
    """A gate that answers calls and edits as it was told, and remembers what it was asked."""

    call: Ruling = ALLOW
    edit: Ruling = HOLD
    asked: list[Effect] = field(default_factory=list[Effect])

    async def judge(self, effect: Effect) -> Ruling:
        """Rule as was said."""
        self.asked.append(effect)
        return self.call if isinstance(effect, CallEffect) else self.edit


@dataclass
class Log:
    """An observer that writes everything down."""

    results: list[ToolResult] = field(default_factory=list[ToolResult])

    def called(self, call: ToolCall, result: ToolResult) -> None:
        """Write a call down."""
        assert call.id == result.call_id
        assert call.name == result.name
        self.results.append(result)


@dataclass
class Door:
    """A host with one tool over a desk, and what was seen at its ports."""

    desk: Desk
    journal: Journal
    judge: Judge = field(default_factory=Judge)
    log: Log = field(default_factory=Log)

    def host(self, run: Run, *, max_text_chars: int = 40_000) -> ToolHost:
        """Give a host whose one tool runs this."""
        tool = Tool(
            name="try_it",
            title="Try it",
            description="Do what the test wants.",
            input_model=Input,
            output_model=Output,
            run=run,
            max_text_chars=max_text_chars,
        )
        sink = DiskSink(DiskSource(self.desk.root), lock=self.journal.writing)
        ports = HostPorts(
            programs=BundledPrograms(),
            gate=self.judge,
            applier=Applier(self.desk.workspace, sink, self.journal),
            observers=(self.log, self.log),
        )
        return ToolHost(self.desk.workspace, [tool], ports, session_id="s")

    async def call(
        self, host: ToolHost, arguments: JsonObject | None = None, *, name: str = "try_it"
    ) -> ToolResult:
        """Make one call, and see that both observers were told its result."""
        call = ToolCall(id="1", name=name, arguments=arguments or {"path": "a.txt"})
        async with asyncio.timeout(5):
            result = await host.call(call, proposal_id="p")
        assert self.log.results[-2:] == [result, result]
        return result


@pytest.fixture
def door(desk: Desk, tmp_path: Path) -> Generator[Door]:
    """Give a host over a desk; what it applies is in a journal."""
    journal = Journal(tmp_path / "state", desk.root)
    yield Door(desk, journal)
    journal.close()


def answer(text: str = "done", changes: ChangeSet | None = None) -> Answer:
    return Answer(text=text, data=Output(text=text), changes=changes)


async def read_only(context: ToolContext, arguments: Input) -> Answer:
    document = await context.read(context.resolve(arguments.path))
    context.reads.record(document)
    return answer(document.text * arguments.times)


async def shout(context: ToolContext, arguments: Input) -> Answer:
    """Put a line in front of a file."""
    document = await context.read(context.resolve(arguments.path))
    context.reads.record(document)
    edits = (TextEdit(Span(0, 0), "hey\n"),)
    change = ModifyFile(path=document.path, base=document.digest, edits=edits)
    return answer(changes=ChangeSet(label="shout", files=(change,)))


async def test_a_call_that_reads_gives_its_text_and_its_data(door: Door) -> None:
    door.desk.write("a.txt", "ab")
    result = await door.call(door.host(read_only), {"path": "a.txt", "times": 2})
    assert result == ToolResult(call_id="1", name="try_it", text="abab", data={"text": "abab"})
    assert [type(effect) for effect in door.judge.asked] == [CallEffect]


async def test_an_unknown_tool_is_answered_with_the_names_there_are(door: Door) -> None:
    host = door.host(read_only)
    result = await door.call(host, name="tri_it")
    assert result.is_error
    assert result.text == "there is no tool 'tri_it' (did you mean try_it?); the tools are: try_it"
    assert not door.judge.asked
    assert [tool.name for tool in host.tools] == ["try_it"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": 7}, "path: Input should be a valid string, got 7"),
        ({"path": "a", "times": 0}, "times: Input should be greater than or equal to 1"),
        ({"times": 1}, "path: Field required (which file)"),
        ({"path": "a", "time": 2}, "time: there is no such argument (did you mean times?)"),
        (
            {"path": "a", "encoding": "x", "times": "many"},
            "encoding: there is no such argument; expected only path, times",
        ),
    ],
)
async def test_arguments_that_are_not_valid_are_named(
    door: Door, arguments: JsonObject, message: str
) -> None:
    result = await door.call(door.host(read_only), arguments)
    assert result.is_error
    assert "the arguments of try_it are not valid: " in result.text
    assert message in result.text
    assert not door.judge.asked


@pytest.mark.parametrize("ruling", [DENY, HOLD])
async def test_a_call_that_is_not_allowed_never_runs(door: Door, ruling: Ruling) -> None:
    async def never(_context: ToolContext, _arguments: Input) -> Answer:
        raise AssertionError("it ran")

    door.judge.call = ruling
    result = await door.call(door.host(never))
    assert (result.is_error, result.is_denied) == (True, True)
    assert result.text == f"try_it was not allowed: {ruling.reason}"


async def test_the_gate_sees_the_edit_that_was_computed(door: Door) -> None:
    door.desk.write("a.txt", "a\n")
    result = await door.call(door.host(shout))
    effect = door.judge.asked[-1]
    assert isinstance(effect, EditEffect)
    assert effect.changes == result.changes


async def test_an_edit_that_is_held_is_seen_by_the_next_call_and_not_on_disk(door: Door) -> None:
    path = door.desk.write("a.txt", "a\n")
    host = door.host(shout)
    assert (await door.call(host)).edit_outcome is EditOutcome.HELD
    assert (await door.call(host)).edit_outcome is EditOutcome.HELD
    assert door.desk.document("a.txt").text == "hey\nhey\na\n"
    assert path.read_text(encoding="utf-8") == "a\n"


async def test_an_edit_that_is_allowed_is_written(door: Door) -> None:
    path = door.desk.write("a.txt", "a\n")
    door.judge.edit = ALLOW
    result = await door.call(door.host(shout))
    assert (result.edit_outcome, result.is_error) == (EditOutcome.APPLIED, False)
    assert path.read_text(encoding="utf-8") == "hey\na\n"
    with pytest.raises(NotFound):
        door.desk.workspace.proposal("p")
    (entry,) = door.journal.entries()
    assert (entry.label, entry.state) == ("shout", EntryState.DONE)
    assert entry.origin == Origin(
        actor=Actor.TOOL, name="try_it", session_id="s", turn_id="p", call_id="1"
    )


async def test_an_edit_that_is_denied_is_not_made(door: Door) -> None:
    path = door.desk.write("a.txt", "a\n")
    door.judge.edit = DENY
    result = await door.call(door.host(shout))
    assert (result.is_denied, result.edit_outcome) == (True, EditOutcome.NONE)
    assert result.text == "the edit was not made: denied by the test"
    assert path.read_text(encoding="utf-8") == door.desk.document("a.txt").text == "a\n"


async def test_no_change_is_no_edit(door: Door) -> None:
    async def nothing(_context: ToolContext, _arguments: Input) -> Answer:
        return answer(changes=ChangeSet(label="nothing", files=()))

    result = await door.call(door.host(nothing))
    assert (result.edit_outcome, result.is_error) == (EditOutcome.NONE, False)
    assert len(door.judge.asked) == 1


@pytest.mark.parametrize("ruling", [HOLD, ALLOW])
async def test_text_that_moves_while_a_tool_runs_is_kept(door: Door, ruling: Ruling) -> None:
    path = door.desk.write("a.txt", "a\n")

    async def shout_slowly(context: ToolContext, arguments: Input) -> Answer:
        computed = await shout(context, arguments)
        door.desk.write("a.txt", "moved\n")
        return computed

    door.judge.edit = ruling
    result = await door.call(door.host(shout_slowly))
    assert result.is_error
    assert "'a.txt' changed after the edit was computed; read it again" in result.text
    assert (result.changes, result.edit_outcome) == (None, EditOutcome.NONE)
    assert path.read_text(encoding="utf-8") == door.desk.document("a.txt").text == "moved\n"


async def seen_by_next_call(door: Door, run: Run) -> str | None:
    """Make one call, and give what the session then knows of a file."""
    known: list[str | None] = []
    calls = iter((run, read_ledger(known)))

    async def next_run(context: ToolContext, arguments: Input) -> Answer:
        return await next(calls)(context, arguments)

    host = door.host(next_run)
    await door.call(host)
    await door.call(host)
    return known[0]


def read_ledger(known: list[str | None]) -> Run:
    async def run(context: ToolContext, arguments: Input) -> Answer:
        known.append(context.reads.last_seen(context.resolve(arguments.path)))
        return answer()

    return run


@pytest.mark.parametrize(
    ("edit", "expected"),
    [(HOLD, "a\n"), (ALLOW, "a\n"), (DENY, None)],
    ids=["hold", "allow", "deny"],
)
async def test_what_a_call_has_read_is_known_only_when_its_edit_took_effect(
    door: Door, edit: Ruling, expected: str | None
) -> None:
    door.desk.write("a.txt", "a\n")
    door.judge.edit = edit
    assert await seen_by_next_call(door, shout) == expected


async def test_what_a_failing_call_has_read_is_not_known(door: Door) -> None:
    door.desk.write("a.txt", "a\n")

    async def fail(context: ToolContext, arguments: Input) -> Answer:
        await read_only(context, arguments)
        raise StaleEdit("no")

    assert await seen_by_next_call(door, fail) is None
    assert await seen_by_next_call(door, read_only) == "a\n"


async def test_an_expected_failure_is_told_in_its_own_words(door: Door) -> None:
    result = await door.call(door.host(read_only), {"path": "../x"})
    assert (result.is_error, result.is_denied) == (True, False)
    assert "'../x' is outside of the workspace" in result.text


async def test_a_refusal_from_below_is_a_refusal(door: Door) -> None:
    async def refuse(_context: ToolContext, _arguments: Input) -> Answer:
        raise Denied("not today")

    result = await door.call(door.host(refuse))
    assert (result.is_error, result.is_denied, result.text) == (True, True, "not today")


async def test_a_fault_of_a_tool_is_logged_and_answered(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    async def break_down(_context: ToolContext, _arguments: Input) -> Answer:
        raise ZeroDivisionError("secret detail")

    with caplog.at_level(logging.ERROR):
        result = await door.call(door.host(break_down))
    assert (result.is_error, result.is_denied) == (True, False)
    assert result.text == "the tool 'try_it' failed by a fault of its own; see log"
    assert "secret detail" in caplog.text


async def test_an_answer_that_cannot_be_told_leaves_no_edit(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    class Untold(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        thing: object

    async def make(context: ToolContext, _arguments: Input) -> Answer:
        change = CreateFile(path=context.root / "new.txt", text="")
        changes = ChangeSet(label="make", files=(change,))
        return Answer(text="made", data=Untold(thing=object()), changes=changes)

    door.judge.edit = ALLOW
    with caplog.at_level(logging.CRITICAL):
        result = await door.call(door.host(make))
    assert result.is_error
    assert list(door.desk.root.iterdir()) == []


async def test_a_cancelled_call_is_cancelled(door: Door) -> None:
    started = asyncio.Event()

    async def wait(_context: ToolContext, _arguments: Input) -> Answer:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError("never")

    host = door.host(wait)
    call = ToolCall(id="1", name="try_it", arguments={"path": "a"})
    async with asyncio.timeout(5):
        running = asyncio.create_task(host.call(call, proposal_id="p"))
        await started.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12345\n789", "12345\n789"),
        ("123\n5678\n0123456789", "123\n5678\n[11 more characters"),
        ("x" * 30, "x" * 10 + "\n[20 more characters"),
        ("\n" + "x" * 30, "\n" + "x" * 9 + "\n[21 more characters"),
    ],
)
async def test_a_long_answer_is_cut_at_a_line_and_says_so(
    door: Door, text: str, expected: str
) -> None:
    async def talk(_context: ToolContext, _arguments: Input) -> Answer:
        return answer(text)

    result = await door.call(door.host(talk, max_text_chars=10))
    assert result.text.startswith(expected)
    assert result.text == text or result.text.endswith("were left out; ask for a smaller part]")
    assert result.data == {"text": text}


async def test_an_unknown_tool_never_runs_beside_others(door: Door) -> None:
    host = door.host(read_only)
    for name, expected in (("try_it", True), ("other", False)):
        call = ToolCall(id="1", name=name, arguments={})
        assert host.is_concurrency_safe(call) is expected


async def test_a_call_sees_a_frozen_workspace(door: Door) -> None:
    door.desk.write("a.txt", "a")

    async def look_twice(context: ToolContext, arguments: Input) -> Answer:
        first = await context.read(context.resolve(arguments.path))
        door.desk.type_in_editor("a.txt", "typed")
        second = await context.read(context.resolve(arguments.path))
        return answer(first.text + second.text)

    assert (await door.call(door.host(look_twice))).text == "aa"
