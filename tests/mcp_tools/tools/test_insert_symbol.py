"""Asking for a new definition beside a symbol."""

from pathlib import Path

import pytest

from mcp_tools.tools.insert_symbol import TOOL
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.mcp_tools.tools.changing import texts_after

pytestmark = pytest.mark.asyncio


async def test_a_method_goes_behind_another_one(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    source = "def half(self) -> float:\n    return self.amount / 2\n"
    answer = await asker.ask(TOOL, name_path="Price/__init__", source=source)
    before = SHOP["shop/prices.py"]
    place = "        self.amount = amount\n"
    new = "\n    def half(self) -> float:\n        return self.amount / 2\n"
    assert texts_after(asker, answer) == {"shop/prices.py": before.replace(place, place + new)}
    assert answer.text.startswith("Insert after __init__: 1 file, 1 place\nshop/prices.py:\n@@")


async def test_a_function_goes_before_another_one(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    answer = await asker.ask(TOOL, name_path="fee", source="def g(): ...", side="before")
    before = SHOP["shop/bills.py"]
    after = before.replace("def fee", "def g(): ...\n\n\ndef fee")
    assert texts_after(asker, answer) == {"shop/bills.py": after}


async def test_a_module_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match="is a module"):
        await asker_of(SHOP, tmp_path).ask(TOOL, path="shop/bills.py", source="x = 1")
