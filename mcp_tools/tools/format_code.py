"""Formatting a file."""

from mcp_tools.code.arguments import FilePath, ToolInput
from mcp_tools.code.changing import ChangedFile, rewritten
from mcp_tools.code.formatting.formatted import formatted
from mcp_tools.types.calls import Answer, Risk, Tool, ToolContext


class FormatCodeInput(ToolInput):
    """Which file."""

    path: FilePath


async def format_code(context: ToolContext, arguments: FormatCodeInput) -> Answer:
    """Answer with the edits that format a file; it need not be read before.

    Raises: InvalidEdit if there is no formatter for it, or it has a syntax error; ProgramFailed,
        NotFound, NotText, OutsideWorkspace.
    """
    document = await context.read(context.resolve(arguments.path))
    return await rewritten(context, document, await formatted(context, document))


TOOL = Tool(
    name="format_code",
    title="Format a file",
    description=(
        "Format a file: Python with ruff by the project's settings; Go, Rust, shell and C with "
        "gofmt, rustfmt, shfmt and clang-format where these are installed. "
        "Returns the change as a diff."
    ),
    input_model=FormatCodeInput,
    output_model=ChangedFile,
    run=format_code,
    risk=Risk.LOW,
    is_read_only=False,
    is_concurrency_safe=False,
)
