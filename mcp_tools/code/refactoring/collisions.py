"""Where a new name would meet another one that is bound or read already."""

from dataclasses import dataclass

from mcp_tools.code.refactoring.families import class_of
from mcp_tools.code.refactoring.scope_table import ScopeTable
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import UNKNOWN_TERM, Facts, Op


@dataclass(frozen=True, slots=True, order=True)
class Collision:
    """A place that stands against a new name."""

    file: str
    offset: int
    why: str


def collisions_of_names(
    table: ScopeTable, file: str, uses: dict[int, set[int]], new_name: str
) -> list[Collision]:
    """Give what stands against a new name for bare names in one file.

    `uses` has, for each scope that binds the old name, the scopes where it is read or bound.
    """
    found: list[Collision] = []
    for home, readers in uses.items():
        for scope in _between(table, home, readers):
            found += [
                Collision(file, table.facts.starts[binding.term], f"{new_name!r} is bound here")
                for binding in table.bindings(scope, new_name)
                if binding.term != UNKNOWN_TERM
            ]
        found += _captured(table, file, home, new_name)
    return found


def collisions_of_members(
    codebase: CodebaseView, family: tuple[Target, ...], new_name: str
) -> list[Collision]:
    """Give the members of the family's classes, and of classes below, that have the new name."""
    resolver = Resolver(codebase)
    classes: set[Target] = set()
    waiting = [cls for member in family if (cls := class_of(codebase, member))]
    found: set[Collision] = set()
    while waiting:
        cls = waiting.pop()
        if cls in classes:
            continue
        classes.add(cls)
        other = resolver.member(cls, new_name)
        if other is not None:
            found.add(_declared(codebase, resolver, cls, other))
        waiting += resolver.subclasses(cls)
    return sorted(found)


def _declared(codebase: CodebaseView, resolver: Resolver, cls: Target, other: Target) -> Collision:
    declarations = resolver.declarations(other)
    facts = codebase.facts(other.file)
    offset = facts.starts[declarations[0].term] if declarations and facts else 0
    return Collision(other.file, offset, f"{cls.name!r} has a member {other.name!r}")


def _between(table: ScopeTable, home: int, readers: set[int]) -> set[int]:
    """Give the scopes where a binding of the new name would be seen before, or at, `home`."""
    found = {home}
    for reader in readers:
        for scope in table.visible(reader):
            if scope == home:
                break
            found.add(scope)
    return found


def _captured(table: ScopeTable, file: str, home: int, new_name: str) -> list[Collision]:
    """Give where the new name is read now, and would mean what is renamed."""
    facts: Facts = table.facts
    found: list[Collision] = []
    for term in facts.occurrences(new_name):
        if facts.ops[term] != Op.NAME:
            continue
        for scope in table.visible(facts.b[term]):
            if table.bindings(scope, new_name):
                break
            if scope == home:
                why = f"{new_name!r} is read here and means something else"
                found.append(Collision(file, facts.starts[term], why))
                break
    return found
