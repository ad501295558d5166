"""The source of one symbol, as an answer."""

from dataclasses import dataclass

from mcp_tools.code.answers.data import StampData
from mcp_tools.code.answers.freshness import index_notes
from mcp_tools.code.answers.items import (
    nested_lines,
    placed,
    short_detail,
    signed,
    trimmed,
)
from mcp_tools.code.answers.listing import Entry, Listing
from mcp_tools.code.answers.symbols import node_of
from mcp_tools.code.answers.texts import Texts
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.outline import outline
from mcp_tools.code.navigation.results import Item, ItemKind
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFound:
    """The source of a symbol."""

    item: Item
    stamp: StampData
    document: Document
    """Of the whole file."""
    listing: Listing[str]
    """Its lines; an overview instead if they are too many."""


def find_body(codebase: CodebaseView, target: Target) -> BodyFound:
    """Find the source of a symbol, decorators included.

    Raises: NotFound; StaleEdit if the file has changed since, so that it may be another text.
    """
    item = signed(codebase, item_of(codebase, target))
    texts = Texts(codebase)
    lines = texts.body(item)
    stamp = texts.stamp(item.file)
    first, last = item.start.line + 1, item.start.line + len(lines)
    listing = Listing(
        head=f"{placed(item)}, lines {first}-{last} #{stamp.digest}",
        entries=[_line_entry(line) for line in lines],
        notes=index_notes(codebase.state()) if not lines else (),
        stamps=[codebase.digest(item.file) or stamp.digest],
        overview=lambda: _overview(codebase, item, lines),
    )
    document = texts.document(item.file)
    return BodyFound(item=item, stamp=stamp, document=document, listing=listing)


def _line_entry(line: str) -> Entry[str]:
    return Entry(
        file="",
        place="",
        full=lambda: line,
        first_line=lambda: line,
        data=lambda _: line,
        # A line is a part of what a cursor is bound to.
        short=line,
    )


def _overview(codebase: CodebaseView, item: Item, lines: list[str]) -> str:
    """Give the signature and what is within."""
    nodes = trimmed(outline(codebase, item.file))
    if item.kind is ItemKind.MODULE:
        within = [line for node in nodes for line in (_top_line(node.item),)]
    else:
        node = node_of(nodes, item.symbol)
        within = list(nested_lines(node, 1)) if node else []
    return "\n".join([item.detail or lines[0], *within])


def _top_line(item: Item) -> str:
    return f"  {item.place.line + 1}:{item.place.column + 1} {short_detail(item) or item.path}"
