"""Changing the cells of a notebook.

Source: the notebook format 4.5, https://nbformat.readthedocs.io, November 2026.
"""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from mcp_tools.code.notebooks.json_spans import elements, members, value_at
from mcp_tools.code.notebooks.writing import JsonStyle, style_of
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit, NotFound
from mcp_tools.types.json import JsonObject, JsonValue
from mcp_tools.types.text import Span

_DEPTH = 2
"""Of a cell: below the notebook and its list of cells."""
_MAX_NAMED = 20


class CellType(StrEnum):
    """What a cell is."""

    CODE = "code"
    MARKDOWN = "markdown"
    RAW = "raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell, and where it stands in the text."""

    index: int
    id: str
    """Empty before version 4.5 of the format."""
    value: JsonObject
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Notebook:
    """The text of a notebook with the places of its cells."""

    text: str
    style: JsonStyle
    cells: tuple[Cell, ...]
    cells_span: Span
    has_ids: bool


def parse_notebook(text: str) -> Notebook:
    """Read a notebook.

    Raises: InvalidEdit if it is not one of version 4.
    """
    value, span = value_at(text, 0)
    if text[span.end :].strip():
        raise InvalidEdit("the notebook is not valid JSON: something stands behind its end")
    if not isinstance(value, dict) or not isinstance(value.get("cells"), list):
        raise InvalidEdit("expected a notebook with a list of cells; edit it with edit_file")
    version, minor = value.get("nbformat"), value.get("nbformat_minor")
    if version != 4 or not isinstance(minor, int):
        raise InvalidEdit(f"expected a notebook of nbformat 4, got {version!r}; convert it first")
    cells_span = members(text, span)["cells"]
    cells = tuple(_cell(text, n, found) for n, found in enumerate(elements(text, cells_span)))
    style = style_of(text)
    sources = [cell.value["source"] for cell in cells]
    if sources and all(isinstance(source, str) for source in sources):
        style = replace(style, has_lists=False)
    return Notebook(text=text, style=style, cells=cells, cells_span=cells_span, has_ids=minor >= 5)


def find_cell(notebook: Notebook, name: str) -> Cell:
    """Give the cell with an id, or else with an index from 0.

    Raises: NotFound, with the cells that there are.
    """
    for cell in notebook.cells:
        if cell.id and cell.id == name:
            return cell
    number = name.removeprefix("cell-")
    if number.isdecimal() and int(number) < len(notebook.cells):
        return notebook.cells[int(number)]
    n_cells = len(notebook.cells)
    known = ", ".join(cell.id or str(cell.index) for cell in notebook.cells[:_MAX_NAMED])
    more = ", ..." if n_cells > _MAX_NAMED else ""
    raise NotFound(
        f"there is no cell {name!r}; the notebook has {n_cells} cells, by index from 0 or by id: "
        f"{known}{more}"
    )


def replaced_cell(
    notebook: Notebook, cell: Cell, source: str, kind: CellType | None
) -> tuple[TextEdit, ...]:
    """Give the edits that put other source in a cell; the outputs of code go with the old."""
    style = notebook.style
    if kind is not None and kind != cell.value["cell_type"]:
        value = _new_cell(style, kind, source, cell.value)
        return (TextEdit(cell.span, style.written(value, depth=_DEPTH)),)
    spans = members(notebook.text, cell.span)
    new: dict[str, JsonValue] = {}
    if _text_of(cell.value) != source:
        is_string = isinstance(cell.value["source"], str)
        new["source"] = source if is_string else style.source(source)
    if cell.value["cell_type"] == CellType.CODE:
        if cell.value.get("outputs"):
            new["outputs"] = []
        if cell.value.get("execution_count") is not None:
            new["execution_count"] = None
    edits = [TextEdit(spans[k], style.written(v, depth=_DEPTH + 1)) for k, v in new.items()]
    return tuple(sorted(edits, key=lambda edit: edit.span))


def inserted_cell(
    notebook: Notebook, after: Cell | None, source: str, kind: CellType
) -> tuple[TextEdit, ...]:
    """Give the edit that puts a new cell behind another, or before all of them."""
    style = notebook.style
    index = 0 if after is None else after.index + 1
    head: JsonObject = {}
    if notebook.has_ids:
        head["id"] = _new_id(notebook, index, source)
    value = _new_cell(style, kind, source, head)
    written = style.written(value, depth=_DEPTH)
    between = f"{style.newline}{style.indent * _DEPTH}" if style.indent else ""
    if not notebook.cells:
        end = f"{style.newline}{style.indent}" if style.indent else ""
        return (TextEdit(notebook.cells_span, f"[{between}{written}{end}]"),)
    if after is None:
        first = notebook.cells[0].span.start
        return (TextEdit(Span(first, first), f"{written},{between or ' '}"),)
    end_of_cell = after.span.end
    return (TextEdit(Span(end_of_cell, end_of_cell), f",{between or ' '}{written}"),)


def deleted_cell(notebook: Notebook, cell: Cell) -> tuple[TextEdit, ...]:
    """Give the edit that takes a cell away, with one of the commas beside it."""
    cells = notebook.cells
    if len(cells) == 1:
        return (TextEdit(notebook.cells_span, "[]"),)
    if cell.index + 1 < len(cells):
        return (TextEdit(Span(cell.span.start, cells[cell.index + 1].span.start), ""),)
    return (TextEdit(Span(cells[cell.index - 1].span.end, cell.span.end), ""),)


def _cell(text: str, index: int, span: Span) -> Cell:
    value, _ = value_at(text, span.start)
    if not isinstance(value, dict) or not isinstance(value.get("cell_type"), str):
        raise InvalidEdit(f"cell {index} of the notebook has no cell_type; repair the file first")
    source = value.get("source")
    is_lines = isinstance(source, list) and all(isinstance(line, str) for line in source)
    if not isinstance(source, str) and not is_lines:
        raise InvalidEdit(f"cell {index} of the notebook has no source; repair the file first")
    name = value.get("id")
    return Cell(index=index, id=name if isinstance(name, str) else "", value=value, span=span)


def _text_of(value: JsonObject) -> str:
    source = value["source"]
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _new_cell(style: JsonStyle, kind: CellType, source: str, old: JsonObject) -> JsonObject:
    """Give a cell with its keys in the order in which Jupyter writes them."""
    metadata = old.get("metadata", {})
    new: JsonObject = {"cell_type": kind.value}
    if kind is CellType.CODE:
        new["execution_count"] = None
    if "id" in old:
        new["id"] = old["id"]
    new["metadata"] = metadata
    if kind is CellType.CODE:
        new["outputs"] = []
    elif "attachments" in old:
        new["attachments"] = old["attachments"]
    return {**new, "source": style.source(source)}


def _new_id(notebook: Notebook, index: int, source: str) -> str:
    """Give an id that no cell has; the same edit of the same notebook gives the same one."""
    known = {cell.id for cell in notebook.cells}
    for attempt in range(len(known) + 1):
        seed = f"{index}\0{attempt}\0{source}\0{len(known)}".encode("utf-8", "surrogatepass")
        name = hashlib.blake2b(seed, digest_size=4).hexdigest()
        if name not in known:
            return name
    raise AssertionError("as many ids as cells were taken")
