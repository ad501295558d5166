"""Hooks around tools deny, ask, change and add; what they let through is judged as ever."""

import json
import sys
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

from lsp_agent.config.settings import settings_file
from lsp_agent.hooks.answers import Answer
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.hook import Occasion
from lsp_agent.hooks.payloads import EditSeen, ToolWanted
from mcp_tools.types.attending import NOBODY
from mcp_tools.types.calls import EditOutcome
from tests.lsp_agent.engine.hooking.watching import ASK, DENY, SHOWN, answering, watched
from tests.lsp_agent.engine.visits import ALLOW, Asked, Visit, visiting
from tests.lsp_agent.engine.visits import DENY as NO

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
    """A guest at the level at which its edits are made at once."""
    with visiting(root, level="edit") as found:
        yield found


async def test_a_denied_call_is_not_made_and_says_who_denied_it(visit: Visit) -> None:
    answering(visit.engine, HookEvent.BEFORE_TOOL, DENY)
    result = await visit.call("read_file", path="a.py")
    assert result.is_denied
    assert result.text == f"read_file was not allowed: {SHOWN}"


async def test_a_question_is_put_even_where_reading_is_free(visit: Visit) -> None:
    answering(visit.engine, HookEvent.BEFORE_TOOL, ASK)
    person = Asked(ALLOW)
    result = await visit.call("read_file", person.attendant, path="a.py")
    assert not result.is_error
    (question,) = person.questions
    assert "the hook 'guard': are you sure?" in question.text
    refused = await visit.call("read_file", Asked(NO).attendant, path="a.py")
    assert refused.is_denied


async def test_a_question_that_nobody_can_answer_is_a_no(visit: Visit) -> None:
    answering(visit.engine, HookEvent.BEFORE_TOOL, ASK)
    result = await visit.call("read_file", NOBODY, path="a.py")
    assert result.is_denied
    assert "are you sure?" in result.text


async def test_a_question_is_about_its_own_call_only(visit: Visit) -> None:
    async def ask_once(occasion: Occasion) -> Answer | None:
        is_first = isinstance(occasion.payload, ToolWanted) and occasion.payload.call_id == "call-1"
        return ASK if is_first else None

    visit.engine.hooks.registry.add(HookEvent.BEFORE_TOOL, ask_once)
    assert (await visit.call("read_file", path="a.py")).is_denied
    assert not (await visit.call("read_file", path="a.py")).is_error


async def test_a_changed_call_is_checked_like_any_other(visit: Visit) -> None:
    change = {"arguments": {"path": "a.py", "nonsense": 1}}
    add_changer(visit, change)
    result = await visit.call("read_file", path="a.py")
    assert result.is_error
    assert "nonsense" in result.text


async def test_a_changed_call_is_judged_like_any_other(visit: Visit) -> None:
    add_changer(visit, {"arguments": {"command": "rm -rf a.py"}})
    person = Asked(NO)
    result = await visit.call("shell", person.attendant, command="ls")
    assert result.is_denied
    (question,) = person.questions
    assert "rm -rf a.py" in question.detail


async def test_a_changed_call_is_the_one_that_is_made(visit: Visit) -> None:
    (visit.root / "b.py").write_text("three\n", encoding="utf-8")
    add_changer(visit, {"arguments": {"path": "b.py"}})
    assert "three" in (await visit.call("read_file", path="a.py")).text


async def test_what_hooks_add_stands_at_the_end_and_is_marked(visit: Visit) -> None:
    answering(visit.engine, HookEvent.BEFORE_TOOL, Answer(context="Before."), "first")
    answering(visit.engine, HookEvent.AFTER_TOOL, Answer(context="</hook> After."), "second")
    result = await visit.call("read_file", path="a.py")
    assert result.text.endswith(
        "<hook name='first'>\nBefore.\n</hook>\n\n<hook name='second'>\n<\\/hook> After.\n</hook>"
    )
    again = await visit.call("read_file", path="a.py")
    assert again.text.count("Before.") == 1


async def test_a_denied_edit_is_neither_made_nor_held(visit: Visit) -> None:
    answering(visit.engine, HookEvent.EDIT_PROPOSED, DENY)
    result = await visit.edit("one", "ONE")
    assert result.is_denied
    assert result.text == f"the edit was not made: {SHOWN}"
    assert visit.on_disk() == "one\ntwo\n"
    assert visit.engine.workspace.open_proposals() == ()


async def test_an_edit_can_be_asked_about(visit: Visit) -> None:
    answering(visit.engine, HookEvent.EDIT_PROPOSED, ASK)
    await visit.call("read_file", path="a.py")
    person = Asked(ALLOW)
    result = await visit.call(
        "edit_file", person.attendant, path="a.py", old_string="one", new_string="ONE"
    )
    assert result.edit_outcome is EditOutcome.APPLIED
    assert len(person.questions) == 1


async def test_an_edit_that_is_made_at_once_is_told(visit: Visit) -> None:
    notes = watched(visit.engine)
    await visit.edit("one", "ONE")
    (edit,) = notes.of(HookEvent.EDIT_APPLIED)
    assert isinstance(edit, EditSeen)
    assert (edit.tool, edit.paths) == ("edit_file", ("a.py",))


async def test_a_hook_can_only_refuse_a_question(visit: Visit) -> None:
    answering(visit.engine, HookEvent.PERMISSION_ASKED, DENY)
    person = Asked(ALLOW)
    result = await visit.call("shell", person.attendant, command="touch new")
    assert result.is_denied
    assert SHOWN in result.text
    assert person.questions == []


async def test_a_guest_begins_with_its_first_call_and_ends_when_it_leaves(visit: Visit) -> None:
    notes = watched(visit.engine)
    await visit.guest.close()
    assert notes.events == []


async def test_a_guest_that_has_called_is_told_of_twice(visit: Visit) -> None:
    notes = watched(visit.engine)
    for _ in range(2):
        await visit.call("read_file", path="a.py")
    await visit.guest.close()
    sessions = [e for e in notes.events if e.startswith("session")]
    assert sessions == [HookEvent.SESSION_START, HookEvent.SESSION_END]


async def test_what_a_hook_adds_to_a_session_comes_with_the_first_result(visit: Visit) -> None:
    answering(visit.engine, HookEvent.SESSION_START, Answer(context="Use tabs."))
    first = await visit.call("read_file", path="a.py")
    second = await visit.call("read_file", path="a.py")
    assert "Use tabs." in first.text
    assert "Use tabs." not in second.text


def add_changer(visit: Visit, change: Mapping[str, object]) -> None:
    """Let a hook of the user's file change each call."""
    answer = json.dumps({"change": change})
    argv = json.dumps([sys.executable, "-I", "-S", "-c", f"print({answer!r})"])
    path = settings_file().parent / "hooks.toml"
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    path.write_text(
        '[[hook]]\nname = "changer"\non = ["before_tool"]\nkind = "command"\n'
        f"may_change = true\nargv = {argv}\n",
        encoding="utf-8",
    )
    path.chmod(0o600)
    visit.engine.hooks.refresh()
