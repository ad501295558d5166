"""Problems in a file, with the repairs that the checkers offer."""

from pydantic import Field

from mcp_tools.code.arguments import FilePath, ToolInput, ToolOutput
from mcp_tools.code.diagnostics.diagnose import Depth, diagnose, unchecked_reason
from mcp_tools.code.diagnostics.line_range import EndLine, StartLine, lines_of
from mcp_tools.types.calls import Answer, Profile, Tool, ToolContext
from mcp_tools.types.diagnostics import Diagnostic, Severity, SuggestedFix
from mcp_tools.types.documents import Document

MAX_DIAGNOSTICS = 200


class DiagnosticsInput(ToolInput):
    """Which file, or part of it, and how thoroughly."""

    path: FilePath
    start_line: StartLine = 1
    end_line: EndLine = 0
    deep: bool = Field(default=False, description="Also infer types, slower")


class FoundEdit(ToolOutput):
    """A part of a fix: offsets count code points from the start of the text."""

    start_offset: int
    end_offset: int
    new_text: str


class FoundFix(ToolOutput):
    """A repair that the checker offers."""

    title: str
    is_safe: bool = Field(description="The checker promises that the program's meaning stays")
    edits: tuple[FoundEdit, ...]


class FoundDiagnostic(ToolOutput):
    """One problem; lines and columns from 1, columns and offsets in code points."""

    source: str = Field(description="Who found it: `syntax`, `ruff` or `lsp-agent`")
    code: str | None = Field(description="The rule's short name, such as `F821`")
    severity: Severity
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    start_offset: int
    end_offset: int
    fix: FoundFix | None = Field(description="A repair; null if the checker has none")


class DiagnosticsOutput(ToolOutput):
    """What was found in a file."""

    path: str = Field(description="The file, relative to the workspace root")
    digest: str = Field(description="Digest of the text that was checked")
    diagnostics: tuple[FoundDiagnostic, ...] = Field(description="Sorted by place; the first 200")
    n_diagnostics: int = Field(description="How many there are in all")
    is_checked: bool = Field(description="False if there is no checker for such a file")


async def diagnostics(context: ToolContext, arguments: DiagnosticsInput) -> Answer:
    """Give the problems in a file's current text, saved or not.

    Raises: NotFound, also for a start behind the last line; NotText, TooLarge, OutsideWorkspace,
        ProgramFailed.
    """
    document = await context.read(context.resolve(arguments.path))
    name = context.display(document.path)
    lines = lines_of(name, document, arguments.start_line, arguments.end_line)
    depth = Depth.DEEP if arguments.deep else Depth.QUICK
    found = await diagnose(document, context.programs, root=context.root, depth=depth, lines=lines)
    reason = unchecked_reason(document)
    data = DiagnosticsOutput(
        path=name,
        digest=document.digest,
        diagnostics=tuple(_found(document, item) for item in found[:MAX_DIAGNOSTICS]),
        n_diagnostics=len(found),
        is_checked=reason is None,
    )
    if reason is not None:
        return Answer(text=f"{data.path} was not checked: {reason}", data=data)
    return Answer(text=_text(data), data=data)


def _found(document: Document, diagnostic: Diagnostic) -> FoundDiagnostic:
    start = document.lines.place(diagnostic.span.start)
    end = document.lines.place(diagnostic.span.end)
    return FoundDiagnostic(
        source=diagnostic.source,
        code=diagnostic.code,
        severity=diagnostic.severity,
        message=diagnostic.message,
        line=start.line + 1,
        column=start.column + 1,
        end_line=end.line + 1,
        end_column=end.column + 1,
        start_offset=diagnostic.span.start,
        end_offset=diagnostic.span.end,
        fix=_fix(diagnostic.fix),
    )


def _fix(fix: SuggestedFix | None) -> FoundFix | None:
    if fix is None:
        return None
    edits = tuple(
        FoundEdit(start_offset=edit.span.start, end_offset=edit.span.end, new_text=edit.new_text)
        for edit in fix.edits
    )
    return FoundFix(title=fix.title, is_safe=fix.is_safe, edits=edits)


def _text(data: DiagnosticsOutput) -> str:
    if not data.diagnostics:
        return f"{data.path}: no problems found"
    lines = [f"{data.path}: {data.n_diagnostics} problems"]
    lines += [_line(item) for item in data.diagnostics]
    n_more = data.n_diagnostics - len(data.diagnostics)
    if n_more:
        lines.append(f"[{n_more} more; narrow them with start_line and end_line]")
    return "\n".join(lines)


def _line(item: FoundDiagnostic) -> str:
    code = f" {item.code}" if item.code else ""
    repair = ""
    if item.fix:
        repair = f" [{'safe' if item.fix.is_safe else 'unsafe'} fix: {item.fix.title}]"
    where = f"{item.line}:{item.column}"
    return f"{where} {item.severity} {item.source}{code}: {item.message}{repair}"


TOOL = Tool(
    name="diagnostics",
    title="Find problems in a file",
    description=(
        "Check a file for problems: syntax errors in Python, JSON and TOML, and what ruff finds "
        "in Python by the project's settings; with deep=true also misspelled attributes and "
        "missing returns. Use it after an edit."
    ),
    input_model=DiagnosticsInput,
    output_model=DiagnosticsOutput,
    run=diagnostics,
    profiles=(Profile.READ, Profile.SYMBOLS, Profile.EDIT),
)
