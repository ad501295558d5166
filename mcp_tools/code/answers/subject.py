"""Which symbol is meant, and how much of an answer is wanted: arguments that tools share."""

import re
from typing import Annotated

from pydantic import AliasChoices, Field
from pydantic.json_schema import SkipJsonSchema

from mcp_tools.code.answers.listing import Wish
from mcp_tools.code.answers.naming import OpenView, located, located_below
from mcp_tools.code.answers.places import file_of
from mcp_tools.code.arguments import PATH_NAMES, ToolInput
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit, NotFound
from mcp_tools.types.text import Place

# The definitions of tools are read by a model in each session, so descriptions are short.
NamePath = Annotated[
    str,
    Field(
        max_length=1000,
        description="The symbol: `name`, `Class/method` or `pkg.mod:Class.method`",
        validation_alias=AliasChoices(
            "name_path", "namePath", "name_path_pattern", "symbol", "symbol_name", "name"
        ),
    ),
]
"""The field `name_path`."""

SymbolFile = Annotated[
    str,
    Field(
        max_length=4096,
        description="Its file, if the name is not unique or line is given",
        validation_alias=AliasChoices(*PATH_NAMES.choices, "uri"),
    ),
]
"""The field `path` of a tool on a symbol."""

NamingLine = Annotated[int, Field(ge=0, le=10**8, description="Or a line, from 1, that names it")]
"""The field `line` of a tool on a symbol."""

NamingColumn = SkipJsonSchema[
    Annotated[int, Field(ge=0, le=10**8, description="From 1; 0 if not known")]
]
"""The field `column` of a tool on a symbol.

Models count columns badly and rarely need them, so no definition shows it: it is for programs.
"""


class AnswerInput(ToolInput):
    """How much of an answer is wanted, and from where on."""

    max_tokens: Annotated[
        int,
        Field(
            ge=200,
            le=8000,
            description="Longest answer",
            validation_alias=AliasChoices("max_tokens", "maxTokens"),
        ),
    ] = 2000
    cursor: str = Field(default="", max_length=40, description="From a shortened answer")

    @property
    def wish(self) -> Wish:
        """What is wanted, with the question that a cursor is bound to."""
        question = self.model_dump_json(exclude={"cursor", "max_tokens"})
        return Wish(
            query=f"{type(self).__name__} {question}",
            max_tokens=self.max_tokens,
            cursor=self.cursor or None,
        )


class SymbolInput(AnswerInput):
    """Which symbol: by its name, or by a place where it is named."""

    name_path: NamePath = ""
    path: SymbolFile = ""
    line: NamingLine = 0
    column: NamingColumn = 0


def subject_of(open_view: OpenView, arguments: SymbolInput) -> Target:
    """Give the symbol that is meant.

    Raises: NotFound, with names that are near; InvalidEdit if too little is said;
        OutsideWorkspace.
    """
    return located(open_view, _subject_text(open_view, arguments))


def _subject_text(open_view: OpenView, arguments: SymbolInput) -> str:
    """Give what is meant as one text: `name`, `file:name` or `file:line:column`.

    Raises: InvalidEdit if too little is said; OutsideWorkspace, NotFound.
    """
    name, line = arguments.name_path, arguments.line
    codebase = open_view()
    file = file_of(codebase.snapshot, arguments.path or ".")
    if file == ".":
        if not name or line:
            raise InvalidEdit("expected name_path, or path and line; name the symbol by either")
        return name
    if line:
        column = _column(codebase, file, arguments)
        return f"{file}:{line}:{column}" if column else f"{file}:{line}"
    if not name:
        return file  # The module itself.
    if any(found.startswith(f"{file}/") for found in codebase.files()):
        return located_below(open_view, f"{file}/", name)
    # The name of a module before that of the symbol adds nothing to the file's.
    return f"{file}:{name.rpartition(':')[2]}"


def offset_of(codebase: CodebaseView, arguments: SymbolInput) -> tuple[str, int] | None:
    """Give the file and offset of the place that is meant, None if no column can be known.

    Raises: NotFound, OutsideWorkspace.
    """
    if not arguments.path or not arguments.line:
        return None
    file = file_of(codebase.snapshot, arguments.path)
    column = _column(codebase, file, arguments)
    if not column:
        return None
    place = Place(arguments.line - 1, column - 1)
    return file, codebase.document(file).lines.offset(place)


def _column(codebase: CodebaseView, file: str, arguments: SymbolInput) -> int:
    """Give the column that is meant, 0 if nothing tells it. Raises: NotFound."""
    if arguments.column or not arguments.name_path:
        return arguments.column
    return _column_of(codebase, file, arguments.line, arguments.name_path)


def _column_of(codebase: CodebaseView, file: str, line: int, name: str) -> int:
    """Give the column, from 1, where the last part of a name stands in a line.

    Raises: NotFound.
    """
    last = re.split(r"[/.:]", name)[-1].partition("[")[0]
    lines = codebase.document(file).lines
    text = lines.line_text(line - 1) if line <= lines.n_lines else ""
    match = re.search(rf"\b{re.escape(last)}\b", text)
    if match is None:
        raise NotFound(
            f"line {line} of {file!r} does not name {last!r}; leave line out, or name_path"
        )
    return match.start() + 1
