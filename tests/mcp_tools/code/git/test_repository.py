"""Where a workspace lies in a repository, and that looking at one starts nothing of it."""

import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mcp_tools.code.git.repository import open_repository
from mcp_tools.tools import git_blame, git_commit, git_diff, git_log, git_status
from mcp_tools.types.calls import Tool
from mcp_tools.types.errors import Denied, ExpectedError, NotFound, ProgramFailed
from mcp_tools.types.json import JsonValue
from tests.support.desk import desk_in
from tests.support.repositories import GitDesk, git_desk

pytestmark = pytest.mark.asyncio

QUESTIONS: tuple[tuple[Tool, Mapping[str, JsonValue]], ...] = (
    (git_status.TOOL, {}),
    (git_diff.TOOL, {}),
    (git_diff.TOOL, {"view": "staged"}),
    (git_diff.TOOL, {"view": "unstaged"}),
    (git_diff.TOOL, {"from_revision": "HEAD~1"}),
    (git_diff.TOOL, {"from_revision": "HEAD~1", "to_revision": "HEAD"}),
    (git_log.TOOL, {"paths": "a.txt", "grep": "o", "author": "a"}),
    (git_blame.TOOL, {"path": "a.txt"}),
    (git_blame.TOOL, {"path": "a.txt", "revision": "HEAD"}),
    (git_commit.TOOL, {"message": "m", "all": True}),
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitDesk:
    return git_desk(tmp_path, monkeypatch)


def payload(folder: Path) -> tuple[Path, Path]:
    """Give a program that leaves a mark, and the mark."""
    mark, program = folder / "ran", folder / "payload.sh"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> {mark}\ncat\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program, mark


def plant(desk: GitDesk, program: Path) -> None:
    """Make the repository name a program wherever a look at it could start one."""
    git = desk.git
    for key in (
        *("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "diff.external"),
        *("filter.p.clean", "filter.p.smudge", "diff.p.textconv", "diff.p.command"),
        *("gpg.program", "alias.log", "trailer.assisted-by.command", "interactive.diffFilter"),
    ):
        git("config", key, str(program))
    git("config", "log.showSignature", "true")
    info = desk.top / ".git/info"
    info.mkdir(exist_ok=True)
    (info / "attributes").write_text("* filter=p diff=p\n", encoding="utf-8")
    hooks = desk.top / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "pre-commit", "commit-msg", "post-commit", "post-checkout"):
        (hooks / name).symlink_to(program)


def two_commits(desk: GitDesk) -> None:
    desk.commit("a.txt", "one\n", "one")
    desk.commit("a.txt", "one\ntwo\n", "two")
    desk.desk.write("a.txt", "one\ntwo\nthree\n")


async def test_nothing_that_a_repository_names_is_started(desk: GitDesk, tmp_path: Path) -> None:
    two_commits(desk)
    program, mark = payload(tmp_path)
    plant(desk, program)
    denied: list[str] = []
    for tool, arguments in QUESTIONS:
        # What is looked at again is looked at more closely.
        os.utime(desk.top / "a.txt", (1, 1))
        try:
            await desk.call(tool, **arguments)
        except Denied as error:
            denied.append(str(error))
    assert not mark.exists(), mark.read_text(encoding="utf-8")
    assert len(denied) == 7
    assert all("git config --local --list" in text for text in denied)


async def test_the_payload_of_these_tests_does_run_when_git_is_used_as_usual(
    desk: GitDesk, tmp_path: Path
) -> None:
    two_commits(desk)
    program, mark = payload(tmp_path)
    plant(desk, program)
    desk.git("status")
    assert mark.exists()


async def test_reading_objects_goes_on_where_the_work_tree_is_denied(desk: GitDesk) -> None:
    two_commits(desk)
    desk.git("config", "filter.p.clean", "false")
    with pytest.raises(Denied, match=r"'filter\.p\.clean'"):
        await desk.call(git_status.TOOL)
    assert "two" in await desk.text(git_log.TOOL)
    between = await desk.text(git_diff.TOOL, from_revision="HEAD~1", to_revision="HEAD")
    assert "+two" in between


async def test_an_included_file_is_seen_through(desk: GitDesk, tmp_path: Path) -> None:
    two_commits(desk)
    (tmp_path / "more").write_text('[filter "p"]\n\tclean = false\n', encoding="utf-8")
    desk.git("config", "include.path", str(tmp_path / "more"))
    with pytest.raises(Denied, match=r"include\.path"):
        await desk.call(git_status.TOOL)


async def test_filters_of_the_user_are_the_users_choice(desk: GitDesk) -> None:
    two_commits(desk)
    desk.git("config", "--global", "filter.up.clean", "tr a-z A-Z")
    desk.desk.write(".gitattributes", "*.txt filter=up\n")
    assert "+THREE" in await desk.text(git_diff.TOOL)


async def test_hooks_of_a_project_do_not_run(desk: GitDesk, tmp_path: Path) -> None:
    two_commits(desk)
    program, mark = payload(tmp_path)
    (desk.top / ".husky").mkdir()
    (desk.top / ".husky/pre-commit").symlink_to(program)
    desk.git("config", "core.hooksPath", ".husky")
    answer = await desk.text(git_commit.TOOL, message="m", all=True)
    assert "hooks did not run" in answer
    assert not mark.exists()


async def test_missing_objects_are_not_fetched(desk: GitDesk, tmp_path: Path) -> None:
    two_commits(desk)
    desk.git("clone", "-q", "--bare", str(desk.top), str(tmp_path / "other.git"))
    blob = desk.git("rev-parse", "HEAD~1:a.txt").strip()
    desk.git("config", "remote.origin.url", str(tmp_path / "other.git"))
    desk.git("config", "remote.origin.promisor", "true")
    desk.git("config", "extensions.partialClone", "origin")
    (desk.top / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(ExpectedError, match="git diff failed"):
        await desk.call(git_diff.TOOL, from_revision="HEAD~1", to_revision="HEAD")


async def test_a_repository_that_opens_the_way_to_addresses_is_not_read(desk: GitDesk) -> None:
    two_commits(desk)
    desk.git("config", "protocol.ext.allow", "always")
    with pytest.raises(Denied, match=r"protocol\.ext\.allow"):
        await desk.call(git_log.TOOL)


async def test_a_git_that_lies_in_the_workspace_is_not_started(
    desk: GitDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_commits(desk)
    program, mark = payload(tmp_path)
    (desk.top / "git").write_bytes(program.read_bytes())
    (desk.top / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{desk.top}{os.pathsep}{os.environ['PATH']}")
    assert "two" in await desk.text(git_log.TOOL)
    assert not mark.exists()


@pytest.mark.parametrize(("tool", "arguments"), QUESTIONS)
async def test_without_a_repository_each_says_so(
    tmp_path: Path, tool: Tool, arguments: Mapping[str, JsonValue]
) -> None:
    with pytest.raises(NotFound, match="is in no git repository"):
        await desk_in(tmp_path).call(tool, **arguments)


async def test_a_bare_repository_shipped_in_a_tree_is_not_entered(
    desk: GitDesk, tmp_path: Path
) -> None:
    desk.git("init", "-q", "--bare", str(tmp_path / "planted"))
    program, mark = payload(tmp_path)
    desk.git("config", "core.fsmonitor", str(program), cwd=tmp_path / "planted")
    with pytest.raises(NotFound, match="no git repository"):
        await desk_in(tmp_path / "planted").call(git_status.TOOL)
    assert not mark.exists()


async def test_the_inside_of_a_repository_is_no_work_tree(desk: GitDesk) -> None:
    with pytest.raises(NotFound, match=r"no git repository|no work tree"):
        await desk_in(desk.top / ".git").call(git_status.TOOL)


async def test_a_broken_configuration_is_told(desk: GitDesk) -> None:
    (desk.top / ".git/config").write_text("[broken", encoding="utf-8")
    with pytest.raises(ExpectedError, match=r"git does not work here: .*bad config line \d"):
        await desk.call(git_log.TOOL)


async def test_a_root_below_the_top_knows_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = git_desk(tmp_path, monkeypatch, below="pkg/a")
    repository = await open_repository(desk.desk.context())
    assert (repository.top, repository.prefix) == (desk.top, "pkg/a/")
    assert repository.path_of("pkg/a/x.py") == "x.py"
    assert repository.path_of("pkg/b.py") is None


async def test_a_worktree_is_a_work_tree_of_its_own(desk: GitDesk, tmp_path: Path) -> None:
    two_commits(desk)
    desk.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    text = (await desk_in(tmp_path / "side").call(git_status.TOOL)).text
    assert text.startswith("branch side at ")
    assert text.endswith("nothing to commit")


async def test_a_submodule_is_its_own_repository_and_is_not_looked_into(
    desk: GitDesk, tmp_path: Path
) -> None:
    two_commits(desk)
    desk.git("clone", "-q", str(desk.top), str(tmp_path / "lib"))
    allow = ("-c", "protocol.file.allow=always")
    desk.git(*allow, "submodule", "add", "-q", str(tmp_path / "lib"), "lib")
    desk.git("commit", "-qam", "lib")
    program, mark = payload(tmp_path)
    desk.git("config", "filter.p.clean", str(program), cwd=desk.top / "lib")
    (desk.top / ".git/modules/lib/info").mkdir(exist_ok=True)
    (desk.top / ".git/modules/lib/info/attributes").write_text("* filter=p\n", encoding="utf-8")
    desk.desk.write("lib/a.txt", "changed\n")
    assert "lib" not in await desk.text(git_status.TOOL)
    await desk.call(git_diff.TOOL)
    desk.desk.write("new.txt", "n\n")
    await desk.call(git_commit.TOOL, message="m", all=True)
    assert not mark.exists()
    desk.git("commit", "-q", "--allow-empty", "-m", "on", cwd=desk.top / "lib")
    mark.unlink(missing_ok=True)
    await desk.call(git_commit.TOOL, message="m", paths=["lib"])
    assert not mark.exists()
    assert desk.git("show", "--name-only", "--format=").strip() == "lib"
    with pytest.raises(Denied):
        await desk_in(desk.top / "lib").call(git_status.TOOL)


async def test_without_git_it_says_so(
    desk: GitDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "home"))
    with pytest.raises(ProgramFailed, match="'git' is not installed"):
        await desk.call(git_status.TOOL)


async def test_an_untrusted_repository_is_asked_for_its_history_alone(desk: GitDesk) -> None:
    desk.commit("a.txt", "one\n")
    desk.commit("a.txt", "two\n")
    untrusted = replace(desk, desk=replace(desk.desk, is_trusted=False))
    looking: list[str] = []
    for tool, arguments in QUESTIONS:
        try:
            await untrusted.call(tool, **arguments)
        except Denied as error:
            looking.append(str(error).split(" in a folder")[0])
    assert looking == [
        f"{name} looks at the work tree only"
        for name in ("git_status", *["git_diff"] * 4, "git_blame", "git_commit")
    ]


@pytest.mark.parametrize("kind", ["link", "file"])
async def test_an_untrusted_folder_does_not_show_another_history(
    desk: GitDesk, tmp_path: Path, kind: str
) -> None:
    desk.commit("a.txt", "one\n")
    (tmp_path / "new").mkdir()
    if kind == "link":
        (tmp_path / "new" / ".git").symlink_to(desk.top / ".git")
    else:
        (tmp_path / "new" / ".git").write_text(f"gitdir: {desk.top}/.git\n", encoding="utf-8")
    trusted = desk_in(tmp_path / "new")
    assert (await open_repository(trusted.context())).top == tmp_path / "new"
    with pytest.raises(Denied, match=r"the history in .* is read only in a folder that"):
        await open_repository(replace(trusted, is_trusted=False).context())
