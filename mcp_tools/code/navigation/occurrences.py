"""The places that name a target, found by name first and by meaning then.

Candidates come from the index: every occurrence of the target's name, and of the names that
imports give it (`from m import x as y`). Each is resolved, and kept if it means the target.
"""

from collections import deque
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass

from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.items import is_parameter, module_name
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Certainty, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import MODULE_SCOPE, NONE, BindingKind, Facts, Op, Role, ScopeKind

_CLASS_METHODS_OF_CALLS = frozenset({"__init__", "__new__"})
_MAX_SUBCLASSES = 200
_MEMBER_OPS = frozenset({Op.ATTRIBUTE, Op.KEYWORD})
_LOCAL_KINDS = frozenset({ScopeKind.FUNCTION, ScopeKind.LAMBDA, ScopeKind.COMPREHENSION})


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where the target is named, or may be: then the certainty is TEXTUAL."""

    view: FileView
    term: int
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """Where a target can be named, and how an unresolved place must look to be one of them."""

    file: str
    """Where it is defined."""
    files: Sequence[str] | None = None
    """None for wherever the name occurs."""
    unresolved: frozenset[Op] = frozenset()
    keyword_files: Sequence[str] = ()
    """Where, besides `files`, the name may be that of an argument."""
    is_member: bool = False
    """It is an attribute of a class, which other files name after a dot or as an argument."""

    def terms(self, facts: Facts, file: str, name: str) -> Sequence[int]:
        """Give the places with a name in a file, without those that need no look elsewhere."""
        found = facts.occurrences(name)
        ops, roles = facts.ops, facts.roles
        if file in self.keyword_files:
            return [term for term in found if roles[term] == Role.KEYWORD]
        if file == self.file:
            return found
        if self.is_member:
            return [term for term in found if ops[term] in _MEMBER_OPS]
        if any(roles[term] == Role.IMPORT for term in found):
            return found
        # Where nothing of that name is imported, a definition is one of its own.
        return [term for term in found if roles[term] != Role.DEFINITION]


def occurrences_of(
    codebase: CodebaseView,
    resolver: Resolver,
    target: Target,
    roles: Collection[Role] | None = None,
    passed_over: Container[str] = (),
) -> Iterator[Occurrence]:
    """Find where a target is named, in no order; declarations and imports are among it.

    With `roles` only occurrences in these roles are given; aliases are followed all the same.
    In the files that are passed over nothing is looked for but aliases of other files.
    """
    reach = _reach_of(codebase, resolver, target)
    name = name_of(target)
    files = (file for file in _files(codebase, name, reach) if file not in passed_over)
    searches = deque((file, name) for file in files)
    seen = set(searches)
    while searches:
        file, name = searches.popleft()
        facts = codebase.facts(file)
        if facts is None:
            continue
        for term in reach.terms(facts, file, name):
            role = facts.roles[term]
            is_wanted = roles is None or role in roles
            if not is_wanted and role != Role.IMPORT:
                continue
            resolution = resolver.resolve(file, term)
            if target in resolution.targets:
                if role == Role.IMPORT:
                    new = set(_aliases(codebase, file, facts, term)) - seen
                    searches.extend(new)
                    seen.update(new)
                if is_wanted:
                    yield from _seen(codebase, file, term, resolution.certainty)
            elif is_wanted and not resolution.targets and facts.ops[term] in reach.unresolved:
                yield from _seen(codebase, file, term, Certainty.TEXTUAL)


def name_of(target: Target) -> str:
    """Give the name by which a target is named; of a module the last part of its own."""
    return target.name or module_name(target.file)


def _files(codebase: CodebaseView, name: str, reach: _Reach) -> Iterator[str]:
    if reach.files is not None:
        yield from reach.files
    else:
        # A definition elsewhere is one of something else; see `terms`.
        using = set(codebase.files_using(name)) | {reach.file}
        yield from (file for file in codebase.files_with(name) if file in using)
    yield from reach.keyword_files


def _seen(
    codebase: CodebaseView, file: str, term: int, certainty: Certainty
) -> Iterator[Occurrence]:
    view = view_file(codebase, file)
    if view is not None:
        yield Occurrence(view, term, certainty)


def _aliases(
    codebase: CodebaseView, file: str, facts: Facts, term: int
) -> Iterator[tuple[str, str]]:
    """Give files and names to search because an import gives the target another name."""
    for row in facts.bindings:
        if row.kind != BindingKind.IMPORT or row.value != term or row.term == term:
            continue
        alias = facts.names[row.name]
        yield file, alias
        if row.scope == MODULE_SCOPE and alias != facts.names[facts.a[term]]:
            yield from ((other, alias) for other in codebase.files_using(alias))


def _reach_of(codebase: CodebaseView, resolver: Resolver, target: Target) -> _Reach:
    file = target.file
    if target.scope == MODULE:
        return _Reach(file=file, unresolved=frozenset({Op.MODULE, Op.IMPORTED}))
    view = view_file(codebase, file)
    if view is None:
        return _Reach(file=file, files=())
    kind = view.facts.scopes[target.scope].kind
    if kind == ScopeKind.CLASS:
        return _Reach(file=file, unresolved=frozenset({Op.ATTRIBUTE}), is_member=True)
    if kind == ScopeKind.MODULE:
        return _Reach(file=file, unresolved=frozenset({Op.NAME, Op.ATTRIBUTE, Op.IMPORTED}))
    if kind not in _LOCAL_KINDS or not is_parameter(view, target):
        return _Reach(file=file, files=(file,))
    return _Reach(
        file=file,
        files=(file,),
        unresolved=frozenset({Op.KEYWORD}),
        keyword_files=_keyword_files(codebase, resolver, view, target),
    )


def _keyword_files(
    codebase: CodebaseView, resolver: Resolver, view: FileView, target: Target
) -> list[str]:
    """Give the other files that may pass an argument by the name of a parameter."""
    function = view.facts.scopes[target.scope].symbol
    if function == NONE:
        return []
    name = view.symbol_name(function)
    parent = view.facts.symbols[function].parent
    names = {name}
    if name in _CLASS_METHODS_OF_CALLS and parent != NONE:
        owner = resolver.target_of(view.file, parent)
        names |= {cls.name for cls in all_subclasses(resolver, owner)} | {owner.name}
    callers = {file for each in names for file in codebase.files_with(each)}
    return [file for file in codebase.files_with(target.name) if file in callers - {view.file}]


def all_subclasses(
    resolver: Resolver, cls: Target, limit: int = _MAX_SUBCLASSES
) -> tuple[Target, ...]:
    """Give the classes below a class on all levels, nearest first; at most `limit`."""
    found: dict[Target, None] = {}
    queue = deque([cls])
    while queue and len(found) < limit:
        for below in resolver.subclasses(queue.popleft()):
            if below not in found and below != cls:
                found[below] = None
                queue.append(below)
    return tuple(found)[:limit]


def owner_of(codebase: CodebaseView, resolver: Resolver, target: Target) -> Target | None:
    """Give the class that a method or an attribute belongs to; None if it belongs to none."""
    facts = codebase.facts(target.file) if target.scope > MODULE_SCOPE else None
    if facts is None:
        return None
    scope = facts.scopes[target.scope]
    if scope.kind != ScopeKind.CLASS or scope.symbol == NONE:
        return None
    return resolver.target_of(target.file, scope.symbol)
