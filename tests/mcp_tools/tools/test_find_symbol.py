"""Finding symbols by name."""

from pathlib import Path

import pytest

from mcp_tools.code.answers.outputs import ItemsOutput
from mcp_tools.tools.find_symbol import TOOL
from mcp_tools.types.errors import NotFound
from mcp_tools.types.json import JsonValue
from mcp_tools.types.text import digest_of
from tests.mcp_tools.tools.asking import SHOP, Asker, asker_of
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


async def names(asker: Asker, **arguments: JsonValue) -> list[str]:
    data = data_of(await asker.ask(TOOL, **arguments), ItemsOutput)
    return [f"{item.path}:{item.name_path}" for item in data.items]


async def test_a_name_path_finds_what_ends_so(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    assert (await asker.text(TOOL, name_path="Reduced/total")).split("\n") == [
        "1 symbol for 'Reduced/total'",
        "shop/prices.py:22:9 def Reduced/total(self) -> float",
    ]
    both = ["shop/prices.py:Price/total", "shop/prices.py:Reduced/total"]
    assert await names(asker, query="total") == both


async def test_a_part_of_a_name_finds_what_is_alike(tmp_path: Path) -> None:
    assert "shop/prices.py:Reduced" in await names(asker_of(SHOP, tmp_path), name="reduc")


async def test_kinds_and_places_narrow_the_search(tmp_path: Path) -> None:
    asker = asker_of(SHOP | {"other/a.py": "class Price: ...\n"}, tmp_path)
    assert await names(asker, name="Price", path="other") == ["other/a.py:Price"]
    assert await names(asker, name="Price", path="shop/prices.py", kinds=["class"]) == [
        "shop/prices.py:Price"
    ]
    assert await names(asker, name="Price", kinds=["function"]) == []
    with pytest.raises(NotFound, match="list_dir"):
        await names(asker, name="Price", path="missing")


async def test_the_body_is_given_with_the_stamp_of_its_file(tmp_path: Path) -> None:
    text = await asker_of(SHOP, tmp_path).text(TOOL, name_path="Reduced", include_body=True)
    assert text.split("\n")[1:] == [
        "shop/prices.py:21:7 class Reduced(Price)",
        "class Reduced(Price):",
        "    def total(self) -> float:",
        "        return super().total() / 2",
        f"#{digest_of(SHOP['shop/prices.py'])[:8]}",
    ]


async def test_what_is_within_is_listed_down_to_a_depth(tmp_path: Path) -> None:
    text = await asker_of(SHOP, tmp_path).text(TOOL, name_path="Reduced", depth=1)
    assert text.split("\n")[2:] == ["  22:9 def total(self) -> float"]


async def test_nothing_found_is_said(tmp_path: Path) -> None:
    answer = await asker_of(SHOP, tmp_path).ask(TOOL, name_path="qqqq")
    assert answer.text == "no symbol for 'qqqq'"


async def test_of_names_that_are_only_alike_few_are_given_beside_the_wanted_one(
    tmp_path: Path,
) -> None:
    text = "".join(f"class Price{number}: ...\n" for number in range(20))
    asker = asker_of({"a.py": f"class Price: ...\n{text}"}, tmp_path)
    found = await asker.text(TOOL, name_path="Price")
    assert found.startswith("6 symbols for 'Price'; 15 more are alike, ask for a part of the name")
    assert len(await names(asker, name_path="Pric")) == 21


async def test_an_index_that_is_not_complete_is_told(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path, is_indexed=False)
    text = await asker.text(TOOL, name_path="fee")
    assert "shop/bills.py:9:5 def fee() -> float" in text
    assert "1 of 3 files are known" in text
