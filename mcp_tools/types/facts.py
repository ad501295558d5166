"""What one source file says about names: the facts that the index keeps of it.

Facts are computed from the text alone, so that equal texts have equal facts, wherever they lie.
They hold no answer that needs another file; putting files together is `mcp_tools.resolution`.

The heart is a table of *terms*: the file's expressions in a reduced form, operands before the
expressions that use them, each a row of four small numbers. Term 0 is `UNKNOWN`. A term that
shows a name in the text (`NAME`, `ATTRIBUTE`, `IMPORTED`, `MODULE`, `KEYWORD`) is an *occurrence*:
`start` is then where that name starts, and `role` says what the place does with it. Scopes,
bindings, attributes and symbols refer to terms by number, and to names by their number in `names`.

All offsets count code points from the start of the text; -1 stands for none.
Source: the assignment graph of PyCG (Salis et al., ICSE 2021), kept an expression a row so that
evaluation can be done on demand.
"""

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from functools import cached_property

import msgspec

FORMAT = 1
"""Grows with each change of what is written here; a cache of another format is made anew."""

UNKNOWN_TERM = 0
MODULE_SCOPE = 0
NONE = -1
FROM_END = 1 << 31
"""Added to the position of a `PART` that counts from the end: 0 is the last, 1 the one before."""


class Op(IntEnum):
    """What kind of expression a term is, and what its operands `a` and `b` are.

    A *list* is an offset in `lists`, where the number of items stands before the items.
    """

    UNKNOWN = 0
    """An expression that says nothing about names."""
    NAME = 1
    """A bare name. a: name, b: the scope that it is written in."""
    ATTRIBUTE = 2
    """`b.a`. a: name, b: the term before the dot."""
    CALL = 3
    """a: the term that is called, b: list of arguments, `KEYWORD` and `STAR` among them."""
    KEYWORD = 4
    """`a=b` in a call, in whose list it stands. a: name, b: the value."""
    STAR = 5
    """`*a` or `**a` in a call. a: term, b: 1 or 2 stars."""
    ITEM = 6
    """`a[b]`; b is a `TUPLE` for several indices, `UNKNOWN` for a slice."""
    ELEMENT = 7
    """What iterating over term a gives: targets of `for`, comprehensions, starred items."""
    ENTER = 8
    """What `with a` binds; b: 1 if `async with`."""
    PART = 9
    """Item b (from 0, see FROM_END) of term a, which is being unpacked."""
    EITHER = 10
    """One of several. a: list of terms: `x or y`, `x if c else y`."""
    TUPLE = 11
    """a: list of terms."""
    LIST = 12
    SET = 13
    DICT = 14
    """a: list of keys and values in turn; the key `UNKNOWN` for `**value`."""
    COLLECT = 15
    """A comprehension. a: list of one term, or of key and value; b: a `Collection`."""
    CONSTANT = 16
    """A literal. a: name of its builtin type: int, str, bytes, float, complex, bool, None."""
    FUNCTION = 17
    """A function or lambda itself. a: symbol."""
    CLASS = 18
    """A class itself. a: symbol."""
    AWAIT = 19
    """a: the awaited term."""
    BINARY = 20
    """An arithmetic operator between a and b."""
    CAUGHT = 21
    """What `except a` binds; a may be a tuple of classes. b: 1 for `except*`."""
    IMPORTED = 22
    """`a` in `from b import a`. a: name, b: name of the module as written, dots in front."""
    MODULE = 23
    """A part of a module's name in an import. a: name of this part, b: name of the module up to
    and with this part, dots in front."""
    SUBJECT = 24
    """A capture or class pattern of `match`. a: the class term or `UNKNOWN`, b: subject term."""


class Collection(IntEnum):
    """What a comprehension makes."""

    LIST = 0
    SET = 1
    DICT = 2
    GENERATOR = 3


class Role(IntEnum):
    """What a place does with the name that stands there; NONE for a term that is no occurrence."""

    NONE = 0
    DEFINITION = 1
    """Of a function, class or parameter."""
    READ = 2
    WRITE = 3
    """Also deletion, and the left side of `+=`."""
    CALL = 4
    IMPORT = 5
    DECORATOR = 6
    """Also of a called decorator: `@name(...)`."""
    INHERIT = 7
    """As a base class, or in a base such as `Generic[Name]`."""
    ANNOTATION = 8
    """Also within a string that is an annotation."""
    EXPORT = 9
    """A string in `__all__`; `start` is behind the quote."""
    KEYWORD = 10
    """The name of an argument in a call."""
    DECLARE = 11
    """In `global` or `nonlocal`."""


class ScopeKind(IntEnum):
    """What opens a scope; names of a class are not seen from scopes within."""

    MODULE = 0
    CLASS = 1
    FUNCTION = 2
    LAMBDA = 3
    COMPREHENSION = 4
    TYPE_PARAMETERS = 5


class BindingKind(IntEnum):
    """How a name gets its value in a scope."""

    ASSIGN = 0
    """`=`, `:=`, `for`, `with`, `except`, `match`, unpacking: the value says which."""
    DEFINE = 1
    """`def`, `class`: the value is a `FUNCTION` or `CLASS`."""
    IMPORT = 2
    """The value is `IMPORTED` or `MODULE`."""
    STAR_IMPORT = 3
    """`from m import *`: the name is `*`, the value a `MODULE`."""
    PARAMETER = 4
    """The value is the default or UNKNOWN_TERM."""
    AUGMENT = 5
    """`+=` and its kin."""
    DECLARE = 6
    """An annotation without a value."""
    GLOBAL = 7
    NONLOCAL = 8
    DELETE = 9
    TYPE_PARAMETER = 10
    TYPE_ALIAS = 11


class SymbolKind(StrEnum):
    """What an outline calls a definition."""

    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    PROPERTY = "property"
    VARIABLE = "variable"
    CONSTANT = "constant"
    """A variable whose name is in capitals."""
    ATTRIBUTE = "attribute"
    """Of an instance, at its first assignment to `self.name` in the class."""
    TYPE_ALIAS = "type_alias"
    LAMBDA = "lambda"
    """Has no name of its own; it is not part of outlines."""


class ParameterKind(IntEnum):
    """How an argument finds its parameter."""

    POSITIONAL_ONLY = 0
    NORMAL = 1
    VARIADIC = 2
    KEYWORD_ONLY = 3
    KEYWORDS = 4


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A row of a table; it is kept as an array of its fields."""


class Scope(Row, frozen=True, array_like=True, gc=False):
    """A region with names of its own. Scope 0 is the module."""

    kind: ScopeKind
    parent: int
    """The scope around it; -1 for the module."""
    symbol: int
    """The class or function that it belongs to; -1 for a module, and for a comprehension."""
    start: int
    end: int


class Binding(Row, frozen=True, array_like=True, gc=False):
    """One place where a name gets a value; sorted by the place within each scope."""

    scope: int
    name: int
    kind: BindingKind
    term: int
    """The occurrence that binds, role DEFINITION, WRITE or IMPORT; UNKNOWN_TERM for `*`."""
    value: int
    """What is bound."""
    annotation: int
    """The annotation, UNKNOWN_TERM for none."""


class Stored(Row, frozen=True, array_like=True, gc=False):
    """An assignment to an attribute, such as `self.name: annotation = value`."""

    term: int
    """The `ATTRIBUTE`."""
    scope: int
    """Where the assignment is written."""
    value: int
    annotation: int


class Narrowing(Row, frozen=True, array_like=True, gc=False):
    """A region in which a test such as `isinstance(name, classes)` holds for a bare name."""

    scope: int
    name: int
    classes: int
    """The second argument of `isinstance`, maybe a `TUPLE`; UNKNOWN_TERM for `is not None`."""
    start: int
    end: int


class Parameter(Row, frozen=True, array_like=True, gc=False):
    """One parameter of a function."""

    name: int
    kind: ParameterKind
    term: int
    """The NAME that binds it."""
    annotation: int
    default: int
    """UNKNOWN_TERM if there is none; `has_default` tells them apart."""
    has_default: bool
    start: int
    """Of all of it: stars, name, annotation and default."""
    end: int


class Symbol(Row, frozen=True, array_like=True, gc=False):
    """A definition: what an outline shows. Sorted by start; parents come before their parts."""

    name: int
    kind: SymbolKind
    scope: int
    """Where its name is bound; for an ATTRIBUTE the scope of its class."""
    inner: int
    """The scope that it opens; -1 if it opens none."""
    parent: int
    """The symbol around it, -1 at the top. An ATTRIBUTE's parent is its class."""
    start: int
    """Of all of it: decorators included, comments above not."""
    end: int
    """Without the line end."""
    name_start: int
    term: int
    """The occurrence of its name where it is defined."""
    header_end: int
    """After the colon of `def` and `class`; else the end."""
    body_start: int
    """The first character of the first statement of its body, docstring included; -1 for none."""
    doc_start: int
    """The docstring literal with its quotes; -1 for none."""
    doc_end: int
    is_async: bool
    decorators: tuple[int, ...]
    """Terms, in order."""
    bases: tuple[int, ...]
    """Terms; of a keyword such as `metaclass=X`, a KEYWORD."""
    parameters: tuple[Parameter, ...]
    annotation: int
    """Of the result, or of the variable; UNKNOWN_TERM for none."""
    returned: tuple[int, ...]
    """The terms of its `return`s; CONSTANT None for a bare one. For a lambda, its expression."""
    yielded: tuple[int, ...]
    """The terms of its `yield`s; for `yield from x`, the ELEMENT of x. A function with any is a
    generator."""
    n_same: int
    """How many symbols of this name stand before it under the same parent: `name[1]` for 1."""


class Facts(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """All facts of one file. Columns are packed, the properties below read them."""

    names: tuple[str, ...]
    """Each name that occurs once; in no order. Names of modules may have dots in them."""
    n_chars: int
    has_errors: bool
    """The text has syntax errors; what could be understood is here."""
    exports: tuple[int, ...] | None
    """The names in `__all__` as far as they are literal; None if there is no `__all__`."""
    is_export_open: bool
    """`__all__` also gets what is not literal."""
    ops: bytes
    """Column: an `Op` each term."""
    roles: bytes
    """Column: a `Role` each term."""
    packed_a: bytes
    packed_b: bytes
    packed_starts: bytes
    packed_lists: bytes
    packed_line_starts: bytes
    packed_name_ends: bytes
    """For each name, where its part of `occurrences` ends."""
    packed_occurrences: bytes
    scopes: tuple[Scope, ...]
    bindings: tuple[Binding, ...]
    stored: tuple[Stored, ...]
    narrowings: tuple[Narrowing, ...]
    symbols: tuple[Symbol, ...]

    @cached_property
    def a(self) -> Sequence[int]:
        """Column: the first operand of each term."""
        return memoryview(self.packed_a).cast("I")

    @cached_property
    def b(self) -> Sequence[int]:
        """Column: the second operand of each term."""
        return memoryview(self.packed_b).cast("I")

    @cached_property
    def starts(self) -> Sequence[int]:
        """Column: where each term starts; an occurrence, where its name does."""
        return memoryview(self.packed_starts).cast("I")

    @cached_property
    def lists(self) -> Sequence[int]:
        """The pool of lists: a length, then as many items."""
        return memoryview(self.packed_lists).cast("I")

    @cached_property
    def line_starts(self) -> Sequence[int]:
        """Where each line starts; lines end as in `mcp_tools.types.text`."""
        return memoryview(self.packed_line_starts).cast("I")

    def items(self, list_offset: int) -> Sequence[int]:
        """Give the items of a list."""
        start = list_offset + 1
        return self.lists[start : start + self.lists[list_offset]]

    def occurrences(self, name: str) -> Sequence[int]:
        """Give the terms that show a name, in the order of the text; empty if there are none."""
        number = self._number_of(name)
        if number is None:
            return ()
        ends = memoryview(self.packed_name_ends).cast("I")
        start = ends[number - 1] if number else 0
        return memoryview(self.packed_occurrences).cast("I")[start : ends[number]]

    def _number_of(self, name: str) -> int | None:
        # Many files are asked about one name only, for which a table is not worth making.
        if "name_numbers" in self.__dict__:
            return self.name_numbers.get(name)
        return self.names.index(name) if name in self.names else None

    @cached_property
    def name_numbers(self) -> dict[str, int]:
        """The number of each name."""
        return {name: number for number, name in enumerate(self.names)}
