"""Asking who calls a function, and what it calls."""

from pathlib import Path

import pytest

from mcp_tools.tools.call_hierarchy import TOOL, CallHierarchyOutput
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


async def test_callers_stand_with_the_places_of_their_calls(tmp_path: Path) -> None:
    assert (await asker_of(SHOP, tmp_path).text(TOOL, name_path="tax")).split("\n") == [
        "shop/prices.py:6:5 tax: 2 callers in 2 files",
        "shop/bills.py:10:12 10:25 fee: return tax(100.0) + tax(50.0)",
        "shop/prices.py:18:30 Price/total: return self.amount + tax(self.amount)",
    ]


async def test_callers_of_callers_are_indented(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    answer = await asker.ask(TOOL, name_path="tax", depth=3)
    lines = answer.text.split("\n")
    assert lines[1:3] == [
        "shop/bills.py:10:12 10:25 fee: return tax(100.0) + tax(50.0)",
        "    14:24 main",
    ]
    calls = data_of(answer, CallHierarchyOutput).calls
    assert [(call.depth, call.symbol.name_path) for call in calls][:2] == [(1, "fee"), (2, "main")]
    assert calls[0].sites[1].column == 25


async def test_callees_stand_where_they_are_defined(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    assert (await asker.text(TOOL, name_path="fee", direction="out")).split("\n") == [
        "shop/bills.py:9:5 fee: 1 callee in 1 file",
        "shop/prices.py:6:5 def tax(amount: float) -> float <- 10:12 10:25",
    ]


async def test_a_function_that_calls_itself_is_followed_once(tmp_path: Path) -> None:
    files = {"a.py": "def f(n):\n    return f(n - 1)\n"}
    answer = await asker_of(files, tmp_path).ask(TOOL, name_path="f", depth=5)
    assert answer.text.split("\n")[1:] == ["a.py:2:12 f (cycle): return f(n - 1)"]
    assert data_of(answer, CallHierarchyOutput).calls[0].is_cycle


async def test_nothing_found_is_said(tmp_path: Path) -> None:
    text = await asker_of(SHOP, tmp_path).text(TOOL, name_path="main")
    assert text == "shop/bills.py:13:5 main: no caller found"
