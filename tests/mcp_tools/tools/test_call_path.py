"""Asking how one function comes to call another."""

from pathlib import Path

import pytest

from mcp_tools.tools.call_path import TOOL, CallPathOutput
from mcp_tools.types.errors import NotFound
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


async def test_the_way_is_told_with_the_line_of_each_call(tmp_path: Path) -> None:
    answer = await asker_of(SHOP, tmp_path).ask(TOOL, source="main", goal="tax")
    assert answer.text.split("\n") == [
        "2 calls on the way",
        "shop/bills.py:13:5 main",
        "shop/bills.py:9:5 fee <- shop/bills.py:14:24 print(bill([1.0]), fee())",
        "shop/prices.py:6:5 tax <- shop/bills.py:10:12 return tax(100.0) + tax(50.0)",
    ]
    data = data_of(answer, CallPathOutput)
    assert [step.symbol.name_path for step in data.steps] == ["main", "fee", "tax"]
    assert data.is_complete


async def test_no_way_is_said(tmp_path: Path) -> None:
    arguments = {"from": "tax", "to": "main"}
    answer = await asker_of(SHOP, tmp_path).ask(TOOL, **arguments)
    assert answer.text == (
        "no way from shop/prices.py:6:5 tax to shop/bills.py:13:5 main was found"
    )
    with pytest.raises(NotFound):
        await asker_of(SHOP, tmp_path).ask(TOOL, source="main", goal="missing")
