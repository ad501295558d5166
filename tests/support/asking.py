"""Questions about code, asked from the editor of the tests and answered as short texts.

A place is written as text of the buffer with a `|` where the cursor is. A range is shown by the
text that it has in the file, as the editor finds it there.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from lsprotocol import types as lsp

from lsp_agent.server.convert import path_of, to_offset, to_position
from mcp_tools.types.text import LineIndex
from tests.support.editor import WAIT_S, Editor

T = TypeVar("T")


def write(root: Path, **files: str) -> None:
    """Write files, `/` of their names written as `__` and without the `.py`."""
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def position(editor: Editor, uri: str, place: str) -> lsp.Position:
    """Give the position of a place in a buffer, in the units of the editor."""
    text = editor.buffers[uri].text
    start = text.index(place.replace("|", ""))
    return to_position(LineIndex(text), start + place.index("|"), editor.kind.encoding)


def spot(editor: Editor, uri: str, place: str) -> dict[str, Any]:
    """Give the params that all questions about a place have."""
    return {
        "text_document": lsp.TextDocumentIdentifier(uri=uri),
        "position": position(editor, uri, place),
    }


def seen(editor: Editor, uri: str, range_: lsp.Range) -> str:
    """Give a range as `file:line number:text`."""
    path = path_of(uri)
    assert path is not None
    buffer = editor.buffers.get(uri)
    text = path.read_bytes().decode() if buffer is None else buffer.text
    lines, encoding = LineIndex(text), editor.kind.encoding
    start, end = (to_offset(lines, place, encoding) for place in (range_.start, range_.end))
    return f"{path.name}:{range_.start.line + 1}:{text[start:end]}"


def seen_locations(editor: Editor, answer: object) -> list[str]:
    """Give locations or links as texts."""
    assert isinstance(answer, list | tuple)
    found: list[str] = []
    for item in cast("Sequence[object]", answer):
        if isinstance(item, lsp.LocationLink):
            found.append(seen(editor, item.target_uri, item.target_selection_range))
        else:
            assert isinstance(item, lsp.Location)
            found.append(seen(editor, item.uri, item.range))
    return found


async def soon(answer: Awaitable[T]) -> T:
    """Wait for an answer, but not for ever."""
    async with asyncio.timeout(WAIT_S):
        return await answer


async def definition(editor: Editor, uri: str, place: str) -> list[str] | None:
    """Ask where the name at a place is defined."""
    params = lsp.DefinitionParams(**spot(editor, uri, place))
    answer = await soon(editor.client.text_document_definition_async(params))
    return None if answer is None else seen_locations(editor, answer)


async def references(
    editor: Editor, uri: str, place: str, *, with_declaration: bool = True
) -> list[str] | None:
    """Ask where the thing at a place is named."""
    context = lsp.ReferenceContext(include_declaration=with_declaration)
    params = lsp.ReferenceParams(context=context, **spot(editor, uri, place))
    answer = await soon(editor.client.text_document_references_async(params))
    return None if answer is None else seen_locations(editor, answer)


async def call_items(editor: Editor, uri: str, place: str) -> list[lsp.CallHierarchyItem] | None:
    """Ask for the function at a place."""
    params = lsp.CallHierarchyPrepareParams(**spot(editor, uri, place))
    answer = await soon(editor.client.text_document_prepare_call_hierarchy_async(params))
    return None if answer is None else list(answer)


async def type_items(editor: Editor, uri: str, place: str) -> list[lsp.TypeHierarchyItem] | None:
    """Ask for the class at a place."""
    params = lsp.TypeHierarchyPrepareParams(**spot(editor, uri, place))
    answer = await soon(editor.client.text_document_prepare_type_hierarchy_async(params))
    return None if answer is None else list(answer)


async def hover(editor: Editor, uri: str, place: str) -> lsp.Hover | None:
    """Ask what is known of the name at a place."""
    params = lsp.HoverParams(**spot(editor, uri, place))
    return await soon(editor.client.text_document_hover_async(params))


async def rename(editor: Editor, uri: str, place: str, new_name: str) -> lsp.WorkspaceEdit | None:
    """Ask for the edit that renames the thing at a place."""
    params = lsp.RenameParams(new_name=new_name, **spot(editor, uri, place))
    return await soon(editor.client.text_document_rename_async(params))
