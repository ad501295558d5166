"""The places that name a target, for who only wants to go there.

They are those of `references`, found with less: nothing is asked about what stands around them,
and of a file that nobody has read yet and that only imports the name, no facts are needed.
"""

from collections.abc import Iterator, Mapping

from mcp_tools.code.navigation.occurrences import name_of, occurrences_of
from mcp_tools.code.navigation.results import Mention
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Certainty, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import MODULE_SCOPE
from mcp_tools.types.glances import Glance
from mcp_tools.types.text import Place


def mentions(
    codebase: CodebaseView, target: Target, *, include_declarations: bool = True
) -> list[Mention]:
    """Give the places that surely name a target, sorted."""
    resolver = Resolver(codebase)
    left_out = set[tuple[str, int]]()
    if not include_declarations:
        left_out = {(each.file, each.term) for each in resolver.declarations(target)}
    glances = _glances(codebase, target)
    found = list(_at_a_glance(resolver, target, glances))
    for each in occurrences_of(codebase, resolver, target, passed_over=glances):
        view, term = each.view, each.term
        if each.certainty != Certainty.TEXTUAL and (view.file, term) not in left_out:
            span = view.name_span(term)
            found.append(Mention(view.file, view.place(span.start), span.end - span.start))
    return sorted(found, key=_order)


def _glances(codebase: CodebaseView, target: Target) -> Mapping[str, Glance]:
    """Give the files that need no more than a glance; only what modules hold is imported."""
    if target.scope not in (MODULE, MODULE_SCOPE):
        return {}
    glances = codebase.glances(name_of(target))
    return {file: glance for file, glance in glances.items() if file != target.file}


def _at_a_glance(
    resolver: Resolver, target: Target, glances: Mapping[str, Glance]
) -> Iterator[Mention]:
    name = name_of(target)
    for file, glance in glances.items():
        if target in resolver.imported(file, glance.module, name):
            for line, column in glance.places:
                yield Mention(file, Place(line, column), len(name))


def _order(mention: Mention) -> tuple[str, int, int]:
    return mention.file, mention.place.line, mention.place.column
