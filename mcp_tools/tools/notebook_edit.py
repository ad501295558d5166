"""Changing a cell of a Jupyter notebook."""

import asyncio
from enum import StrEnum
from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import FilePath, ToolInput
from mcp_tools.code.changing import ChangedFile, modified
from mcp_tools.code.notebooks.cells import (
    CellType,
    deleted_cell,
    find_cell,
    inserted_cell,
    parse_notebook,
    replaced_cell,
)
from mcp_tools.code.seen import check_seen
from mcp_tools.types.calls import Answer, Risk, Tool, ToolContext
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.workspace.diffs import apply_edits, diff_edits


class CellEdit(StrEnum):
    """What to do with a cell."""

    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"


class NotebookEditInput(ToolInput):
    """Which cell of which notebook, and what becomes of it."""

    path: Annotated[
        FilePath,
        Field(
            validation_alias=AliasChoices(
                "path", "notebook_path", "file_path", "filePath", "relative_path"
            )
        ),
    ]
    cell: Annotated[
        str,
        Field(
            max_length=200,
            coerce_numbers_to_str=True,
            description="Id or index from 0; to insert, the one before; empty inserts at the start",
            examples=["0", "a1b2c3d4"],
            validation_alias=AliasChoices(
                "cell", "cell_id", "cellId", "cell_index", "cell_number", "index"
            ),
        ),
    ] = ""
    source: Annotated[
        str,
        Field(
            max_length=1_000_000,
            description="The whole new text of the cell",
            validation_alias=AliasChoices("source", "new_source", "newSource", "content"),
        ),
    ] = ""
    edit: Annotated[
        CellEdit,
        Field(description="What to do", validation_alias=AliasChoices("edit", "edit_mode", "mode")),
    ] = CellEdit.REPLACE
    cell_type: Annotated[
        CellType | None,
        Field(
            description="Of a new cell (default `code`), or to change it",
            validation_alias=AliasChoices("cell_type", "cellType", "type"),
        ),
    ] = None


async def notebook_edit(context: ToolContext, arguments: NotebookEditInput) -> Answer:
    """Answer with the edit of one cell; all other text of the notebook stays as it is.

    Raises: InvalidEdit if the file was not read, or is no notebook; NotFound, with the cells that
        there are; StaleEdit, NotText, OutsideWorkspace.
    """
    document = await context.read(context.resolve(arguments.path))
    if document.path.suffix != ".ipynb":
        raise InvalidEdit(f"{arguments.path!r} is no .ipynb notebook; use edit_file")
    check_seen(context, document)
    edits = await asyncio.to_thread(_edits, document.text, arguments)
    # Shorter edits, so that lines that stay are not part of the change.
    after = apply_edits(document.text, edits)
    edits = await asyncio.to_thread(diff_edits, document.text, after)
    return await modified(context, document, edits)


def _edits(text: str, arguments: NotebookEditInput) -> tuple[TextEdit, ...]:
    notebook = parse_notebook(text)
    if arguments.edit is CellEdit.INSERT:
        after = find_cell(notebook, arguments.cell) if arguments.cell else None
        kind = arguments.cell_type or CellType.CODE
        return inserted_cell(notebook, after, arguments.source, kind)
    if not arguments.cell:
        raise InvalidEdit(f"expected the cell to {arguments.edit.value}: its id, or index from 0")
    cell = find_cell(notebook, arguments.cell)
    if arguments.edit is CellEdit.DELETE:
        return deleted_cell(notebook, cell)
    return replaced_cell(notebook, cell, arguments.source, arguments.cell_type)


TOOL = Tool(
    name="notebook_edit",
    title="Edit a notebook cell",
    description=(
        "Replace, insert or delete one cell of a Jupyter notebook (.ipynb). "
        "Read the file with read_file first. Outputs of changed code are cleared; all else stays "
        "as it is. Returns the change as a diff."
    ),
    input_model=NotebookEditInput,
    output_model=ChangedFile,
    run=notebook_edit,
    risk=Risk.MEDIUM,
    is_read_only=False,
    is_concurrency_safe=False,
    is_idempotent=False,
    timeout_s=30.0,
)
