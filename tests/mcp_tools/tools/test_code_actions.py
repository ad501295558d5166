"""Quick fixes that a file's problems have."""

import pytest

from mcp_tools.tools.code_actions import TOOL, CodeActionsOutput
from mcp_tools.types.errors import NotFound
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio

MESSY = "import os\nimport sys\n\n\ndef f(x=[]):\n    return sys, undefined\n"


async def test_fixes_are_listed_with_ids_and_marked_safe_or_not(desk: Desk) -> None:
    desk.write("a.py", MESSY)
    answer = await desk.call(TOOL, path="a.py")
    data = data_of(answer, CodeActionsOutput)
    assert [(a.code, a.line, a.is_safe) for a in data.actions] == [
        ("F401", 1, True),
        ("B006", 5, False),
    ]
    first = data.actions[0]
    assert answer.text.splitlines() == [
        "a.py: 2 quick fixes",
        f"{first.id} [safe] Remove unused import: `os`  "
        "(1:1 F401: `os` imported but unused)".replace("1:1", f"1:{first.column}"),
        f"{data.actions[1].id} [unsafe] {data.actions[1].title}  "
        f"(5:{data.actions[1].column} B006: {data.actions[1].message})",
        "[1 problems have no quick fix, see diagnostics]",
    ]


async def test_ids_stay_with_the_text_and_go_with_it(desk: Desk) -> None:
    desk.write("a.py", MESSY)
    first = data_of(await desk.call(TOOL, path="a.py"), CodeActionsOutput)
    again = data_of(await desk.call(TOOL, path="a.py"), CodeActionsOutput)
    assert again == first
    desk.type_in_editor("a.py", MESSY + "\n")
    other = data_of(await desk.call(TOOL, path="a.py"), CodeActionsOutput)
    assert not {a.id for a in other.actions} & {a.id for a in first.actions}
    assert other.n_actions == first.n_actions


async def test_only_the_lines_that_were_asked_for_count(desk: Desk) -> None:
    desk.write("a.py", MESSY)
    data = data_of(await desk.call(TOOL, path="a.py", start_line=5, end_line=5), CodeActionsOutput)
    assert [action.code for action in data.actions] == ["B006"]
    with pytest.raises(NotFound, match="has 7 lines, got start_line=99"):
        await desk.call(TOOL, path="a.py", start_line=99)


async def test_misspelled_attributes_are_fixed_when_it_may_take_longer(desk: Desk) -> None:
    desk.write("a.py", "def f(s: str) -> str:\n    return s.uper()\n")
    assert "no quick fixes" in (await desk.call(TOOL, path="a.py")).text
    data = data_of(await desk.call(TOOL, path="a.py", deep=True), CodeActionsOutput)
    assert [(a.title, a.source) for a in data.actions] == [("Change to 'upper'", "lsp-agent")]


async def test_a_clean_file_and_one_without_a_checker_say_so(desk: Desk) -> None:
    desk.write("a.py", "x = 1\n")
    assert (await desk.call(TOOL, path="a.py")).text == "a.py: no quick fixes"
    desk.write("a.md", "x\n")
    assert "was not checked" in (await desk.call(TOOL, path="a.md")).text
