"""Replacing text in a file."""

import pytest

from mcp_tools.code.changing import ChangedFile
from mcp_tools.tools.edit_file import TOOL
from mcp_tools.tools.read_file import TOOL as READ_FILE
from mcp_tools.types.errors import InvalidEdit, NotFound, StaleEdit
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


async def test_a_place_is_replaced_and_nothing_is_written(desk: Desk) -> None:
    path = desk.write("a.py", "def f():\n    return 1\n")
    await desk.call(READ_FILE, path="a.py")
    answer = await desk.call(TOOL, path="a.py", old_string="return 1", new_string="return 2")
    assert desk.text_after(answer, "a.py") == "def f():\n    return 2\n"
    assert answer.text == (
        "a.py changes:\n@@ -1,2 +1,2 @@\n def f():\n-    return 1\n+    return 2"
    )
    assert answer.changes is not None
    assert answer.changes.label == "Edit a.py"
    assert path.read_text(encoding="utf-8") == "def f():\n    return 1\n"


async def test_a_file_with_crlf_keeps_it(desk: Desk) -> None:
    desk.write("a.txt", "a\r\nb\r\n")
    await desk.call(READ_FILE, path="a.txt")
    answer = await desk.call(TOOL, path="a.txt", oldString="a\nb\n", newString="a\nb\nc\n")
    assert desk.text_after(answer, "a.txt") == "a\r\nb\r\nc\r\n"


async def test_all_places_are_replaced_when_asked_for(desk: Desk) -> None:
    desk.write("a.txt", "x 😀 x\nx")
    await desk.call(READ_FILE, path="a.txt")
    answer = await desk.call(TOOL, path="a.txt", old_str="x", new_str="y", replace_all=True)
    assert desk.text_after(answer, "a.txt") == "y 😀 y\ny"
    assert data_of(answer, ChangedFile).n_edits == 3


async def test_unsaved_text_is_what_gets_edited(desk: Desk) -> None:
    desk.write("a.txt", "saved\n")
    desk.type_in_editor("a.txt", "typed\n")
    await desk.call(READ_FILE, path="a.txt")
    answer = await desk.call(TOOL, path="a.txt", old_string="typed", new_string="done")
    assert desk.text_after(answer, "a.txt") == "done\n"


async def test_a_second_edit_needs_no_second_read(desk: Desk) -> None:
    desk.write("a.txt", "one two\n")
    await desk.call(READ_FILE, path="a.txt")
    first = await desk.call(TOOL, path="a.txt", old_string="one", new_string="1")
    assert first.changes is not None
    desk.propose(first.changes)
    second = await desk.call(TOOL, path="a.txt", old_string="two", new_string="2")
    assert desk.text_after(second, "a.txt") == "1 2\n"


async def test_an_edit_refuses_a_file_that_was_not_read(desk: Desk) -> None:
    desk.write("a.txt", "a\n")
    with pytest.raises(InvalidEdit, match=r"'a\.txt' was not read yet"):
        await desk.call(TOOL, path="a.txt", old_string="a", new_string="b")
    with pytest.raises(NotFound):
        await desk.call(TOOL, path="b.txt", old_string="a", new_string="b")


async def test_an_edit_of_a_line_that_moved_on_is_refused_until_it_is_read_again(
    desk: Desk,
) -> None:
    desk.write("a.txt", "a\n")
    await desk.call(READ_FILE, path="a.txt")
    desk.write("a.txt", "aa\n")
    for _ in range(2):
        with pytest.raises(StaleEdit, match=r"What changed:\n@@.*\n-a\n\+aa"):
            await desk.call(TOOL, path="a.txt", old_string="a", new_string="c")
    await desk.call(READ_FILE, path="a.txt")
    answer = await desk.call(TOOL, path="a.txt", old_string="aa", new_string="c")
    assert desk.text_after(answer, "a.txt") == "c\n"


async def test_what_was_typed_elsewhere_since_the_read_is_kept_and_told(desk: Desk) -> None:
    desk.write("a.txt", "a\nb\nc\n")
    await desk.call(READ_FILE, path="a.txt")
    desk.type_in_editor("a.txt", "new a\na\nb\nc\n")
    answer = await desk.call(TOOL, path="a.txt", old_string="c", new_string="d")
    assert desk.text_after(answer, "a.txt") == "new a\na\nb\nd\n"
    assert "+new a" in answer.text
    assert answer.changes is not None
    desk.propose(answer.changes)
    again = await desk.call(TOOL, path="a.txt", old_string="b", new_string="x")
    assert "also changed" not in again.text


async def test_text_that_is_not_there_leaves_the_ledger_alone(desk: Desk) -> None:
    path = desk.write("a.txt", "alpha\n")
    await desk.call(READ_FILE, path="a.txt")
    with pytest.raises(InvalidEdit, match="most similar lines are:\n     1\talpha"):
        await desk.call(TOOL, path="a.txt", old_string="alpa", new_string="beta")
    assert desk.reads.last_seen(path) == "alpha\n"
