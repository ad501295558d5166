"""The tool git_blame, over real repositories."""

from pathlib import Path

import pytest

from mcp_tools.tools.git_blame import TOOL, GitBlameOutput
from mcp_tools.types.errors import InvalidEdit, NotFound
from tests.support.desk import data_of
from tests.support.repositories import GitDesk, git_desk

pytestmark = pytest.mark.asyncio


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitDesk:
    desk = git_desk(tmp_path, monkeypatch)
    desk.commit("a.txt", "one\ntwo\n", "first")
    desk.commit("a.txt", "one\ntwo\nthree\n", "second")
    return desk


async def test_lines_are_told_with_the_commit_that_they_came_with(desk: GitDesk) -> None:
    first, second = desk.git("log", "--reverse", "--format=%h %as", "--abbrev=10").splitlines()
    assert await desk.text(TOOL, path="a.txt") == (
        f"{first} Ada: first\n     1\tone\n     2\ttwo\n{second} Ada: second\n     3\tthree"
    )


async def test_text_that_is_unsaved_counts_as_not_committed(desk: GitDesk) -> None:
    desk.desk.type_in_editor("a.txt", "typed\none\ntwo\nthree\n")
    answer = await desk.call(TOOL, path="a.txt")
    assert answer.text.startswith("not committed\n     1\ttyped\n")
    parts = data_of(answer, GitBlameOutput).parts
    assert [(part.commit == "", part.start_line, len(part.lines)) for part in parts] == [
        (True, 1, 1),
        (False, 2, 2),
        (False, 4, 1),
    ]


async def test_a_range_is_given_and_it_says_how_to_go_on(desk: GitDesk) -> None:
    answer = await desk.call(TOOL, path="a.txt", start_line=2, end_line=2)
    assert data_of(answer, GitBlameOutput).is_complete
    assert answer.text.endswith("     2\ttwo")
    desk.commit("long.txt", "".join(f"{number}\n" for number in range(300)))
    long = await desk.call(TOOL, path="long.txt")
    assert long.text.endswith("[there are more lines: go on with start_line=201]")
    rest = await desk.call(TOOL, path="long.txt", start_line=201)
    assert data_of(rest, GitBlameOutput).is_complete


async def test_an_older_state_can_be_asked_for(desk: GitDesk) -> None:
    text = await desk.text(TOOL, path="a.txt", revision="HEAD~1")
    assert "three" not in text


async def test_a_byte_order_mark_is_no_change(desk: GitDesk) -> None:
    desk.commit("bom.txt", "\ufeffone\n")
    assert "not committed" not in await desk.text(TOOL, path="bom.txt")


async def test_what_cannot_be_told_says_why(desk: GitDesk) -> None:
    desk.desk.write("new.txt", "x\n")
    with pytest.raises(NotFound, match=r"'new\.txt' is not known to git yet"):
        await desk.call(TOOL, path="new.txt")
    with pytest.raises(NotFound, match="has no line 9; give a smaller"):
        await desk.call(TOOL, path="a.txt", start_line=9)
    with pytest.raises(NotFound, match=r"no lines of 'new\.txt' in HEAD"):
        await desk.call(TOOL, path="new.txt", revision="HEAD")
    with pytest.raises(NotFound):
        await desk.call(TOOL, path="missing.txt")
    with pytest.raises(InvalidEdit, match="comes before"):
        await desk.call(TOOL, path="a.txt", start_line=3, end_line=2)
    with pytest.raises(InvalidEdit):
        await desk.call(TOOL, path="a.txt", revision="--contents=/etc/passwd")


async def test_an_empty_file_is_told(desk: GitDesk) -> None:
    desk.commit("empty.txt", "")
    assert await desk.text(TOOL, path="empty.txt") == "empty.txt is empty"
