"""Reading the source of one symbol."""

from pathlib import Path

import pytest

from mcp_tools.tools.read_symbol import TOOL, ReadSymbolOutput
from mcp_tools.types.errors import NotFound, StaleEdit
from mcp_tools.types.text import digest_of
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


async def test_the_source_of_a_symbol_is_given_with_a_stamp(tmp_path: Path) -> None:
    answer = await asker_of(SHOP, tmp_path).ask(TOOL, name_path="Price/total")
    stamp = digest_of(SHOP["shop/prices.py"])[:8]
    assert answer.text.split("\n") == [
        f"shop/prices.py:17:9 Price/total, lines 17-18 #{stamp}",
        "    def total(self) -> float:",
        "        return self.amount + tax(self.amount)",
    ]
    data = data_of(answer, ReadSymbolOutput)
    assert data.body.startswith("    def total")
    assert (data.stamp.path, data.stamp.digest) == ("shop/prices.py", stamp)


async def test_decorators_belong_to_it(tmp_path: Path) -> None:
    files = {"a.py": "import functools\n\n\n@functools.cache\ndef f():\n    return 1\n"}
    text = await asker_of(files, tmp_path).text(TOOL, name_path="f")
    assert text.split("\n")[1:] == ["@functools.cache", "def f():", "    return 1"]


async def test_a_symbol_that_was_read_may_be_edited(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    context = asker.context
    await TOOL.run(context, TOOL.input_model.model_validate({"name_path": "tax"}))
    assert context.reads.last_seen(tmp_path / "shop/prices.py") == SHOP["shop/prices.py"]


async def test_a_long_symbol_is_an_overview_first_and_then_lines(tmp_path: Path) -> None:
    methods = "".join(f"    def m{n}(self):\n        return {n:050}\n\n" for n in range(40))
    files = {"a.py": f"class Long:\n{methods}"}
    asker = asker_of(files, tmp_path)
    context = asker.context
    first = await TOOL.run(
        context, TOOL.input_model.model_validate({"name": "Long", "max_tokens": 400})
    )
    data = data_of(first, ReadSymbolOutput)
    assert "  116:9 def m38(self)" not in data.body == ""
    assert "  2:9 def m0(self)" in first.text
    assert context.reads.last_seen(tmp_path / "a.py") is None
    lines: list[str] = []
    while data.cursor is not None:
        more = await asker.ask(TOOL, name="Long", max_tokens=400, cursor=data.cursor)
        data = data_of(more, ReadSymbolOutput)
        lines += data.body.split("\n")
    assert lines == files["a.py"].rstrip().split("\n")


async def test_a_body_of_a_file_that_changed_is_refused(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    asker.context.codebase().facts("shop/prices.py")
    (tmp_path / "shop/prices.py").write_text("def tax(): pass\n", encoding="utf-8")
    with pytest.raises((StaleEdit, NotFound)):
        await asker.ask(TOOL, name_path="Price")


async def test_several_of_one_name_are_told_apart(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    with pytest.raises(NotFound, match="Reduced/total"):
        await asker.ask(TOOL, name_path="total")
