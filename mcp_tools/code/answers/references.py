"""Where a symbol is used, as an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from mcp_tools.code.answers.data import SiteData
from mcp_tools.code.answers.freshness import index_notes
from mcp_tools.code.answers.items import placed, signed
from mcp_tools.code.answers.listing import Listing
from mcp_tools.code.answers.sites import legend, site_entries
from mcp_tools.code.answers.texts import Texts
from mcp_tools.code.answers.wording import counted, n_files
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.references import references
from mcp_tools.code.navigation.results import Item, References, Site
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencesFound:
    """The places where a symbol is used."""

    item: Item
    found: References
    listing: Listing[SiteData]


def find_references(
    codebase: CodebaseView, target: Target, *, include_textual: bool = False
) -> ReferencesFound:
    """Find the places where a symbol is used; the one where it is defined is not among them.

    Raises: StaleEdit if a file has changed since.
    """
    found = references(codebase, target, include_declarations=False)
    item = signed(codebase, item_of(codebase, target))
    sites = (*found.sites, *found.textual) if include_textual else found.sites
    listing = Listing(
        head=_head(item, found),
        entries=site_entries(sites, Texts(codebase)),
        notes=(*legend(site.certainty for site in sites), *index_notes(found.state)),
        stamps=stamps(codebase, sites),
    )
    return ReferencesFound(item=item, found=found, listing=listing)


def stamps(codebase: CodebaseView, sites: Sequence[Site]) -> list[str]:
    """Give the digests of the files that places lie in."""
    files = sorted({site.file for site in sites})
    return [codebase.digest(file) or "" for file in files]


def _head(item: Item, found: References) -> str:
    n_sites = len(found.sites)
    total = f"{counted(n_sites, 'use')} in {n_files(site.file for site in found.sites)}"
    textual = ""
    if found.textual:
        textual = f", and {len(found.textual)} where only the name is the same (textual=true)"
    return f"{placed(item)}: {total if n_sites else 'no use found'}{textual}"
