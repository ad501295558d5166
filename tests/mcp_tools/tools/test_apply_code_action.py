"""Making quick fixes."""

import pytest
from pydantic import ValidationError

from mcp_tools.tools.apply_code_action import TOOL
from mcp_tools.tools.code_actions import TOOL as CODE_ACTIONS
from mcp_tools.tools.code_actions import CodeActionsOutput
from mcp_tools.types.errors import InvalidEdit, NotFound, StaleEdit
from mcp_tools.types.json import JsonValue
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


async def ids(desk: Desk, **arguments: JsonValue) -> dict[str | None, str]:
    answer = await desk.call(CODE_ACTIONS, path="a.py", **arguments)
    return {action.code: action.id for action in data_of(answer, CodeActionsOutput).actions}


async def test_chosen_fixes_are_made_as_one_change(desk: Desk) -> None:
    path = desk.write("a.py", "import os\nx = None\ny = x == None\nz = f'a'\n")
    offered = await ids(desk)
    answer = await desk.call(TOOL, path="a.py", ids=[offered["F541"], offered["F401"]])
    assert desk.text_after(answer, "a.py") == "x = None\ny = x == None\nz = 'a'\n"
    assert desk.reads.last_seen(path) is None
    answer = await desk.call(TOOL, path="a.py", action_id=offered["E711"])
    assert desk.text_after(answer, "a.py") == "import os\nx = None\ny = x is None\nz = f'a'\n"


async def test_a_fix_for_other_text_is_refused(desk: Desk) -> None:
    desk.write("a.py", "import os\n")
    offered = await ids(desk)
    desk.type_in_editor("a.py", "import os\nimport sys\n")
    with pytest.raises(StaleEdit, match=r"the text changed since the action .* ask code_actions"):
        await desk.call(TOOL, path="a.py", id=offered["F401"])


async def test_fixes_that_touch_the_same_text_are_not_made_together(desk: Desk) -> None:
    desk.write("a.py", "import sys, os, re\n")
    answer = await desk.call(CODE_ACTIONS, path="a.py")
    actions = data_of(answer, CodeActionsOutput).actions
    assert len(actions) > 2
    chosen: list[JsonValue] = [action.id for action in actions]
    with pytest.raises(InvalidEdit, match="two of the actions change the same text"):
        await desk.call(TOOL, path="a.py", ids=chosen)


async def test_a_fix_of_a_deep_check_is_found_again(desk: Desk) -> None:
    desk.write("a.py", "def f(s: str) -> str:\n    return s.uper()\n")
    (found,) = (await ids(desk, deep=True)).values()
    answer = await desk.call(TOOL, path="a.py", id=found)
    assert (desk.text_after(answer, "a.py") or "").endswith("return s.upper()\n")


async def test_what_is_no_offered_action_is_refused(desk: Desk) -> None:
    desk.write("a.py", "import os\n")
    digest = desk.document("a.py").digest[:8]
    with pytest.raises(NotFound, match="there is no action"):
        await desk.call(TOOL, path="a.py", id=f"{digest}-00000000")
    with pytest.raises(InvalidEdit, match="expected the id of an action"):
        await desk.call(TOOL, path="a.py", id="F401")
    with pytest.raises(ValidationError):
        await desk.call(TOOL, path="a.py", ids=[])
