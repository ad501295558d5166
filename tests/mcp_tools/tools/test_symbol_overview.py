"""Asking what files and folders define."""

from pathlib import Path

import pytest

from mcp_tools.tools.symbol_overview import TOOL, SymbolOverviewOutput
from mcp_tools.types.errors import NotFound, OutsideWorkspace
from mcp_tools.types.text import digest_of
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


async def test_a_file_is_told_with_signatures_and_places(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    stamp = digest_of(SHOP["shop/prices.py"])[:8]
    assert (await asker.text(TOOL, path="shop/prices.py")).split("\n") == [
        f"4 top-level symbols in shop/prices.py #{stamp}",
        "3:1 RATE = 0.2",
        "6:5 def tax(amount: float) -> float",
        "11:7 class Price",
        "  14:9 def __init__(self, amount: float) -> None",
        "  15:14 self.amount = amount",
        "  17:9 def total(self) -> float",
        "21:7 class Reduced(Price)",
        "  22:9 def total(self) -> float",
    ]
    top = await asker.text(TOOL, path="shop/prices.py", depth=0)
    assert top.split("\n")[3:] == ["11:7 class Price", "21:7 class Reduced(Price)"]


async def test_the_data_has_all_that_is_shown(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    data = data_of(await asker.ask(TOOL, path="shop/prices.py"), SymbolOverviewOutput)
    assert [(item.name_path, item.kind, item.start_line, item.end_line) for item in data.items] == [
        ("RATE", "constant", 3, 3),
        ("tax", "function", 6, 8),
        ("Price", "class", 11, 18),
        ("Price/__init__", "method", 14, 15),
        ("Price/amount", "attribute", 15, 15),
        ("Price/total", "method", 17, 18),
        ("Reduced", "class", 21, 23),
        ("Reduced/total", "method", 22, 23),
    ]


async def test_a_folder_is_told_by_its_files(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    assert (await asker.text(TOOL, depth=0)).split("\n") == [
        "3 Python files below .",
        "shop/",
        " __init__.py",
        " bills.py",
        "  4:5 def bill(amounts: list[float]) -> float",
        "  9:5 def fee() -> float",
        "  13:5 def main() -> None",
        " prices.py",
        "  6:5 def tax(amount: float) -> float",
        "  11:7 class Price",
        "  21:7 class Reduced(Price)",
    ]
    assert (await asker.text(TOOL, path="shop")).startswith("3 Python files below shop\n")


async def test_a_large_file_is_shortened_to_first_lines(tmp_path: Path) -> None:
    methods = "".join(f"    def method{n}(self, argument: int) -> int: ...\n" for n in range(20))
    files = {"a.py": "".join(f"class C{n}:\n{methods}" for n in range(5))}
    answer = await asker_of(files, tmp_path).ask(TOOL, path="a.py", max_tokens=500)
    assert data_of(answer, SymbolOverviewOutput).detail == "first_lines"
    assert "1:7 class C0: method0, method1, method2" in answer.text


async def test_what_is_no_python_file_is_refused(tmp_path: Path) -> None:
    asker = asker_of(SHOP | {"empty/a.txt": ""}, tmp_path)
    for path in ("notes.txt", "missing.py", "empty"):
        with pytest.raises(NotFound, match="list_dir"):
            await asker.ask(TOOL, path=path)
    with pytest.raises(OutsideWorkspace):
        await asker.ask(TOOL, path="../a.py")
