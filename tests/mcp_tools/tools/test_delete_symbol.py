"""Asking for the removal of a symbol."""

from pathlib import Path

import pytest

from mcp_tools.tools.delete_symbol import TOOL
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.mcp_tools.tools.changing import texts_after

pytestmark = pytest.mark.asyncio


async def test_what_nothing_uses_goes(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    answer = await asker.ask(TOOL, name_path="main")
    before = SHOP["shop/bills.py"]
    after = before[: before.index("\n\ndef main")]
    assert texts_after(asker, answer) == {"shop/bills.py": after}


async def test_what_is_used_stays(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match=r"still used.*\nshop/bills\.py:14: print"):
        await asker_of(SHOP, tmp_path).ask(TOOL, name_path="fee")


async def test_uses_are_listed_when_it_goes_all_the_same(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    text = await asker.text(TOOL, name_path="fee", even_if_used=True)
    assert "  shop/bills.py:14: print(bill([1.0]), fee())  ('fee' is used here)" in text
