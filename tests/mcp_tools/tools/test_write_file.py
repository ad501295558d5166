"""Making files and replacing their text."""

import pytest

from mcp_tools.code.changing import ChangedFile
from mcp_tools.tools.read_file import TOOL as READ_FILE
from mcp_tools.tools.write_file import TOOL
from mcp_tools.types.edits import CreateFile, ModifyFile
from mcp_tools.types.errors import InvalidEdit, NotText, OutsideWorkspace, StaleEdit
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


async def test_a_new_file_is_created_and_nothing_is_written(desk: Desk) -> None:
    answer = await desk.call(TOOL, path="src/new.py", content="x = 1\n")
    assert answer.changes is not None
    assert answer.changes.files == (CreateFile(path=desk.root / "src/new.py", text="x = 1\n"),)
    assert answer.text == "src/new.py is a new file with 1 line"
    assert data_of(answer, ChangedFile).is_new
    assert not (desk.root / "src").exists()


async def test_a_file_that_was_not_read_is_not_replaced(desk: Desk) -> None:
    desk.write("a.py", "x = 1\n")
    with pytest.raises(InvalidEdit, match="read it first with read_file"):
        await desk.call(TOOL, path="a.py", content="y\n")


async def test_a_file_is_replaced_by_small_edits(desk: Desk) -> None:
    desk.write("a.py", "a = 1\nb = 2\nc = 3\n")
    await desk.call(READ_FILE, path="a.py")
    answer = await desk.call(TOOL, path="a.py", content="a = 1\nb = 22\nc = 3\n")
    assert answer.changes is not None
    (change,) = answer.changes.files
    assert isinstance(change, ModifyFile)
    assert [edit.new_text.strip() for edit in change.edits] == ["2"]
    assert desk.text_after(answer, "a.py") == "a = 1\nb = 22\nc = 3\n"
    assert "-b = 2\n+b = 22\n" in answer.text


async def test_the_new_text_counts_as_read(desk: Desk) -> None:
    path = desk.write("a.py", "a\n")
    await desk.call(READ_FILE, path="a.py")
    await desk.call(TOOL, path="a.py", content="b\n")
    assert desk.reads.last_seen(path) == "b\n"


async def test_a_file_that_moved_on_is_not_replaced(desk: Desk) -> None:
    path = desk.write("a.py", "a\nb\n")
    await desk.call(READ_FILE, path="a.py")
    desk.type_in_editor("a.py", "a\nb2\n")
    with pytest.raises(StaleEdit, match=r"read it again[^\n]*\n@@[^\n]*\n a\n-b\n\+b2"):
        await desk.call(TOOL, path="a.py", content="c\n")
    assert desk.reads.last_seen(path) == "a\nb\n"


@pytest.mark.parametrize(
    ("before", "content", "after"),
    [
        ("a\r\nb\r\n", "a\nc\n", "a\r\nc\r\n"),
        ("a\r\nb\r\nc\n", "a\nb\n", "a\r\nb\r\n"),
        ("a\r\n", "a\r\nb\nc\r\n", "a\r\nb\nc\r\n"),
        ("a\n", "a\r\nb\r\n", "a\r\nb\r\n"),
        ("", "a\n", "a\n"),
    ],
)
async def test_content_with_lf_takes_the_line_end_of_the_file(
    desk: Desk, before: str, content: str, after: str
) -> None:
    desk.write("a.txt", before)
    await desk.call(READ_FILE, path="a.txt")
    assert desk.text_after(await desk.call(TOOL, path="a.txt", content=content), "a.txt") == after


async def test_a_byte_order_mark_is_never_part_of_the_text(desk: Desk) -> None:
    desk.write("a.txt", b"\xef\xbb\xbfa\n")
    await desk.call(READ_FILE, path="a.txt")
    answer = await desk.call(TOOL, path="a.txt", content="\ufeffb\n")
    assert desk.text_after(answer, "a.txt") == "b\n"


async def test_the_same_text_changes_nothing(desk: Desk) -> None:
    desk.write("a.txt", "a\n")
    await desk.call(READ_FILE, path="a.txt")
    answer = await desk.call(TOOL, path="a.txt", content="a\n")
    assert answer.changes is None
    assert data_of(answer, ChangedFile).n_edits == 0
    assert "has this text already" in answer.text


async def test_what_is_no_text_is_not_replaced(desk: Desk) -> None:
    desk.write("folder/a.bin", b"\0")
    for name in ("folder", "folder/a.bin"):
        with pytest.raises(NotText):
            await desk.call(TOOL, path=name, content="x")
    with pytest.raises(OutsideWorkspace):
        await desk.call(TOOL, path="../x", content="x")


async def test_a_long_diff_is_cut_with_a_note(desk: Desk) -> None:
    desk.write("a.txt", "a\n" * 100)
    await desk.call(READ_FILE, path="a.txt")
    answer = await desk.call(TOOL, path="a.txt", content="b\n" * 100)
    assert answer.text.endswith("more lines of this diff]")
    assert len(answer.text.splitlines()) < 50
