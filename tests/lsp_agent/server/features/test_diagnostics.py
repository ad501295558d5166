"""Diagnostics, for clients that ask and for those that do not."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.editor import Editor, EditorKind, open_editor

Report = lsp.RelatedFullDocumentDiagnosticReport | lsp.RelatedUnchangedDocumentDiagnosticReport


async def pull(editor: Editor, uri: str, previous_result_id: str | None) -> Report:
    params = lsp.DocumentDiagnosticParams(
        lsp.TextDocumentIdentifier(uri=uri), previous_result_id=previous_result_id
    )
    return await editor.client.text_document_diagnostic_async(params)


@pytest.mark.asyncio
async def test_a_client_that_does_not_pull_gets_them_published_for_the_text_of_now(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.py").write_text("lenght = 1\n", encoding="utf-8")
    async with open_editor(tmp_path, EditorKind(pulls_diagnostics=False)) as editor:
        uri = editor.open(tmp_path / "a.py")
        editor.type(uri, "lenght = 1", "print(lenght)")
        await editor.until(lambda: uri in editor.published)
        published = editor.published[uri]
        assert published.version == 2
        assert [d.message for d in published.diagnostics] == ["Undefined name `lenght`"]


@pytest.mark.asyncio
async def test_positions_are_right_behind_an_astral_character(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('print("𝄞", lenght)\n', encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        (found,) = await editor.diagnostics(uri)
        assert found.range == lsp.Range(lsp.Position(0, 12), lsp.Position(0, 18))


@pytest.mark.asyncio
async def test_an_unchanged_document_is_answered_with_unchanged(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        result_id = (await pull(editor, uri, None)).result_id
        report = await pull(editor, uri, result_id)
        assert isinstance(report, lsp.RelatedUnchangedDocumentDiagnosticReport)


@pytest.mark.asyncio
async def test_another_text_with_the_same_version_is_not_answered_with_unchanged(
    tmp_path: Path,
) -> None:
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py", "x = 1\n")
        result_id = (await pull(editor, uri, None)).result_id
        editor.close(uri)
        editor.open(tmp_path / "a.py", "print(lenght)\n")
        report = await pull(editor, uri, result_id)
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        assert len(report.items) == 1


@pytest.mark.asyncio
async def test_published_ones_are_taken_back_when_the_document_is_closed(tmp_path: Path) -> None:
    async with open_editor(tmp_path, EditorKind(pulls_diagnostics=False)) as editor:
        uri = editor.open(tmp_path / "a.py", "print(lenght)\n")
        await editor.until(lambda: uri in editor.published)
        assert editor.published[uri].diagnostics
        editor.close(uri)
        await editor.until(lambda: not editor.published[uri].diagnostics)


@pytest.mark.asyncio
async def test_they_can_be_switched_off(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print(lenght)\n", encoding="utf-8")
    async with open_editor(tmp_path, options={"diagnostics": False}) as editor:
        uri = editor.open(tmp_path / "a.py")
        assert await editor.diagnostics(uri) == []


@pytest.mark.asyncio
async def test_a_document_that_is_no_file_has_none(tmp_path: Path) -> None:
    async with open_editor(tmp_path) as editor:
        item = lsp.TextDocumentItem("untitled:Untitled-1", "python", 1, "print(lenght)\n")
        editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        assert await editor.diagnostics("untitled:Untitled-1") == []
