"""The outline of a document."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.asking import seen, soon, write
from tests.support.editor import Editor, EditorKind, open_editor

SHAPES = '''\
class Shape:
    """A shape."""

    sides = 0

    def area(self) -> float:
        return 0.0


def total(shapes):
    return sum(shape.area() for shape in shapes)
'''


async def outline(editor: Editor, uri: str) -> list[lsp.DocumentSymbol]:
    params = lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier(uri=uri))
    answer = await soon(editor.client.text_document_document_symbol_async(params))
    return [symbol for symbol in answer or () if isinstance(symbol, lsp.DocumentSymbol)]


@pytest.mark.asyncio
async def test_an_outline_is_a_tree_with_kinds_and_ranges(tmp_path: Path) -> None:
    write(tmp_path, a=SHAPES)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        shape, total = await outline(editor, uri)
        assert (shape.name, shape.kind) == ("Shape", lsp.SymbolKind.Class)
        assert [child.name for child in shape.children or ()] == ["sides", "area"]
        assert (total.name, total.kind) == ("total", lsp.SymbolKind.Function)
        assert seen(editor, uri, total.selection_range) == "a.py:10:total"
        assert seen(editor, uri, total.range).endswith("for shape in shapes)")


@pytest.mark.asyncio
async def test_a_client_without_trees_gets_a_list(tmp_path: Path) -> None:
    write(tmp_path, a=SHAPES)
    async with open_editor(tmp_path, EditorKind(is_plain=True)) as editor:
        uri = editor.open(tmp_path / "a.py")
        params = lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier(uri=uri))
        answer = await soon(editor.client.text_document_document_symbol_async(params))
        flat = [symbol for symbol in answer or () if isinstance(symbol, lsp.SymbolInformation)]
        found = [(symbol.name, symbol.container_name) for symbol in flat]
        assert found == [("Shape", None), ("sides", "Shape"), ("area", "Shape"), ("total", None)]


@pytest.mark.asyncio
async def test_the_outline_is_of_the_unsaved_text(tmp_path: Path) -> None:
    write(tmp_path, a=SHAPES)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        editor.type(uri, "def total", "def sum_of")
        assert [symbol.name for symbol in await outline(editor, uri)] == ["Shape", "sum_of"]


@pytest.mark.asyncio
async def test_a_document_that_is_no_python_or_no_file_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n", encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.md", language_id="markdown")
        assert await outline(editor, uri) == []
        item = lsp.TextDocumentItem("untitled:Untitled-1", "python", 1, SHAPES)
        editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        assert await outline(editor, "untitled:Untitled-1") == []
        assert editor.warnings == []


@pytest.mark.asyncio
async def test_an_outline_of_text_with_syntax_errors_has_what_can_be_read(tmp_path: Path) -> None:
    write(tmp_path, a="def good():\n    pass\n\ndef bad(:\n\nclass Good:\n    pass\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        names = [symbol.name for symbol in await outline(editor, uri)]
        assert {"good", "Good"} <= set(names)


@pytest.mark.asyncio
async def test_an_outline_is_the_same_when_it_is_at_hand(tmp_path: Path) -> None:
    write(tmp_path, a=SHAPES)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        first = await outline(editor, uri)
        assert await outline(editor, uri) == first
        editor.type(uri, "def total", "def whole")
        assert [symbol.name for symbol in await outline(editor, uri)] == ["Shape", "whole"]
