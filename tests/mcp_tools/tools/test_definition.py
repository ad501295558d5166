"""Asking where something is defined."""

from pathlib import Path

import pytest

from mcp_tools.tools.definition import TOOL
from mcp_tools.types.errors import NotFound
from tests.mcp_tools.tools.asking import SHOP, asker_of

pytestmark = pytest.mark.asyncio


async def test_a_use_leads_to_its_definition(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    expected = "1 definition\nshop/prices.py:6:5 def tax(amount: float) -> float"
    assert await asker.text(TOOL, path="shop/bills.py", line=10, column=12) == expected
    assert await asker.text(TOOL, path="shop/bills.py", line=10, name_path="tax") == expected
    assert await asker.text(TOOL, name_path="tax") == expected


async def test_a_definition_may_lie_in_the_standard_library(tmp_path: Path) -> None:
    asker = asker_of({"a.py": "import json\n\njson.dumps({})\n"}, tmp_path)
    text = await asker.text(TOOL, path="a.py", line=3, name_path="dumps")
    assert "json/__init__.pyi:" in text
    assert "def dumps(" in text


async def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    asker = asker_of({"a.py": "def f(x):\n    return x.unknown\n"}, tmp_path)
    with pytest.raises(NotFound, match="find_symbol or grep"):
        await asker.ask(TOOL, path="a.py", line=2, name_path="unknown")
