"""Quick fixes that there are for the problems of a file."""

from pydantic import Field

from mcp_tools.code.arguments import FilePath, ToolInput, ToolOutput
from mcp_tools.code.diagnostics.actions import CodeAction, actions_of
from mcp_tools.code.diagnostics.diagnose import Depth, diagnose, unchecked_reason
from mcp_tools.code.diagnostics.line_range import EndLine, StartLine, lines_of
from mcp_tools.types.calls import Answer, Tool, ToolContext
from mcp_tools.types.documents import Document

MAX_ACTIONS = 100


class CodeActionsInput(ToolInput):
    """Of which file, or part of it."""

    path: FilePath
    start_line: StartLine = 1
    end_line: EndLine = 0
    deep: bool = Field(
        default=False, description="Also infer types, to find misspelled attributes; slower"
    )


class FoundAction(ToolOutput):
    """One quick fix."""

    id: str = Field(description="For apply_code_action; holds as long as the text does")
    title: str = Field(description="What it does")
    is_safe: bool = Field(description="The checker promises that the program's meaning stays")
    source: str = Field(description="Who offers it")
    code: str | None = Field(description="The rule's short name, such as `F401`")
    message: str = Field(description="The problem that it repairs")
    line: int = Field(description="Where the problem starts, from 1")
    column: int = Field(description="From 1, in code points")


class CodeActionsOutput(ToolOutput):
    """The quick fixes of a file."""

    path: str = Field(description="The file, relative to the workspace root")
    digest: str = Field(description="Digest of the text that they are for")
    actions: tuple[FoundAction, ...] = Field(description="Sorted by place; the first 100")
    n_actions: int = Field(description="How many there are in all")
    n_without: int = Field(description="Problems that no quick fix is known for")


async def code_actions(context: ToolContext, arguments: CodeActionsInput) -> Answer:
    """Give the quick fixes for the problems of a file's current text.

    Raises: NotFound, also for lines that are not there; NotText, TooLarge, OutsideWorkspace,
        ProgramFailed.
    """
    document = await context.read(context.resolve(arguments.path))
    name = context.display(document.path)
    lines = lines_of(name, document, arguments.start_line, arguments.end_line)
    depth = Depth.DEEP if arguments.deep else Depth.QUICK
    found = await diagnose(document, context.programs, root=context.root, depth=depth, lines=lines)
    actions = actions_of(document, found)
    data = CodeActionsOutput(
        path=name,
        digest=document.digest,
        actions=tuple(_found(document, action) for action in actions[:MAX_ACTIONS]),
        n_actions=len(actions),
        n_without=len(found) - len(actions),
    )
    reason = unchecked_reason(document)
    if reason is not None:
        return Answer(text=f"{name} was not checked: {reason}", data=data)
    return Answer(text=_text(data), data=data)


def _found(document: Document, action: CodeAction) -> FoundAction:
    place = document.lines.place(action.diagnostic.span.start)
    return FoundAction(
        id=action.id,
        title=action.fix.title,
        is_safe=action.fix.is_safe,
        source=action.diagnostic.source,
        code=action.diagnostic.code,
        message=action.diagnostic.message,
        line=place.line + 1,
        column=place.column + 1,
    )


def _text(data: CodeActionsOutput) -> str:
    without = f"{data.n_without} problems have no quick fix, see diagnostics"
    if not data.actions:
        return f"{data.path}: no quick fixes" + (f"; {without}" if data.n_without else "")
    lines = [f"{data.path}: {data.n_actions} quick fixes"]
    for each in data.actions:
        kind = "safe" if each.is_safe else "unsafe"
        problem = f"{each.line}:{each.column} {each.code or each.source}: {each.message}"
        lines.append(f"{each.id} [{kind}] {each.title}  ({problem})")
    n_more = data.n_actions - len(data.actions)
    if n_more:
        lines.append(f"[{n_more} more; narrow them with start_line and end_line]")
    if data.n_without:
        lines.append(f"[{without}]")
    return "\n".join(lines)


TOOL = Tool(
    name="code_actions",
    title="List quick fixes",
    description=(
        "List the quick fixes that ruff and our own checks offer for problems of a file, or of "
        "some lines of it. Each has an id for apply_code_action, and says whether it is safe."
    ),
    input_model=CodeActionsInput,
    output_model=CodeActionsOutput,
    run=code_actions,
)
