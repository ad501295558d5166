"""Callers and callees, asked step by step as editors do."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.asking import call_items, seen, soon, write
from tests.support.editor import Editor, open_editor

SHAPES = "def area(w):\n    return scale(w) * scale(w)\n\n\ndef scale(w):\n    return w\n"
USE = "from shapes import area\n\n\ndef main():\n    print(area(1))\n    area(2)\n"


async def incoming(
    editor: Editor, item: lsp.CallHierarchyItem
) -> list[lsp.CallHierarchyIncomingCall] | None:
    params = lsp.CallHierarchyIncomingCallsParams(item)
    answer = await soon(editor.client.call_hierarchy_incoming_calls_async(params))
    return None if answer is None else list(answer)


async def outgoing(
    editor: Editor, item: lsp.CallHierarchyItem
) -> list[lsp.CallHierarchyOutgoingCall] | None:
    params = lsp.CallHierarchyOutgoingCallsParams(item)
    answer = await soon(editor.client.call_hierarchy_outgoing_calls_async(params))
    return None if answer is None else list(answer)


async def item_at(editor: Editor, uri: str, place: str) -> lsp.CallHierarchyItem:
    (item,) = await call_items(editor, uri, place) or []
    return item


@pytest.mark.asyncio
async def test_callers_come_with_the_places_of_their_calls(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES, use=USE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "use.py")
        area = await item_at(editor, uri, "print(ar|ea")
        assert (area.name, area.kind) == ("area", lsp.SymbolKind.Function)
        assert seen(editor, area.uri, area.selection_range) == "shapes.py:1:area"
        (call,) = await incoming(editor, area) or []
        assert (call.from_.name, call.from_.uri) == ("main", uri)
        places = [seen(editor, uri, place) for place in call.from_ranges]
        assert places == ["use.py:5:area", "use.py:6:area"]


@pytest.mark.asyncio
async def test_callees_come_with_places_in_the_caller(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        (call,) = await outgoing(editor, await item_at(editor, uri, "def ar|ea")) or []
        assert call.to.name == "scale"
        places = [seen(editor, uri, place) for place in call.from_ranges]
        assert places == ["shapes.py:2:scale", "shapes.py:2:scale"]


@pytest.mark.asyncio
async def test_the_items_of_an_answer_can_be_asked_about_in_turn(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES, use=USE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        (area,) = await incoming(editor, await item_at(editor, uri, "def sc|ale")) or []
        (main,) = await incoming(editor, area.from_) or []
        assert main.from_.name == "main"
        assert await incoming(editor, main.from_) == []


@pytest.mark.asyncio
async def test_an_item_is_found_again_after_its_file_was_edited(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES, use=USE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        area = await item_at(editor, uri, "def ar|ea")
        editor.type(uri, "def area", "class A:\n    x = [y for y in ()]\n\n\ndef area")
        (call,) = await incoming(editor, area) or []
        assert call.from_.name == "main"


@pytest.mark.asyncio
async def test_an_item_that_is_gone_or_not_ours_has_no_answer(tmp_path: Path) -> None:
    write(tmp_path, shapes=SHAPES)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "shapes.py")
        scale = await item_at(editor, uri, "def sc|ale")
        editor.type(uri, "\n\ndef scale(w):\n    return w\n", "")
        assert await incoming(editor, scale) is None
        strange: list[lsp.LSPAny] = [None, 7, {"root": "/"}, {"root": 1, "file": [], "path": None}]
        for data in strange:
            scale.data = data
            assert await incoming(editor, scale) is None
            assert await outgoing(editor, scale) is None


@pytest.mark.asyncio
async def test_a_variable_is_nothing_to_ask_calls_of(tmp_path: Path) -> None:
    write(tmp_path, a="x = 1\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        assert await call_items(editor, uri, "|x = 1") is None
