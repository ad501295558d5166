"""A definition taken to another module, with every use of it."""

import re
from dataclasses import dataclass

from mcp_tools.code.navigation.references import references
from mcp_tools.code.navigation.results import Site
from mcp_tools.code.refactoring.adding_imports import (
    FUTURE,
    add_imports,
    block_of_imports,
    has_future,
)
from mcp_tools.code.refactoring.blocks import Block
from mcp_tools.code.refactoring.cutting import blocks_of, cut, is_within
from mcp_tools.code.refactoring.draft import Draft, is_outside
from mcp_tools.code.refactoring.import_cycles import imports_lead
from mcp_tools.code.refactoring.mentions import MentionKind, mentions
from mcp_tools.code.refactoring.module_names import ModuleNames
from mcp_tools.code.refactoring.moved_uses import MovedUses, Moving
from mcp_tools.code.refactoring.needs import Needs, needs_of
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.code.refactoring.scope_table import ScopeTable
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import MODULE_SCOPE, BindingKind
from mcp_tools.types.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOptions:
    """What stays in the old module."""

    keep_reexport: bool = False
    """The old module imports the name, so that code elsewhere still finds it there."""


def move_symbol(
    codebase: CodebaseView, target: Target, new_file: str, options: MoveOptions | None = None
) -> Refactoring:
    """Take a function, class or variable at the top of a module to another module.

    Decorators and the comments directly above go along, as do the imports that it needs; names
    of its old module are imported from there. Imports of it, uses as an attribute of the old
    module and `__all__` are fixed everywhere. `new_file` may be new. An import that would be
    circular is told in the notes.
    Raises: InvalidEdit if it is not at the top of a module, if its name or one that it needs is
        another thing in the new module, or if one of the files has a syntax error.
    """
    names = ModuleNames(codebase, (new_file,))
    draft = Draft(codebase)
    blocks = _checked_blocks(draft, target, new_file, names)
    needs = needs_of(draft, target, blocks, new_file, names)
    sites = _sites(codebase, draft, target)
    moving = Moving(draft=draft, target=target, new_file=new_file, names=names)
    uses = MovedUses(moving, blocks, keeps_reexport=(options or MoveOptions()).keep_reexport)
    for file in sorted(sites):
        if not is_outside(file):
            uses.fix(file, sites[file])
    uses.finish()
    cut(draft, {target.file: blocks})
    _paste(moving, blocks, needs, sites.get(new_file, []))
    _note_cycles(moving, needs, uses)
    _note_unused_imports(draft, target, blocks)
    _leave_mentions(draft, target, sites, blocks)
    return draft.finish(f"Move {target.name} to {new_file}")


def _checked_blocks(draft: Draft, target: Target, new_file: str, names: ModuleNames) -> list[Block]:
    if new_file == target.file:
        raise InvalidEdit(f"{target.name!r} is in {new_file!r} already; give another file")
    if not new_file.endswith((".py", ".pyi")) or is_outside(new_file):
        raise InvalidEdit(f"expected a Python file within the workspace, got {new_file!r}")
    for file in (new_file, target.file):
        names.absolute(file)
    if target.scope != MODULE_SCOPE:
        raise InvalidEdit(
            f"{target.name!r} is not at the top of its module; only what is can be moved"
        )
    by_file = blocks_of(draft, target)
    blocks = by_file.get(target.file, [])
    if any(block.indent for block in blocks):
        raise InvalidEdit(f"{target.name!r} stands within an `if` or `try`; move it by hand")
    _check_name(draft, target, new_file)
    return blocks


def _check_name(draft: Draft, target: Target, new_file: str) -> None:
    facts = draft.codebase.facts(new_file)
    if facts is None:
        return
    for binding in ScopeTable(facts).bindings(MODULE_SCOPE, target.name):
        if binding.kind is not BindingKind.IMPORT:
            line = draft.document(new_file).lines.place(facts.starts[binding.term]).line + 1
            raise InvalidEdit(f"{new_file!r} has {target.name!r} already, in line {line}")


def _sites(codebase: CodebaseView, draft: Draft, target: Target) -> dict[str, list[Site]]:
    answer = references(codebase, target)
    draft.note_state(answer.state)
    for site in answer.textual:
        if not is_outside(site.file):
            draft.leave(site.file, site.span.start, "what the name means here is not known")
    found: dict[str, list[Site]] = {}
    for site in answer.sites:
        found.setdefault(site.file, []).append(site)
    return found


def _paste(moving: Moving, blocks: list[Block], needs: Needs, sites: list[Site]) -> None:
    """Put the definition into its new file, which is made if need be."""
    draft, file = moving.draft, moving.new_file
    old = draft.document(moving.target.file)
    parts = [old.text[block.span.start : block.span.end] for block in blocks]
    text = re.sub(r"\r\n?", "\n", "\n\n\n".join(parts))
    future = [FUTURE] if has_future(old) else []
    if draft.codebase.digest(file) is None:
        head = block_of_imports(needs.plain, needs.guarded, has_guard=False)
        pieces = [*future, *([head] if head else [])]
        draft.create(
            file, "".join([*("\n\n".join(pieces),), "\n\n\n" if pieces else "", text, "\n"])
        )
        return
    add_imports(draft, file, [*future, *needs.plain], needs.guarded)
    document = draft.document(file)
    place = _place_for(moving, sites)
    if place is None:
        end = len(document.text.rstrip())
        gap = "\n\n\n" if end else ""
        draft.replace(file, Span(end, len(document.text)), f"{gap}{text}\n")
    else:
        draft.replace(file, Span(place, place), f"{text}\n\n\n")


def _place_for(moving: Moving, sites: list[Site]) -> int | None:
    """Give the line start of the first statement that uses the definition when it is imported."""
    facts = moving.draft.codebase.facts(moving.new_file)
    lines = moving.draft.document(moving.new_file).lines
    starts: list[int] = []
    for site in sites:
        is_import = facts is not None and ScopeTable(facts).import_of(site.term) is not None
        symbol = None
        if facts is not None and site.enclosing_symbol >= 0:
            symbol = facts.symbols[site.enclosing_symbol]
            while symbol.parent >= 0:
                symbol = facts.symbols[symbol.parent]
        is_late = symbol is not None and symbol.header_end <= site.span.start
        if not is_import and not (is_late and symbol is not None and symbol.kind != "class"):
            start = symbol.start if symbol is not None else site.span.start
            line = lines.place(start).line
            while line > 0 and lines.line_text(line)[:1] in (" ", "\t", ")", "]", "}"):
                line -= 1
            starts.append(lines.line_span(line).start)
    return min(starts, default=None)


def _note_cycles(moving: Moving, needs: Needs, uses: MovedUses) -> None:
    draft, old_file, new_file = moving.draft, moving.target.file, moving.new_file
    if needs.from_old and uses.old_imports_new:
        listed = ", ".join(needs.from_old)
        draft.note(
            f"{old_file} and {new_file} now import each other: the moved code needs {listed}, "
            f"and the old module uses {moving.target.name}; move these as well, or import late"
        )
        return
    for file in sorted(uses.importers):
        if imports_lead(draft.codebase, new_file, file):
            draft.note(f"{file} imports {new_file}, which imports it: a circular import")
    if needs.from_old and imports_lead(draft.codebase, old_file, new_file):
        draft.note(f"{new_file} imports {old_file}, which imports it: a circular import")


def _note_unused_imports(draft: Draft, target: Target, blocks: list[Block]) -> None:
    """Tell of imports that only the moved code used; other files may want them from here."""
    facts = draft.facts(target.file)
    table = ScopeTable(facts)
    moved = {term for block in blocks for term in table.names(block.span.start, block.span.end)}
    unused: set[str] = set()
    for term in moved:
        name = facts.names[facts.a[term]]
        bindings = table.bindings(MODULE_SCOPE, name)
        is_imported = bool(bindings) and all(b.kind is BindingKind.IMPORT for b in bindings)
        own = {each for b in bindings for each in (b.term, b.value)}
        if is_imported and not set(facts.occurrences(name)) - moved - own:
            unused.add(name)
    if unused and not target.file.endswith("__init__.py"):
        listed = ", ".join(sorted(unused))
        draft.note(f"{target.file} imports these names and no longer uses them: {listed}")


def _leave_mentions(
    draft: Draft, target: Target, sites: dict[str, list[Site]], blocks: list[Block]
) -> None:
    for file in sorted(sites):
        facts = draft.codebase.facts(file)
        if facts is None or is_outside(file):
            continue
        for mention in mentions(draft.document(file), facts, target.name):
            is_own = is_within(file, mention.span.start, {target.file: blocks})
            if mention.kind is MentionKind.STRING and not is_own:
                draft.leave(file, mention.span.start, "the word stands in a string")
