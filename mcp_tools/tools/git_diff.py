"""What changed: in the work tree, in the index, or between commits."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import ToolInput, ToolOutput
from mcp_tools.code.commands.plain import plain
from mcp_tools.code.git.differences import Differences, FileDifference, differences
from mcp_tools.code.git.repository import Repository, open_repository
from mcp_tools.code.git.revisions import Revision, commit_of, head_of
from mcp_tools.code.git.selecting import (
    Paths,
    listed,
    note_on_unseen,
    pathspecs,
    selected,
    unseen,
)
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext
from mcp_tools.types.errors import InvalidEdit

_MAX_CHARS = 35_000
_MAX_FILES = 500


class DiffView(StrEnum):
    """Which changes that are not committed."""

    ALL = "all"
    STAGED = "staged"
    UNSTAGED = "unstaged"


class GitDiffInput(ToolInput):
    """What to compare."""

    view: Annotated[
        DiffView, Field(description="Which uncommitted changes, if no revision is given")
    ] = DiffView.ALL
    from_revision: Annotated[
        Revision,
        Field(
            description="The older side; the newer one is the work tree, or to_revision",
            examples=["HEAD~1", "main"],
            validation_alias=AliasChoices("from_revision", "base", "from", "target"),
        ),
    ] = ""
    to_revision: Annotated[
        Revision,
        Field(
            description="The newer side, with from_revision",
            validation_alias=AliasChoices("to_revision", "head", "to"),
        ),
    ] = ""
    paths: Annotated[
        Paths,
        Field(
            description="Only these files and folders",
            validation_alias=AliasChoices("paths", "path", "files", "file_path"),
        ),
    ] = ()
    max_lines: Annotated[
        int, Field(ge=10, le=5000, description="Room for the patch; files beyond it are listed")
    ] = 800


class DiffFile(ToolOutput):
    """How much of one file changed."""

    path: str = Field(description="Relative to the workspace root")
    old_path: str | None = Field(description="What it was called, if it was renamed")
    n_added: int | None = Field(description="Lines; null for a binary or very large file")
    n_removed: int | None


class GitDiffOutput(ToolOutput):
    """What changed."""

    compared: str = Field(description="What is compared with what")
    files: tuple[DiffFile, ...] = Field(description="The first 500")
    n_files: int
    patch: str = Field(description="In the format of git")
    left_out: tuple[str, ...] = Field(description="Changed files that the patch does not show")
    untracked: tuple[str, ...] = Field(description="New files that git does not know; not shown")
    unseen: tuple[str, ...] = Field(description="Files with unsaved or held text, not seen by git")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    versions: tuple[str, ...]
    compared: str
    is_of_work_tree: bool = True
    has_new_files: bool = False


async def git_diff(context: ToolContext, arguments: GitDiffInput) -> Answer:
    """Answer with a patch, and how many lines changed in which file.

    Raises: NotFound if there is no repository or no such revision; InvalidEdit,
        OutsideWorkspace, Denied, ProgramFailed.
    """
    chosen = selected(context, arguments.paths)
    repository = await open_repository(context)
    sides = await _sides(repository, arguments)
    if sides.is_of_work_tree:
        repository.check_work_tree("git_diff")
    specs = pathspecs(context, chosen)
    found = await differences(repository, sides.versions, specs, max_lines=arguments.max_lines)
    untracked = await _untracked(repository, specs) if sides.has_new_files else ()
    covered = await unseen(context, chosen) if sides.is_of_work_tree else ()
    data = _data(sides, found, untracked[:_MAX_FILES], covered[:_MAX_FILES])
    return Answer(text=_text(data), data=data)


async def _sides(repository: Repository, arguments: GitDiffInput) -> _Sides:
    old, new = arguments.from_revision, arguments.to_revision
    if new and not old:
        raise InvalidEdit("to_revision needs a from_revision, such as HEAD~1")
    if new:
        versions = (await commit_of(repository, old), await commit_of(repository, new))
        return _Sides(versions=versions, compared=f"{old} with {new}", is_of_work_tree=False)
    if old:
        commit = await commit_of(repository, old)
        return _Sides(versions=(commit,), compared=f"{old} with the work tree", has_new_files=True)
    if arguments.view is DiffView.STAGED:
        return _Sides(versions=("--cached",), compared="the last commit with what is staged")
    if arguments.view is DiffView.UNSTAGED:
        return _Sides(versions=(), compared="what is staged with the work tree")
    commit = await head_of(repository) or await _empty_tree(repository)
    return _Sides(
        versions=(commit,), compared="the last commit with the work tree", has_new_files=True
    )


async def _empty_tree(repository: Repository) -> str:
    return (await repository.ask("hash-object", "-t", "tree", "--stdin")).strip()


async def _untracked(repository: Repository, specs: tuple[str, ...]) -> tuple[str, ...]:
    text = await repository.ask(
        "ls-files", "--others", "--exclude-standard", "-z", "--", *(specs or (".",))
    )
    return tuple(plain(name) for name in text.split("\0") if name)


def _data(
    sides: _Sides, found: Differences, untracked: tuple[str, ...], covered: tuple[str, ...]
) -> GitDiffOutput:
    patch, cut = _within_bounds(found.patch)
    return GitDiffOutput(
        compared=plain(sides.compared),
        files=tuple(_file(file) for file in found.files[:_MAX_FILES]),
        n_files=len(found.files),
        patch=patch,
        left_out=(*cut, *(plain(path) for path in found.left_out[:_MAX_FILES])),
        untracked=untracked,
        unseen=covered,
    )


def _within_bounds(patch: str) -> tuple[str, tuple[str, ...]]:
    """Cut a patch between two files, or within the first; say what is not there whole."""
    if len(patch) <= _MAX_CHARS:
        return patch, ()
    mark = "\ndiff --git "
    end = patch.rfind(mark, 0, _MAX_CHARS)
    rest = patch[end:] if end > 0 else f"\n{patch}"
    names = [part.split("\n", 1)[0].rpartition(" b/")[2] for part in rest.split(mark)[1:]]
    kept = patch[: end + 1] if end > 0 else patch[: patch.rfind("\n", 0, _MAX_CHARS) + 1]
    return kept, tuple(names[:_MAX_FILES])


def _file(file: FileDifference) -> DiffFile:
    return DiffFile(
        path=plain(file.path),
        old_path=None if file.old_path is None else plain(file.old_path),
        n_added=file.n_added,
        n_removed=file.n_removed,
    )


def _text(data: GitDiffOutput) -> str:
    n_added = sum(file.n_added or 0 for file in data.files)
    n_removed = sum(file.n_removed or 0 for file in data.files)
    lines = [f"{data.compared}: {data.n_files} files, +{n_added} -{n_removed}"]
    if not data.n_files:
        lines = [f"{data.compared}: no difference"]
    if data.patch:
        lines.append(data.patch.rstrip("\n"))
    if data.left_out:
        counts = {file.path: file for file in data.files}
        lines.append("[not shown, or not whole; ask for them with paths, or more max_lines:]")
        lines += [f"  {_count(path, counts.get(path))}" for path in data.left_out[:50]]
        if len(data.left_out) > 50:
            lines.append(f"  and {len(data.left_out) - 50} more")
    if data.untracked:
        lines.append(f"[untracked, read them with read_file: {listed(data.untracked)}]")
    if note := note_on_unseen(data.unseen):
        lines.append(f"[{note}]")
    return "\n".join(lines)


def _count(path: str, file: DiffFile | None) -> str:
    if file is None or file.n_added is None:
        return path
    return f"{path} +{file.n_added} -{file.n_removed}"


TOOL = Tool(
    name="git_diff",
    title="Differences in git",
    description=(
        "Show what changed as a patch: everything that is not committed (the default), what is "
        "staged or not staged, or the difference between revisions. git sees what is on disk; "
        "files with unsaved or held text, and new files, are named."
    ),
    input_model=GitDiffInput,
    output_model=GitDiffOutput,
    run=git_diff,
    profiles=(Profile.READ,),
)
