"""Results of `navigation` as JSON of the protocol."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lsprotocol import types as lsp

from lsp_agent.server.code.positions import Json, Positions, plain_range
from lsp_agent.server.code.uris import Uris
from mcp_tools.code.navigation.outline import OutlineNode
from mcp_tools.code.navigation.results import Call, Item, ItemKind, Mention, Site
from mcp_tools.types.codebase import CodebaseView, SymbolHit
from mcp_tools.types.facts import SymbolKind
from mcp_tools.types.text import Place

_KINDS: Mapping[str, int] = {
    ItemKind.MODULE: lsp.SymbolKind.Module.value,
    ItemKind.CLASS: lsp.SymbolKind.Class.value,
    ItemKind.FUNCTION: lsp.SymbolKind.Function.value,
    ItemKind.METHOD: lsp.SymbolKind.Method.value,
    ItemKind.PROPERTY: lsp.SymbolKind.Property.value,
    ItemKind.VARIABLE: lsp.SymbolKind.Variable.value,
    ItemKind.CONSTANT: lsp.SymbolKind.Constant.value,
    ItemKind.ATTRIBUTE: lsp.SymbolKind.Field.value,
    ItemKind.PARAMETER: lsp.SymbolKind.Variable.value,
    ItemKind.TYPE_ALIAS: lsp.SymbolKind.TypeParameter.value,
    ItemKind.LAMBDA: lsp.SymbolKind.Function.value,
}
"""By value, since the kinds of items and of symbols are called the same."""
_HEADED_KINDS = frozenset(
    {SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PROPERTY}
)
_CONSTRUCTOR = lsp.SymbolKind.Constructor.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Writes one answer about one codebase."""

    codebase: CodebaseView
    positions: Positions
    uris: Uris

    def uri(self, file: str) -> str:
        """Give the URI of a file, as the editor calls it if it has it open."""
        return self.uris.of(self.positions.absolute(file))

    def location(self, item: Item) -> Json:
        """Give where an item's name is."""
        return {"uri": self.uri(item.file), "range": self.name_range(item)}

    def link(self, item: Item, origin: Json) -> Json:
        """Give where an item is, with the range that the question was about."""
        return {
            "originSelectionRange": origin,
            "targetUri": self.uri(item.file),
            "targetRange": self.whole_range(item),
            "targetSelectionRange": self.name_range(item),
        }

    def sites(self, sites: Iterable[Site | Mention]) -> list[Json]:
        """Give where something is named."""
        found: list[Json] = []
        file, uri, is_plain = "", "", False
        for site in sites:  # One file after the other, and there may be thousands.
            if site.file != file:
                file = site.file
                uri, is_plain = self.uri(file), self.positions.is_plain(file)
            if is_plain:
                range_ = plain_range(site.place, site.n_chars)
            else:
                range_ = self.positions.name_range(file, site.place, site.n_chars)
            found.append({"uri": uri, "range": range_})
        return found

    def symbol(self, node: OutlineNode) -> Json:
        """Give a definition with those within it."""
        item = node.item
        symbol: Json = {
            "name": item.name,
            "kind": kind_of(item.kind, item.name),
            "range": self.whole_range(item),
            "selectionRange": self.name_range(item),
        }
        if item.detail:
            symbol["detail"] = item.detail
        if node.children:
            symbol["children"] = [self.symbol(child) for child in node.children]
        return symbol

    def flat_symbol(self, item: Item) -> Json:
        """Give a definition for a list."""
        container = item.path.rpartition("/")[0]
        found: Json = {
            "name": item.name or item.file,
            "kind": kind_of(item.kind, item.name),
            "location": {"uri": self.uri(item.file), "range": self.whole_range(item)},
        }
        return {**found, "containerName": container} if container else found

    def hit(self, hit: SymbolHit) -> Json:
        """Give a definition that a search by name has found; its range is that of its name."""
        place = Place(hit.line, hit.column)
        # Nothing but spaces and `def` or `class` stands before such a name, so that the many
        # files of an answer need not be read to count code units.
        is_first = hit.column == 0 or hit.kind in _HEADED_KINDS
        if is_first and hit.name.isascii():
            range_ = plain_range(place, len(hit.name))
        else:
            range_ = self.positions.name_range(hit.file, place, len(hit.name))
        return {
            "name": hit.name,
            "kind": kind_of(hit.kind, hit.name),
            "location": {"uri": self.uri(hit.file), "range": range_},
            "containerName": hit.container or hit.file,
        }

    def hierarchy_item(self, item: Item) -> Json:
        """Give an item that later questions are about; see `finding` for its data."""
        container = item.path.rpartition("/")[0]
        return {
            "name": item.name or item.file,
            "kind": kind_of(item.kind, item.name),
            "detail": f"{container} in {item.file}" if container else item.file,
            "uri": self.uri(item.file),
            "range": self.whole_range(item),
            "selectionRange": self.name_range(item),
            "data": self.data(item),
        }

    def data(self, item: Item) -> Json:
        """Give what finds an item again, even after the file was edited."""
        return {
            "root": str(self.codebase.root),
            "file": item.file,
            "path": item.path,
            "scope": item.target.scope,
            "name": item.target.name,
            "digest": self.codebase.digest(item.file),
        }

    def calls(self, calls: Iterable[Call], end: str) -> list[Json]:
        """Give calls; `end` is `from` for callers and `to` for what is called."""
        return [
            {
                end: self.hierarchy_item(call.item),
                "fromRanges": [site["range"] for site in self.sites(call.sites)],
            }
            for call in calls
        ]

    def name_range(self, item: Item) -> Json:
        """Give the range of an item's name; the start of a module."""
        n_chars = item.name_span.end - item.name_span.start
        return self.positions.name_range(item.file, item.place, n_chars)

    def whole_range(self, item: Item) -> Json:
        """Give the range of all of an item."""
        return self.positions.range(item.file, item.start, item.end)


def kind_of(kind: str, name: str) -> int:
    """Give the protocol's number for a kind of definition."""
    if name == "__init__" and kind == ItemKind.METHOD:
        return _CONSTRUCTOR
    return _KINDS.get(kind, lsp.SymbolKind.Variable.value)
