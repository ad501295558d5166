"""Asking where a symbol is used."""

from pathlib import Path

import pytest

from mcp_tools.tools.references import TOOL, ReferencesOutput
from mcp_tools.types.calls import ToolCall
from mcp_tools.types.errors import InvalidEdit, NotFound, StaleEdit
from mcp_tools.workspace.workspace import SetBuffer
from tests.mcp_tools.tools.asking import SHOP, Asker, asker_of
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


async def test_uses_are_listed_with_place_symbol_and_line(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    assert (await asker.text(TOOL, name_path="tax")).split("\n") == [
        "shop/prices.py:6:5 tax: 4 uses in 2 files",
        "shop/bills.py",
        " 1:32 import",
        " 10:12 [fee] return tax(100.0) + tax(50.0)",
        " 10:25 return tax(100.0) + tax(50.0)",
        "shop/prices.py:18:30 [Price/total] return self.amount + tax(self.amount)",
    ]


async def test_the_data_says_the_same(tmp_path: Path) -> None:
    answer = await asker_of(SHOP, tmp_path).ask(TOOL, symbol="shop.prices:tax")
    data = data_of(answer, ReferencesOutput)
    assert (data.symbol.path, data.symbol.name_path, data.symbol.kind) == (
        "shop/prices.py",
        "tax",
        "function",
    )
    assert [(s.path, s.line, s.column, s.end_column, s.role, s.in_symbol) for s in data.sites] == [
        ("shop/bills.py", 1, 32, 35, "import", ""),
        ("shop/bills.py", 10, 12, 15, "call", "fee"),
        ("shop/bills.py", 10, 25, 28, "call", "fee"),
        ("shop/prices.py", 18, 30, 33, "call", "Price/total"),
    ]
    assert {site.certainty for site in data.sites} == {"exact"}
    assert (data.index.is_complete, data.cursor, data.n_total) == (True, None, 4)


@pytest.mark.parametrize(
    "arguments",
    [
        {"name_path": "tax", "path": "shop/prices.py"},
        {"path": "shop/bills.py", "line": 10, "column": 12},
        {"filePath": "shop/bills.py", "line": 10, "name": "tax", "column": None},
        {"relative_path": "shop/prices.py", "line": 6},
        {"name_path": "shop.prices.tax"},
        {"name_path": "tax", "relative_path": ".", "line": None},
        {"name_path": "tax", "relative_path": "shop"},
        {"name_path": "/tax", "relative_path": ""},
    ],
)
async def test_a_symbol_can_be_named_in_many_ways(
    tmp_path: Path, arguments: dict[str, str | int | None]
) -> None:
    text = await asker_of(SHOP, tmp_path).text(TOOL, **arguments)
    assert text.startswith("shop/prices.py:6:5 tax: 4 uses")


async def test_uses_that_follow_from_values_are_marked(tmp_path: Path) -> None:
    text = await asker_of(SHOP, tmp_path).text(TOOL, name_path="Price/total")
    assert "shop/bills.py:6:22~ [bill] return sum(price.total() for price in prices)" in text
    assert text.endswith("(~ inferred)")


async def test_an_unknown_name_is_answered_with_near_ones(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no symbol 'taxe'|near names: shop/prices.py:tax"):
        await asker_of(SHOP, tmp_path).ask(TOOL, name_path="taxe")


async def test_a_symbol_has_to_be_named(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    for arguments in ({}, {"line": 3}):
        with pytest.raises(InvalidEdit, match="name_path"):
            await asker.ask(TOOL, **arguments)
    with pytest.raises(NotFound, match="does not name 'tax'"):
        await asker.ask(TOOL, path="shop/bills.py", line=5, name_path="tax")


async def test_a_name_is_looked_for_below_the_folder_that_is_given(tmp_path: Path) -> None:
    asker = asker_of(SHOP | {"other/a.py": "def tax(): ...\n"}, tmp_path)
    assert (await asker.text(TOOL, name_path="tax", path="other")).startswith("other/a.py:1:5 tax")
    with pytest.raises(NotFound, match="below 'other/'"):
        await asker.ask(TOOL, name_path="bill", path="other")
    with pytest.raises(NotFound, match=r"2 symbols, say which: shop/prices\.py:Price/total"):
        await asker.ask(TOOL, name_path="total", path="shop")


def many_uses(n_files: int, n_uses: int) -> dict[str, str]:
    uses = "".join(f"def f{number}():\n    return target()\n\n" for number in range(n_uses))
    files = {f"user{number}.py": f"from a import target\n{uses}" for number in range(n_files)}
    return {"a.py": "def target():\n    pass\n", **files}


async def test_too_many_uses_are_shortened_and_all_can_be_had(tmp_path: Path) -> None:
    asker = asker_of(many_uses(6, 10), tmp_path)
    first = await asker.ask(TOOL, name_path="target", max_tokens=200)
    data = data_of(first, ReferencesOutput)
    assert (data.detail, data.n_total, data.sites) == ("counts", 66, ())
    assert "user3.py 11" in first.text
    places: list[tuple[str, int]] = []
    cursor = data.cursor
    while cursor is not None:
        more = await asker.ask(TOOL, name_path="target", max_tokens=200, cursor=cursor)
        assert len(more.text) <= 1000
        data = data_of(more, ReferencesOutput)
        places += [(site.path, site.line) for site in data.sites]
        cursor = data.cursor
    assert len(places) == len(set(places)) == 66


async def test_a_cursor_is_stale_when_the_code_has_changed(tmp_path: Path) -> None:
    asker = asker_of(many_uses(6, 10), tmp_path)
    answer = await asker.ask(TOOL, name_path="target", max_tokens=200)
    cursor = data_of(answer, ReferencesOutput).cursor
    changed: Asker = asker_of({"user1.py": "from a import target\n"}, tmp_path)
    with pytest.raises(StaleEdit, match="ask again without it"):
        await changed.ask(TOOL, name_path="target", max_tokens=200, cursor=cursor)
    with pytest.raises(InvalidEdit, match="another question"):
        await changed.ask(TOOL, name_path="target", textual=True, cursor=cursor)


async def test_a_line_of_a_file_that_changed_meanwhile_is_not_quoted(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    asker.context.codebase().facts("shop/bills.py")
    (tmp_path / "shop/bills.py").write_text("\n\n\nchanged = 1\n", encoding="utf-8")
    with pytest.raises((StaleEdit, NotFound)):
        await asker.ask(TOOL, path="shop/bills.py", line=9)


async def test_the_host_gives_the_same_and_sees_unsaved_text(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    call = ToolCall(id="1", name="references", arguments={"name_path": "tax"})
    before = await asker.host([TOOL]).call(call, proposal_id="p")
    assert before.text == await asker.text(TOOL, name_path="tax")
    assert before.data is not None
    typed = SHOP["shop/bills.py"] + "\n\nunsaved = tax(1.0)\n"
    path = asker.workspace.root / "shop/bills.py"
    asker.workspace.apply(SetBuffer(path=path, text=typed, version=2))
    after = await asker.host([TOOL]).call(call, proposal_id="p")
    assert after.text.startswith("shop/prices.py:6:5 tax: 5 uses in 2 files")
    assert " 17:11 [module] unsaved = tax(1.0)" in after.text


async def test_the_host_explains_what_went_wrong(tmp_path: Path) -> None:
    call = ToolCall(id="1", name="references", arguments={"name_path": "shop.bills:bil"})
    result = await asker_of(SHOP, tmp_path).host([TOOL]).call(call, proposal_id="p")
    assert result.is_error
    assert "near names: shop/bills.py:bill" in result.text


async def test_without_an_index_the_files_that_matter_are_read(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path, is_indexed=False)
    text = await asker.text(TOOL, name_path="tax")
    assert text.startswith("shop/prices.py:6:5 tax: 4 uses in 2 files")
    assert "index" not in text
