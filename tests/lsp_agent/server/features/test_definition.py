"""Where a name is defined."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.asking import definition, soon, spot, write
from tests.support.editor import EditorKind, open_editor

SHAPES = "class Shape:\n    def area(self):\n        return 1\n"
USE = "from shapes import Shape\n\nprint(Shape().area())\n"


@pytest.mark.asyncio
@pytest.mark.parametrize("is_plain", [False, True])
async def test_a_name_leads_to_its_definition_in_another_file(
    tmp_path: Path, *, is_plain: bool
) -> None:
    write(tmp_path, shapes=SHAPES, use=USE)
    async with open_editor(tmp_path, EditorKind(is_plain=is_plain)) as editor:
        uri = editor.open(tmp_path / "use.py")
        assert await definition(editor, uri, "print(Sh|ape") == ["shapes.py:1:Shape"]
        assert await definition(editor, uri, ".area|(") == ["shapes.py:2:area"]


@pytest.mark.asyncio
async def test_a_link_says_which_name_was_asked_about(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES, use=USE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "use.py")
        params = lsp.DefinitionParams(**spot(editor, uri, "print(Sh|ape"))
        answer = await soon(editor.client.text_document_definition_async(params))
        assert isinstance(answer, list | tuple)
        link = answer[0]
        assert isinstance(link, lsp.LocationLink)
        assert link.origin_selection_range == lsp.Range(lsp.Position(2, 6), lsp.Position(2, 11))
        assert link.target_range == lsp.Range(lsp.Position(0, 0), lsp.Position(2, 16))


@pytest.mark.asyncio
async def test_a_declaration_is_the_definition(tmp_path: Path) -> None:
    write(tmp_path, a="x = 1\nprint(x)\n")
    async with open_editor(tmp_path, EditorKind(is_plain=True)) as editor:
        uri = editor.open(tmp_path / "a.py")
        params = lsp.DeclarationParams(**spot(editor, uri, "print(|x)"))
        answer = await soon(editor.client.text_document_declaration_async(params))
        (found,) = answer if isinstance(answer, list | tuple) else [answer]
        assert isinstance(found, lsp.Location)
        assert found.range.start == lsp.Position(0, 0)


@pytest.mark.asyncio
@pytest.mark.parametrize("encoding", list(lsp.PositionEncodingKind))
async def test_positions_are_right_behind_astral_characters(
    tmp_path: Path, encoding: lsp.PositionEncodingKind
) -> None:
    write(tmp_path, shapes='note = "𝄞é"; area = 1\n')
    write(tmp_path, use='from shapes import area\nprint("𝄞é", area)\n')
    async with open_editor(tmp_path, EditorKind(encoding=encoding)) as editor:
        uri = editor.open(tmp_path / "use.py")
        assert await definition(editor, uri, ", ar|ea)") == ["shapes.py:1:area"]


@pytest.mark.asyncio
async def test_the_question_is_about_the_unsaved_text(tmp_path: Path) -> None:
    write(tmp_path, a="old = 1\nprint(old)\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        editor.type(uri, "old = 1", "# A comment.\n\nold = 1")
        assert await definition(editor, uri, "print(|old)") == ["a.py:3:old"]


@pytest.mark.asyncio
async def test_a_builtin_leads_to_its_stub(tmp_path: Path) -> None:
    write(tmp_path, a="len([])\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        (found,) = await definition(editor, uri, "l|en(") or []
        assert found.startswith("builtins.pyi:")
        assert found.endswith(":len")


@pytest.mark.asyncio
async def test_no_name_and_no_file_have_no_definition(tmp_path: Path) -> None:
    write(tmp_path, a="if True:\n    pass\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        assert await definition(editor, uri, "|if") is None
        untitled = "untitled:Untitled-1"
        item = lsp.TextDocumentItem(untitled, "python", 1, "x = 1\n")
        editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        params = lsp.DefinitionParams(lsp.TextDocumentIdentifier(uri=untitled), lsp.Position(0, 0))
        assert await soon(editor.client.text_document_definition_async(params)) is None
        assert editor.warnings == []
