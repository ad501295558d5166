"""What expressions can be: evaluation on demand, over the terms of the facts of many files.

Each value is worked out when it is asked for, from the values that it depends on, and remembered.
The kinds of work are in files of their own and ask for each other's results here.
"""

from dataclasses import dataclass, field

from mcp_tools.resolution.annotations import Annotations
from mcp_tools.resolution.asking import Arguments, Lineage
from mcp_tools.resolution.attributes import Attributes
from mcp_tools.resolution.calls import Calls
from mcp_tools.resolution.classes import Classes
from mcp_tools.resolution.decorators import Decorators
from mcp_tools.resolution.expressions import Expressions
from mcp_tools.resolution.files import N_LEVELS, Files
from mcp_tools.resolution.imports import Imports, Origins
from mcp_tools.resolution.iteration import Iteration
from mcp_tools.resolution.memo import Memo
from mcp_tools.resolution.modules import Modules
from mcp_tools.resolution.parameters import Parameters
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.target import Target
from mcp_tools.resolution.values import (
    Class,
    Function,
    Instance,
    Substitution,
    Value,
    Values,
    Variable,
    is_callback,
    union,
)
from mcp_tools.types.facts import MODULE_SCOPE, NONE, Op

MAX_BINDINGS = 100
"""So many values of one variable are looked at."""


@dataclass(frozen=True, slots=True)
class _Level:
    """What was found out at one level of callers."""

    targets: dict[Target, Values] = field(default_factory=dict[Target, Values])
    results: dict[tuple[str, int], Values] = field(default_factory=dict[tuple[str, int], Values])
    variables: dict[Variable, Values] = field(default_factory=dict[Variable, Values])


class Evaluation:
    """Evaluates the expressions of one view; implements Asking."""

    def __init__(self, files: Files, modules: Modules) -> None:
        """Start with nothing evaluated."""
        self.files = files
        self.modules = modules
        self.imports = Imports(files, modules)
        self.memo = Memo()
        self.classes = Classes(self)
        self.attributes = Attributes(self, self.classes)
        self._annotations = Annotations(self)
        self._calls = Calls(self)
        self._decorators = Decorators(self)
        self._iteration = Iteration(self, self.classes)
        self._parameters = Parameters(self, files.codebase)
        self._expressions = Expressions(self, self._calls, self._iteration, self._parameters)
        self._annotated: dict[tuple[str, int], Values] = {}
        self._levels = tuple(_Level() for _ in range(N_LEVELS))
        self._level = 0
        self._library: dict[str, Class | None] = {}

    def scopes(self, file: str) -> FileScopes | None:
        """Give the scopes of a file."""
        loaded = self.files.load(file)
        return loaded.scopes if loaded is not None else None

    def values(self, file: str, term: int) -> Values:
        """Give what an expression can be."""
        loaded = self.files.load(file)
        if loaded is None or not term:
            return ()
        known = loaded.values[self._level]
        found = known.get(term)
        if found is not None:
            return found
        scopes = loaded.scopes
        return self.memo.get(known, term, lambda: self._expressions.evaluate(scopes, term))

    def annotated(self, file: str, term: int) -> Values:
        """Give what a variable with an annotation can be."""
        scopes = self.scopes(file)
        if scopes is None or not term:
            return ()
        annotations = self._annotations
        return self.memo.get(self._annotated, (file, term), lambda: annotations.read(scopes, term))

    def values_of(self, target: Target) -> Values:
        """Give what a variable can be, by all of its bindings."""
        return self.memo.get(
            self._levels[self._level].targets, target, lambda: self._by_bindings(target)
        )

    def _by_bindings(self, target: Target) -> Values:
        scopes = self.scopes(target.file)
        if scopes is None or target.scope < 0:
            return ()
        expressions = self._expressions
        rows = scopes.bindings(target.scope, target.name)
        stored = scopes.stores.get((target.scope, target.name), []) if scopes.facts.stored else []
        declared = [row for row in (*rows, *stored) if row.annotation]
        if declared:
            values = union(self.annotated(target.file, row.annotation) for row in declared)
            if values and not is_callback(values):
                return values
        found = [expressions.of_binding(scopes, row) for row in rows[:MAX_BINDINGS]]
        stores = stored[:MAX_BINDINGS]
        return union((*found, *(expressions.of_store(scopes, row) for row in stores)))

    def result_of(self, file: str, symbol: int) -> Values:
        """Give what a function gives, before a call decides on its variables."""
        scopes = self.scopes(file)
        if scopes is None:
            return ()
        calls = self._calls
        return self.memo.get(
            self._levels[self._level].results,
            (file, symbol),
            lambda: calls.inferred(scopes, symbol),
        )

    def attribute(self, value: Value, name: str) -> Values:
        """Give what an attribute of a value can be."""
        return self.attributes.values(value, name)

    def call(self, callee: Value, arguments: Arguments) -> Values:
        """Give what calling a value can give."""
        return self._calls.result(callee, arguments)

    def elements(self, value: Value) -> Values:
        """Give what iterating over a value gives."""
        return self._iteration.elements(value)

    def decorated_below(self, scopes: FileScopes, symbol: int, decorator: int) -> Values:
        """Give what a decorator of a function or class gets."""
        if scopes.facts.symbols[symbol].kind == "class":
            return (Class(scopes.file, symbol),)
        if not scopes.facts.symbols[symbol].decorators:
            return (Function(scopes.file, symbol),)
        return self._decorators.before(scopes, symbol, decorator)

    def lineage(self, of: Class) -> Lineage:
        """Give the bases of a class."""
        return self.classes.lineage(of)

    def type_parameters(self, of: Class) -> tuple[Variable, ...]:
        """Give the type variables of a generic class, in order."""
        return self.classes.type_parameters(of)

    def parameters_of(self, value: Instance | Class, base: Class) -> Substitution:
        """Give what the type parameters of a base are for a value."""
        return self.classes.parameters_of(value, base)

    def find_attribute(self, of: Class, name: str) -> tuple[Class, Target] | None:
        """Give the class that has an attribute, and the attribute, by resolution order."""
        return self.classes.find_attribute(of, name)

    def concrete(self, values: Values) -> Values:
        """Put in for variables what is known of them without a call."""
        if not any(isinstance(value, Variable) for value in values):
            return values
        found: list[Values] = []
        for value in values:
            if isinstance(value, Variable):
                found.append(self._concrete_variable(value))
            else:
                found.append((value,))
        return union(found)

    def _concrete_variable(self, variable: Variable) -> Values:
        known = self._levels[self._level].variables
        found = self.memo.get(known, variable, lambda: self._worked_out(variable))
        return tuple(value for value in found if not isinstance(value, Variable))

    def _worked_out(self, variable: Variable) -> Values:
        """Look at the bound of a type variable, or at the callers of a function."""
        if variable.is_type:
            return self._parameters.bound(variable)
        if self._level + 1 == N_LEVELS:
            return ()
        self._level += 1
        try:
            return self._parameters.from_callers(variable)
        finally:
            self._level -= 1

    def builtin(self, name: str) -> Class | None:
        """Give a class of `builtins`."""
        return self._library_class(f"builtins.{name}")

    def instance_of(self, name: str, *arguments: Values) -> Values:
        """Give an instance of a class of the standard library: `list`, `typing.Generator`."""
        of = self._library_class(name if "." in name else f"builtins.{name}")
        if of is None:
            return ()
        return (Instance(Class(of.file, of.symbol, arguments) if arguments else of),)

    def _library_class(self, name: str) -> Class | None:
        if name not in self._library:
            self._library[name] = self._find_library_class(name)
        return self._library[name]

    def _find_library_class(self, name: str) -> Class | None:
        module_name, _, class_name = name.rpartition(".")
        module = self.modules.outside(module_name)
        if module is None:
            return None
        for target in self.imports.member(module, class_name):
            scopes = self.scopes(target.file)
            if scopes is None:
                continue
            for row in scopes.bindings(target.scope, target.name):
                if scopes.facts.ops[row.value] == Op.CLASS:
                    return Class(target.file, scopes.facts.a[row.value])
        return None

    def targets(self, file: str, term: int) -> Origins:
        """Give what a NAME or ATTRIBUTE names."""
        scopes = self.scopes(file)
        if scopes is None:
            return ()
        if scopes.facts.ops[term] == Op.NAME:
            return self.named(scopes, term)
        name = scopes.name_of(term)
        found: dict[Target, None] = {}
        for value in self.values(file, scopes.facts.b[term]):
            found.update(dict.fromkeys(self.attributes.targets(value, name)))
        return tuple(found)

    def named(self, scopes: FileScopes, term: int) -> Origins:
        """Give what a bare name is."""
        scope = scopes.scope_of(term)
        name = scopes.name_of(term)
        if scope != NONE:
            return self.imports.origins(scopes.file, scope, name)
        found = self.imports.origins(scopes.file, MODULE_SCOPE, name) if scopes.star_imports else ()
        if found:
            return found
        builtins = self.modules.outside("builtins")
        return self.imports.member(builtins, name) if builtins is not None else ()
