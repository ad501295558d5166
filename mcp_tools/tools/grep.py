"""Finding lines in files by what stands in them."""

from enum import StrEnum

from pydantic import Field

from mcp_tools.code.arguments import ScopePath, ToolInput, ToolOutput
from mcp_tools.code.ripgrep import MAX_CONTEXT_LINES, Hit, Query
from mcp_tools.code.searching import Found, search
from mcp_tools.types.calls import Answer, Tool, ToolContext

_MAX_LINE_CHARS = 300


class GrepView(StrEnum):
    """How much of what was found is given."""

    LINES = "lines"
    FILES = "files"
    COUNT = "count"


class GrepInput(ToolInput):
    """What to look for, and where."""

    pattern: str = Field(
        min_length=1,
        max_length=10_000,
        description=r"A regular expression (Rust syntax) for one line, such as `def \w+_file\(`",
    )
    path: ScopePath = "."
    glob: str | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="Only files that match this glob, relative to the root, such as `*.py`",
    )
    ignore_case: bool = Field(default=False, description="Let `a` match `A`")
    literal: bool = Field(
        default=False, description="Take the pattern as text, not as an expression"
    )
    context_lines: int = Field(
        default=0, ge=0, le=MAX_CONTEXT_LINES, description="Lines to show around each match"
    )
    max_results: int = Field(
        default=100, ge=1, le=500, description="How many lines, or files, to give at most"
    )
    output: GrepView = Field(
        default=GrepView.LINES,
        description="`lines` that match, `files` that have any, or the `count` of each file",
    )


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
        glob=arguments.glob,
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
    total = f"{data.n_matches} matching lines in {data.n_files} files"
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
        "Search the text of files with a regular expression, line by line. "
        "Sees what the editor has, also when it is not saved; skips ignored and binary files. "
        "Returns lines with their numbers, or only files or counts. "
        "Narrow a search with path and glob."
    ),
    input_model=GrepInput,
    output_model=GrepOutput,
    run=grep,
)
