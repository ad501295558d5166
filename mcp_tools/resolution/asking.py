"""What the parts of the evaluation ask of each other."""

from dataclasses import dataclass
from typing import Protocol

from mcp_tools.resolution.imports import Imports
from mcp_tools.resolution.modules import Modules
from mcp_tools.resolution.scopes import FileScopes
from mcp_tools.resolution.target import Target
from mcp_tools.resolution.values import Class, Instance, Substitution, Value, Values, Variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The arguments of a call, evaluated when they are needed."""

    file: str
    """Where the call is written; empty if nowhere."""
    terms: tuple[int, ...] = ()
    """As in the list of a CALL term."""
    values: tuple[Values, ...] = ()
    """In place of terms, for a call that is written nowhere; by position."""
    n_skipped: int = 0
    """So many positions were filled before, by `functools.partial`."""

    @property
    def n_positional(self) -> int:
        """How many there are, keywords included."""
        return len(self.values) or len(self.terms)


NO_ARGUMENTS = Arguments(file="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """The classes that a class's attributes are looked up in."""

    order: tuple[Class, ...]
    """Itself first; type arguments in terms of the type parameters of the class itself."""
    is_known: bool
    """No base is missing."""
    direct: tuple[Class, ...]
    """The bases themselves, in order."""


class Asking(Protocol):
    """The evaluation, as its parts see it."""

    imports: Imports
    modules: Modules

    def scopes(self, file: str) -> FileScopes | None:
        """Give the scopes of a file."""
        ...

    def values(self, file: str, term: int) -> Values:
        """Give what an expression can be."""
        ...

    def values_of(self, target: Target) -> Values:
        """Give what a variable can be, by all of its bindings."""
        ...

    def annotated(self, file: str, term: int) -> Values:
        """Give what a variable with an annotation can be."""
        ...

    def attribute(self, value: Value, name: str) -> Values:
        """Give what an attribute of a value can be."""
        ...

    def call(self, callee: Value, arguments: Arguments) -> Values:
        """Give what calling a value can give."""
        ...

    def result_of(self, file: str, symbol: int) -> Values:
        """Give what a function gives, before a call decides on its variables."""
        ...

    def decorated_below(self, scopes: FileScopes, symbol: int, decorator: int) -> Values:
        """Give what a decorator of a function or class gets."""
        ...

    def elements(self, value: Value) -> Values:
        """Give what iterating over a value gives."""
        ...

    def lineage(self, of: Class) -> Lineage:
        """Give the bases of a class."""
        ...

    def type_parameters(self, of: Class) -> tuple[Variable, ...]:
        """Give the type variables of a generic class, in order."""
        ...

    def parameters_of(self, value: Instance | Class, base: Class) -> Substitution:
        """Give what the type parameters of a base are for a value."""
        ...

    def find_attribute(self, of: Class, name: str) -> "tuple[Class, Target] | None":
        """Give the class that has an attribute, and the attribute, by resolution order."""
        ...

    def concrete(self, values: Values) -> Values:
        """Put in for variables what is known of them without a call."""
        ...

    def builtin(self, name: str) -> Class | None:
        """Give a class of `builtins`."""
        ...

    def instance_of(self, name: str, *arguments: Values) -> Values:
        """Give an instance of a class of the standard library: `list`, `typing.Generator`."""
        ...

    def targets(self, file: str, term: int) -> tuple[Target, ...]:
        """Give what a NAME or ATTRIBUTE names."""
        ...
