"""Stopping work at any moment leaves the text exactly as it was."""

import asyncio
import json
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.server.conftest import UseModel
from tests.support.editor import Editor, EditorKind, open_editor

TYPO = "def area(width, height):\n    return widht * height\n"
HANGS = {"turns": [{"content": [{"type": "text", "text": "Let me see"}], "fault": "hang"}]}


async def start_fix(editor: Editor, path: Path) -> tuple[str, str]:
    uri = editor.open(path)
    answer = await editor.execute("lspAgent.fixAll", {"uri": uri})
    return uri, answer["taskId"]


async def model_is_asked(model: ScriptedModel) -> None:
    await asyncio.to_thread(model.wait_for_request, 1)


@pytest.mark.asyncio
@pytest.mark.parametrize("means", ["command", "all", "progress", "request"])
async def test_a_task_that_waits_for_its_model_stops_at_once(
    tmp_path: Path, use_model: UseModel, means: str
) -> None:
    path = tmp_path / "a.py"
    path.write_text(TYPO, encoding="utf-8")
    with ScriptedModel(HANGS) as model:
        async with open_editor(tmp_path, options=use_model(model)) as editor:
            uri = editor.open(path)
            params = lsp.ExecuteCommandParams("lspAgent.fixAll", [{"uri": uri}])
            protocol = editor.client.protocol
            started = protocol.send_request(lsp.WORKSPACE_EXECUTE_COMMAND, params, msg_id="R1")
            task_id = (await asyncio.wrap_future(started))["taskId"]
            await model_is_asked(model)
            await editor.until(lambda: bool(editor.progress))
            match means:
                case "command":
                    answer = await editor.execute("lspAgent.cancel", {"taskId": task_id})
                    assert answer == {"cancelled": 1}
                case "all":
                    assert await editor.execute("lspAgent.cancel") == {"cancelled": 1}
                case "progress":
                    token = editor.progress[0][0]
                    cancel = lsp.WorkDoneProgressCancelParams(token=token)
                    editor.client.window_work_done_progress_cancel(cancel)
                case _:
                    editor.client.cancel_request(lsp.CancelParams(id="R1"))
            await editor.work_ends()
            assert editor.warnings == ["cancelled; nothing was changed"]
            assert editor.buffers[uri].text == TYPO
            assert editor.applied == []
            ending = await asyncio.to_thread(model.wait_for_ending, 1)
            assert ending.ending.value == "client_closed"


@pytest.mark.asyncio
@pytest.mark.parametrize("n_reports", range(1, 6))
async def test_cancel_after_any_step_of_the_offline_engine_changes_nothing(
    tmp_path: Path, n_reports: int
) -> None:
    path = tmp_path / "a.py"
    path.write_text(TYPO, encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri, task_id = await start_fix(editor, path)
        await editor.until(lambda: len(editor.progress) >= n_reports)
        await editor.execute("lspAgent.cancel", {"taskId": task_id})
        await editor.work_ends()
        # The work may have been over before the wish to stop arrived: whole, or not at all.
        whole = TYPO.replace("widht", "width")
        assert editor.buffers[uri].text == (whole if editor.applied else TYPO)
        assert editor.applied or editor.warnings == ["cancelled; nothing was changed"]


@pytest.mark.asyncio
async def test_cancel_of_a_task_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    async with open_editor(tmp_path) as editor:
        assert await editor.execute("lspAgent.cancel", {"taskId": "nope"}) == {"cancelled": 0}
        unknown = lsp.WorkDoneProgressCancelParams(token="nope")
        editor.client.window_work_done_progress_cancel(unknown)
        editor.client.cancel_request(lsp.CancelParams(id="nope"))
        assert await editor.execute("lspAgent.cancel") == {"cancelled": 0}


@pytest.mark.asyncio
async def test_shutdown_ends_the_work(tmp_path: Path, use_model: UseModel) -> None:
    path = tmp_path / "a.py"
    path.write_text(TYPO, encoding="utf-8")
    with ScriptedModel(HANGS) as model:
        async with open_editor(tmp_path, options=use_model(model)) as editor:
            await start_fix(editor, path)
            await model_is_asked(model)
        ending = await asyncio.to_thread(model.wait_for_ending, 1)
        assert ending.ending.value == "client_closed"
        assert path.read_text(encoding="utf-8") == TYPO


EDIT_SETTINGS = {
    "turns": [
        {
            "content": [
                {
                    "type": "tool_use",
                    "name": "write_file",
                    "input": {"path": ".vscode/tasks.json", "content": "{}\n"},
                }
            ]
        },
        {"content": [{"type": "text", "text": "Done."}]},
    ]
}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("kind", "answer", "is_made"),
    [
        (EditorKind(), "Allow once", True),
        (EditorKind(), "Deny", False),
        (EditorKind(), None, False),
        (EditorKind(answers_questions=False), "Allow once", False),
    ],
)
async def test_a_protected_file_is_only_touched_after_a_yes(
    tmp_path: Path, use_model: UseModel, kind: EditorKind, answer: str | None, *, is_made: bool
) -> None:
    with ScriptedModel(EDIT_SETTINGS) as model:
        async with open_editor(tmp_path, kind, use_model(model)) as editor:
            editor.answer = answer
            await editor.execute("lspAgent.ask", {"text": "Add a task"})
            await editor.work_ends()
            if is_made:
                await editor.until(lambda: any("wait" in m.message for m in editor.messages))
                await editor.execute("lspAgent.accept")
                await editor.until(lambda: editor.n_ended == 2)
            assert (tmp_path / ".vscode" / "tasks.json").is_file() is is_made
            assert len(editor.questions) == 1
            assert ".vscode/tasks.json" in editor.questions[0].message
            went_back = json.dumps(model.requests[1].body)
            assert ('"is_error": true' in went_back) is not is_made


@pytest.mark.asyncio
async def test_an_editor_that_leaves_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(TYPO, encoding="utf-8")
    async with asyncio.timeout(5):
        async with open_editor(tmp_path) as editor:
            editor.reports_changes = False
            uri = editor.open(path)
            await editor.execute("lspAgent.fixAll", {"uri": uri})
            await editor.until(lambda: bool(editor.applied))
