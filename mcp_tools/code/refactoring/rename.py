"""Another name for a variable, function, class, parameter, attribute or module, everywhere."""

from collections import defaultdict
from dataclasses import dataclass

from mcp_tools.code.answers.wording import counted
from mcp_tools.code.navigation.references import references
from mcp_tools.code.navigation.results import Site
from mcp_tools.code.refactoring.collisions import (
    Collision,
    collisions_of_members,
    collisions_of_names,
)
from mcp_tools.code.refactoring.draft import Draft, is_outside
from mcp_tools.code.refactoring.families import family_of, unknown_bases
from mcp_tools.code.refactoring.mentions import MentionKind, mentions
from mcp_tools.code.refactoring.module_files import module_name_of, move_module
from mcp_tools.code.refactoring.naming_rules import check_name, is_mangled
from mcp_tools.code.refactoring.parameters import parameter_family
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.code.refactoring.scope_table import ScopeTable
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import MODULE_SCOPE, Binding, BindingKind, Facts, Op, Role
from mcp_tools.types.text import Span

_MAX_SHOWN_PLACES = 10
_SCOPE_STATEMENTS = (BindingKind.GLOBAL, BindingKind.NONLOCAL, BindingKind.DELETE)
_PROSE = (MentionKind.DOCSTRING, MentionKind.COMMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameOptions:
    """What is renamed beyond the names themselves."""

    in_docstrings: bool = False
    """Also the whole word in docstrings and comments of the files that change."""
    where_unsure: bool = False
    """Also where only the name is the same, and what it means could not be found out."""


def rename(
    codebase: CodebaseView, target: Target, new_name: str, options: RenameOptions | None = None
) -> Refactoring:
    """Give a target another name at its declarations and at every reference.

    A member is renamed along with all that it overrides and that overrides it; a parameter with
    those of the same name in these methods; a module with its file, a package with its folder.
    An import with `as` keeps the local name. Places that have the name by chance, or that cannot
    be understood, are listed and left.
    Raises: InvalidEdit if the name cannot be one, is taken where a renamed name would be bound
        or read, or if the target, or what it overrides, lies outside of the workspace.
    """
    check_name(new_name)
    _check_target(codebase, target)
    old_name = module_name_of(target.file) if target.scope == MODULE else target.name
    if new_name == old_name:
        raise InvalidEdit(f"{old_name!r} has this name already; give another one")
    return _Renaming(codebase, target, (old_name, new_name), options or RenameOptions()).run()


class _Renaming:
    """One rename while it is made."""

    def __init__(
        self,
        codebase: CodebaseView,
        target: Target,
        names: tuple[str, str],
        options: RenameOptions,
    ) -> None:
        self.codebase = codebase
        self.target = target
        self.old, self.new = names
        self.options = options
        self.draft = Draft(codebase)
        self.family = parameter_family(codebase, target) or family_of(codebase, target)
        self.homes = {(member.file, member.scope) for member in self.family}
        self.collisions: list[Collision] = []

    def run(self) -> Refactoring:
        sites, textual = self._sites()
        for file in sorted(sites):
            self._rename_in(file, sites[file])
        if self.target.scope == MODULE:
            move_module(self.draft, self.target.file, self.new)
        else:
            self._check_mangling(sites)
            self.collisions += collisions_of_members(self.codebase, self.family, self.new)
        self._refuse_collisions()
        for site in textual:
            self.draft.leave(site.file, site.span.start, "what the name means here is not known")
        for cls in unknown_bases(self.codebase, self.family):
            self.draft.note(
                f"Not all bases of {cls!r} are known; if one of them has {self.old!r} as well, "
                "it is no longer overridden"
            )
        self._mentions(sorted({*sites, *(site.file for site in textual)}))
        return self.draft.finish(f"Rename {self.old} to {self.new}")

    def _sites(self) -> tuple[dict[str, list[Site]], list[Site]]:
        found: defaultdict[str, dict[int, Site]] = defaultdict(dict)
        textual: dict[tuple[str, int], Site] = {}
        for member in self.family:
            answer = references(self.codebase, member)
            self.draft.note_state(answer.state)
            for site in answer.sites:
                found[site.file][site.term] = site
            textual |= {(site.file, site.term): site for site in answer.textual}
        rest = [site for key, site in sorted(textual.items()) if key[1] not in found[key[0]]]
        if self.options.where_unsure and rest:
            self.draft.note(
                "Renamed by the name alone, which may mean something else: "
                f"{counted(len(rest), 'place')}"
            )
            for site in rest:
                found[site.file][site.term] = site
            rest = []
        return {file: list(by_term.values()) for file, by_term in found.items() if by_term}, rest

    def _rename_in(self, file: str, sites: list[Site]) -> None:
        if is_outside(file):
            return
        facts, text = self.codebase.facts(file), self.draft.text(file)
        if facts is None:
            return
        table = ScopeTable(facts)
        here = [s for s in sites if text[s.span.start : s.span.end] == self.old]
        terms = {site.term for site in here}
        uses: defaultdict[int, set[int]] = defaultdict(set)
        for site in here:
            home = self._home(table, site)
            others = [] if home is None else self._others(table, home, terms)
            if home is not None and (file, home) not in self.homes and others:
                # `try: from m import old` with `except: old = None`: the local name stays.
                if facts.ops[site.term] != Op.NAME:
                    self.draft.replace(file, site.span, f"{self.new} as {self.old}")
                continue
            for other in others:
                self._import_as(file, facts, other)
            self.draft.replace(file, site.span, self.new)
            if home is not None:
                uses[home].add(facts.b[site.term] if facts.ops[site.term] == Op.NAME else home)
        self.collisions += collisions_of_names(table, file, uses, self.new)

    def _home(self, table: ScopeTable, site: Site) -> int | None:
        """Give the scope where a site's bare name is bound; None if it is not a bare name."""
        facts = table.facts
        op = facts.ops[site.term]
        if site.role is Role.EXPORT:
            return None
        if op == Op.NAME:
            scope = table.scope_of(facts.b[site.term], self.old)
            return MODULE_SCOPE if scope is None else scope
        if op in (Op.IMPORTED, Op.MODULE):
            binding = table.import_of(site.term)
            is_bare = binding is not None and facts.names[binding.name] == self.old
            return binding.scope if binding is not None and is_bare else None
        return None

    def _others(self, table: ScopeTable, home: int, terms: set[int]) -> list[Binding]:
        """Give what else binds the old name in a scope: another import, or any assignment."""
        return [
            binding
            for binding in table.bindings(home, self.old)
            if binding.kind not in _SCOPE_STATEMENTS
            and not (binding.kind is BindingKind.IMPORT and {binding.term, binding.value} & terms)
        ]

    def _import_as(self, file: str, facts: Facts, binding: Binding) -> None:
        """Let an import that binds the same variable bind it by the new name."""
        term = binding.value
        if binding.kind is not BindingKind.IMPORT or facts.ops[term] not in (
            Op.IMPORTED,
            Op.MODULE,
        ):
            return
        start = facts.starts[binding.term] if binding.term else facts.starts[term]
        span = Span(start, start + len(self.old))
        is_alias = binding.term not in (0, term)
        self.draft.replace(file, span, self.new if is_alias else f"{self.old} as {self.new}")

    def _check_mangling(self, sites: dict[str, list[Site]]) -> None:
        if is_mangled(self.new) != is_mangled(self.old) and len(sites) > 1:
            self.draft.note(
                "Python changes names such as `__name` within classes; look at uses elsewhere"
            )

    def _refuse_collisions(self) -> None:
        if not self.collisions:
            return
        shown: list[str] = []
        for collision in sorted(set(self.collisions)):
            document = self.codebase.document(collision.file)
            place = document.lines.place(collision.offset)
            line = document.lines.line_text(place.line).strip()
            shown.append(f"{collision.file}:{place.line + 1}: {collision.why}: {line}")
        n_more = len(shown) - _MAX_SHOWN_PLACES
        more = [f"and {n_more} more"] if n_more > 0 else []
        listed = "\n".join([*shown[:_MAX_SHOWN_PLACES], *more])
        raise InvalidEdit(f"{self.new!r} is taken, so nothing is renamed:\n{listed}")

    def _mentions(self, files: list[str]) -> None:
        for file in files:
            facts = self.codebase.facts(file)
            if facts is None or is_outside(file):
                continue
            changed = self.draft.spans(file)
            for mention in mentions(self.draft.document(file), facts, self.old):
                if mention.span in changed:
                    continue
                if mention.kind in _PROSE and self.options.in_docstrings:
                    self.draft.replace(file, mention.span, self.new)
                elif mention.kind is not MentionKind.COMMENT:
                    why = f"the word stands in a {mention.kind.value}"
                    self.draft.leave(file, mention.span.start, why)


def _check_target(codebase: CodebaseView, target: Target) -> None:
    if is_outside(target.file):
        raise InvalidEdit(
            f"{target.name or target.file!r} is defined in {target.file!r}, outside of the "
            "workspace, so it cannot be renamed"
        )
    if target.scope != MODULE and not Resolver(codebase).declarations(target):
        raise InvalidEdit(f"{target.name!r} has no definition in {target.file!r} any more")
