"""Renaming by the editor's own means."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.server.convert import uri_of
from tests.support.asking import rename, seen, soon, spot, write
from tests.support.editor import Editor, EditorKind, open_editor

SHAPES = "def area(w):\n    return w\n"
USE = 'from shapes import area\n\nprint("𝄞", area(1))\n'


async def prepare(editor: Editor, uri: str, place: str) -> object:
    params = lsp.PrepareRenameParams(**spot(editor, uri, place))
    return await soon(editor.client.text_document_prepare_rename_async(params))


def text_edits(edit: lsp.WorkspaceEdit | None) -> list[lsp.TextDocumentEdit]:
    changes = edit.document_changes if edit is not None else None
    return [change for change in changes or () if isinstance(change, lsp.TextDocumentEdit)]


@pytest.mark.asyncio
async def test_the_name_at_the_cursor_is_offered_to_be_typed_over(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES, use=USE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "use.py")
        found = await prepare(editor, uri, ", ar|ea(")
        assert isinstance(found, lsp.PrepareRenamePlaceholder)
        assert found.placeholder == "area"
        assert seen(editor, uri, found.range) == "use.py:3:area"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("code", "place", "why"),
    [
        ("if True:\n    pass\n", "|if", "no name here"),
        ("# area\n", "# ar|ea", "no name here"),
        ("print(1)\n", "pr|int", "outside of the workspace"),
    ],
)
async def test_what_cannot_be_renamed_is_refused_with_the_reason(
    tmp_path: Path, code: str, place: str, why: str
) -> None:
    write(tmp_path, a=code)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        with pytest.raises(JsonRpcException, match=why) as caught:
            await prepare(editor, uri, place)
        assert caught.value.code == lsp.LSPErrorCodes.RequestFailed.value


@pytest.mark.asyncio
async def test_a_rename_is_one_edit_with_the_versions_of_open_documents(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES, use=USE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "use.py")
        edits = text_edits(await rename(editor, uri, ", ar|ea(", "surface"))
        versions = {edit.text_document.uri: edit.text_document.version for edit in edits}
        assert versions == {uri: 1, uri_of(tmp_path / "shapes.py"): None}
        found = {
            f"{seen(editor, edit.text_document.uri, part.range)} {part.new_text}"
            for edit in edits
            for part in edit.edits
            if isinstance(part, lsp.TextEdit)
        }
        assert found == {
            "shapes.py:1:area surface",
            "use.py:1:area surface",
            "use.py:3:area surface",
        }


@pytest.mark.asyncio
async def test_a_client_without_versioned_edits_gets_plain_ones(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES)
    kind = EditorKind(declares_edits=False, can_create_files=False)
    async with open_editor(tmp_path, kind) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        edit = await rename(editor, uri, "def ar|ea", "surface")
        assert edit is not None
        assert edit.document_changes is None
        assert [len(edits) for edits in (edit.changes or {}).values()] == [1]


@pytest.mark.asyncio
async def test_places_that_are_left_alone_are_told(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES, use="def f(x):\n    return getattr(x, 'area')\n")
    write(tmp_path, a="class A:\n    def run(self): ...\n\n\ndef f(x):\n    x.run()\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        edits = text_edits(await rename(editor, uri, "def r|un", "start"))
        assert [len(edit.edits) for edit in edits] == [1]
        await editor.until(lambda: bool(editor.warnings))
        assert "1 place was left alone" in editor.warnings[0]
        assert "a.py:6" in editor.warnings[0]


@pytest.mark.asyncio
@pytest.mark.parametrize("new_name", ["class", "1st", "", "a b"])
async def test_a_name_that_is_none_is_refused(tmp_path: Path, new_name: str) -> None:
    write(tmp_path, shapes=SHAPES)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        with pytest.raises(JsonRpcException) as caught:
            await rename(editor, uri, "def ar|ea", new_name)
        assert caught.value.code == lsp.LSPErrorCodes.RequestFailed.value


@pytest.mark.asyncio
async def test_a_module_is_renamed_with_its_file_if_the_editor_can(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES, use="import shapes\n\nshapes.area(1)\n")
    async with open_editor(tmp_path, EditorKind(can_rename_files=True)) as editor:
        uri = editor.open(tmp_path / "use.py")
        edit = await rename(editor, uri, "import sh|apes", "forms")
        assert edit is not None
        (renamed,) = [
            change for change in edit.document_changes or () if isinstance(change, lsp.RenameFile)
        ]
        assert renamed.new_uri.endswith("/forms.py")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "use.py")
        with pytest.raises(JsonRpcException, match="cannot rename files"):
            await rename(editor, uri, "import sh|apes", "forms")
