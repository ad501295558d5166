"""The classes of the workspace that inherit from a class directly."""

from mcp_tools.resolution.evaluation import Evaluation
from mcp_tools.resolution.target import Target
from mcp_tools.resolution.values import Class
from mcp_tools.types.facts import NONE, BindingKind, Op, Role, SymbolKind


def direct_subclasses(evaluation: Evaluation, of: Class) -> tuple[Class, ...]:
    """Give the classes with `of` among their bases, sorted by file and place.

    They are looked for in the files that name the class, or an alias that one of these files
    gives it.
    """
    scopes = evaluation.scopes(of.file)
    if scopes is None:
        return ()
    name = scopes.facts.names[scopes.facts.symbols[of.symbol].name]
    found: dict[Class, None] = {}
    for seen in _names_of(evaluation, of, name):
        for file in evaluation.files.codebase.files_with(seen):
            for candidate in _inheriting(evaluation, file, seen):
                if _is_base(evaluation, of, candidate):
                    found[candidate] = None
    return tuple(sorted(found, key=lambda c: (c.file, c.symbol)))


def _names_of(evaluation: Evaluation, of: Class, name: str) -> list[str]:
    """Give the name of a class, and those under which files import or assign it."""
    names: dict[str, None] = {name: None}
    for file in evaluation.files.codebase.files_with(name):
        scopes = evaluation.scopes(file)
        if scopes is None:
            continue
        facts, renamings = scopes.facts, scopes.renamings
        for term in facts.occurrences(name) if renamings else ():
            aliases = renamings.get(term)
            if aliases and any(
                isinstance(v, Class) and (v.file, v.symbol) == (of.file, of.symbol)
                for v in evaluation.values(file, term)
            ):
                names.update((facts.names[alias], None) for alias in aliases)
    return list(names)


def _inheriting(evaluation: Evaluation, file: str, name: str) -> list[Class]:
    """Give the classes of a file in whose bases a name stands."""
    scopes = evaluation.scopes(file)
    if scopes is None:
        return []
    facts = scopes.facts
    starts = [facts.starts[t] for t in facts.occurrences(name) if facts.roles[t] == Role.INHERIT]
    numbers = {scopes.class_headed_at(start) for start in starts}
    return [Class(file, number) for number in sorted(numbers - {NONE})]


def _is_base(evaluation: Evaluation, of: Class, candidate: Class) -> bool:
    direct = evaluation.lineage(candidate).direct
    return any((base.file, base.symbol) == (of.file, of.symbol) for base in direct)


def class_of(evaluation: Evaluation, target: Target) -> Class | None:
    """Give the class that a target defines; None if it defines none."""
    scopes = evaluation.scopes(target.file) if target.scope >= 0 else None
    if scopes is None:
        return None
    for row in scopes.bindings(target.scope, target.name):
        if scopes.facts.ops[row.value] == Op.CLASS and row.kind == BindingKind.DEFINE:
            return Class(target.file, scopes.facts.a[row.value])
    return None


def owner_of(evaluation: Evaluation, target: Target) -> Class | None:
    """Give the class in whose scope a target lies; None if it lies in none."""
    scopes = evaluation.scopes(target.file) if target.scope > 0 else None
    if scopes is None:
        return None
    row = scopes.facts.scopes[target.scope]
    if row.symbol == NONE or scopes.facts.symbols[row.symbol].kind != SymbolKind.CLASS:
        return None
    return Class(target.file, row.symbol)


def target_of_class(evaluation: Evaluation, of: Class) -> Target:
    """Give the target that a class is."""
    scopes = evaluation.scopes(of.file)
    if scopes is None:
        return Target(of.file, 0, "")
    symbol = scopes.facts.symbols[of.symbol]
    return Target(of.file, symbol.scope, scopes.facts.names[symbol.name])
