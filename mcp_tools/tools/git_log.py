"""The history of commits."""

from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import ToolInput, ToolOutput
from mcp_tools.code.git.commits import Commit, commits_of
from mcp_tools.code.git.repository import open_repository
from mcp_tools.code.git.revisions import Revision, head_of, range_of
from mcp_tools.code.git.selecting import Paths, pathspecs, selected
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext

_MAX_BODY_CHARS_IN_ALL = 25_000


class GitLogInput(ToolInput):
    """Which commits."""

    paths: Annotated[
        Paths,
        Field(
            description="Only commits that changed these files or folders",
            validation_alias=AliasChoices("paths", "path", "file_path", "file"),
        ),
    ] = ()
    revision: Annotated[
        Revision,
        Field(
            description="Where to start, or a range; without it HEAD",
            examples=["main..HEAD"],
            validation_alias=AliasChoices("revision", "branch", "ref", "range"),
        ),
    ] = ""
    max_count: Annotated[
        int,
        Field(
            ge=1,
            le=200,
            description="Most commits to give",
            validation_alias=AliasChoices("max_count", "limit", "maxCount", "n"),
        ),
    ] = 20
    skip: Annotated[int, Field(ge=0, le=1_000_000, description="Leave out so many newer ones")] = 0
    author: Annotated[
        str, Field(max_length=200, description="Part of the author's name or address")
    ] = ""
    grep: Annotated[
        str,
        Field(
            max_length=1000,
            description="Text in the message; letter case does not count",
            validation_alias=AliasChoices("grep", "message", "query"),
        ),
    ] = ""
    since: Annotated[
        str,
        Field(
            max_length=100,
            description="Not older than this",
            examples=["2026-05-01", "2 weeks ago"],
            validation_alias=AliasChoices("since", "after", "start_timestamp"),
        ),
    ] = ""
    until: Annotated[
        str,
        Field(
            max_length=100,
            description="Not newer than this",
            validation_alias=AliasChoices("until", "before", "end_timestamp"),
        ),
    ] = ""


class LogEntry(ToolOutput):
    """One commit."""

    commit: str
    parents: tuple[str, ...]
    author: str
    email: str
    date: str = Field(description="When it was written, in ISO 8601")
    refs: tuple[str, ...] = Field(description="Branches and tags that point to it")
    subject: str
    body: str = Field(description="The rest of the message; empty if there is none, or no room")


class GitLogOutput(ToolOutput):
    """Commits, the newest first."""

    commits: tuple[LogEntry, ...]
    is_complete: bool = Field(description="No older commit fits; else ask on with skip")


async def git_log(context: ToolContext, arguments: GitLogInput) -> Answer:
    """Answer with the commits that fit.

    Raises: NotFound if there is no repository or no such revision; InvalidEdit,
        OutsideWorkspace, Denied, ProgramFailed.
    """
    chosen = selected(context, arguments.paths)
    repository = await open_repository(context)
    if not arguments.revision and not await head_of(repository):
        empty = GitLogOutput(commits=(), is_complete=True)
        return Answer(text="the branch has no commits yet", data=empty)
    start = await range_of(repository, arguments.revision or "HEAD")
    specs = pathspecs(context, chosen) or repository.scope
    found = await commits_of(repository, *_options(arguments), *start, "--", *specs)
    data = _data(found, arguments.max_count)
    return Answer(text=_text(data, arguments), data=data)


def _options(arguments: GitLogInput) -> tuple[str, ...]:
    options = ["--fixed-strings", "--regexp-ignore-case", "--no-follow"]
    # One more tells whether there are more.
    options += [f"--max-count={arguments.max_count + 1}", f"--skip={arguments.skip}"]
    for name in ("author", "grep", "since", "until"):
        value: str = getattr(arguments, name)
        if value:
            options.append(f"--{name}={value}")
    return tuple(options)


def _data(found: tuple[Commit, ...], max_count: int) -> GitLogOutput:
    entries: list[LogEntry] = []
    n_chars = 0
    for commit in found[:max_count]:
        n_chars += len(commit.body)
        body = commit.body if n_chars <= _MAX_BODY_CHARS_IN_ALL else ""
        entries.append(
            LogEntry(
                commit=commit.id,
                parents=commit.parents,
                author=commit.author,
                email=commit.email,
                date=commit.date,
                refs=commit.refs,
                subject=commit.subject,
                body=body,
            )
        )
    return GitLogOutput(commits=tuple(entries), is_complete=len(found) <= max_count)


def _text(data: GitLogOutput, arguments: GitLogInput) -> str:
    if not data.commits:
        return "no commit fits"
    lines: list[str] = []
    for entry in data.commits:
        refs = f" ({', '.join(entry.refs)})" if entry.refs else ""
        head = f"{entry.commit[:10]} {entry.date[:10]} {entry.author}{refs}: {entry.subject}"
        lines.append(head)
        lines += [f"    {line}".rstrip() for line in entry.body.splitlines()]
    if not data.is_complete:
        skip = arguments.skip + len(data.commits)
        lines.append(f"[there are older ones: go on with skip={skip}]")
    return "\n".join(lines)


TOOL = Tool(
    name="git_log",
    title="History in git",
    description=(
        "List commits, the newest first: id, day, author and message; of certain files, by an "
        "author, with a text in the message, or within a time. "
        "Look at one with git_diff from its parent (id~1) to it."
    ),
    input_model=GitLogInput,
    output_model=GitLogOutput,
    run=git_log,
    profiles=(Profile.READ,),
)
