"""What a name in a text means: the questions that all navigation stands on.

The method: each file is reduced to a table of terms, the *assignment graph* of PyCG (Salis et al.,
ICSE 2021), and the values of a term are worked out on demand, from the terms that it depends on,
with what was found remembered. Bare names follow Python's scopes and imports, and are exact. An
attribute is looked up on the values of what stands before the dot: modules, classes by their
resolution order, instances, the results of calls. Declared types count first: annotations in the
workspace, stubs for the standard library and installed packages. Without them the values of
assignments, defaults, returned terms and, for functions with few callers, of arguments count.

Its limits: the order of statements counts within one scope, and branches do not, apart from tests
with `isinstance`. Code built at run time (`exec`, `setattr`, `__getattr__`, metaclasses that add
attributes) is not seen. What containers get by `append` or by an index is not followed. Each
question has a bound on its depth and its steps; what lies behind that is unknown, not guessed.
"""

from bisect import bisect_right
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from mcp_tools.resolution.describing import describe
from mcp_tools.resolution.evaluation import MAX_BINDINGS
from mcp_tools.resolution.files import Outdated
from mcp_tools.resolution.knowledge import Knowledge
from mcp_tools.resolution.occurrences import NOTHING, resolve, values_at
from mcp_tools.resolution.subclasses import (
    class_of,
    direct_subclasses,
    owner_of,
    target_of_class,
)
from mcp_tools.resolution.target import MODULE, Declaration, Resolution, Target
from mcp_tools.resolution.values import Class
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.facts import NONE, UNKNOWN_TERM, BindingKind, Op, Role

AskedP = ParamSpec("AskedP")
AnswerT = TypeVar("AnswerT")


def _of_now(
    method: Callable[Concatenate["Resolver", AskedP], AnswerT],
) -> Callable[Concatenate["Resolver", AskedP], AnswerT]:
    """Let a question begin anew if it meets a file that has changed on disk."""

    @wraps(method)
    def ask(self: "Resolver", *args: AskedP.args, **kwargs: AskedP.kwargs) -> AnswerT:
        try:
            return method(self, *args, **kwargs)
        except Outdated:
            self.begin_anew()
            return method(self, *args, **kwargs)

    return ask


class Resolver:
    """Answers for one view; what it finds out is kept in the memory of the code base.

    Safe to use from several threads.
    """

    def __init__(self, codebase: CodebaseView) -> None:
        """Cheap: nothing is looked at yet."""
        self._codebase = codebase
        self._known = codebase.memory.get("resolution", Knowledge)
        self._lock = self._known.lock
        self._evaluation = self._known.evaluation(codebase)

    def begin_anew(self) -> None:
        """Forget what was worked out from texts that have changed."""
        self._evaluation = self._known.evaluation(self._codebase)

    @_of_now
    def resolve(self, file: str, term: int) -> Resolution:
        """Give what an occurrence means, or what a CALL calls.

        The call of a class means its `__init__` if that is in the workspace, else the class.
        """
        with self._lock:
            if term == UNKNOWN_TERM:
                return NOTHING
            self._evaluation.files.trim()
            return resolve(self._evaluation, file, term)

    @_of_now
    def imported(self, file: str, module_name: str, name: str) -> tuple[Target, ...]:
        """Give what `from module_name import name` in a file means, without the file's facts.

        The module's name is as it is written, dots in front; empty if it is in no source.
        """
        with self._lock:
            return self._evaluation.imports.brought_in(file, module_name, name)

    def term_at(self, file: str, offset: int) -> int | None:
        """Give the occurrence whose name contains `offset` or ends there; None if there is none."""
        facts = self._codebase.facts(file)
        if facts is None:
            return None
        # No name goes over a line end, and most terms start elsewhere.
        line_start = facts.line_starts[max(bisect_right(facts.line_starts, offset) - 1, 0)]
        near = [t for t, start in enumerate(facts.starts) if line_start <= start <= offset]
        ended: int | None = None
        for term in near:
            if facts.roles[term] != Role.NONE:
                end = facts.starts[term] + len(facts.names[facts.a[term]])
                if offset < end:
                    return term
                if offset == end:
                    ended = term
        return ended

    def target_of(self, file: str, symbol: int) -> Target:
        """Give the target that a symbol defines."""
        facts = self._codebase.facts(file)
        if facts is None:
            return self.module(file)
        row = facts.symbols[symbol]
        return Target(file, row.scope, facts.names[row.name])

    def module(self, file: str) -> Target:
        """Give the target that a module is."""
        return Target(file, MODULE, "")

    @_of_now
    def declarations(self, target: Target) -> tuple[Declaration, ...]:
        """Give where a target is bound, in the order of the text; the first is the main one."""
        if target.scope == MODULE:
            return (Declaration(target.file, UNKNOWN_TERM, NONE),)
        with self._lock:
            scopes = self._evaluation.scopes(target.file)
            if scopes is None:
                return ()
            rows = scopes.bindings(target.scope, target.name)
            kept = [row for row in rows if row.kind != BindingKind.IMPORT] or rows
            terms = {row.term: row.value for row in kept if row.kind != BindingKind.AUGMENT}
            for stored in scopes.stores.get((target.scope, target.name), ()):
                terms[stored.term] = UNKNOWN_TERM
            numbers = scopes.symbol_numbers.get((target.scope, target.name), [])
            symbols = {scopes.facts.symbols[number].term: number for number in numbers}
            ordered = sorted(terms, key=lambda term: scopes.facts.starts[term])
            return tuple(Declaration(target.file, t, symbols.get(t, NONE)) for t in ordered)

    @_of_now
    def bases(self, cls: Target) -> tuple[Target, ...]:
        """Give the direct bases of a class, in order."""
        with self._lock:
            of = class_of(self._evaluation, cls)
            if of is None:
                return ()
            return self._targets(self._evaluation.lineage(of).direct)

    @_of_now
    def mro(self, cls: Target) -> tuple[Target, ...]:
        """Give the method resolution order of a class, itself first; empty if it is no class."""
        with self._lock:
            of = class_of(self._evaluation, cls)
            return self._targets(self._evaluation.lineage(of).order) if of is not None else ()

    @_of_now
    def is_mro_known(self, cls: Target) -> bool:
        """Tell whether no base of a class is missing from its resolution order."""
        with self._lock:
            of = class_of(self._evaluation, cls)
            return of is not None and self._evaluation.lineage(of).is_known

    @_of_now
    def subclasses(self, cls: Target) -> tuple[Target, ...]:
        """Give the classes of the workspace that inherit from a class directly."""
        with self._lock:
            of = class_of(self._evaluation, cls)
            if of is None:
                return ()
            return self._targets(direct_subclasses(self._evaluation, of))

    @_of_now
    def member(self, cls: Target, name: str) -> Target | None:
        """Give an attribute of a class by its resolution order; None if it is not found."""
        with self._lock:
            of = class_of(self._evaluation, cls)
            found = self._evaluation.find_attribute(of, name) if of is not None else None
            return found[1] if found is not None else None

    @_of_now
    def overrides(self, method: Target) -> tuple[Target, ...]:
        """Give the attributes of classes below that take the place of an attribute, sorted."""
        with self._lock:
            owner = owner_of(self._evaluation, method)
            if owner is None or _is_private(method.name):
                return ()
            found: set[Target] = set()
            seen = {owner}
            todo = [owner]
            while todo:
                for below in direct_subclasses(self._evaluation, todo.pop()):
                    if below not in seen:
                        seen.add(below)
                        todo.append(below)
                        found.update(self._own_attribute(below, method.name))
            return tuple(sorted(found))

    @_of_now
    def overridden(self, method: Target) -> tuple[Target, ...]:
        """Give the attributes of bases whose place an attribute takes, nearest first."""
        with self._lock:
            owner = owner_of(self._evaluation, method)
            if owner is None or _is_private(method.name):
                return ()
            found: list[Target] = []
            for above in self._evaluation.lineage(owner).order[1:]:
                found.extend(self._own_attribute(above, method.name))
            return tuple(found)

    def _own_attribute(self, of: Class, name: str) -> list[Target]:
        found = self._evaluation.find_attribute(of, name)
        is_own = found is not None and (found[0].file, found[0].symbol) == (of.file, of.symbol)
        return [found[1]] if found is not None and is_own else []

    @_of_now
    def describe_value(self, file: str, term: int) -> str:
        """Give the inferred type of an expression in one line; empty if it is unknown."""
        with self._lock:
            return describe(self._evaluation, values_at(self._evaluation, file, term))

    def is_class(self, target: Target) -> bool:
        """Tell whether a class is defined under this name."""
        return self._defines(target, Op.CLASS)

    def is_function(self, target: Target) -> bool:
        """Tell whether a function or method is defined under this name."""
        return self._defines(target, Op.FUNCTION)

    @_of_now
    def _defines(self, target: Target, op: Op) -> bool:
        with self._lock:
            scopes = self._evaluation.scopes(target.file) if target.scope >= 0 else None
            if scopes is None:
                return False
            rows = scopes.bindings(target.scope, target.name)[-MAX_BINDINGS:]
            wanted = [row for row in rows if row.kind == BindingKind.DEFINE]
            return any(scopes.facts.ops[row.value] == op for row in wanted)

    def _targets(self, classes: tuple[Class, ...]) -> tuple[Target, ...]:
        return tuple(target_of_class(self._evaluation, of) for of in classes)


def _is_private(name: str) -> bool:
    """Tell whether a name in a class is the class's own, since Python puts the class before it."""
    return name.startswith("__") and not name.endswith("__")
