"""The uses of a definition that goes to another module."""

import re
from dataclasses import dataclass

from mcp_tools.code.navigation.results import Site
from mcp_tools.code.refactoring.adding_imports import add_imports
from mcp_tools.code.refactoring.blocks import Block
from mcp_tools.code.refactoring.cutting import is_within
from mcp_tools.code.refactoring.draft import Draft
from mcp_tools.code.refactoring.import_statements import (
    ImportStatement,
    imports_of,
    name_at,
    redirect_name,
    remove_name,
    statement_at,
)
from mcp_tools.code.refactoring.module_names import ModuleNames
from mcp_tools.code.refactoring.scope_table import ScopeTable
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.facts import Facts, Op, Role
from mcp_tools.types.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What goes where."""

    draft: Draft
    target: Target
    new_file: str
    names: ModuleNames


class MovedUses:
    """Fixes the uses file by file."""

    def __init__(self, moving: Moving, blocks: list[Block], *, keeps_reexport: bool) -> None:
        """Know what moves; `blocks` are its lines in the old file."""
        self._moving = moving
        self._draft = moving.draft
        self._name = moving.target.name
        self._blocks = {moving.target.file: blocks}
        self._keeps_reexport = keeps_reexport
        self._own_exports: list[Site] = []
        self._is_used_at_home = False
        self.importers: set[str] = set()
        """Files that import the new module and may not have done so before."""

    @property
    def old_imports_new(self) -> bool:
        """Whether the old module imports the name from the new one."""
        return self._is_used_at_home or self._keeps_reexport

    def fix(self, file: str, sites: list[Site]) -> None:
        """Let the uses in one file find the definition in its new place.

        Raises: InvalidEdit if a file whose imports change has a syntax error.
        """
        if file == self._moving.target.file:
            self._fix_old(sites)
            return
        statements = imports_of(self._draft.document(file))
        table = ScopeTable(self._draft.facts(file))
        needs_import = False
        for site in sites:
            op = table.facts.ops[site.term]
            if op == Op.IMPORTED:
                self._fix_import(file, statements, site)
            elif op == Op.ATTRIBUTE:
                self._fix_attribute(file, statements, table, site)
            elif op == Op.NAME and site.role is not Role.EXPORT and self._shows_name(file, site):
                scope = table.scope_of(table.facts.b[site.term], self._name)
                needs_import = needs_import or scope is None
        if needs_import and file != self._moving.new_file:
            # It came by a star import.
            self._import(file, statements)

    def finish(self) -> None:
        """Do what the old module needs once all uses are known."""
        old = self._moving.target.file
        if self._is_used_at_home:
            self._import(old, imports_of(self._draft.document(old)))
        elif self._keeps_reexport:
            module = self._module(old, imports_of(self._draft.document(old)))
            add_imports(self._draft, old, [f"from {module} import {self._name} as {self._name}"])
            self.importers.add(old)
        else:
            for site in self._own_exports:
                _remove_export(self._draft, old, site)

    def _fix_old(self, sites: list[Site]) -> None:
        for site in sites:
            if is_within(site.file, site.span.start, self._blocks):
                continue
            if site.role is Role.EXPORT:
                self._own_exports.append(site)
            else:
                self._is_used_at_home = True

    def _fix_import(self, file: str, statements: tuple[ImportStatement, ...], site: Site) -> None:
        statement = statement_at(statements, site.span.start)
        name = name_at(statement, site.span.start) if statement else None
        if statement is None or name is None or statement.module is None:
            return
        if self._moving.names.file(statement.module, file) != self._moving.target.file:
            # It comes by way of another module, whose own import is fixed.
            return
        if file != self._moving.new_file:
            is_relative = statement.module.startswith(".")
            module = self._moving.names.as_seen(
                self._moving.new_file, file, is_relative=is_relative
            )
            redirect_name(self._draft, file, statement, name, module)
            self.importers.add(file)
            return
        remove_name(self._draft, file, statement, name)
        if name.alias and name.alias != name.name:
            why = f"{name.alias!r} was imported here and is now {self._name!r}"
            self._draft.leave(file, site.span.start, why)

    def _fix_attribute(
        self, file: str, statements: tuple[ImportStatement, ...], table: ScopeTable, site: Site
    ) -> None:
        facts = table.facts
        base = facts.b[site.term]
        old_module = Target(self._moving.target.file, MODULE, "")
        if old_module not in Resolver(self._draft.codebase).resolve(file, base).targets:
            return
        root = _root(facts, base)
        text = self._draft.text(file)
        if root is None:
            self._draft.leave(file, site.span.start, "the module is not named plainly here")
            return
        span = Span(facts.starts[root], site.span.end)
        if not re.fullmatch(r"[\w.]+", text[span.start : span.end]):
            self._draft.leave(file, site.span.start, "the module is not named plainly here")
        elif file == self._moving.new_file:
            self._draft.replace(file, span, self._name)
        else:
            accessor = self._accessor(file, statements, table)
            self._draft.replace(file, span, f"{accessor}.{self._name}")

    def _accessor(
        self, file: str, statements: tuple[ImportStatement, ...], table: ScopeTable
    ) -> str:
        """Give the name of the new module in a file, where it is imported if need be."""
        names, new_file = self._moving.names, self._moving.new_file
        for statement in statements:
            for name in statement.names:
                if statement.indent or statement.is_guarded:
                    continue
                if _imports_module(names, statement, name.name, file) == new_file:
                    return name.alias or name.name
        parent, _, last = names.absolute(new_file).rpartition(".")
        local = last
        while local in table.facts.names:
            local += "_"
        alias = "" if local == last else f" as {local}"
        line = f"from {parent} import {last}{alias}" if parent else f"import {last}{alias}"
        add_imports(self._draft, file, [line])
        self.importers.add(file)
        return local

    def _import(self, file: str, statements: tuple[ImportStatement, ...]) -> None:
        line = f"from {self._module(file, statements)} import {self._name}"
        add_imports(self._draft, file, [line])
        self.importers.add(file)

    def _module(self, file: str, statements: tuple[ImportStatement, ...]) -> str:
        is_relative = any((each.module or "").startswith(".") for each in statements)
        return self._moving.names.as_seen(self._moving.new_file, file, is_relative=is_relative)

    def _shows_name(self, file: str, site: Site) -> bool:
        return self._draft.text(file)[site.span.start : site.span.end] == self._name


def _imports_module(
    names: ModuleNames, statement: ImportStatement, name: str, file: str
) -> str | None:
    """Give the file of the module that a statement imports by a name, if it is one."""
    if statement.module is None:
        return names.file(name, file)
    joint = "" if statement.module.endswith(".") else "."
    return names.file(f"{statement.module}{joint}{name}", file)


def _root(facts: Facts, term: int) -> int | None:
    """Give the bare name at the front of `a.b.c`; None if another expression is there."""
    while facts.ops[term] == Op.ATTRIBUTE:
        term = facts.b[term]
    return term if facts.ops[term] == Op.NAME else None


def _remove_export(draft: Draft, file: str, site: Site) -> None:
    """Take a name out of `__all__`, with its quotes, its comma and an empty line."""
    text, lines = draft.text(file), draft.document(file).lines
    start, end = site.span.start - 1, site.span.end + 1
    comma = re.compile(r"\s*,[ \t]*").match(text, end)
    if comma:
        end = comma.end()
    else:
        before = re.search(r",\s*$", text[:start])
        start = before.start() if before else start
    line = lines.line_span(lines.place(start).line, with_end=True)
    if comma and not text[line.start : start].strip() and not text[end : line.end].strip():
        start, end = line.start, line.end
    draft.replace(file, Span(start, end), "")
