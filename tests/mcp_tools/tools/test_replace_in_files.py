"""Replacing text in many files."""

import pytest

from mcp_tools.code.refactoring.answering import RefactoredOutput
from mcp_tools.tools.read_file import TOOL as READ_FILE
from mcp_tools.tools.replace_in_files import TOOL
from mcp_tools.types.errors import InvalidEdit, NotFound, OutsideWorkspace, ProgramFailed
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


async def test_every_place_changes_as_one_change_with_counts(desk: Desk) -> None:
    for name in ("a.py", "b/c.py", "d.py", "e.py"):
        desk.write(name, "# ä: old, old\nother\nold\n")
    desk.write(".gitignore", "skipped.py\n")
    desk.write("skipped.py", "old\n")
    desk.write("f.md", "old\n")
    answer = await desk.call(TOOL, pattern="old", replacement="neu", glob="*.py")
    for name in ("a.py", "b/c.py", "d.py", "e.py"):
        assert desk.text_after(answer, name) == "# ä: neu, neu\nother\nneu\n"
    data = data_of(answer, RefactoredOutput)
    assert [(file.path, file.n_edits) for file in data.files] == [
        ("a.py", 3),
        ("b/c.py", 3),
        ("d.py", 3),
        ("e.py", 3),
    ]
    assert answer.text.splitlines()[:2] == [
        "Replace 'old' in 4 files: 4 files, 12 places",
        "  a.py: 3",
    ]


async def test_text_is_taken_as_it_stands_unless_it_is_an_expression(desk: Desk) -> None:
    desk.write("a.txt", "f(x) $1\nf(yy) $1\n")
    answer = await desk.call(TOOL, search="f(x) $1", replace="g(x) $2")
    assert desk.text_after(answer, "a.txt") == "g(x) $2\nf(yy) $1\n"
    pattern, replacement = r"f\((?<arg>\w+)\)", "${arg}.f($0)"
    answer = await desk.call(TOOL, pattern=pattern, replacement=replacement, regex=True)
    assert desk.text_after(answer, "a.txt") == "x.f(f(x)) $1\nyy.f(f(yy)) $1\n"


async def test_several_lines_are_found_whatever_the_line_end(desk: Desk) -> None:
    desk.write("a.txt", "one\r\ntwo.\r\nthree\r\n")
    answer = await desk.call(TOOL, pattern="one\ntwo.", replacement="1\n2\n2b")
    assert desk.text_after(answer, "a.txt") == "1\r\n2\r\n2b\r\nthree\r\n"
    answer = await desk.call(TOOL, pattern=r"two.\r?\nth", replacement="t", regex=True)
    assert desk.text_after(answer, "a.txt") == "one\r\ntree\r\n"


async def test_unsaved_text_counts_and_what_was_read_stays_known(desk: Desk) -> None:
    path = desk.write("a.txt", "saved\n")
    other = desk.write("b.txt", "typed\n")
    desk.type_in_editor("a.txt", "typed here\n")
    await desk.call(READ_FILE, path="a.txt")
    answer = await desk.call(TOOL, pattern="typed", replacement="TYPED")
    assert desk.text_after(answer, "a.txt") == "TYPED here\n"
    assert desk.reads.last_seen(path) == "TYPED here\n"
    assert desk.reads.last_seen(other) is None
    with pytest.raises(NotFound, match=r"nothing below '\.' matches 'saved'"):
        await desk.call(TOOL, pattern="saved", replacement="x")


async def test_too_many_files_and_wrong_patterns_change_nothing(desk: Desk) -> None:
    for number in range(3):
        desk.write(f"{number}.txt", "x\n")
    with pytest.raises(InvalidEdit, match="3 lines in 3 files match, and at most max_files=2"):
        await desk.call(TOOL, pattern="x", replacement="y", max_files=2)
    with pytest.raises(ProgramFailed, match="not a valid regular expression"):
        await desk.call(TOOL, pattern="(", replacement="y", regex=True)
    with pytest.raises(OutsideWorkspace):
        await desk.call(TOOL, pattern="x", replacement="y", path="..")


async def test_files_of_other_encodings_are_named_and_left(desk: Desk) -> None:
    desk.write("a.txt", "caf and x\n")
    desk.write("b.txt", b"caf\xe9 and x\n")
    answer = await desk.call(TOOL, pattern="x", replacement="y")
    assert answer.changes is not None
    assert [change.path.name for change in answer.changes.files] == ["a.txt"]
    assert "Note: b.txt is left as it is: 'b.txt' is not UTF-8" in answer.text


async def test_new_text_that_is_the_old_changes_nothing(desk: Desk) -> None:
    desk.write("a.txt", "x\n")
    answer = await desk.call(TOOL, pattern="[xX]", replacement="x", regex=True)
    assert answer.changes is not None
    assert answer.changes.files == ()
    assert "nothing changes" in answer.text


async def test_an_empty_match_inserts(desk: Desk) -> None:
    desk.write("a.txt", "ä\nb\n")
    answer = await desk.call(TOOL, pattern="^", replacement="> ", regex=True)
    assert desk.text_after(answer, "a.txt") == "> ä\n> b\n"


async def test_new_text_without_end_is_refused_before_it_is_made(desk: Desk) -> None:
    desk.write("a.txt", "a" * 100_000)
    with pytest.raises(InvalidEdit, match=r"100000 places match, .* narrow the pattern"):
        await desk.call(TOOL, pattern="b*", replacement="x" * 100_000, regex=True)
    with pytest.raises(InvalidEdit, match=r"1 places match, and the new text would have about"):
        await desk.call(TOOL, pattern="a+", replacement="$0" * 50_000, regex=True)
