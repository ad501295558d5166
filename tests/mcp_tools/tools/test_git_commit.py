"""The tool git_commit, over real repositories."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from mcp_tools.code.git.committing import DISCLOSURE, with_disclosure
from mcp_tools.tools.git_commit import TOOL, GitCommitOutput
from mcp_tools.types.errors import Denied, InvalidEdit, NotFound, OutsideWorkspace, StaleEdit
from mcp_tools.types.json import JsonValue
from mcp_tools.types.publishing import Publishing
from tests.support.desk import data_of
from tests.support.repositories import GitDesk, git_desk

pytestmark = pytest.mark.asyncio


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitDesk:
    desk = git_desk(tmp_path, monkeypatch)
    desk.commit("a.txt", "one\n", "first")
    return desk


def committed(desk: GitDesk, revision: str = "HEAD") -> list[str]:
    return desk.git("show", "--name-only", "--format=", revision).split()


async def test_the_named_files_are_committed_and_no_other(desk: GitDesk) -> None:
    desk.commit("gone.txt", "x\n")
    desk.desk.write("a.txt", "two\n")
    desk.desk.write("new.txt", "n\n")
    desk.desk.write("other.txt", "o\n")
    (desk.top / "gone.txt").unlink()
    desk.git("add", "other.txt")
    answer = await desk.call(TOOL, message="Work", paths=["a.txt", "new.txt", "gone.txt"])
    assert committed(desk) == ["a.txt", "gone.txt", "new.txt"]
    assert desk.git("status", "--short").split("\n")[0] == "A  other.txt"
    commit = desk.git("rev-parse", "HEAD").strip()
    assert answer.text == (
        f"committed {commit[:10]}: Work\n3 files: a.txt, gone.txt, new.txt\n"
        "[hooks did not run, and nothing was pushed]"
    )
    assert data_of(answer, GitCommitOutput).commit == commit


async def test_everything_or_what_is_staged_can_be_committed(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "two\n")
    desk.git("add", "a.txt")
    desk.desk.write("b.txt", "b\n")
    await desk.call(TOOL, message="staged")
    assert committed(desk) == ["a.txt"]
    await desk.call(TOOL, message="all", all=True)
    assert committed(desk) == ["b.txt"]


async def test_the_message_says_that_an_agent_helped(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "two\n")
    await desk.call(TOOL, message="Title\n\n# not a comment\n\nRefs: #1", all=True)
    message = desk.git("log", "-1", "--format=%B").strip()
    assert message == f"Title\n\n# not a comment\n\nRefs: #1\n{DISCLOSURE}"


async def test_the_user_alone_can_have_it_say_less(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "two\n")
    context = replace(desk.desk.context(), publishing=Publishing(discloses_agent=False))
    await TOOL.run(context, TOOL.input_model.model_validate({"message": "Title", "all": True}))
    assert desk.git("log", "-1", "--format=%B").strip() == "Title"


async def test_a_message_with_what_must_not_go_out_is_refused(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "two\n")
    publishing = Publishing(objection=lambda text: "a name" if "Acme" in text else "")
    context = replace(desk.desk.context(), publishing=publishing)
    wish = TOOL.input_model.model_validate({"message": "For Acme", "all": True})
    with pytest.raises(Denied, match="the message has a name"):
        await TOOL.run(context, wish)
    assert desk.git("log", "-1", "--format=%B").strip() != "For Acme"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Fix: it", f"Fix: it\n\n{DISCLOSURE}"),
        ("T\n\nwords", f"T\n\nwords\n\n{DISCLOSURE}"),
        ("T\n\nA: b\nC-D: e", f"T\n\nA: b\nC-D: e\n{DISCLOSURE}"),
        (f"T\n\n{DISCLOSURE}\n", f"T\n\n{DISCLOSURE}"),
    ],
)
async def test_the_disclosure_joins_other_trailers(message: str, expected: str) -> None:
    assert with_disclosure(message) == expected


async def test_unsaved_and_held_text_is_not_passed_over(desk: GitDesk) -> None:
    desk.desk.write("a.txt", "two\n")
    desk.desk.write("b.txt", "b\n")
    desk.desk.type_in_editor("a.txt", "typed\n")
    chosen: tuple[dict[str, JsonValue], ...] = (
        {"all": True},
        {"paths": ["a.txt"]},
        {"paths": ["."]},
    )
    for arguments in chosen:
        with pytest.raises(StaleEdit, match=r"a\.txt has unsaved or held text"):
            await desk.call(TOOL, message="m", **arguments)
    desk.git("add", "a.txt")
    with pytest.raises(StaleEdit):
        await desk.call(TOOL, message="m")
    desk.git("reset", "-q")
    await desk.call(TOOL, message="m", paths=["b.txt"])
    assert committed(desk) == ["b.txt"]


async def test_nothing_to_commit_is_told(desk: GitDesk) -> None:
    with pytest.raises(InvalidEdit, match="nothing is staged; name the files"):
        await desk.call(TOOL, message="m")
    with pytest.raises(InvalidEdit, match=r"a\.txt is as in the last commit"):
        await desk.call(TOOL, message="m", paths=["a.txt"])
    with pytest.raises(InvalidEdit):
        await desk.call(TOOL, message="m", all=True)
    with pytest.raises(InvalidEdit, match="got both"):
        await desk.call(TOOL, message="m", all=True, paths=["a.txt"])
    assert desk.git("rev-list", "--count", "HEAD").strip() == "1"


async def test_without_an_identity_nothing_is_committed(desk: GitDesk, tmp_path: Path) -> None:
    (tmp_path / "home/.gitconfig").unlink()
    desk.desk.write("a.txt", "two\n")
    with pytest.raises(NotFound, match=r"git config --global user\.name NAME"):
        await desk.call(TOOL, message="m", all=True)
    assert desk.git("diff", "--cached", "--name-only") == ""


async def test_a_merge_is_concluded_but_not_with_conflicts(desk: GitDesk) -> None:
    desk.git("checkout", "-q", "-b", "side")
    desk.commit("a.txt", "side\n")
    desk.git("checkout", "-q", "main")
    desk.commit("a.txt", "main\n")
    with pytest.raises(subprocess.CalledProcessError):
        desk.git("merge", "side")
    with pytest.raises(InvalidEdit, match=r"conflicts are open in a\.txt"):
        await desk.call(TOOL, message="m", all=True)
    desk.desk.write("a.txt", "both\n")
    desk.git("add", "a.txt")
    desk.desk.write("b.txt", "b\n")
    answer = await desk.call(TOOL, message="merged", all=True)
    assert len(desk.git("log", "-1", "--format=%P").split()) == 2
    assert data_of(answer, GitCommitOutput).files == ("a.txt", "b.txt")


async def test_the_first_commit_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()
    desk = git_desk(tmp_path / "x", monkeypatch)
    desk.desk.write("a.txt", "one\n")
    answer = await desk.call(TOOL, message="start", all=True)
    assert data_of(answer, GitCommitOutput).files == ("a.txt",)


async def test_below_the_top_nothing_outside_of_the_root_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").mkdir()
    desk = git_desk(tmp_path / "x", monkeypatch, below="pkg")
    desk.commit("in.txt", "a\n")
    desk.desk.write("in.txt", "b\n")
    (desk.top / "out.txt").write_text("o\n", encoding="utf-8")
    desk.git("add", "out.txt")
    await desk.call(TOOL, message="m", all=True)
    assert committed(desk) == ["pkg/in.txt"]
    with pytest.raises(OutsideWorkspace):
        await desk.call(TOOL, message="m", paths=["../out.txt"])


async def test_names_are_no_patterns_and_no_options(desk: GitDesk) -> None:
    for name in ("*.txt", ":(exclude)a", "-A", "b.txt"):
        desk.desk.write(name, "x\n")
    await desk.call(TOOL, message="-m x --amend", paths=["*.txt", ":(exclude)a", "-A"])
    assert set(committed(desk)) == {"*.txt", ":(exclude)a", "-A"}
    assert desk.git("rev-list", "--count", "HEAD").strip() == "2"


async def test_a_link_is_committed_for_itself(desk: GitDesk) -> None:
    (desk.top / "link").symlink_to("/nowhere")
    await desk.call(TOOL, message="m", paths=["link"])
    assert committed(desk) == ["link"]


async def test_what_was_moved_or_removed_is_committed_with_its_old_name(desk: GitDesk) -> None:
    desk.commit("gone.txt", "x\n")
    desk.git("mv", "a.txt", "b.txt")
    desk.git("rm", "-q", "gone.txt")
    await desk.call(TOOL, message="m", paths=["a.txt", "b.txt", "gone.txt"])
    assert desk.git("ls-files").split() == ["b.txt"]
    assert desk.git("status", "--short") == ""


async def test_a_repository_within_is_not_made_a_submodule(desk: GitDesk) -> None:
    (desk.top / "inner").mkdir()
    desk.git("init", "-q", cwd=desk.top / "inner")
    desk.git("commit", "-q", "--allow-empty", "-m", "i", cwd=desk.top / "inner")
    with pytest.raises(InvalidEdit, match="nothing to commit"):
        await desk.call(TOOL, message="m", all=True)
    with pytest.raises(InvalidEdit, match="nothing to commit"):
        await desk.call(TOOL, message="m", paths=["inner"])


async def test_what_is_ignored_is_not_committed(desk: GitDesk) -> None:
    desk.commit(".gitignore", "*.log\n")
    desk.desk.write("x.log", "x\n")
    with pytest.raises(InvalidEdit, match="or ignored"):
        await desk.call(TOOL, message="m", paths=["x.log"])
