"""What is changed and not committed yet."""

from collections.abc import Sequence

from pydantic import Field

from mcp_tools.code.arguments import ToolInput, ToolOutput
from mcp_tools.code.commands.plain import plain
from mcp_tools.code.git.repository import Repository, open_repository
from mcp_tools.code.git.selecting import note_on_unseen, unseen
from mcp_tools.code.git.status import Change, Status, status_of
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext

_MAX_LISTED = 200


class GitStatusInput(ToolInput):
    """Nothing has to be said."""


class ChangedPath(ToolOutput):
    """A file that differs."""

    path: str = Field(description="Relative to the workspace root")
    kind: str = Field(description="added, modified, deleted, renamed, copied or type changed")
    old_path: str | None = Field(description="What it was called, if it was renamed or copied")


class GitStatusOutput(ToolOutput):
    """The state of the work tree below the workspace root; of each list the first 200."""

    branch: str = Field(description="Empty if no branch is checked out")
    commit: str = Field(description="The current commit; empty if there is none yet")
    upstream: str = Field(description="Empty if there is none")
    n_ahead: int | None
    n_behind: int | None
    operation: str = Field(description="What is not finished, such as merge; else empty")
    staged: tuple[ChangedPath, ...]
    unstaged: tuple[ChangedPath, ...]
    conflicts: tuple[str, ...]
    untracked: tuple[str, ...]
    unseen: tuple[str, ...] = Field(description="Files with unsaved or held text, not seen by git")
    is_clean: bool = Field(description="Nothing differs below the workspace root")
    is_complete: bool = Field(description="No list is cut")


async def git_status(context: ToolContext, arguments: GitStatusInput) -> Answer:
    """Answer with the state of the branch, the index and the work tree.

    Raises: NotFound if there is no repository; Denied, ProgramFailed.
    """
    del arguments
    repository = await open_repository(context)
    repository.check_work_tree("git_status")
    status = await status_of(repository)
    data = _data(repository, status, await unseen(context))
    return Answer(text=_text(data, repository), data=data)


def _data(repository: Repository, status: Status, covered: tuple[str, ...]) -> GitStatusOutput:
    staged, unstaged = _changed(repository, status.staged), _changed(repository, status.unstaged)
    conflicts = _within(repository, status.conflicts)
    untracked = _within(repository, status.untracked)
    lists = (staged, unstaged, conflicts, untracked)
    return GitStatusOutput(
        branch=status.branch,
        commit=status.commit,
        upstream=status.upstream,
        n_ahead=status.n_ahead,
        n_behind=status.n_behind,
        operation=status.operation,
        staged=staged[:_MAX_LISTED],
        unstaged=unstaged[:_MAX_LISTED],
        conflicts=conflicts[:_MAX_LISTED],
        untracked=untracked[:_MAX_LISTED],
        unseen=covered[:_MAX_LISTED],
        is_clean=not any(lists),
        is_complete=all(len(each) <= _MAX_LISTED for each in (*lists, covered)),
    )


def _changed(repository: Repository, changes: Sequence[Change]) -> tuple[ChangedPath, ...]:
    found: list[ChangedPath] = []
    for change in changes:
        old = None if change.old_path is None else repository.path_of(change.old_path)
        path = repository.path_of(change.path)
        if path is not None:
            shown_old = None if old is None else plain(old)
            found.append(ChangedPath(path=plain(path), kind=change.kind, old_path=shown_old))
    return tuple(found)


def _within(repository: Repository, names: Sequence[str]) -> tuple[str, ...]:
    paths = (repository.path_of(name) for name in names)
    return tuple(plain(path) for path in paths if path is not None)


def _text(data: GitStatusOutput, repository: Repository) -> str:
    lines = [_headline(data)]
    if data.operation:
        lines.append(f"a {data.operation} is in progress")
    for title, names in (
        ("conflicts", data.conflicts),
        ("staged", [_line(change) for change in data.staged]),
        ("not staged", [_line(change) for change in data.unstaged]),
        ("untracked", data.untracked),
    ):
        if names:
            lines += [f"{title}:", *(f"  {name}" for name in names)]
    if data.is_clean:
        lines.append("nothing to commit")
    if repository.prefix:
        lines.append(f"[only below the workspace root; the repository is {repository.top}]")
    if not data.is_complete:
        lines.append(f"[of each list the first {_MAX_LISTED} are shown]")
    if note := note_on_unseen(data.unseen):
        lines.append(f"[{note}]")
    return "\n".join(lines)


def _headline(data: GitStatusOutput) -> str:
    name = f"branch {data.branch}" if data.branch else "no branch (detached)"
    at = f"at {data.commit[:10]}" if data.commit else "without commits yet"
    if not data.upstream:
        return f"{name} {at}"
    if data.n_ahead is None or data.n_behind is None:
        return f"{name} {at}, upstream {data.upstream} is gone"
    return f"{name} {at}, {data.n_ahead} ahead of and {data.n_behind} behind {data.upstream}"


def _line(change: ChangedPath) -> str:
    old = "" if change.old_path is None else f"{change.old_path} -> "
    return f"{change.kind}: {old}{change.path}"


TOOL = Tool(
    name="git_status",
    title="Status of git",
    description=(
        "List what is changed and not committed: staged, not staged, untracked and conflicting "
        "files, with the branch and how far it is from its upstream. git sees what is on disk; "
        "files with unsaved or held text are named."
    ),
    input_model=GitStatusInput,
    output_model=GitStatusOutput,
    run=git_status,
    profiles=(Profile.READ,),
)
