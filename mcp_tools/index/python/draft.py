"""The facts of a text while they are being collected.

Offsets in a draft are in bytes of UTF-8, as tree-sitter counts; `finishing` converts them.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

from tree_sitter import Node

from mcp_tools.index.python.codes import NO_ROLE, OP_ATTRIBUTE, OP_CONSTANT, OP_NAME
from mcp_tools.types.facts import (
    MODULE_SCOPE,
    NONE,
    UNKNOWN_TERM,
    BindingKind,
    Op,
    ParameterKind,
    ScopeKind,
    SymbolKind,
)

Handler: TypeAlias = Callable[["Draft", Node, int], int]
"""Notes what a node says, gives its term. The number is the role of the name that the node is."""


@dataclass(slots=True, kw_only=True)
class SymbolDraft:
    """A symbol while its parts are being read."""

    name: int
    kind: SymbolKind
    scope: int
    parent: int
    start: int
    end: int
    name_start: int
    term: int = UNKNOWN_TERM
    inner: int = NONE
    header_end: int = NONE
    body_start: int = NONE
    doc: tuple[int, int] = (NONE, NONE)
    is_async: bool = False
    decorators: tuple[int, ...] = ()
    bases: tuple[int, ...] = ()
    parameters: "Sequence[ParameterDraft]" = ()
    annotation: int = UNKNOWN_TERM
    returned: Sequence[int] = ()
    yielded: Sequence[int] = ()


@dataclass(slots=True, kw_only=True)
class ParameterDraft:
    """A parameter while its neighbours are being read."""

    name_node: Node
    start: int
    end: int
    kind: ParameterKind = ParameterKind.NORMAL
    term: int = UNKNOWN_TERM
    annotation: int = UNKNOWN_TERM
    default: int = UNKNOWN_TERM
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class Receiver:
    """The first parameter of a method: what is assigned to it is an attribute of its class."""

    name: int
    class_symbol: int
    class_scope: int


@dataclass(frozen=True, slots=True)
class Check:
    """A test of a bare name, such as `isinstance(name, classes)`."""

    name: int
    classes: int
    """UNKNOWN_TERM for a test against None."""
    holds: bool
    """False for `name is None`: it is the opposite that says something."""


SPECIAL = (
    b"Annotated",
    b"Literal",
    b"NewType",
    b"TypeAlias",
    b"TypeVar",
    b"append",
    b"cast",
    b"extend",
    b"isinstance",
)
"""Functions and types whose arguments say more than others'."""


class Draft:
    """What has been read so far, and where reading stands."""

    __slots__ = (
        "a",
        "b",
        "bindings",
        "block_end",
        "checks",
        "defining",
        "depth",
        "errors_read",
        "exports",
        "handlers",
        "is_export_open",
        "lists",
        "names",
        "narrowings",
        "ops",
        "receiver",
        "returned",
        "roles",
        "scope",
        "scopes",
        "source",
        "special",
        "starts",
        "stored",
        "symbol",
        "symbols",
        "variables",
        "yielded",
    )

    def __init__(self, source: bytes, handlers: Sequence[Handler | None]) -> None:
        """Start with nothing but the module's scope and the term UNKNOWN."""
        self.source = source
        self.handlers = handlers
        self.names: defaultdict[bytes, int] = defaultdict(count().__next__)
        """The number of each name; a new one gets the next number."""
        self.special = {self.names[name]: name for name in SPECIAL if name in source}
        self.ops = [int(Op.UNKNOWN)]
        self.a = [0]
        self.b = [0]
        self.starts = [0]
        self.roles = [NO_ROLE]
        self.lists: list[int] = [0]
        self.scopes: list[tuple[ScopeKind, int, int, int, int]] = [
            (ScopeKind.MODULE, NONE, NONE, 0, len(source))
        ]
        self.bindings: list[tuple[int, int, BindingKind, int, int, int]] = []
        self.stored: list[tuple[int, int, int, int]] = []
        self.narrowings: list[tuple[int, int, int, int, int]] = []
        self.symbols: list[SymbolDraft] = []
        self.defining: list[int] = []
        """The terms that show a symbol: functions and classes."""
        self.variables: set[tuple[int, int]] = set()
        """Scope and name of each variable or attribute that has a symbol already."""
        self.errors_read: set[int] = set()
        """The ids of the nodes that stand for errors and have been read."""
        self.exports: list[int] | None = None
        self.is_export_open = False
        self.scope = MODULE_SCOPE
        self.depth = 0
        """How many handlers within handlers are at work, of those that are counted."""
        self.symbol = NONE
        """The innermost class or function around."""
        self.receiver: Receiver | None = None
        self.returned: list[int] = []
        self.yielded: list[int] = []
        self.block_end = len(source)
        self.checks: dict[int, Check] = {}
        """Tests by where they start."""

    def visit(self, node: Node, role: int) -> int:
        """Note what a node says, and give its term."""
        handler = self.handlers[node.kind_id]
        return handler(self, node, role) if handler is not None else UNKNOWN_TERM

    def visit_each(self, nodes: Sequence[Node], role: int) -> list[int]:
        """Visit all nodes but for punctuation and comments, and give their terms."""
        handlers = self.handlers
        items: list[int] = []
        for node in nodes:
            handler = handlers[node.kind_id]
            if handler is not None:
                items.append(handler(self, node, role))
        return items

    def add(self, op: int, a: int, b: int, start: int, role: int = NO_ROLE) -> int:
        """Add a term, and give its number."""
        ops = self.ops
        ops.append(op)
        self.a.append(a)
        self.b.append(b)
        self.starts.append(start)
        self.roles.append(role)
        return len(ops) - 1

    def term(self, op: int, a: int, b: int, node: Node) -> int:
        """Add a term that is no occurrence."""
        return self.add(op, a, b, node.start_byte)

    def definition(self, op: int, symbol: int, node: Node) -> int:
        """Add the term for a function or class itself."""
        term = self.add(op, symbol, 0, node.start_byte)
        self.defining.append(term)
        return term

    def constant(self, type_name: bytes, node: Node) -> int:
        """Add a literal of a builtin type."""
        ops = self.ops
        ops.append(OP_CONSTANT)
        self.a.append(self.names[type_name])
        self.b.append(0)
        self.starts.append(node.start_byte)
        self.roles.append(NO_ROLE)
        return len(ops) - 1

    def occurrence(self, op: int, node: Node, b: int, role: int) -> int:
        """Add a term for the name that stands at `node`; UNKNOWN_TERM if nothing stands there."""
        start = node.start_byte
        text = self.source[start : node.end_byte]
        if not text:
            return UNKNOWN_TERM
        ops = self.ops
        ops.append(op)
        self.a.append(self.names[text])
        self.b.append(b)
        self.starts.append(start)
        self.roles.append(role)
        return len(ops) - 1

    def special_name(self, term: int) -> bytes:
        """Give the name in SPECIAL that a name or attribute is, else nothing."""
        is_named = self.ops[term] in (OP_NAME, OP_ATTRIBUTE)
        return self.special.get(self.a[term], b"") if is_named else b""

    def list_of(self, items: Sequence[int]) -> int:
        """Keep a list of numbers, and give its place; the empty one is at 0."""
        if not items:
            return 0
        place = len(self.lists)
        self.lists.append(len(items))
        self.lists.extend(items)
        return place

    def text(self, node: Node) -> bytes:
        """Give the text of a node."""
        return self.source[node.start_byte : node.end_byte]

    def open_scope(self, kind: ScopeKind, symbol: int, start: int, end: int) -> int:
        """Add a scope within the current one, and make it the current one.

        Gives the scope that was current before: assign it to `scope` to close the new one.
        """
        before = self.scope
        self.scopes.append((kind, before, symbol, start, end))
        self.scope = len(self.scopes) - 1
        return before

    def bind(
        self,
        kind: BindingKind,
        term: int,
        value: int = UNKNOWN_TERM,
        annotation: int = UNKNOWN_TERM,
    ) -> None:
        """Note that the name of an occurrence gets a value in the current scope."""
        if term:
            self.bindings.append((self.scope, self.a[term], kind, term, value, annotation))
