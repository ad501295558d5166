"""Who last changed which line."""

from itertools import groupby
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import FilePath, ToolInput, ToolOutput
from mcp_tools.code.git.blaming import BlamedLine, parse_blame
from mcp_tools.code.git.repository import Repository, open_repository
from mcp_tools.code.git.revisions import Revision, commit_of
from mcp_tools.types.calls import Answer, Tool, ToolContext
from mcp_tools.types.errors import InvalidEdit, NotFound

_MAX_LINES = 1000
_MAX_LINE_CHARS = 300
_USUAL_LINES = 200


class GitBlameInput(ToolInput):
    """Which lines of which file."""

    path: FilePath
    start_line: Annotated[
        int,
        Field(
            ge=1,
            le=10_000_000,
            description="First line, from 1",
            validation_alias=AliasChoices("start_line", "startLine", "line"),
        ),
    ] = 1
    end_line: Annotated[
        int | None,
        Field(
            ge=1,
            le=10_000_000,
            description="Last line; 200 lines if not given, at most 1000",
            validation_alias=AliasChoices("end_line", "endLine"),
        ),
    ] = None
    revision: Annotated[
        Revision,
        Field(
            description="As of a commit; without it, the text as it is now",
            examples=["HEAD~5"],
            validation_alias=AliasChoices("revision", "rev", "ref"),
        ),
    ] = ""


class BlamedPart(ToolOutput):
    """Lines that follow each other and came with the same commit."""

    commit: str = Field(description="Empty for lines that are not committed")
    author: str
    date: str = Field(description="As YYYY-MM-DD; empty if not committed")
    subject: str
    start_line: int = Field(description="From 1")
    lines: tuple[str, ...] = Field(description="A long line is cut")


class GitBlameOutput(ToolOutput):
    """Lines with the commits that they came with."""

    path: str
    parts: tuple[BlamedPart, ...]
    is_complete: bool = Field(description="The file ends here, or the last line asked for is there")


async def git_blame(context: ToolContext, arguments: GitBlameInput) -> Answer:
    """Answer with the commit, author and day of each line, unsaved text included.

    Raises: NotFound if there is no repository, file or revision; InvalidEdit, NotText, Denied,
        OutsideWorkspace, ProgramFailed.
    """
    path = context.resolve(arguments.path)
    name = context.display(path)
    last = _last_line(arguments)
    repository = await open_repository(context)
    # One more tells whether there are more.
    span = f"-L{arguments.start_line},{last + 1}"
    if arguments.revision:
        commit = await commit_of(repository, arguments.revision)
        done = await repository.run(*_BLAME, span, commit, "--", name)
    else:
        repository.check_work_tree("git_blame")
        document = await context.read(path)
        await _check_known(repository, name)
        if not document.text:
            data = GitBlameOutput(path=name, parts=(), is_complete=True)
            return Answer(text=_text(data), data=data)
        text = f"{chr(0xFEFF) if document.has_bom else ''}{document.text}"
        done = await repository.run(*_BLAME, span, "--contents=-", "--", name, stdin=text)
    if done.exit_code != 0:
        raise NotFound(_missing(done.stderr, arguments))
    found = parse_blame(done.stdout)
    data = _data(name, found, arguments, last)
    return Answer(text=_text(data), data=data)


_BLAME = ("blame", "--porcelain", "--no-textconv", "--no-progress")


def _last_line(arguments: GitBlameInput) -> int:
    start = arguments.start_line
    if arguments.end_line is None:
        return start + _USUAL_LINES - 1
    if arguments.end_line < start:
        raise InvalidEdit(f"end_line {arguments.end_line} comes before start_line {start}")
    return min(arguments.end_line, start + _MAX_LINES - 1)


async def _check_known(repository: Repository, name: str) -> None:
    text = await repository.ask("ls-files", "-z", "--", name)
    if not text:
        raise NotFound(f"{name!r} is not known to git yet, so no line of it has an author")


def _missing(stderr: str, arguments: GitBlameInput) -> str:
    if "has only" in stderr:
        return f"{arguments.path!r} has no line {arguments.start_line}; give a smaller start_line"
    at = f" in {arguments.revision}" if arguments.revision else ""
    return f"git has no lines of {arguments.path!r}{at}; git_log with its path shows its commits"


def _data(
    name: str, found: tuple[BlamedLine, ...], arguments: GitBlameInput, last: int
) -> GitBlameOutput:
    shown = [line for line in found if line.number <= last]
    is_all = len(shown) == len(found) or last == arguments.end_line
    groups = groupby(shown, key=lambda line: line.commit)
    parts = tuple(_part(tuple(lines)) for _, lines in groups)
    return GitBlameOutput(path=name, parts=parts, is_complete=is_all)


def _part(lines: tuple[BlamedLine, ...]) -> BlamedPart:
    first = lines[0]
    return BlamedPart(
        commit=first.commit,
        author=first.author,
        date=first.date,
        subject=first.subject,
        start_line=first.number,
        lines=tuple(_short(line.text) for line in lines),
    )


def _short(text: str) -> str:
    return text if len(text) <= _MAX_LINE_CHARS else f"{text[:_MAX_LINE_CHARS]}..."


def _text(data: GitBlameOutput) -> str:
    lines: list[str] = []
    for part in data.parts:
        said = f"{part.commit[:10]} {part.date} {part.author}: {part.subject}"
        lines.append(said if part.commit else "not committed")
        lines += [f"{part.start_line + i:>6}\t{line}" for i, line in enumerate(part.lines)]
    if not data.is_complete:
        end = data.parts[-1].start_line + len(data.parts[-1].lines)
        lines.append(f"[there are more lines: go on with start_line={end}]")
    return "\n".join(lines) if lines else f"{data.path} is empty"


TOOL = Tool(
    name="git_blame",
    title="Authors of lines",
    description=(
        "Tell for lines of a file by which commit, author and day each came, to learn why it is "
        "there. Unsaved and held text counts, as not committed. "
        "Give a range of lines for a large file."
    ),
    input_model=GitBlameInput,
    output_model=GitBlameOutput,
    run=git_blame,
)
