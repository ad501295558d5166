"""What a definition needs from its module, as imports for another one."""

import builtins
from dataclasses import dataclass, field

from mcp_tools.code.refactoring.adding_imports import has_future
from mcp_tools.code.refactoring.blocks import Block
from mcp_tools.code.refactoring.draft import Draft
from mcp_tools.code.refactoring.import_statements import (
    ImportStatement,
    imports_of,
    name_at,
    statement_at,
)
from mcp_tools.code.refactoring.module_names import ModuleNames
from mcp_tools.code.refactoring.scope_table import ScopeTable
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import MODULE_SCOPE, Binding, BindingKind, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Import statements for the new place of a definition."""

    plain: list[str] = field(default_factory=list[str])
    guarded: list[str] = field(default_factory=list[str])
    """Those that stand below `if TYPE_CHECKING` where they come from."""
    from_old: list[str] = field(default_factory=list[str])
    """Names that the old module itself defines; their imports are in `plain`."""


def needs_of(
    draft: Draft, target: Target, blocks: list[Block], new_file: str, names: ModuleNames
) -> Needs:
    """Give what the blocks of a definition need where they go.

    What the new file binds to the same already is left out.
    Raises: InvalidEdit if the new file has another thing by such a name, or if the definition
        binds a global variable of its module.
    """
    table = ScopeTable(draft.facts(target.file))
    statements = imports_of(draft.document(target.file))
    needs = Needs()
    is_lazy = has_future(draft.document(target.file))
    read = _global_names(table, blocks)
    for name, term in sorted(read.items()):
        bindings = table.bindings(MODULE_SCOPE, name)
        if name == target.name:
            continue
        if not bindings:
            _note_unknown(draft, table, name)
        elif not _is_bound_alike(draft, target.file, term, name, new_file):
            where = (target.file, new_file, names)
            if is_lazy and _is_in_annotations(table, blocks, name):
                within = Needs()
                _add(within, table, statements, bindings, where)
                _add_guarded(needs, within)
            else:
                _add(needs, table, statements, bindings, where)
    return needs


def _global_names(table: ScopeTable, blocks: list[Block]) -> dict[str, int]:
    """Give the names that blocks read from their module, or from builtins, with a place of each."""
    facts, found = table.facts, dict[str, int]()
    for block in blocks:
        for term in table.names(block.span.start, block.span.end):
            name = facts.names[facts.a[term]]
            if table.scope_of(facts.b[term], name) not in (None, MODULE_SCOPE):
                continue
            if facts.roles[term] == Role.DECLARE:
                raise InvalidEdit(
                    f"the definition binds the global variable {name!r} of its module, so it "
                    "cannot go to another one"
                )
            found.setdefault(name, term)
    return found


def _is_in_annotations(table: ScopeTable, blocks: list[Block], name: str) -> bool:
    """Tell whether blocks name something in annotations alone."""
    facts = table.facts
    terms = [term for block in blocks for term in table.names(block.span.start, block.span.end)]
    return all(
        facts.roles[term] == Role.ANNOTATION for term in terms if facts.names[facts.a[term]] == name
    )


def _add_guarded(needs: Needs, within: Needs) -> None:
    """Import what the old module defines for annotations only where these are read."""
    if within.from_old:
        needs.guarded.extend(within.plain)
    else:
        needs.plain.extend(within.plain)
    needs.guarded.extend(within.guarded)


def _note_unknown(draft: Draft, table: ScopeTable, name: str) -> None:
    stars = [b for b in table.facts.bindings if b.kind is BindingKind.STAR_IMPORT]
    if stars and not hasattr(builtins, name):
        draft.note(f"{name!r} may come from a star import, which was not copied; look at it")


def _is_bound_alike(draft: Draft, file: str, term: int, name: str, new_file: str) -> bool:
    """Tell whether a name means the same at the top of the new file.

    Raises: InvalidEdit if it means something else there.
    """
    facts = draft.codebase.facts(new_file)
    if facts is None:
        return False
    there = ScopeTable(facts).bindings(MODULE_SCOPE, name)
    if not there:
        return False
    resolver = Resolver(draft.codebase)
    wanted = resolver.resolve(file, term).targets
    found = {t for b in there for t in resolver.resolve(new_file, b.term or b.value).targets}
    if wanted and found and not set(wanted) & found:
        line = draft.document(new_file).lines.place(facts.starts[there[0].term]).line + 1
        raise InvalidEdit(
            f"the definition needs {name!r}, which is another thing in {new_file!r} line {line}; "
            "rename one of them first"
        )
    return True


def _add(
    needs: Needs,
    table: ScopeTable,
    statements: tuple[ImportStatement, ...],
    bindings: tuple[Binding, ...],
    where: tuple[str, str, ModuleNames],
) -> None:
    file, new_file, names = where
    name = table.facts.names[bindings[0].name]
    if any(binding.kind is not BindingKind.IMPORT for binding in bindings):
        module = names.as_seen(file, new_file, is_relative=_is_relative(statements))
        needs.plain.append(f"from {module} import {name}")
        needs.from_old.append(name)
        return
    for binding in bindings:
        offset = table.facts.starts[binding.value]
        statement = statement_at(statements, offset)
        imported = name_at(statement, offset) if statement else None
        if statement is None or imported is None:
            continue
        if statement.module is None:
            line = f"import {imported.source}"
        else:
            module = names.adapted(statement.module, file, new_file)
            if names.file(statement.module, file) == new_file:
                continue
            line = f"from {module} import {imported.source}"
        (needs.guarded if statement.is_guarded else needs.plain).append(line)


def _is_relative(statements: tuple[ImportStatement, ...]) -> bool:
    return any((statement.module or "").startswith(".") for statement in statements)
