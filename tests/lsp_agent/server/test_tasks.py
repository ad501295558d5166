"""What becomes of edits when a task has made them: accepted at once, or waiting for review."""

from pathlib import Path

import pytest

from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.server.conftest import UseModel
from tests.lsp_agent.server.reviewing import THREE, says, with_values
from tests.support.editor import EditorKind, open_editor

TYPO = "def area(width, height):\n    return widht * heigth\n"
FIXED = TYPO.replace("widht", "width").replace("heigth", "height")


def edit(old: str, new: str) -> dict[str, object]:
    read = {"type": "tool_use", "name": "read_file", "input": {"path": "a.py"}}
    strings = {"path": "a.py", "old_string": old, "new_string": new}
    return {"content": [read, {"type": "tool_use", "name": "edit_file", "input": strings}]}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("review", "is_accepted"), [("always", False), ("unchecked", True), ("never", True)]
)
async def test_a_fix_that_a_check_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, review: str, *, is_accepted: bool
) -> None:
    monkeypatch.setenv("LSP_AGENT_REVIEW", review)
    path = tmp_path / "a.py"
    path.write_text(TYPO, encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        await editor.execute("lspAgent.fixAll", {"uri": uri})
        await editor.work_ends()
        if not is_accepted:
            assert editor.buffers[uri].text == TYPO
            await editor.until(lambda: bool(editor.messages))
            await editor.execute("lspAgent.accept")
        await editor.until(lambda: editor.buffers[uri].text == FIXED)
        assert editor.warnings == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("review", "is_accepted"), [("always", False), ("unchecked", False), ("never", True)]
)
async def test_edits_that_no_check_is_about(
    tmp_path: Path,
    use_model: UseModel,
    monkeypatch: pytest.MonkeyPatch,
    review: str,
    *,
    is_accepted: bool,
) -> None:
    monkeypatch.setenv("LSP_AGENT_REVIEW", review)
    path = tmp_path / "a.py"
    path.write_text(with_values(), encoding="utf-8")
    with ScriptedModel({"turns": list(THREE)}) as model:
        async with open_editor(tmp_path, options=use_model(model)) as editor:
            uri = editor.open(path)
            await editor.execute("lspAgent.ask", {"text": "Count"})
            await editor.work_ends()
            whole = with_values(alpha="1", beta="2", gamma="3")
            assert editor.buffers[uri].text == (whole if is_accepted else with_values())
            # The model's words are shown in any case, and then what waits.
            await editor.until(lambda: len(editor.messages) == (1 if is_accepted else 2))
            assert editor.messages[0].message == "Done."


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", [EditorKind(), EditorKind(shows_progress=False)])
async def test_a_fix_of_a_part_waits_and_says_what_is_left(
    tmp_path: Path, use_model: UseModel, kind: EditorKind
) -> None:
    path = tmp_path / "a.py"
    path.write_text(TYPO, encoding="utf-8")
    turns = [edit("widht", "width"), *[says("I cannot do more.")] * 4]
    with ScriptedModel({"turns": turns}) as model:
        async with open_editor(tmp_path, kind, use_model(model)) as editor:
            uri = editor.open(path)
            await editor.execute("lspAgent.fixAll", {"uri": uri})
            await editor.until(lambda: len(editor.messages) == 2)
            assert len(editor.warnings) == 1
            assert "1 hunk in 1 file waits" in editor.messages[1].message
            assert editor.buffers[uri].text == TYPO
            await editor.execute("lspAgent.accept", {"uri": uri})
            expected = TYPO.replace("widht", "width")
            await editor.until(lambda: editor.buffers[uri].text == expected)
