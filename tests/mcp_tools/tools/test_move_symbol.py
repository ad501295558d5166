"""Asking for a symbol to go to another module."""

from pathlib import Path

import pytest

from mcp_tools.tools.move_symbol import TOOL
from mcp_tools.types.errors import InvalidEdit, OutsideWorkspace
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.mcp_tools.tools.changing import texts_after

pytestmark = pytest.mark.asyncio


async def test_a_function_goes_to_a_new_module(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    answer = await asker.ask(TOOL, name_path="tax", new_path="shop/taxes.py")
    after = texts_after(asker, answer)
    assert after["shop/taxes.py"] == (
        "from shop.prices import RATE\n\n\n"
        'def tax(amount: float) -> float:\n    """Give the tax on an amount."""\n'
        "    return amount * RATE\n"
    )
    bills, prices = after["shop/bills.py"], after["shop/prices.py"]
    assert bills is not None
    assert bills.startswith("from shop.prices import Price\nfrom shop.taxes import tax\n\n\n")
    assert prices is not None
    assert "from shop.taxes import tax\n" in prices
    assert "def tax" not in prices
    assert "Note: shop/prices.py and shop/taxes.py now import each other" in answer.text


async def test_a_method_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match="not at the top"):
        await asker_of(SHOP, tmp_path).ask(TOOL, name_path="Price/total", new_path="a.py")


async def test_a_place_outside_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutsideWorkspace):
        await asker_of(SHOP, tmp_path).ask(TOOL, name_path="tax", new_path="../a.py")
