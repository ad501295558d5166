"""Reading a folder ahead, where the person can see and stop it."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.server.code.builds import MIN_SHOWN_FILES
from tests.support.asking import definition, write
from tests.support.editor import Editor, EditorKind, open_editor


def many_files(root: Path) -> None:
    for number in range(MIN_SHOWN_FILES + 20):
        path = root / f"m{number}.py"
        path.write_text(f"def f{number}(): ...\n", encoding="utf-8")


def kinds(editor: Editor) -> list[str]:
    return [
        value["kind"] if isinstance(value, dict) else value.kind for _, value in editor.progress
    ]


@pytest.mark.asyncio
async def test_a_large_folder_shows_how_far_it_is(tmp_path: Path) -> None:
    many_files(tmp_path)
    async with open_editor(tmp_path) as editor:
        await editor.until(lambda: "end" in kinds(editor))
        assert kinds(editor)[0] == "begin"
        assert editor.warnings == []


@pytest.mark.asyncio
async def test_a_small_folder_shows_nothing(tmp_path: Path) -> None:
    write(tmp_path, a="def f(): ...\n\n\nf()\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        assert await definition(editor, uri, "|f()\n") == ["a.py:1:f"]
        assert editor.progress == []


@pytest.mark.asyncio
async def test_questions_are_answered_after_it_was_stopped(tmp_path: Path) -> None:
    many_files(tmp_path)
    write(tmp_path, a="from m7 import f7\n\nf7()\n")
    async with open_editor(tmp_path) as editor:
        await editor.until(lambda: bool(editor.progress))
        token = editor.progress[0][0]
        editor.client.window_work_done_progress_cancel(lsp.WorkDoneProgressCancelParams(token))
        uri = editor.open(tmp_path / "a.py")
        assert await definition(editor, uri, "f|7()") == ["m7.py:1:f7"]


@pytest.mark.asyncio
async def test_lenses_are_asked_for_anew_when_all_is_known(tmp_path: Path) -> None:
    write(tmp_path, a="def f(): ...\n")
    async with open_editor(tmp_path, EditorKind(refreshes_lenses=True)) as editor:
        await editor.until(lambda: editor.n_lens_refreshes > 0)


@pytest.mark.asyncio
async def test_nothing_is_read_ahead_if_the_settings_say_so(tmp_path: Path) -> None:
    many_files(tmp_path)
    async with open_editor(tmp_path, options={"index": False}) as editor:
        uri = editor.open(tmp_path / "m3.py")
        assert await definition(editor, uri, "def f|3") == ["m3.py:1:f3"]
        assert editor.progress == []
