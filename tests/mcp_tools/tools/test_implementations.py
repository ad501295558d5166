"""Asking what implements a class or a method."""

from pathlib import Path

import pytest

from mcp_tools.tools.implementations import TOOL
from tests.mcp_tools.tools.asking import SHOP, asker_of

pytestmark = pytest.mark.asyncio


async def test_subclasses_and_overrides_are_found(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    assert await asker.text(TOOL, name_path="Price") == (
        "shop/prices.py:11:7 Price: 1 implementation\nshop/prices.py:21:7 class Reduced(Price)"
    )
    assert await asker.text(TOOL, name_path="Price/total") == (
        "shop/prices.py:17:9 Price/total: 1 implementation\n"
        "shop/prices.py:22:9 def Reduced/total(self) -> float"
    )
