"""Definitions of the whole workspace by name."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.asking import seen, soon, write
from tests.support.editor import Editor, open_editor


async def search(editor: Editor, query: str) -> list[lsp.SymbolInformation]:
    params = lsp.WorkspaceSymbolParams(query=query)
    answer = await soon(editor.client.workspace_symbol_async(params))
    return [symbol for symbol in answer or () if isinstance(symbol, lsp.SymbolInformation)]


@pytest.mark.asyncio
async def test_definitions_are_found_by_name_with_what_is_around_them(tmp_path: Path) -> None:
    write(tmp_path, a="class Shape:\n    def area(self): ...\n", b="def area_of(x): ...\n")
    async with open_editor(tmp_path) as editor:
        found = await search(editor, "area")
        assert [(s.name, s.kind, s.container_name) for s in found] == [
            ("area", lsp.SymbolKind.Method, "Shape"),
            ("area_of", lsp.SymbolKind.Function, "b.py"),
        ]
        assert seen(editor, found[0].location.uri, found[0].location.range) == "a.py:2:area"


@pytest.mark.asyncio
async def test_a_name_path_finds_what_it_names(tmp_path: Path) -> None:
    write(tmp_path, a="class A:\n    def run(self): ...\n", b="class B:\n    def run(self): ...\n")
    async with open_editor(tmp_path) as editor:
        (found,) = await search(editor, "B/run")
        assert (found.name, found.container_name) == ("run", "B")
        assert found.location.uri.endswith("/b.py")


@pytest.mark.asyncio
async def test_the_search_sees_unsaved_text(tmp_path: Path) -> None:
    write(tmp_path, a="def area(): ...\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        editor.type(uri, "area", "surface")
        assert [s.name for s in await search(editor, "surface")] == ["surface"]
        assert await search(editor, "area") == []


@pytest.mark.asyncio
async def test_at_most_200_are_given(tmp_path: Path) -> None:
    write(tmp_path, a="".join(f"def area_{n}(): ...\n" for n in range(250)))
    async with open_editor(tmp_path) as editor:
        assert len(await search(editor, "area")) == 200


@pytest.mark.asyncio
async def test_positions_in_files_that_nobody_opened_count_utf_16_units(tmp_path: Path) -> None:
    write(tmp_path, a='note = "𝄞"; area = 1\n')
    async with open_editor(tmp_path) as editor:
        (found,) = await search(editor, "area")
        assert found.location.range.start == lsp.Position(0, 13)
