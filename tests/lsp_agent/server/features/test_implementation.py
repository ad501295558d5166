"""What implements a class or a method."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.asking import seen_locations, soon, spot, write
from tests.support.editor import Editor, open_editor


async def implementations(editor: Editor, uri: str, place: str) -> list[str] | None:
    params = lsp.ImplementationParams(**spot(editor, uri, place))
    answer = await soon(editor.client.text_document_implementation_async(params))
    return None if answer is None else seen_locations(editor, answer)


@pytest.mark.asyncio
async def test_a_method_is_implemented_by_its_overrides(tmp_path: Path) -> None:
    write(tmp_path, a="class Shape:\n    def area(self): ...\n")
    write(tmp_path, b="from a import Shape\n\n\nclass Square(Shape):\n    def area(self): ...\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        assert "b.py:5:area" in (await implementations(editor, uri, "def ar|ea") or [])
        assert "b.py:4:Square" in (await implementations(editor, uri, "class Sh|ape") or [])


@pytest.mark.asyncio
async def test_where_no_name_is_there_is_none(tmp_path: Path) -> None:
    write(tmp_path, a="if True:\n    pass\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        assert await implementations(editor, uri, "|if") is None
