"""Which lines of a document are asked about."""

from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.diagnostics.diagnose import Lines
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import NotFound

StartLine = Annotated[
    int,
    Field(
        ge=1,
        le=10**8,
        description="First line, from 1",
        validation_alias=AliasChoices("start_line", "startLine", "line"),
    ),
]
"""The field `start_line` of a tool that looks at lines of a file."""

EndLine = Annotated[
    int,
    Field(
        ge=0,
        le=10**8,
        description="Last line, itself included; 0 for the end",
        validation_alias=AliasChoices("end_line", "endLine"),
    ),
]
"""The field `end_line` of a tool that looks at lines of a file."""


def lines_of(name: str, document: Document, start_line: int, end_line: int) -> Lines | None:
    """Give the lines that are meant, None for all; an end of 0 is that of the file.

    Raises: NotFound if there are none.
    """
    n_lines = document.lines.n_lines
    last = end_line or n_lines
    if start_line > n_lines:
        raise NotFound(
            f"{name!r} has {n_lines} lines, got start_line={start_line}; pass 1 to {n_lines}"
        )
    if last < start_line:
        raise NotFound(
            f"expected end_line at or after start_line={start_line}, got {last}; swap the two"
        )
    return None if (start_line, last) == (1, n_lines) else (start_line, last)
