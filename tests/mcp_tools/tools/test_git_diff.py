"""The tool git_diff, over real repositories."""

from pathlib import Path

import pytest

from mcp_tools.tools.git_diff import TOOL, GitDiffOutput
from mcp_tools.types.errors import InvalidEdit, NotFound, OutsideWorkspace
from tests.support.desk import data_of
from tests.support.repositories import GitDesk, git_desk

pytestmark = pytest.mark.asyncio


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitDesk:
    desk = git_desk(tmp_path, monkeypatch)
    desk.commit("a.txt", "one\n", "first")
    return desk


async def test_all_that_is_not_committed_is_shown_and_new_files_are_named(desk: GitDesk) -> None:
    desk.commit("b.txt", "b\n")
    desk.desk.write("a.txt", "staged\n")
    desk.git("add", "a.txt")
    desk.desk.write("b.txt", "unstaged\n")
    desk.desk.write("c.txt", "new\n")
    answer = await desk.call(TOOL)
    assert answer.text.startswith("the last commit with the work tree: 2 files, +2 -2\ndiff --git")
    assert "-one\n+staged\n" in answer.text
    assert "-b\n+unstaged" in answer.text
    assert answer.text.endswith("[untracked, read them with read_file: c.txt]")
    data = data_of(answer, GitDiffOutput)
    assert [(file.path, file.n_added, file.n_removed) for file in data.files] == [
        ("a.txt", 1, 1),
        ("b.txt", 1, 1),
    ]
    assert data.untracked == ("c.txt",)


async def test_staged_and_unstaged_can_be_told_apart(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "staged\n")
    desk.git("add", "a.txt")
    desk.desk.write("a.txt", "unstaged\n")
    assert "+staged" in await desk.text(TOOL, view="staged")
    unstaged = await desk.text(TOOL, view="unstaged")
    assert "-staged\n+unstaged" in unstaged


async def test_revisions_are_compared(desk: GitDesk) -> None:
    desk.commit("a.txt", "two\n")
    text = await desk.text(TOOL, from_revision="HEAD~1", to_revision="HEAD")
    assert text.startswith("HEAD~1 with HEAD: 1 files, +1 -1")
    desk.desk.write("a.txt", "three\n")
    assert "-one\n+three" in await desk.text(TOOL, base="HEAD~1")
    assert (await desk.text(TOOL, base="HEAD", head="HEAD")) == "HEAD with HEAD: no difference"


async def test_paths_narrow_it(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "x\n")
    desk.desk.write("d/*.txt", "star\n")
    desk.desk.write("d/b.txt", "b\n")
    desk.git("add", "-A")
    assert data_of(await desk.call(TOOL, paths=["d"]), GitDiffOutput).n_files == 2
    one = data_of(await desk.call(TOOL, path="d/*.txt"), GitDiffOutput)
    assert [file.path for file in one.files] == ["d/*.txt"]
    with pytest.raises(OutsideWorkspace):
        await desk.call(TOOL, paths=["../x"])


async def test_renamed_and_binary_files_are_told(desk: GitDesk) -> None:
    desk.commit("b.bin", "x")
    desk.git("mv", "a.txt", "z.txt")
    desk.desk.write("b.bin", b"\0\1")
    answer = await desk.call(TOOL)
    data = data_of(answer, GitDiffOutput)
    assert {(f.path, f.old_path, f.n_added) for f in data.files} == {
        ("z.txt", "a.txt", 0),
        ("b.bin", None, None),
    }
    assert "Binary files a/b.bin and b/b.bin differ" in answer.text


async def test_what_there_is_no_room_for_is_listed_whole_files_at_a_time(desk: GitDesk) -> None:
    for name in ("b.txt", "c.txt"):
        desk.desk.write(name, "line\n" * 20)
    desk.git("add", "-A")
    answer = await desk.call(TOOL, max_lines=40)
    data = data_of(answer, GitDiffOutput)
    assert data.left_out == ("c.txt",)
    assert data.n_files == 2
    assert "  c.txt +20 -0" in answer.text
    assert "diff --git a/c.txt" not in answer.text


async def test_long_lines_and_patches_are_cut(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "x" * 100_000 + "\n")
    assert len(await desk.text(TOOL)) < 3000
    desk.desk.write("a.txt", ("y" * 900 + "\n") * 60)
    desk.desk.write("b.txt", "b\n")
    desk.git("add", "-A")
    answer = await desk.call(TOOL)
    assert len(answer.text) < 40_000
    assert data_of(answer, GitDiffOutput).left_out == ("a.txt", "b.txt")


async def test_files_over_a_megabyte_are_not_compared_by_lines(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "x\n" * 700_000)
    assert data_of(await desk.call(TOOL), GitDiffOutput).files[0].n_added is None


async def test_before_the_first_commit_everything_staged_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()
    desk = git_desk(tmp_path / "x", monkeypatch)
    desk.desk.write("a.txt", "one\n")
    desk.git("add", "-A")
    assert "+one" in await desk.text(TOOL)
    with pytest.raises(NotFound, match="has no commits yet"):
        await desk.call(TOOL, from_revision="HEAD")


async def test_text_that_git_does_not_see_is_named(desk: GitDesk) -> None:
    desk.desk.type_in_editor("a.txt", "typed\n")
    answer = await desk.call(TOOL)
    assert "no difference\n[not seen by git, because unsaved or held for review: a.txt]" in (
        answer.text
    )
    assert data_of(await desk.call(TOOL, path="b.txt"), GitDiffOutput).unseen == ()


@pytest.mark.parametrize("revision", ["--output=x", "-p", "no such", "main:a.txt", "\0", "é"])
async def test_what_is_no_commit_is_refused(desk: GitDesk, revision: str) -> None:
    with pytest.raises((InvalidEdit, NotFound)):
        await desk.call(TOOL, from_revision=revision)
    assert not (desk.top / "x").exists()


async def test_one_side_alone_is_not_enough(desk: GitDesk) -> None:
    with pytest.raises(InvalidEdit, match="needs a from_revision"):
        await desk.call(TOOL, to_revision="HEAD")


async def test_the_users_taste_does_not_change_the_format(desk: GitDesk) -> None:
    for key, value in (
        ("color.ui", "always"),
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.external", "false"),
        ("core.pager", "false"),
        ("diff.context", "0"),
    ):
        desk.git("config", "--global", key, value)
    desk.desk.write("a.txt", "two\n")
    assert "diff --git a/a.txt b/a.txt" in await desk.text(TOOL)
