"""A question of the agent in an editor: each answer, two answers, and none."""

import json
from pathlib import Path
from typing import Any

import pytest

from lsp_agent.app import rule_book
from lsp_agent.config.settings import user_state_folder
from lsp_agent.permissions.levels import Trust
from lsp_agent.testkit.server import ScriptedModel
from lsp_agent.trust.store import TrustStore
from tests.lsp_agent.server.conftest import UseModel
from tests.support.editor import Editor, EditorKind, open_editor
from tests.support.trusting import trust

pytestmark = pytest.mark.asyncio

MAKE: dict[str, Any] = {
    "type": "tool_use",
    "name": "shell",
    "input": {"command": "mkdir build"},
}
LIST: dict[str, Any] = {"type": "tool_use", "name": "shell", "input": {"command": "ls"}}
ALWAYS = "Always allow: mkdir build"


async def ask(editor: Editor) -> None:
    """Let the agent work, to its end."""
    n_ended = editor.n_ended
    await editor.execute("lspAgent.ask", {"text": "build it"})
    await editor.until(lambda: editor.n_ended > n_ended)


@pytest.mark.parametrize(
    ("answer", "is_run", "is_saved"),
    [
        ("Allow once", True, False),
        ("Allow in this session", True, False),
        (ALWAYS, True, True),
        ("Deny", False, False),
        (None, False, False),
    ],
)
async def test_the_buttons_do_what_they_say(
    tmp_path: Path, use_model: UseModel, answer: str | None, *, is_run: bool, is_saved: bool
) -> None:
    trust(tmp_path)
    with ScriptedModel([[MAKE], "Done."]) as model:
        async with open_editor(tmp_path, options=use_model(model)) as editor:
            editor.answer = answer
            await ask(editor)
            (question,) = editor.questions
            titles = [action.title for action in question.actions or ()]
            assert titles == ["Allow once", "Allow in this session", ALWAYS, "Deny"]
            assert "allow command mkdir build" in question.message
            assert ('"is_error": true' in json.dumps(model.requests[1].body)) is not is_run
    texts = [rule.text for rule in rule_book(tmp_path).rules()]
    assert texts == (["allow command mkdir build"] if is_saved else [])


async def test_an_answer_for_the_session_counts_for_later_tasks(
    tmp_path: Path, use_model: UseModel
) -> None:
    trust(tmp_path)
    with ScriptedModel([[MAKE], "Done.", [MAKE], "Done."]) as model:
        async with open_editor(tmp_path, options=use_model(model)) as editor:
            editor.answer = "Allow in this session"
            await ask(editor)
            await ask(editor)
            assert len(editor.questions) == 1


async def test_a_folder_is_trusted_from_the_question(tmp_path: Path, use_model: UseModel) -> None:
    with ScriptedModel([[LIST], "Done.", [LIST], "Done."]) as model:
        async with open_editor(tmp_path, options=use_model(model)) as editor:
            editor.answer = "Trust this folder"
            await ask(editor)
            await ask(editor)
            (question,) = editor.questions
            assert "not trusted" in question.message
    assert TrustStore(user_state_folder()).trust_of(tmp_path) is Trust.TRUSTED


async def test_a_client_may_show_questions_itself_and_deny_with_a_word(
    tmp_path: Path, use_model: UseModel
) -> None:
    trust(tmp_path)
    kind = EditorKind(shows_questions=True)
    with ScriptedModel([[MAKE], "I see."]) as model:
        async with open_editor(tmp_path, kind, use_model(model)) as editor:
            await editor.execute("lspAgent.ask", {"text": "build it"})
            await editor.until(lambda: bool(editor.approvals))
            ((method, params),) = editor.approvals
            assert method == "approvalRequested"
            assert [item.answer for item in params.answers][-1] == "deny"
            assert (params.rules, params.origin) == (["allow command mkdir build"], "")
            answer = {"requestId": params.requestId, "answer": "deny", "word": "use make"}
            assert await editor.execute("lspAgent.approve", answer) == {"settled": True}
            await editor.work_ends()
            assert not editor.questions
            (_, (method, settled)) = editor.approvals
            assert method == "approvalResolved"
            assert (settled.isAllowed, settled.answer) == (False, "deny")
            told = json.dumps(model.requests[1].body).replace("\\", "")
            assert 'the user says: "use make"' in told


async def test_of_two_answers_the_first_counts_and_the_second_is_told(
    tmp_path: Path, use_model: UseModel
) -> None:
    trust(tmp_path)
    kind = EditorKind(shows_questions=True)
    with ScriptedModel([[MAKE], "I see."]) as model:
        async with open_editor(tmp_path, kind, use_model(model)) as editor:
            await editor.execute("lspAgent.ask", {"text": "build it"})
            await editor.until(lambda: bool(editor.approvals))
            request_id = editor.approvals[0][1].requestId
            told = [
                await editor.execute("lspAgent.approve", {"requestId": request_id, "answer": each})
                for each in ("deny", "always")
            ]
            assert told == [{"settled": True}, {"settled": False}]
            await editor.work_ends()
    assert rule_book(tmp_path).rules() == ()


async def test_a_message_that_is_answered_after_a_command_is_told_that_it_is_late(
    tmp_path: Path, use_model: UseModel
) -> None:
    trust(tmp_path)
    with ScriptedModel([[MAKE], "Done."]) as model:
        options = {**use_model(model), "approval_timeout_s": 0.2}
        async with open_editor(tmp_path, options=options) as editor:
            editor.answer = ALWAYS
            editor.person_decides.clear()
            await ask(editor)
            editor.person_decides.set()
            await editor.until(lambda: any("Too late" in m.message for m in editor.messages))
    assert rule_book(tmp_path).rules() == ()


async def test_an_answer_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    async with open_editor(tmp_path) as editor:
        nothing = {"requestId": "x", "answer": "once"}
        assert await editor.execute("lspAgent.approve", nothing) == {"settled": False}
        with pytest.raises(Exception, match="expected one of once, session, always, trust, deny"):
            await editor.execute("lspAgent.approve", {"requestId": "x", "answer": "maybe"})
