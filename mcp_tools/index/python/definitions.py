"""Functions, classes and lambdas."""

from tree_sitter import Node

from mcp_tools.index.python import grammar, parameters
from mcp_tools.index.python.codes import (
    ANNOTATION,
    DECORATOR,
    DEFINITION,
    INHERIT,
    OP_ATTRIBUTE,
    OP_CALL,
    OP_CLASS,
    OP_FUNCTION,
    OP_NAME,
    READ,
)
from mcp_tools.index.python.draft import Draft, Handler, Receiver, SymbolDraft
from mcp_tools.index.python.statements import type_parameters
from mcp_tools.types.facts import (
    NONE,
    UNKNOWN_TERM,
    BindingKind,
    ScopeKind,
    SymbolKind,
)


class _Parts:
    """The parts of a `def` or `class`, found in one go."""

    __slots__ = (
        "bases",
        "body",
        "colon",
        "is_async",
        "name",
        "parameters",
        "result",
        "type_parameters",
    )

    def __init__(self, node: Node) -> None:
        found = {child.kind_id: child for child in node.children}
        self.name = found.get(grammar.IDENTIFIER)
        self.type_parameters = found.get(grammar.TYPE_PARAMETER)
        self.parameters = found.get(grammar.PARAMETERS)
        self.bases = found.get(grammar.ARGUMENT_LIST)
        self.result = found.get(grammar.TYPE)
        self.colon = found.get(grammar.COLON)
        self.body = found.get(grammar.BLOCK)
        self.is_async = grammar.ASYNC in found


def function_definition(draft: Draft, node: Node, _role: int) -> int:
    """`def name(parameters): body`."""
    return _function(draft, node, node, [])


def class_definition(draft: Draft, node: Node, _role: int) -> int:
    """`class Name(bases): body`."""
    return _class(draft, node, node, [])


def decorated_definition(draft: Draft, node: Node, _role: int) -> int:
    """`@decorator` and what it stands before."""
    definition = node.child_by_field_id(grammar.FIELD_DEFINITION)
    decorators = [child for child in node.children if child.kind_id == grammar.DECORATOR]
    if definition is None:
        draft.visit_each(decorators, READ)
        return UNKNOWN_TERM
    if definition.kind_id == grammar.CLASS_DEFINITION:
        return _class(draft, definition, node, decorators)
    return _function(draft, definition, node, decorators)


def decorator(draft: Draft, node: Node, _role: int) -> int:
    """`@name` or `@name(arguments)`."""
    terms = draft.visit_each(node.children, DECORATOR)
    return terms[-1] if terms else UNKNOWN_TERM


def lambda_(draft: Draft, node: Node, _role: int) -> int:
    """`lambda parameters: value`."""
    body = node.child_by_field_id(grammar.FIELD_BODY)
    nodes = node.child_by_field_id(grammar.FIELD_PARAMETERS)
    number, symbol = _new_symbol(draft, draft.names[b"<lambda>"], SymbolKind.LAMBDA, node)
    found = parameters.evaluate(draft, nodes, draft.scope)
    before = draft.open_scope(ScopeKind.LAMBDA, number, node.start_byte, node.end_byte)
    outer = (draft.symbol, draft.returned, draft.yielded)
    symbol.inner = draft.scope
    draft.symbol, draft.returned, draft.yielded = number, [], []
    symbol.parameters = parameters.bind_parameters(draft, found)
    if body is not None:
        draft.returned.append(draft.visit(body, READ))
    symbol.returned, symbol.yielded = draft.returned, draft.yielded
    draft.symbol, draft.returned, draft.yielded = outer
    draft.scope = before
    return draft.definition(OP_FUNCTION, number, node)


def _function(draft: Draft, node: Node, whole: Node, decorators: list[Node]) -> int:
    parts = _Parts(node)
    name = parts.name
    if name is None or name.start_byte == name.end_byte:
        draft.visit_each([*decorators, *node.children], READ)
        return UNKNOWN_TERM
    number, symbol = _new_symbol(draft, draft.names[draft.text(name)], _FUNCTION, whole)
    symbol.decorators = tuple(draft.visit_each(decorators, READ))
    symbol.kind = _kind_of(draft, symbol)
    symbol.is_async = parts.is_async
    _name(draft, symbol, name)
    around = draft.scope
    _open_type_parameters(draft, number, parts, node.end_byte)
    found = parameters.evaluate(draft, parts.parameters, around)
    if parts.result is not None:
        symbol.annotation = draft.visit(parts.result, ANNOTATION)
    draft.open_scope(ScopeKind.FUNCTION, number, name.end_byte, node.end_byte)
    symbol.inner = draft.scope
    symbol.parameters = parameters.bind_parameters(draft, found)
    receiver = draft.receiver
    if _is_in_class(draft, around):
        draft.receiver = _receiver(draft, symbol)
    outer = (draft.symbol, draft.returned, draft.yielded)
    draft.symbol, draft.returned, draft.yielded = number, [], []
    _body(draft, symbol, parts)
    symbol.returned, symbol.yielded = draft.returned, draft.yielded
    draft.symbol, draft.returned, draft.yielded = outer
    draft.receiver = receiver
    draft.scope = around
    _define(draft, symbol, draft.definition(OP_FUNCTION, number, node))
    return UNKNOWN_TERM


def _class(draft: Draft, node: Node, whole: Node, decorators: list[Node]) -> int:
    parts = _Parts(node)
    name = parts.name
    if name is None or name.start_byte == name.end_byte:
        draft.visit_each([*decorators, *node.children], READ)
        return UNKNOWN_TERM
    number, symbol = _new_symbol(draft, draft.names[draft.text(name)], SymbolKind.CLASS, whole)
    symbol.decorators = tuple(draft.visit_each(decorators, READ))
    _name(draft, symbol, name)
    around = draft.scope
    _open_type_parameters(draft, number, parts, node.end_byte)
    if parts.bases is not None:
        symbol.bases = tuple(_base_terms(draft, parts.bases))
    draft.open_scope(ScopeKind.CLASS, number, name.end_byte, node.end_byte)
    symbol.inner = draft.scope
    outer, draft.symbol = draft.symbol, number
    receiver, draft.receiver = draft.receiver, None
    _body(draft, symbol, parts)
    draft.symbol = outer
    draft.receiver = receiver
    draft.scope = around
    _define(draft, symbol, draft.definition(OP_CLASS, number, node))
    return UNKNOWN_TERM


def _new_symbol(draft: Draft, name: int, kind: SymbolKind, whole: Node) -> tuple[int, SymbolDraft]:
    symbol = SymbolDraft(
        name=name,
        kind=kind,
        scope=draft.scope,
        parent=draft.symbol,
        start=whole.start_byte,
        end=whole.end_byte,
        name_start=whole.start_byte,
    )
    draft.symbols.append(symbol)
    return len(draft.symbols) - 1, symbol


def _name(draft: Draft, symbol: SymbolDraft, name: Node) -> None:
    symbol.term = draft.occurrence(OP_NAME, name, draft.scope, DEFINITION)
    symbol.name_start = name.start_byte


def _define(draft: Draft, symbol: SymbolDraft, value: int) -> None:
    draft.bind(BindingKind.DEFINE, symbol.term, value)


def _open_type_parameters(draft: Draft, number: int, parts: _Parts, end: int) -> None:
    """Open a scope for `[T]`, if there are any; it is closed with the definition."""
    nodes = parts.type_parameters
    if nodes is not None:
        draft.open_scope(ScopeKind.TYPE_PARAMETERS, number, nodes.start_byte, end)
        type_parameters(draft, nodes)


def _base_terms(draft: Draft, node: Node) -> list[int]:
    items: list[int] = []
    for child in node.children:
        handler = draft.handlers[child.kind_id]
        if handler is not None:
            role = READ if child.kind_id == grammar.KEYWORD_ARGUMENT else INHERIT
            items.append(handler(draft, child, role))
    return items


def _body(draft: Draft, symbol: SymbolDraft, parts: _Parts) -> None:
    symbol.header_end = parts.colon.end_byte if parts.colon is not None else symbol.end
    if parts.body is None:
        return
    for statement in parts.body.children:
        if statement.kind_id != grammar.COMMENT:
            symbol.body_start = statement.start_byte
            symbol.doc = _docstring(draft, statement)
            break
    draft.visit(parts.body, READ)


def _docstring(draft: Draft, statement: Node) -> tuple[int, int]:
    if statement.kind_id == grammar.EXPRESSION_STATEMENT and len(statement.children) == 1:
        literal = statement.children[0]
        first = literal.children[0] if literal.kind_id == grammar.CONCATENATED_STRING else literal
        start = first.start_byte
        prefix = draft.source[start : start + 1].lower()
        if first.kind_id == grammar.STRING and prefix not in (b"b", b"f", b"t"):
            return literal.start_byte, literal.end_byte
    return NONE, NONE


def _is_in_class(draft: Draft, scope: int) -> bool:
    return draft.scopes[scope][0] == ScopeKind.CLASS


def _kind_of(draft: Draft, symbol: SymbolDraft) -> SymbolKind:
    if not _is_in_class(draft, symbol.scope):
        return SymbolKind.FUNCTION
    if any(_is_called(draft, term, *_PROPERTIES) for term in symbol.decorators):
        return SymbolKind.PROPERTY
    return SymbolKind.METHOD


def _is_called(draft: Draft, decorator_term: int, *names: bytes) -> bool:
    """Tell whether a decorator, or what is called for one, has one of these names."""
    ops, a = draft.ops, draft.a
    term = a[decorator_term] if ops[decorator_term] == OP_CALL else decorator_term
    is_named = ops[term] in (OP_NAME, OP_ATTRIBUTE)
    return is_named and any(draft.names.get(name) == a[term] for name in names)


def _receiver(draft: Draft, symbol: SymbolDraft) -> Receiver | None:
    is_static = any(_is_called(draft, term, b"staticmethod") for term in symbol.decorators)
    if is_static or not symbol.parameters:
        return None
    return Receiver(draft.a[symbol.parameters[0].term], symbol.parent, symbol.scope)


_PROPERTIES = (
    b"property",
    b"cached_property",
    b"abstractproperty",
    b"setter",
    b"getter",
    b"deleter",
)
_FUNCTION = SymbolKind.FUNCTION

HANDLERS: dict[str, Handler] = {
    "class_definition": class_definition,
    "decorated_definition": decorated_definition,
    "decorator": decorator,
    "function_definition": function_definition,
    "lambda": lambda_,
}
