"""Other parameters for a function, and the calls of it made to fit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mcp_tools.code.navigation.calls import incoming
from mcp_tools.code.navigation.references import references
from mcp_tools.code.navigation.results import Site
from mcp_tools.code.refactoring.argument_mapping import CannotMap, Change, mapped
from mcp_tools.code.refactoring.call_arguments import Argument, arguments_at, rebuilt
from mcp_tools.code.refactoring.collisions import collisions_of_names
from mcp_tools.code.refactoring.draft import Draft, is_outside
from mcp_tools.code.refactoring.families import class_of, family_of, unknown_bases
from mcp_tools.code.refactoring.naming_rules import check_name
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.code.refactoring.scope_table import ScopeTable
from mcp_tools.code.refactoring.signatures import (
    STAR_KINDS,
    Written,
    joined,
    list_span,
    parsed,
    written_in,
)
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.facts import NONE, Facts, Op, Role, Symbol, SymbolKind
from mcp_tools.types.text import Span

_LINE_WIDTH = 100
_REMARK = re.compile(r",?[ \t]*(#[^\r\n]*)")
_VALUE_USES = frozenset({Role.IMPORT, Role.EXPORT, Role.DEFINITION, Role.KEYWORD})
"""Roles that neither call a function nor hand it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignature:
    """The parameters that a function is to have."""

    parameters: str
    """As in its `def`, `self` included: `self, a, *, b: int = 0`."""
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    """By the old name of a parameter, its new one; any other new name is a new parameter."""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """By the name of a parameter, the Python source that each call without it is to give."""


def change_signature(codebase: CodebaseView, target: Target, new: NewSignature) -> Refactoring:
    """Give a function other parameters, and each call of it arguments that fit.

    Parameters can be added, removed, renamed, put in another order or made keyword-only. A
    method changes along with what it overrides and what overrides it. A call that relied on a
    default that is another one now gets the old one as an argument. Calls that cannot be fitted,
    such as with `*args`, and places that hand the function on as a value, are listed and left.
    Raises: InvalidEdit if the parameters cannot be read, if one that goes is still used in the
        function, or if what the method overrides lies outside of the workspace.
    """
    return _SignatureChange(codebase, target, new).run()


class _SignatureChange:
    """One change of a signature while it is made."""

    def __init__(self, codebase: CodebaseView, target: Target, new: NewSignature) -> None:
        self.codebase = codebase
        self.draft = Draft(codebase)
        self.resolver = Resolver(codebase)
        self.target = target
        self.new = new
        self.after = parsed(new.parameters)
        self.functions = {member: self._functions(member) for member in self._family()}
        self._check()

    def run(self) -> Refactoring:
        for member, symbols in self.functions.items():
            for symbol in symbols:
                self._change_definition(member, symbol)
        for member in self.functions:
            self._change_calls(member)
        for cls in unknown_bases(self.codebase, tuple(self.functions)):
            self.draft.note(f"Not all bases of {cls!r} are known; one of them may have the method")
        return self.draft.finish(f"Change the signature of {self.target.name}")

    def _family(self) -> tuple[Target, ...]:
        is_alone = _is_special(self.target.name)
        return (self.target,) if is_alone else family_of(self.codebase, self.target)

    def _functions(self, member: Target) -> list[int]:
        facts = self.draft.facts(member.file)
        symbols = [d.symbol for d in self.resolver.declarations(member) if d.symbol != NONE]
        inner = [symbol for symbol in symbols if facts.symbols[symbol].body_start != NONE]
        found = [s for s in inner if facts.symbols[s].kind is not SymbolKind.CLASS]
        if not found:
            raise InvalidEdit(f"{member.name!r} is no function; for a class name its `__init__`")
        return found

    def _check(self) -> None:
        if is_outside(self.target.file):
            raise InvalidEdit(f"{self.target.name!r} lies outside of the workspace")
        before = {p.name for p in self._written(self.target, self.functions[self.target][-1])}
        after = {p.name for p in self.after}
        for old_name, new_name in self.new.renamed.items():
            check_name(new_name)
            if old_name not in before or new_name not in after:
                raise InvalidEdit(
                    f"expected {old_name!r} among the old parameters and {new_name!r} among the "
                    f"new ones, got {', '.join(sorted(before))} and {', '.join(sorted(after))}"
                )
        unknown = set(self.new.values) - after
        if unknown:
            raise InvalidEdit(f"{sorted(unknown)[0]!r} has a value but is no parameter")

    def _written(self, member: Target, symbol: int) -> tuple[Written, ...]:
        facts = self.draft.facts(member.file)
        return written_in(self.draft.text(member.file), facts, facts.symbols[symbol])

    def _change_of(self, member: Target, symbol: int) -> Change:
        """Give the change of one definition; an override keeps its own words and extras."""
        before = self._written(member, symbol)
        by_new = {new: old for old, new in self.new.renamed.items()}
        own = {p.name: p for p in before}
        base_names = {p.name for p in self._written(self.target, self.functions[self.target][-1])}
        after: list[Written] = []
        for parameter in self.after:
            old_name = by_new.get(parameter.name, parameter.name)
            mine = own.get(old_name)
            if member != self.target and mine is not None and mine.kind is parameter.kind:
                text = mine.text.replace(old_name, parameter.name, 1)
                after.append(
                    Written(name=parameter.name, kind=mine.kind, text=text, default=mine.default)
                )
            else:
                after.append(parameter)
        extras = [p for p in before if p.name not in base_names]
        n_plain = len(after) - sum(p.kind in STAR_KINDS for p in after[-1:])
        after[n_plain:n_plain] = extras
        old_names = {
            p.name: by_new.get(p.name, p.name) for p in after if by_new.get(p.name, p.name) in own
        }
        return Change(
            before=before, after=tuple(after), old_names=old_names, values=self.new.values
        )

    def _change_definition(self, member: Target, symbol: int) -> None:
        facts, text = self.draft.facts(member.file), self.draft.text(member.file)
        row = facts.symbols[symbol]
        change = self._change_of(member, symbol)
        # Parameters of an override that go before those with a default make no valid list.
        parsed(", ".join(joined(change.after)))
        span = list_span(text, facts, row)
        remarks = _remarks(text, facts, row, change)
        laid_out = _laid_out(text, span, joined(change.after), remarks)
        if laid_out.count("#") < text[span.start : span.end].count("#"):
            self.draft.note(f"Comments among the parameters of {member.name!r} are gone")
        self.draft.replace(member.file, span, laid_out)
        self._change_body(member, row, change)

    def _change_body(self, member: Target, row: Symbol, change: Change) -> None:
        """Rename in the function; what goes must not be used there any more."""
        new_names = {old: new for new, old in change.old_names.items()}
        document = self.draft.document(member.file)
        before = {parameter.name for parameter in change.before}
        for parameter in change.after:
            if parameter.name not in before:
                self._check_free(member, row, parameter.name)
        for parameter in change.before:
            new_name = new_names.get(parameter.name)
            if new_name == parameter.name:
                continue
            used = self._uses(member.file, row, parameter.name)
            if new_name is None and used:
                line = document.lines.place(used[0].start).line + 1
                raise InvalidEdit(
                    f"{parameter.name!r} is still used in {member.name!r}, in {member.file} line "
                    f"{line}, so it is not removed; change the function first"
                )
            for span in used:
                self.draft.replace(member.file, span, new_name or "")

    def _check_free(self, member: Target, row: Symbol, name: str) -> None:
        """Pass if a name is neither bound nor read in a function.

        Raises: InvalidEdit, with the first place.
        """
        table = ScopeTable(self.draft.facts(member.file))
        found = collisions_of_names(table, member.file, {row.inner: {row.inner}}, name)
        if found:
            place = self.draft.document(member.file).lines.place(min(found).offset)
            raise InvalidEdit(
                f"{name!r} is no free name in {member.name!r}, see {member.file} line "
                f"{place.line + 1}; give the parameter another name"
            )

    def _uses(self, file: str, row: Symbol, name: str) -> list[Span]:
        """Give where a parameter is named in its function, in the order of the text."""
        facts = self.draft.facts(file)
        table = ScopeTable(facts)
        starts = [
            facts.starts[term]
            for term in facts.occurrences(name)
            if facts.ops[term] == Op.NAME and table.scope_of(facts.b[term], name) == row.inner
        ]
        return [Span(s, s + len(name)) for s in starts if s >= row.header_end]

    def _change_calls(self, member: Target) -> None:
        answer = references(self.codebase, member, include_declarations=False)
        self.draft.note_state(answer.state)
        change = self._change_of(member, self.functions[member][-1])
        sites = {(site.file, site.term): site for site in self._constructions(member)}
        sites |= {(site.file, site.term): site for site in answer.sites}
        for site in sites.values():
            if is_outside(site.file):
                continue
            facts = self.draft.facts(site.file)
            if site.role is Role.CALL:
                self._change_call(member, change, facts, site)
            elif site.role not in _VALUE_USES and not self._is_own_decorator(member, site):
                why = "the function is used as a value here; who calls it is not known"
                self.draft.leave(site.file, site.span.start, why)
        if _is_special(member.name):
            # Such a name is everywhere; the classes tell which places count.
            return
        for site in answer.textual:
            if not is_outside(site.file):
                why = "whether this is the function is not known"
                self.draft.leave(site.file, site.span.start, why)

    def _is_own_decorator(self, member: Target, site: Site) -> bool:
        """Tell whether it is `@name.setter` or `@overload` of the definition itself."""
        return site.file == member.file and any(
            row.start <= site.span.start < row.name_start
            for symbol in self.functions[member]
            for row in (self.draft.facts(member.file).symbols[symbol],)
        )

    def _constructions(self, member: Target) -> list[Site]:
        """Give the places where a class with this constructor is called."""
        if member.name not in ("__init__", "__new__"):
            return []
        calls = incoming(self.codebase, member, with_overrides=False).calls
        return [site for call in calls for site in call.sites if site.role is Role.CALL]

    def _change_call(self, member: Target, change: Change, facts: Facts, site: Site) -> None:
        text = self.draft.text(site.file)
        arguments = arguments_at(text, site.span.end)
        if arguments is None or arguments.has_comments or arguments.has_comprehension:
            why = "the arguments could not be read" if arguments is None else "rewrite it by hand"
            self.draft.leave(site.file, site.span.start, why)
            return
        try:
            wanted = mapped(
                change, arguments.arguments, skips_first=self._is_bound(member, facts, site)
            )
        except CannotMap as error:
            self.draft.leave(site.file, site.span.start, str(error))
            return
        self._tell_dropped(site, arguments.arguments, wanted)
        if [a.text for a in wanted] != [a.text for a in arguments.arguments]:
            self.draft.replace(site.file, arguments.span, rebuilt(text, arguments, wanted))

    def _tell_dropped(
        self, site: Site, before: tuple[Argument, ...], after: list[Argument]
    ) -> None:
        kept = {argument.value for argument in after}
        for argument in before:
            if argument.value not in kept and "(" in argument.value:
                self.draft.note(
                    f"{site.file}:{site.place.line + 1} no longer runs {argument.value}"
                )

    def _is_bound(self, member: Target, facts: Facts, site: Site) -> bool:
        """Tell whether a call leaves the first parameter to Python."""
        if class_of(self.codebase, member) is None:
            return False
        decorators = self._decorators(member)
        if "staticmethod" in decorators:
            return False
        if "classmethod" in decorators or facts.ops[site.term] != Op.ATTRIBUTE:
            return True
        if self._shown(facts, site.term) != member.name:
            return True
        base = self.resolver.resolve(site.file, facts.b[site.term]).targets
        is_super = facts.ops[facts.b[site.term]] == Op.CALL
        return is_super or not any(self.resolver.is_class(target) for target in base)

    def _shown(self, facts: Facts, term: int) -> str:
        return facts.names[facts.a[term]]

    def _decorators(self, member: Target) -> set[str]:
        facts = self.draft.facts(member.file)
        row = facts.symbols[self.functions[member][-1]]
        return {facts.names[facts.a[t]] for t in row.decorators if facts.ops[t] == Op.NAME}


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _remarks(text: str, facts: Facts, row: Symbol, change: Change) -> dict[str, str]:
    """Give the comments at the ends of the lines of parameters, by what is written now."""
    new_texts = {change.old_names.get(p.name, ""): p.text for p in change.after}
    found: dict[str, str] = {}
    for parameter in row.parameters:
        remark = _REMARK.match(text, parameter.end)
        new_text = new_texts.get(facts.names[parameter.name])
        if remark is not None and new_text is not None:
            found[new_text] = f"  {remark[1]}"
    return found


def _laid_out(text: str, span: Span, parts: list[str], remarks: Mapping[str, str]) -> str:
    """Give a parameter list as it was laid out before: in one line, or one a line."""
    old = text[span.start : span.end].replace("\r\n", "\n")
    line_start = text.rfind("\n", 0, span.start) + 1
    one_line = ", ".join(parts)
    if "\n" not in old and span.start - line_start + len(one_line) < _LINE_WIDTH:
        return one_line
    indent = text[line_start : span.start]
    indent = indent[: len(indent) - len(indent.lstrip())]
    own = [line for line in old.split("\n")[1:] if line.strip()]
    inner = own[0][: len(own[0]) - len(own[0].lstrip())] if own else f"{indent}    "
    if len(own) == 1 and len(inner) + len(one_line) <= _LINE_WIDTH:
        return f"\n{inner}{one_line}\n{indent}"
    lines = [f"\n{inner}{part},{remarks.get(part, '')}" for part in parts]
    return "".join(lines) + f"\n{indent}"
