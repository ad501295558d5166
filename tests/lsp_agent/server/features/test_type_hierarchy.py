"""Bases and subclasses, asked step by step as editors do."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.asking import soon, type_items, write
from tests.support.editor import open_editor


@pytest.mark.asyncio
async def test_bases_and_subclasses_are_the_direct_ones(tmp_path: Path) -> None:
    write(tmp_path, a="class Shape: ...\n\n\nclass Flat(Shape): ...\n")
    write(tmp_path, b="from a import Flat\n\n\nclass Square(Flat): ...\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        (flat,) = await type_items(editor, uri, "class Fl|at") or []
        above = lsp.TypeHierarchySupertypesParams(flat)
        below = lsp.TypeHierarchySubtypesParams(flat)
        bases = await soon(editor.client.type_hierarchy_supertypes_async(above))
        subclasses = await soon(editor.client.type_hierarchy_subtypes_async(below))
        assert [item.name for item in bases or ()] == ["Shape"]
        assert [(item.name, item.uri[-5:]) for item in subclasses or ()] == [("Square", "/b.py")]


@pytest.mark.asyncio
async def test_a_function_is_no_type(tmp_path: Path) -> None:
    write(tmp_path, a="def f(): ...\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        assert await type_items(editor, uri, "def |f") is None
