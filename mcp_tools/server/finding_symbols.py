"""Name paths of symbols that go with what was typed."""

from mcp_tools.code.navigation.file_view import view_file
from mcp_tools.server.addresses import Spot
from mcp_tools.server.finding_files import NameList
from mcp_tools.server.ports import Workplace
from mcp_tools.types.facts import SymbolKind

_LEAST_HITS = 50


def names_in(place: Workplace, spot: Spot, typed: str, limit: int) -> list[str]:
    """Give at most `limit` name paths of a file, best first, such as `Class/method`."""
    view = view_file(place.codebase(), spot.name)
    if view is None:
        return []
    symbols = enumerate(view.facts.symbols)
    paths = [view.path(number) for number, row in symbols if row.kind != SymbolKind.LAMBDA]
    return list(dict.fromkeys(NameList(paths).matches(_cleaned(typed), limit)))[:limit]


def names_anywhere(place: Workplace, typed: str, limit: int) -> list[str]:
    """Give at most `limit` name paths of the workspace, best first."""
    above, _, name = _cleaned(typed).rpartition("/")
    found: dict[str, None] = {}
    for hit in place.codebase().find_symbols(name, max(limit, _LEAST_HITS)):
        is_below = not above or hit.container == above or hit.container.endswith(f"/{above}")
        if hit.kind != SymbolKind.LAMBDA and is_below:
            found[f"{hit.container}/{hit.name}" if hit.container else hit.name] = None
    return list(found)[:limit]


def _cleaned(typed: str) -> str:
    return typed.strip().replace("\n", "").lstrip("/")
