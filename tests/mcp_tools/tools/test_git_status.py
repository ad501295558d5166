"""The tool git_status, over real repositories."""

import subprocess
from pathlib import Path

import pytest

from mcp_tools.tools.git_status import TOOL, GitStatusOutput
from mcp_tools.types.edits import ChangeSet, DeleteFile
from tests.support.desk import data_of
from tests.support.repositories import GitDesk, git_desk

pytestmark = pytest.mark.asyncio


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitDesk:
    return git_desk(tmp_path, monkeypatch)


async def test_a_clean_tree_says_so(desk: GitDesk) -> None:
    commit = desk.commit("a.txt", "one\n")
    answer = await desk.call(TOOL)
    assert answer.text == f"branch main at {commit[:10]}\nnothing to commit"
    assert data_of(answer, GitStatusOutput).is_clean


async def test_changes_are_told_by_kind(desk: GitDesk) -> None:
    for name in ("kept.txt", "gone.txt", "moved.txt"):
        desk.commit(name, f"{name}\n" * 5)
    desk.git("mv", "moved.txt", "new.txt")
    desk.desk.write("kept.txt", "other\n")
    (desk.top / "gone.txt").unlink()
    desk.desk.write("d/fresh.txt", "")
    answer = await desk.call(TOOL)
    assert answer.text.splitlines()[1:] == [
        "staged:",
        "  renamed: moved.txt -> new.txt",
        "not staged:",
        "  deleted: gone.txt",
        "  modified: kept.txt",
        "untracked:",
        "  d/fresh.txt",
    ]
    data = data_of(answer, GitStatusOutput)
    assert data.staged[0].old_path == "moved.txt"
    assert data.untracked == ("d/fresh.txt",)
    assert data.is_complete
    assert not data.is_clean


async def test_a_repository_without_commits_has_files_nevertheless(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "")
    text = await desk.text(TOOL)
    assert text == "branch main without commits yet\nuntracked:\n  a.txt"


async def test_a_detached_head_is_told(desk: GitDesk) -> None:
    desk.commit("a.txt", "one\n")
    desk.git("checkout", "-q", "--detach")
    assert (await desk.text(TOOL)).startswith("no branch (detached) at ")


async def test_a_merge_in_progress_and_its_conflicts_are_told(desk: GitDesk) -> None:
    desk.commit("a.txt", "one\n")
    desk.git("checkout", "-q", "-b", "side")
    desk.commit("a.txt", "side\n")
    desk.git("checkout", "-q", "main")
    desk.commit("a.txt", "main\n")
    with pytest.raises(subprocess.CalledProcessError):
        desk.git("merge", "side")
    answer = await desk.call(TOOL)
    assert "a merge is in progress\nconflicts:\n  a.txt" in answer.text
    assert data_of(answer, GitStatusOutput).operation == "merge"


async def test_the_distance_to_the_upstream_is_told(desk: GitDesk, tmp_path: Path) -> None:
    desk.commit("a.txt", "one\n")
    desk.git("clone", "-q", "--bare", str(desk.top), str(tmp_path / "up.git"))
    desk.git("remote", "add", "origin", str(tmp_path / "up.git"))
    desk.git("fetch", "-q", "origin")
    desk.git("branch", "-q", "-u", "origin/main")
    desk.commit("a.txt", "two\n")
    assert "1 ahead of and 0 behind origin/main" in await desk.text(TOOL)
    desk.git("update-ref", "-d", "refs/remotes/origin/main")
    assert "upstream origin/main is gone" in await desk.text(TOOL)


async def test_text_that_git_does_not_see_is_named(desk: GitDesk) -> None:
    desk.commit("a.txt", "one\n")
    desk.commit("b.txt", "one\n")
    desk.desk.type_in_editor("a.txt", "typed\n")
    document = desk.desk.document("b.txt")
    change = DeleteFile(path=document.path, base=document.digest)
    desk.desk.propose(ChangeSet(label="delete", files=(change,)))
    answer = await desk.call(TOOL)
    assert "[not seen by git, because unsaved or held for review: a.txt, b.txt]" in answer.text
    assert data_of(answer, GitStatusOutput).unseen == ("a.txt", "b.txt")


async def test_below_the_top_only_the_root_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = git_desk(tmp_path, monkeypatch, below="pkg")
    (desk.top / "outside.txt").write_text("", encoding="utf-8")
    desk.desk.write("inside.txt", "")
    text = await desk.text(TOOL)
    assert "  inside.txt" in text
    assert "outside" not in text
    assert f"[only below the workspace root; the repository is {desk.top}]" in text


async def test_long_lists_are_cut_and_names_are_plain(desk: GitDesk) -> None:
    for number in range(201):
        desk.desk.write(f"f{number}.txt", "")
    desk.desk.write("\x1b[31mred.txt", "")
    answer = await desk.call(TOOL)
    data = data_of(answer, GitStatusOutput)
    assert len(data.untracked) == 200
    assert not data.is_complete
    assert "[of each list the first 200 are shown]" in answer.text
    assert "\x1b" not in answer.text
