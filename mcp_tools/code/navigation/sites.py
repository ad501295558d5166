"""A place in the text where something is named, as an answer shows it."""

from mcp_tools.code.navigation.file_view import FileView
from mcp_tools.code.navigation.results import Site
from mcp_tools.resolution.target import Certainty
from mcp_tools.types.facts import NONE, Role


def site_of(view: FileView, term: int, certainty: Certainty) -> Site:
    """Make the site of an occurrence."""
    enclosing = view.enclosing(term)
    span = view.name_span(term)
    return Site(
        file=view.file,
        term=term,
        span=span,
        place=view.place(span.start),
        role=Role(view.facts.roles[term]),
        certainty=certainty,
        enclosing="" if enclosing == NONE else view.path(enclosing),
        enclosing_symbol=enclosing,
    )


_ORDER = {Certainty.EXACT: 0, Certainty.INFERRED: 1, Certainty.TEXTUAL: 2}


def surest(*certainties: Certainty) -> Certainty:
    """Give the best of several certainties."""
    return min(certainties, key=_ORDER.__getitem__)
