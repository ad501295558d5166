"""Where a symbol is defined, and what implements it, as answers."""

from collections.abc import Sequence

from mcp_tools.code.answers.data import ItemData
from mcp_tools.code.answers.freshness import index_notes
from mcp_tools.code.answers.items import item_entry, placed
from mcp_tools.code.answers.listing import Listing
from mcp_tools.code.answers.naming import OpenView
from mcp_tools.code.answers.sites import legend
from mcp_tools.code.answers.subject import SymbolInput, offset_of, subject_of
from mcp_tools.code.answers.wording import counted
from mcp_tools.code.navigation.definition import definition
from mcp_tools.code.navigation.file_view import view_file
from mcp_tools.code.navigation.implementations import implementations
from mcp_tools.code.navigation.items import declared_item
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.results import Item
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import NotFound


def find_definitions(open_view: OpenView, arguments: SymbolInput) -> Listing[ItemData]:
    """Find where the symbol that is meant is defined.

    Raises: NotFound if nothing is known of it; InvalidEdit, StaleEdit, OutsideWorkspace.
    """
    codebase = open_view()
    place = offset_of(codebase, arguments)
    if place is None:
        found = declared(codebase, subject_of(open_view, arguments))
        return _listing(codebase, f"{counted(len(found), 'definition')}", found)
    answer = definition(codebase, *place)
    if not answer.items:
        raise NotFound(
            f"the definition of what stands at {place[0]}:{arguments.line} is not known; "
            "search its name with find_symbol or grep"
        )
    head = f"{counted(len(answer.items), 'definition')}"
    return _listing(codebase, head, answer.items, legend([answer.certainty]))


def find_implementations(codebase: CodebaseView, target: Target) -> Listing[ItemData]:
    """Find the subclasses of a class, or the overrides of a method.

    Raises: StaleEdit.
    """
    found = implementations(codebase, target)
    number = counted(len(found.items), "implementation") if found.items else "no implementation"
    return _listing(codebase, f"{placed(item_of(codebase, target))}: {number}", found.items)


def declared(codebase: CodebaseView, target: Target) -> tuple[Item, ...]:
    """Give all definitions of a symbol, the main one first."""
    found: list[Item] = []
    for declaration in Resolver(codebase).declarations(target):
        view = view_file(codebase, declaration.file)
        if view is not None:
            found.append(declared_item(view, target, declaration))
    return tuple(found)


def _listing(
    codebase: CodebaseView, head: str, items: Sequence[Item], notes: Sequence[str] = ()
) -> Listing[ItemData]:
    return Listing(
        head=head,
        entries=[item_entry(codebase, item) for item in items],
        notes=(*notes, *index_notes(codebase.state())),
        stamps=[codebase.digest(item.file) or "" for item in items],
    )
