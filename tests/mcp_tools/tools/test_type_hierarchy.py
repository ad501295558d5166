"""Asking for the classes above and below a class."""

from pathlib import Path

import pytest

from mcp_tools.tools.type_hierarchy import TOOL, TypeHierarchyOutput
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio

ANIMALS = {
    "a.py": "class A: ...\nclass B(A): ...\nclass C(B): ...\nclass D(A): ...\nclass E(C, D): ...\n"
}


async def test_bases_and_subclasses_are_told_by_level(tmp_path: Path) -> None:
    answer = await asker_of(ANIMALS, tmp_path).ask(TOOL, name_path="B", depth=5)
    assert answer.text.split("\n") == [
        "a.py:2:7 B",
        "above:a.py:1:7 class A",
        "below",
        " a.py:3:7 class C(B)",
        "   a.py:5:7 class E(C, D)",
    ]
    types = data_of(answer, TypeHierarchyOutput).types
    assert [(t.side, t.depth, t.symbol.name_path) for t in types] == [
        ("above", 1, "A"),
        ("below", 1, "C"),
        ("below", 2, "E"),
    ]


async def test_one_side_and_one_level_can_be_asked_for(tmp_path: Path) -> None:
    asker = asker_of(ANIMALS, tmp_path)
    answer = await asker.ask(TOOL, name_path="A", side="below", depth=1)
    types = data_of(answer, TypeHierarchyOutput).types
    assert [t.symbol.name_path for t in types] == ["B", "D"]


async def test_a_class_without_any_is_told(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    text = await asker.text(TOOL, name_path="Reduced", side="below")
    assert text == "shop/prices.py:21:7 Reduced: no class below it"
