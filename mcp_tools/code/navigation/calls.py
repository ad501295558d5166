"""Who calls something, and what it calls.

The caller is the innermost named function around a call, or the module; a lambda, a comprehension
and the body of a class belong to what is around them. Calling a class is calling its `__init__`,
wherever in its bases that stands; a class without one in source is called itself.
Both directions are found apart from each other: incoming calls by names, like references.
"""

from collections.abc import Iterator

from mcp_tools.code.navigation.call_sites import (
    CallReader,
    callers_view,
    is_outside,
)
from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.flows import calls_of_own_class, flowing_calls
from mcp_tools.code.navigation.items import declared_item, module_item, symbol_item
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.occurrences import (
    Occurrence,
    all_subclasses,
    occurrences_of,
    owner_of,
)
from mcp_tools.code.navigation.results import Call, Calls, Item, Site
from mcp_tools.code.navigation.sites import site_of, surest
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Certainty, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE, Role

_CALL_ROLES = frozenset({Role.CALL, Role.DECORATOR})
_PROPERTY_ROLES = frozenset({Role.CALL, Role.READ, Role.WRITE})


def incoming(codebase: CodebaseView, target: Target, *, with_overrides: bool = True) -> Calls:
    """Find the calls of a function, method, property or class, grouped by caller.

    With overrides, a call of a method that the target overrides counts, INFERRED, unless the
    receiver is known to be of just the class that it is known as.
    Values that flow to a call under another name are followed within the file where the function
    is named as a value, and into the functions that it is passed to.
    """
    item = item_of(codebase, target)
    reader = CallReader(codebase, with_overrides=with_overrides)
    sites: dict[tuple[str, int], dict[int, Site]] = {}
    n_unresolved = 0
    for found in _called_at(codebase, reader, target, with_overrides=with_overrides):
        if found.certainty == Certainty.TEXTUAL:
            n_unresolved += 1
            continue
        caller = found.view.caller(found.view.facts.starts[found.term])
        group = sites.setdefault((found.view.file, caller), {})
        old = group.get(found.term)
        if old is None or surest(old.certainty, found.certainty) != old.certainty:
            group[found.term] = site_of(found.view, found.term, found.certainty)
    calls = [
        _call(_caller_item(codebase, reader.resolver, *caller), list(group.values()))
        for caller, group in sites.items()
    ]
    return _calls(codebase, item, calls, n_unresolved)


def outgoing(codebase: CodebaseView, target: Target, *, with_overrides: bool = True) -> Calls:
    """Find what a function, method, property or module calls, grouped by callee.

    A class stands for its `__init__`. With overrides, a call of a method also leads to those
    below that override it, INFERRED, unless the receiver is known to be of just that class.
    """
    item = item_of(codebase, target)
    reader = CallReader(codebase, with_overrides=with_overrides)
    sites: dict[Target, dict[int, Site]] = {}
    n_unresolved = 0
    for view, symbol in _bodies(codebase, reader.resolver, target):
        for found in reader.calls_by(view, symbol):
            n_unresolved += not found.callees
            for callee, certainty in found.callees:
                site = site_of(view, found.term, certainty)
                sites.setdefault(callee, {})[found.term] = site
    calls = [
        _call(callee_item, list(group.values()))
        for callee, group in sites.items()
        if (callee_item := _item(codebase, reader.resolver, callee)) is not None
    ]
    return _calls(codebase, item, calls, n_unresolved)


def _called_at(
    codebase: CodebaseView, reader: CallReader, target: Target, *, with_overrides: bool
) -> Iterator[Occurrence]:
    resolver = reader.resolver
    roles = _PROPERTY_ROLES if reader.is_property(target) else _CALL_ROLES | {Role.READ}
    values: list[Occurrence] = []
    for found in occurrences_of(codebase, resolver, target, roles):
        if roles is _PROPERTY_ROLES or found.view.facts.roles[found.term] in _CALL_ROLES:
            yield reader.dispatched(found, target)
        elif found.certainty != Certainty.TEXTUAL:
            values.append(found)
    classes = list(_constructed(codebase, resolver, target))
    for cls in classes:
        for found in occurrences_of(codebase, resolver, cls, _CALL_ROLES):
            if found.certainty != Certainty.TEXTUAL:
                yield found
    if with_overrides and reader.is_method(target):
        yield from _called_through_bases(codebase, reader, target)
    plain = CallReader(codebase, with_overrides=False)
    yield from flowing_calls(codebase, plain, target, values)
    yield from calls_of_own_class(codebase, reader, target, classes)


def _called_through_bases(
    codebase: CodebaseView, reader: CallReader, target: Target
) -> Iterator[Occurrence]:
    for base in reader.dispatch.overridden(target):
        if is_outside(base.file):
            # Each `append` of a list would else be a call of each class that is a list.
            continue
        roles = _PROPERTY_ROLES if reader.is_property(base) else _CALL_ROLES
        for found in occurrences_of(codebase, reader.resolver, base, roles):
            if found.certainty != Certainty.TEXTUAL and reader.dispatch.may_lead_below(
                found.view, found.term
            ):
                yield Occurrence(found.view, found.term, Certainty.INFERRED)


def _constructed(codebase: CodebaseView, resolver: Resolver, target: Target) -> Iterator[Target]:
    """Give the classes whose call is a call of `target`, if that is an `__init__`."""
    cls = owner_of(codebase, resolver, target) if target.name == "__init__" else None
    if cls is None:
        return
    yield cls
    for below in all_subclasses(resolver, cls):
        if resolver.member(below, "__init__") == target:
            yield below


def _bodies(
    codebase: CodebaseView, resolver: Resolver, target: Target
) -> Iterator[tuple[FileView, int]]:
    """Give where the code of a target is: a file, and the symbol that runs it."""
    if target.scope == MODULE:
        view = callers_view(codebase, target.file)
        if view is not None:
            yield view, NONE
        return
    if resolver.is_class(target):
        made = resolver.member(target, "__init__")
        if made is None:
            return
        target = made
    for declaration in resolver.declarations(target):
        view = callers_view(codebase, declaration.file)
        if view is not None and declaration.symbol != NONE:
            yield view, declaration.symbol


def _caller_item(codebase: CodebaseView, resolver: Resolver, file: str, symbol: int) -> Item:
    view = view_file(codebase, file)
    assert view is not None  # It has just been read.
    if symbol == NONE:
        return module_item(view)
    return symbol_item(view, symbol, resolver.target_of(file, symbol))


def _item(codebase: CodebaseView, resolver: Resolver, target: Target) -> Item | None:
    declarations = resolver.declarations(target)
    view = view_file(codebase, declarations[0].file) if declarations else None
    return declared_item(view, target, declarations[0]) if view else None


def _call(item: Item, sites: list[Site]) -> Call:
    ordered = tuple(sorted(sites, key=lambda site: site.span.start))
    return Call(item=item, sites=ordered, certainty=surest(*(site.certainty for site in sites)))


def _calls(codebase: CodebaseView, item: Item, calls: list[Call], n_unresolved: int) -> Calls:
    ordered = sorted(calls, key=lambda call: (call.item.file, call.item.span.start))
    return Calls(item=item, calls=tuple(ordered), state=codebase.state(), n_unresolved=n_unresolved)
