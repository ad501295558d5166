"""Asking for the most important definitions."""

from pathlib import Path

import pytest

from mcp_tools.tools.repo_map import TOOL, RepoMapOutput
from mcp_tools.types.errors import OutsideWorkspace
from tests.mcp_tools.tools.asking import SHOP, asker_of
from tests.support.desk import data_of

pytestmark = pytest.mark.asyncio


async def test_what_is_used_most_comes_first(tmp_path: Path) -> None:
    answer = await asker_of(SHOP, tmp_path).ask(TOOL)
    lines = answer.text.split("\n")
    assert lines[1] == "shop/prices.py"
    assert " 6:5 def tax(amount: float) -> float" in lines
    assert data_of(answer, RepoMapOutput).files[0].path == "shop/prices.py"


async def test_a_map_keeps_to_its_length(tmp_path: Path) -> None:
    body = "".join(f"def function{n}(argument: int) -> int: ...\n" for n in range(300))
    asker = asker_of({"a.py": body, "b.py": "from a import *\n"}, tmp_path)
    text = await asker.text(TOOL, max_tokens=300, task="function7", files=["a.py"])
    assert len(text) <= 1300
    assert "def function7(" in text


async def test_files_outside_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutsideWorkspace):
        await asker_of(SHOP, tmp_path).ask(TOOL, files=["../x"])
