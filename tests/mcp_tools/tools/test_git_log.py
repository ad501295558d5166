"""The tool git_log, over real repositories."""

from pathlib import Path

import pytest

from mcp_tools.tools.git_log import TOOL, GitLogOutput
from mcp_tools.types.errors import InvalidEdit, NotFound
from tests.support.desk import data_of
from tests.support.repositories import GitDesk, git_desk

pytestmark = pytest.mark.asyncio


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitDesk:
    desk = git_desk(tmp_path, monkeypatch)
    desk.commit("a.txt", "one\n", "Add a\n\nBecause of *this*.\n\nSecond.")
    desk.commit("b.txt", "two\n", "Add b")
    desk.git("tag", "v1")
    desk.commit("a.txt", "three\n", "Change a")
    return desk


def subjects(answer_data: GitLogOutput) -> list[str]:
    return [entry.subject for entry in answer_data.commits]


async def test_the_newest_comes_first_with_its_message(desk: GitDesk) -> None:
    answer = await desk.call(TOOL)
    data = data_of(answer, GitLogOutput)
    assert subjects(data) == ["Change a", "Add b", "Add a"]
    assert data.is_complete
    first, last = data.commits[0], data.commits[-1]
    assert (first.author, first.email, first.refs[0]) == ("Ada", "ada@example.org", "HEAD -> main")
    assert first.parents == (data.commits[1].commit,)
    assert last.body == "Because of *this*.\n\nSecond."
    assert f"{first.commit[:10]} {first.date[:10]} Ada (HEAD -> main): Change a\n" in answer.text
    assert answer.text.endswith("Add a\n    Because of *this*.\n\n    Second.")
    assert "(tag: v1): Add b" in answer.text


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"path": "a.txt"}, ["Change a", "Add a"]),
        ({"grep": "*THIS*"}, ["Add a"]),
        ({"grep": "no.such"}, []),
        ({"author": "ada@"}, ["Change a", "Add b", "Add a"]),
        ({"author": "bob"}, []),
        ({"revision": "v1"}, ["Add b", "Add a"]),
        ({"revision": "v1..HEAD"}, ["Change a"]),
        ({"revision": "HEAD~2..."}, ["Change a", "Add b"]),
        ({"since": "2 days ago"}, ["Change a", "Add b", "Add a"]),
        ({"until": "2001-01-01"}, []),
        ({"skip": 1, "max_count": 1}, ["Add b"]),
    ],
)
async def test_a_question_narrows_it(
    desk: GitDesk, arguments: dict[str, str | int], expected: list[str]
) -> None:
    assert subjects(data_of(await desk.call(TOOL, **arguments), GitLogOutput)) == expected


async def test_where_there_are_older_ones_it_says_how_to_go_on(desk: GitDesk) -> None:
    answer = await desk.call(TOOL, max_count=2)
    assert not data_of(answer, GitLogOutput).is_complete
    assert answer.text.endswith("[there are older ones: go on with skip=2]")
    rest = await desk.call(TOOL, max_count=2, skip=2)
    assert data_of(rest, GitLogOutput).is_complete


async def test_nothing_is_an_answer_too(desk: GitDesk) -> None:
    assert await desk.text(TOOL, grep="no such words") == "no commit fits"
    desk.git("checkout", "-q", "--orphan", "empty")
    assert await desk.text(TOOL) == "the branch has no commits yet"


@pytest.mark.parametrize("revision", ["--all", "-1", "nope", "main..nope", "v1..--output=x"])
async def test_what_is_no_revision_is_refused(desk: GitDesk, revision: str) -> None:
    with pytest.raises((InvalidEdit, NotFound)):
        await desk.call(TOOL, revision=revision)
    assert not (desk.top / "x").exists()


async def test_values_that_look_like_options_are_values(desk: GitDesk) -> None:
    assert await desk.text(TOOL, grep="--output=x", author="--all") == "no commit fits"
    assert not (desk.top / "x").exists()


async def test_escapes_in_messages_are_not_passed_on(desk: GitDesk) -> None:
    desk.commit("a.txt", "x\n", "\x1b[31mred\x1b[0m \x07bell")
    answer = await desk.call(TOOL, max_count=1)
    assert "red bell" in answer.text
    assert "\x1b" not in answer.text


async def test_long_bodies_are_cut(desk: GitDesk) -> None:
    for number in range(20):
        desk.git("commit", "-q", "--allow-empty", "-m", f"n{number}\n\n{'word ' * 1000}")
    answer = await desk.call(TOOL)
    assert len(answer.text) < 40_000
    assert len(data_of(answer, GitLogOutput).commits) == 20


async def test_below_the_top_only_commits_of_the_root_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()
    desk = git_desk(tmp_path / "x", monkeypatch, below="pkg")
    desk.commit("in.txt", "a\n", "inside")
    (desk.top / "out.txt").write_text("b\n", encoding="utf-8")
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "outside")
    assert subjects(data_of(await desk.call(TOOL), GitLogOutput)) == ["inside"]
