"""Putting the imports of a file in order."""

from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import FilePath, ToolInput
from mcp_tools.code.changing import ChangedFile, rewritten
from mcp_tools.code.formatting.formatted import PYTHON
from mcp_tools.code.formatting.imports import organized
from mcp_tools.types.calls import Answer, Risk, Tool, ToolContext
from mcp_tools.types.errors import InvalidEdit


class OrganizeImportsInput(ToolInput):
    """Which file."""

    path: FilePath
    remove_unused: Annotated[
        bool,
        Field(
            description="Also take away imports that nothing uses",
            validation_alias=AliasChoices("remove_unused", "removeUnused"),
        ),
    ] = False


async def organize_imports(context: ToolContext, arguments: OrganizeImportsInput) -> Answer:
    """Answer with the edits that sort the imports of a Python file; it need not be read before.

    Raises: InvalidEdit for a syntax error, or another language; ProgramFailed, NotFound, NotText,
        OutsideWorkspace.
    """
    document = await context.read(context.resolve(arguments.path))
    if document.path.suffix not in PYTHON:
        raise InvalidEdit(f"{arguments.path!r} is not Python; sort its imports with edit_file")
    text, n_unused = await organized(context, document, removes_unused=arguments.remove_unused)
    answer = await rewritten(context, document, text)
    if not n_unused:
        return answer
    note = f"[unused imports: {n_unused}; remove_unused=true takes them away]"
    return Answer(text=f"{answer.text}\n{note}", data=answer.data, changes=answer.changes)


TOOL = Tool(
    name="organize_imports",
    title="Organize imports",
    description=(
        "Sort and group the imports of a Python file with ruff by the project's settings; "
        "with remove_unused=true also take away those that nothing uses. "
        "Returns the change as a diff."
    ),
    input_model=OrganizeImportsInput,
    output_model=ChangedFile,
    run=organize_imports,
    risk=Risk.LOW,
    is_read_only=False,
    is_concurrency_safe=False,
)
