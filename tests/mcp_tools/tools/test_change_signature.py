"""Asking for other parameters."""

from pathlib import Path

import pytest

from mcp_tools.tools.change_signature import TOOL
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.mcp_tools.tools.changing import texts_after

pytestmark = pytest.mark.asyncio


async def test_calls_in_all_files_are_made_to_fit(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    answer = await asker.ask(
        TOOL,
        name_path="tax",
        parameters="*, money: float, rate: float",
        renamed=[{"old": "amount", "new": "money"}],
        values=[{"name": "rate", "value": "0.3"}],
    )
    after = texts_after(asker, answer)
    prices, bills = after["shop/prices.py"], after["shop/bills.py"]
    assert prices is not None
    assert bills is not None
    assert "def tax(*, money: float, rate: float) -> float:" in prices
    assert "return money * RATE" in prices
    assert "tax(money=self.amount, rate=0.3)" in prices
    assert "tax(money=100.0, rate=0.3) + tax(money=50.0, rate=0.3)" in bills


async def test_a_constructor_is_changed_by_its_class(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    answer = await asker.ask(TOOL, name_path="Price/__init__", parameters="self, *, amount: float")
    bills = texts_after(asker, answer)["shop/bills.py"]
    assert bills is not None
    assert "Price(amount=amount) for amount in amounts" in bills


async def test_parameters_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match="expected parameters such as"):
        await asker_of(SHOP, tmp_path).ask(TOOL, name_path="tax", parameters="a b")
