"""What is known of a name."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.asking import hover, seen, write
from tests.support.editor import Editor, EditorKind, open_editor

AREA = 'def area(w: int) -> int:\n    """Area of ```w``` *times* w."""\n    return w\n\n\narea(1)\n'


async def text_of(editor: Editor, uri: str, place: str) -> str:
    found = await hover(editor, uri, place)
    assert found is not None
    assert isinstance(found.contents, lsp.MarkupContent)
    assert found.range is not None
    assert seen(editor, uri, found.range).endswith(":area")
    return found.contents.value


@pytest.mark.asyncio
async def test_markdown_shows_the_signature_and_the_docstring_as_written(tmp_path: Path) -> None:
    write(tmp_path, a=AREA)
    async with open_editor(tmp_path) as editor:
        text = await text_of(editor, editor.open(tmp_path / "a.py"), "ar|ea(1)")
        assert text.startswith("```python\ndef area(w: int) -> int")
        assert "````text\nArea of ```w``` *times* w.\n````" in text


@pytest.mark.asyncio
async def test_a_client_without_markdown_gets_plain_text(tmp_path: Path) -> None:
    write(tmp_path, a=AREA)
    async with open_editor(tmp_path, EditorKind(is_plain=True)) as editor:
        text = await text_of(editor, editor.open(tmp_path / "a.py"), "ar|ea(1)")
        assert text.startswith("def area(w: int) -> int")
        assert text.endswith("\n\nArea of ```w``` *times* w.")


@pytest.mark.asyncio
async def test_nothing_is_known_of_a_comment(tmp_path: Path) -> None:
    write(tmp_path, a="# area\n")
    async with open_editor(tmp_path) as editor:
        assert await hover(editor, editor.open(tmp_path / "a.py"), "# ar|ea") is None


@pytest.mark.asyncio
async def test_jedi_tells_a_type_that_scopes_and_classes_do_not(tmp_path: Path) -> None:
    text = "class Job:\n    pass\n\n\njobs = []\njobs.append(Job())\nfirst = jobs[0]\n"
    write(tmp_path, a=text)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        async with asyncio.timeout(20):  # Jedi takes its time; a later question has its answer.
            while "first: Job" not in str(await hover(editor, uri, "fir|st")):
                pass
