"""Putting imports in order."""

import pytest

from mcp_tools.tools.organize_imports import TOOL
from mcp_tools.types.errors import InvalidEdit
from tests.support.desk import Desk

pytestmark = pytest.mark.asyncio

MESSY = "import sys\nimport os\nfrom a import b\n\nx  = sys\nprint(b)\n"


async def test_imports_are_sorted_and_all_else_stays(desk: Desk) -> None:
    desk.write("a/__init__.py", "")
    desk.write("m.py", MESSY)
    answer = await desk.call(TOOL, path="m.py")
    assert desk.text_after(answer, "m.py") == (
        "import os\nimport sys\n\nfrom a import b\n\nx  = sys\nprint(b)\n"
    )
    assert answer.text.endswith("[unused imports: 1; remove_unused=true takes them away]")


async def test_unused_imports_go_when_asked_for(desk: Desk) -> None:
    desk.write("a/__init__.py", "")
    desk.write("m.py", MESSY)
    answer = await desk.call(TOOL, path="m.py", remove_unused=True)
    assert desk.text_after(answer, "m.py") == (
        "import sys\n\nfrom a import b\n\nx  = sys\nprint(b)\n"
    )
    assert "unused imports" not in answer.text


async def test_a_project_that_prints_fixes_or_fixes_unsafely_changes_nothing_more(
    desk: Desk,
) -> None:
    desk.write("ruff.toml", "fix = true\nfix-only = true\nunsafe-fixes = true\nshow-fixes = true\n")
    desk.write("__init__.py", "import sys\nimport os\n")
    answer = await desk.call(TOOL, path="__init__.py", remove_unused=True)
    assert desk.text_after(answer, "__init__.py") == "import os\nimport sys\n"


async def test_sorted_imports_change_nothing(desk: Desk) -> None:
    desk.write("m.py", "import os\n\nprint(os)\n")
    assert (await desk.call(TOOL, path="m.py")).changes is None


async def test_broken_code_and_other_languages_are_refused(desk: Desk) -> None:
    desk.write("m.py", "import sys\nx = (\n")
    with pytest.raises(InvalidEdit, match=r"'m\.py' has a syntax error at \d+:\d+: .*; repair it"):
        await desk.call(TOOL, path="m.py")
    desk.write("m.go", "x\n")
    with pytest.raises(InvalidEdit, match=r"'m\.go' is not Python"):
        await desk.call(TOOL, path="m.go")
