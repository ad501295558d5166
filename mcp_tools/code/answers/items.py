"""Definitions as entries of an answer."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mcp_tools.code.answers.data import ItemData, item_data
from mcp_tools.code.answers.listing import Detail, Entry
from mcp_tools.code.navigation.outline import OutlineNode
from mcp_tools.code.navigation.results import Item, ItemKind
from mcp_tools.code.navigation.signature import signature_of
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE

_MAX_VALUE_CHARS = 80
_LOCAL_KINDS = frozenset({ItemKind.ATTRIBUTE, ItemKind.VARIABLE, ItemKind.CONSTANT})


def signed(codebase: CodebaseView, item: Item) -> Item:
    """Give the definition with its signature, if it has one."""
    if item.detail or item.symbol == NONE:
        return item
    return replace(item, detail=signature_of(codebase, item.file, item.symbol))


def place_text(item: Item) -> str:
    """Give `line:column` of a definition's name, from 1."""
    return f"{item.place.line + 1}:{item.place.column + 1}"


def placed(item: Item) -> str:
    """Name a definition with its file: `a/b.py:12:7 Class/method`."""
    return f"{item.file}:{place_text(item)} {item.path or ItemKind.MODULE.value}"


def declared(item: Item) -> str:
    """Give the signature, with the name path in place of the name: `def Class/method(self)`."""
    name, path = re.escape(item.name), item.path
    if not item.detail:
        return f"{item.kind.value} {path}".strip()
    detail = short_detail(item)
    # The name may stand in a decorator first, as in `@name.setter`.
    text, n_changed = re.subn(
        rf"\b(def|class) {name}\b", lambda match: f"{match[1]} {path}", detail, count=1
    )
    if not n_changed:
        text, n_changed = re.subn(rf"(\b\w+\.)?\b{name}\b", lambda _: path, detail, count=1)
    return text if n_changed else f"{path} {detail}"


def short_detail(item: Item) -> str:
    """Give the signature; of a long value only the beginning, which says what it is."""
    if item.kind in _LOCAL_KINDS and len(item.detail) > _MAX_VALUE_CHARS:
        return f"{item.detail[: _MAX_VALUE_CHARS - 3]}..."
    return item.detail


def item_entry(
    codebase: CodebaseView, item: Item, more: Callable[[], Sequence[str]] | None = None
) -> Entry[ItemData]:
    """Give the entry of one definition; in full it also has the lines that `more` gives."""

    def full() -> str:
        lines = [first_line(), *(more() if more else ())]
        return "\n".join(lines)

    def first_line() -> str:
        return declared(signed(codebase, item))

    def data(detail: Detail) -> ItemData:
        return item_data(item if detail is Detail.PLACES else signed(codebase, item))

    return Entry(
        file=item.file,
        place=place_text(item),
        full=full,
        # The path is a part of the signature, so that only the places alone need it.
        first_line=first_line,
        data=data,
        short=item.path or ItemKind.MODULE.value,
    )


def node_entry(node: OutlineNode, depth: int) -> Entry[ItemData]:
    """Give the entry of a definition with those within it, down to some depth."""
    return Entry(
        file=node.item.file,
        place=place_text(node.item),
        full=lambda: "\n".join([declared(node.item), *nested_lines(node, depth)]),
        first_line=lambda: _with_names(node, depth),
        data=lambda _: item_data(node.item),
        short=node.item.path,
    )


def nested_lines(node: OutlineNode, depth: int, indent: str = "  ") -> Iterable[str]:
    """Give a line for each definition within one, down to some depth."""
    if depth <= 0:
        return
    for child in node.children:
        said = short_detail(child.item) or f"{child.item.kind.value} {child.item.name}"
        yield f"{indent}{place_text(child.item)} {said}"
        yield from nested_lines(child, depth - 1, f"{indent}  ")


def flattened(nodes: Iterable[OutlineNode], depth: int) -> Iterable[Item]:
    """Give the definitions of an outline down to some depth, each before those within it."""
    for node in nodes:
        yield node.item
        if depth > 0:
            yield from flattened(node.children, depth - 1)


def trimmed(nodes: Iterable[OutlineNode]) -> tuple[OutlineNode, ...]:
    """Leave out what is defined within functions; it is no part of what a file offers."""
    return tuple(
        replace(node, children=trimmed(node.children) if node.item.kind is ItemKind.CLASS else ())
        for node in nodes
    )


def _with_names(node: OutlineNode, depth: int) -> str:
    shown = [child.item for child in node.children if child.item.kind not in _LOCAL_KINDS]
    names = ", ".join(item.name for item in shown) if depth > 0 else ""
    return f"{declared(node.item)}{f': {names}' if names else ''}"
