"""Several replacements in one file."""

import pytest
from pydantic import ValidationError

from mcp_tools.tools.multi_edit import TOOL
from mcp_tools.tools.read_file import TOOL as READ_FILE
from mcp_tools.types.edits import ModifyFile
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.json import JsonValue
from tests.support.desk import Desk

pytestmark = pytest.mark.asyncio


def edit(old: str, new: str, *, replace_all: bool = False) -> JsonValue:
    return {"old_string": old, "new_string": new, "replace_all": replace_all}


async def test_edits_are_made_in_order_as_one_change(desk: Desk) -> None:
    desk.write("a.txt", "one\r\ntwo\r\nthree\r\n")
    await desk.call(READ_FILE, path="a.txt")
    edits = [edit("three", "two"), edit("two", "2", replace_all=True), edit("one\n2", "1\n2")]
    answer = await desk.call(TOOL, path="a.txt", edits=edits)
    assert desk.text_after(answer, "a.txt") == "1\r\n2\r\n2\r\n"
    assert answer.changes is not None
    (change,) = answer.changes.files
    assert isinstance(change, ModifyFile)
    assert change.base == desk.document("a.txt").digest


async def test_one_bad_edit_makes_none(desk: Desk) -> None:
    path = desk.write("a.txt", "one\ntwo\n")
    await desk.call(READ_FILE, path="a.txt")
    with pytest.raises(
        InvalidEdit, match="edit 2 of 2, so none was made: old_string was not found"
    ):
        await desk.call(TOOL, path="a.txt", edits=[edit("one", "1"), edit("one", "uno")])
    assert desk.reads.last_seen(path) == "one\ntwo\n"


async def test_edits_that_cancel_out_change_nothing(desk: Desk) -> None:
    desk.write("a.txt", "one\n")
    await desk.call(READ_FILE, path="a.txt")
    answer = await desk.call(TOOL, path="a.txt", edits=[edit("one", "1"), edit("1", "one")])
    assert answer.changes is None


async def test_an_unread_file_and_no_edits_are_refused(desk: Desk) -> None:
    desk.write("a.txt", "one\n")
    with pytest.raises(InvalidEdit, match="not read yet"):
        await desk.call(TOOL, path="a.txt", edits=[edit("one", "1")])
    with pytest.raises(ValidationError, match="at least 1 item"):
        await desk.call(TOOL, path="a.txt", edits=[])
