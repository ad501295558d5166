"""Asking for another name of a symbol."""

from pathlib import Path

import pytest

from mcp_tools.code.refactoring.answering import RefactoredOutput
from mcp_tools.tools.rename_symbol import TOOL
from mcp_tools.types.errors import InvalidEdit, NotFound
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.mcp_tools.tools.changing import texts_after
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


async def test_uses_in_all_files_change_and_other_text_is_listed(tmp_path: Path) -> None:
    asker = asker_of(SHOP, tmp_path)
    answer = await asker.ask(TOOL, name_path="tax", new_name="levy")
    after = texts_after(asker, answer)
    assert after == {
        "shop/prices.py": SHOP["shop/prices.py"]
        .replace("def tax", "def levy")
        .replace("+ tax", "+ levy"),
        "shop/bills.py": SHOP["shop/bills.py"].replace("tax", "levy"),
    }
    data = data_of(answer, RefactoredOutput)
    assert (data.label, data.n_edits) == ("Rename tax to levy", 5)
    assert [(place.path, place.line, place.why) for place in data.unresolved] == [
        ("notes.txt", 1, "the word stands in a file that is no Python"),
        ("shop/prices.py", 7, "the word stands in a docstring"),
        ("shop/prices.py", 12, "the word stands in a docstring"),
    ]
    assert answer.text.startswith("Rename tax to levy: 2 files, 5 places\nshop/bills.py:\n@@")
    assert "Left as they are, look at these 3 places:\n  notes.txt:1: tax" in answer.text


async def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match=r"shop/bills\.py:9: 'fee' is bound here"):
        await asker_of(SHOP, tmp_path).ask(TOOL, name_path="tax", new_name="fee")


async def test_an_unknown_symbol_is_told_with_near_names(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="near names"):
        await asker_of(SHOP, tmp_path).ask(TOOL, name_path="ta", new_name="x", path=None)


async def test_too_little_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match="expected name_path"):
        await asker_of(SHOP, tmp_path).ask(TOOL, new_name="x")
