"""Places where something is named, as entries of an answer."""

from collections.abc import Iterable, Sequence

from mcp_tools.code.answers.data import SiteData, site_data
from mcp_tools.code.answers.listing import Detail, Entry
from mcp_tools.code.answers.texts import Texts
from mcp_tools.code.navigation.results import Site
from mcp_tools.resolution.target import Certainty
from mcp_tools.types.facts import Role

_MARKS = {Certainty.EXACT: "", Certainty.INFERRED: "~", Certainty.TEXTUAL: "?"}
_FIRST_LINE_CHARS = 50


def mark_of(certainty: Certainty) -> str:
    """Give the mark for how sure a result is; none if it is exact."""
    return _MARKS[certainty]


def legend(certainties: Iterable[Certainty]) -> tuple[str, ...]:
    """Explain the marks, if any stand in the answer."""
    found = frozenset(certainties)
    texts = {Certainty.INFERRED: "~ inferred", Certainty.TEXTUAL: "? only the name is the same"}
    used = [text for certainty, text in texts.items() if certainty in found]
    return (f"({', '.join(used)})",) if used else ()


def place_text(site: Site) -> str:
    """Give `line:column` of a place, from 1, and its mark."""
    return f"{site.place.line + 1}:{site.place.column + 1}{mark_of(site.certainty)}"


def site_entries(sites: Sequence[Site], texts: Texts) -> list[Entry[SiteData]]:
    """Give an entry for each place, with its line."""
    return [_entry(site, texts) for site in sites]


def _entry(site: Site, texts: Texts) -> Entry[SiteData]:
    def data(detail: Detail) -> SiteData:
        has_line = detail in {Detail.FULL, Detail.FIRST_LINES}
        return site_data(site, texts.snippet(site) if has_line else None)

    return Entry(
        file=site.file,
        place=place_text(site),
        within=site.enclosing,
        full=lambda: _said(site, texts),
        first_line=lambda: _said(site, texts)[:_FIRST_LINE_CHARS],
        data=data,
    )


def _said(site: Site, texts: Texts) -> str:
    """Give the line; that of an import says nothing new."""
    return "import" if site.role is Role.IMPORT else texts.snippet(site)
