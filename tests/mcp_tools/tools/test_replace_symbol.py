"""Asking for new source of a symbol."""

from pathlib import Path

import pytest

from mcp_tools.tools.read_symbol import TOOL as READ_SYMBOL
from mcp_tools.tools.replace_symbol import TOOL
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.tools.asking import SHOP, Asker, asker_of
from tests.mcp_tools.tools.changing import texts_after

pytestmark = pytest.mark.asyncio

SOURCE = "def total(self) -> float:\n    return self.amount\n"


async def test_a_symbol_that_was_read_gets_new_source(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    context = asker.context
    name = {"name_path": "Price/total"}
    await READ_SYMBOL.run(context, READ_SYMBOL.input_model.model_validate(name))
    wish = {"name_path": "Price/total", "source": SOURCE}
    answer = await TOOL.run(context, TOOL.input_model.model_validate(wish))
    before = SHOP["shop/prices.py"]
    after = before.replace("return self.amount + tax(self.amount)", "return self.amount")
    assert texts_after(asker, answer) == {"shop/prices.py": after}
    assert context.reads.last_seen(tmp_path / "shop/prices.py") == after


async def test_a_symbol_that_was_not_read_is_refused(tmp_path: Path) -> None:
    asker: Asker = asker_of(SHOP, tmp_path)
    with pytest.raises(InvalidEdit, match="was not read yet"):
        await asker.ask(TOOL, name_path="Price/total", source=SOURCE)


async def test_a_module_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match="is a module"):
        await asker_of(SHOP, tmp_path).ask(TOOL, path="shop/bills.py", source=SOURCE)
