"""Finding lines in files by what stands in them."""

from enum import StrEnum
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from mcp_tools.code.answers.wording import counted
from mcp_tools.code.arguments import FileGlob, ScopePath, ToolInput, ToolOutput
from mcp_tools.code.ripgrep import MAX_CONTEXT_LINES, Hit, Query
from mcp_tools.code.searching import Found, search
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext

_MAX_LINE_CHARS = 300


class GrepView(StrEnum):
    """How much of what was found is given."""

    LINES = "lines"
    FILES = "files"
    COUNT = "count"


_OTHER_WORDS = {"content": "lines", "files_with_matches": "files"}


def _view_of(value: object) -> object:
    return _OTHER_WORDS.get(value, value) if isinstance(value, str) else value


class GrepInput(ToolInput):
    """What to look for, and where."""

    pattern: Annotated[
        str,
        Field(
            min_length=1,
            max_length=10_000,
            description="A regular expression (Rust syntax) for one line",
            examples=[r"def \w+_file\("],
            validation_alias=AliasChoices("pattern", "regex", "query", "search_pattern"),
        ),
    ]
    path: ScopePath = "."
    glob: FileGlob = ""
    ignore_case: Annotated[
        bool,
        Field(
            description="Let `a` match `A`",
            validation_alias=AliasChoices("ignore_case", "ignoreCase", "case_insensitive", "-i"),
        ),
    ] = False
    literal: Annotated[
        bool,
        Field(
            description="Take the pattern as plain text",
            validation_alias=AliasChoices("literal", "fixed_strings"),
        ),
    ] = False
    context_lines: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_CONTEXT_LINES,
            description="Lines around each match",
            validation_alias=AliasChoices("context_lines", "contextLines", "context", "-C"),
        ),
    ] = 0
    max_results: Annotated[
        int,
        Field(
            ge=1,
            le=500,
            description="Most lines, or files, to give",
            validation_alias=AliasChoices("max_results", "maxResults", "limit", "head_limit"),
        ),
    ] = 100
    output: Annotated[
        GrepView,
        BeforeValidator(_view_of),
        Field(
            description="What to give: matching lines, or files, or a count for each",
            validation_alias=AliasChoices("output", "output_mode", "outputMode"),
        ),
    ] = GrepView.LINES


class GrepMatch(ToolOutput):
    """One line that matches."""

    path: str = Field(description="The file, relative to the workspace root")
    line: int = Field(description="Line number, from 1")
    column: int = Field(description="Where the first match starts, from 1, in code points")
    text: str = Field(description="The line; a long one is cut around the match")
    before: tuple[str, ...] = Field(description="The lines before it")
    after: tuple[str, ...] = Field(description="The lines after it")


class GrepFile(ToolOutput):
    """One file with matches."""

    path: str = Field(description="The file, relative to the workspace root")
    n_matches: int = Field(description="How many of its lines match")


class GrepOutput(ToolOutput):
    """What was found."""

    matches: tuple[GrepMatch, ...] = Field(description="Lines, for the output `lines`; else empty")
    files: tuple[GrepFile, ...] = Field(description="The first files with matches, sorted by path")
    n_matches: int = Field(description="How many lines match in all files")
    n_files: int = Field(description="How many files have any")
    is_complete: bool = Field(description="Nothing that was asked for is left out")


async def grep(context: ToolContext, arguments: GrepInput) -> Answer:
    """Give what matches, with unsaved text in place of the saved.

    Raises: ProgramFailed if the pattern is not valid; NotFound, OutsideWorkspace.
    """
    query = Query(
        pattern=arguments.pattern,
        is_literal=arguments.literal,
        ignores_case=arguments.ignore_case,
        n_context_lines=arguments.context_lines,
        glob=arguments.glob or None,
    )
    # Counts need no lines.
    max_hits = arguments.max_results if arguments.output is GrepView.LINES else 0
    below = context.resolve(arguments.path)
    found = await search(context, query, below, max_hits=max_hits)
    data = _data(context, found, arguments)
    return Answer(text=_text(data, arguments), data=data)


def _data(context: ToolContext, found: Found, arguments: GrepInput) -> GrepOutput:
    matches = tuple(_match(context, hit) for hit in found.hits)
    counts = list(found.counts.items())[: arguments.max_results]
    files = tuple(GrepFile(path=context.display(path), n_matches=n) for path, n in counts)
    if arguments.output is GrepView.LINES:
        is_complete = len(matches) == found.n_hits
    else:
        is_complete = len(files) == len(found.counts)
    return GrepOutput(
        matches=matches,
        files=files,
        n_matches=found.n_hits,
        n_files=len(found.counts),
        is_complete=is_complete,
    )


def _match(context: ToolContext, hit: Hit) -> GrepMatch:
    return GrepMatch(
        path=context.display(hit.path),
        line=hit.line_number,
        column=hit.column,
        text=_window(hit.text, hit.column - 1),
        before=tuple(_window(line, 0) for line in hit.before),
        after=tuple(_window(line, 0) for line in hit.after),
    )


def _window(line: str, column: int) -> str:
    """Give the line, or the part around `column` when it is long."""
    if len(line) <= _MAX_LINE_CHARS:
        return line
    start = max(0, min(column - _MAX_LINE_CHARS // 2, len(line) - _MAX_LINE_CHARS))
    end = start + _MAX_LINE_CHARS
    return f"{'...' if start else ''}{line[start:end]}{'...' if end < len(line) else ''}"


def _text(data: GrepOutput, arguments: GrepInput) -> str:
    if not data.n_matches:
        return (
            f"nothing below {arguments.path!r} matches {arguments.pattern!r}; "
            "ignored and binary files were not searched"
        )
    match arguments.output:
        case GrepView.LINES:
            body = _lines(data.matches)
        case GrepView.FILES:
            body = [file.path for file in data.files]
        case GrepView.COUNT:
            body = [f"{file.path}: {file.n_matches}" for file in data.files]
    lines = counted(data.n_matches, "matching line")
    total = f"{lines} in {counted(data.n_files, 'file')}"
    more = "" if data.is_complete else "; not all are shown, narrow the search with path or glob"
    return "\n".join([*body, f"[{total}{more}]"])


def _lines(matches: tuple[GrepMatch, ...]) -> list[str]:
    """Give the lines below the names of their files, overlapping context once."""
    texts: dict[str, dict[int, str]] = {}
    for match in matches:
        shown = texts.setdefault(match.path, {})
        for line, text in enumerate(match.before, match.line - len(match.before)):
            shown.setdefault(line, f"{line:>6}-{text}")
        for line, text in enumerate(match.after, match.line + 1):
            shown.setdefault(line, f"{line:>6}-{text}")
        shown[match.line] = f"{match.line:>6}:{match.text}"
    found: list[str] = []
    for path, shown in texts.items():
        found.append(path)
        found += [shown[line] for line in sorted(shown)]
    return found


TOOL = Tool(
    name="grep",
    title="Search in files",
    description=(
        "Search the text of files with a regular expression, line by line; unsaved text counts, "
        "ignored and binary files are skipped. Narrow a search with path and glob."
    ),
    input_model=GrepInput,
    output_model=GrepOutput,
    run=grep,
    profiles=(Profile.READ, Profile.EDIT),
)
