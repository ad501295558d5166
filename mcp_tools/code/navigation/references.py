"""Where something is named, all over the workspace."""

from mcp_tools.code.navigation.occurrences import occurrences_of
from mcp_tools.code.navigation.results import References, Site
from mcp_tools.code.navigation.sites import site_of
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Certainty, Target
from mcp_tools.types.codebase import CodebaseView


def references(
    codebase: CodebaseView, target: Target, *, include_declarations: bool = True
) -> References:
    """Find all places that name a target: uses, imports, keyword arguments, `__all__`.

    Names that an import gives it with `as` are followed. A method of a base class and its
    overrides are different targets, each with places of its own.
    """
    resolver = Resolver(codebase)
    left_out = set[tuple[str, int]]()
    if not include_declarations:
        left_out = {(each.file, each.term) for each in resolver.declarations(target)}
    sites: list[Site] = []
    textual: list[Site] = []
    for found in occurrences_of(codebase, resolver, target):
        if (found.view.file, found.term) not in left_out:
            kept = textual if found.certainty == Certainty.TEXTUAL else sites
            kept.append(site_of(found.view, found.term, found.certainty))
    return References(
        target=target,
        sites=tuple(sorted(sites, key=_order)),
        textual=tuple(sorted(textual, key=_order)),
        state=codebase.state(),
    )


def target_at(codebase: CodebaseView, file: str, offset: int) -> Target | None:
    """Give what the name at an offset means; None if no name is there, or it is not known."""
    resolver = Resolver(codebase)
    term = resolver.term_at(file, offset)
    if term is None:
        return None
    targets = resolver.resolve(file, term).targets
    return targets[0] if targets else None


def _order(site: Site) -> tuple[str, int]:
    return site.file, site.span.start
