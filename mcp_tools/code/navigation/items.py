"""Definitions as answers show them, made from the facts of their file."""

from mcp_tools.code.navigation.file_view import FileView
from mcp_tools.code.navigation.results import Item, ItemKind
from mcp_tools.resolution.target import MODULE, Declaration, Target
from mcp_tools.types.facts import NONE, Binding, BindingKind, Parameter
from mcp_tools.types.text import Span


def symbol_item(view: FileView, symbol: int, target: Target, detail: str = "") -> Item:
    """Make the item of a symbol."""
    row = view.facts.symbols[symbol]
    name = view.symbol_name(symbol)
    return Item(
        target=target,
        file=view.file,
        symbol=symbol,
        name=name,
        path=view.path(symbol),
        kind=ItemKind(row.kind.value),
        name_span=Span(row.name_start, row.name_start + len(name)),
        span=Span(row.start, row.end),
        place=view.place(row.name_start),
        end=view.place(row.end),
        start=view.place(row.start),
        detail=detail,
    )


def module_item(view: FileView) -> Item:
    """Make the item of a module."""
    end = view.facts.n_chars
    return Item(
        target=Target(view.file, MODULE, ""),
        file=view.file,
        symbol=NONE,
        name=module_name(view.file),
        path="",
        kind=ItemKind.MODULE,
        name_span=Span(0, 0),
        span=Span(0, end),
        place=view.place(0),
        end=view.place(end),
        start=view.place(0),
    )


def declared_item(view: FileView, target: Target, declaration: Declaration) -> Item:
    """Make the item of a declaration, whatever it declares."""
    if target.scope == MODULE:
        return module_item(view)
    if declaration.symbol != NONE:
        return symbol_item(view, declaration.symbol, target)
    return _local_item(view, target, declaration.term)


def module_name(file: str) -> str:
    """Give the last part of a module's name: of `a/b/__init__.py` it is `b`."""
    folder, _, name = file.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return folder.rpartition("/")[2] or stem if stem == "__init__" else stem


def parameter_of(view: FileView, term: int) -> Parameter | None:
    """Give the parameter that an occurrence binds, if it binds one."""
    scope = view.facts.scopes[view.facts.b[term]] if term else None
    if scope is None or scope.symbol == NONE:
        return None
    rows = view.facts.symbols[scope.symbol].parameters
    return next((row for row in rows if row.term == term), None)


def binding_of(view: FileView, term: int) -> Binding | None:
    """Give the binding that an occurrence makes, if it makes one."""
    return next((row for row in view.facts.bindings if row.term == term), None)


def is_parameter(view: FileView, target: Target) -> bool:
    """Tell whether a target is a parameter of a function."""
    facts = view.facts
    number = facts.name_numbers.get(target.name)
    return any(
        row.kind == BindingKind.PARAMETER and row.scope == target.scope and row.name == number
        for row in facts.bindings
    )


def _local_item(view: FileView, target: Target, term: int) -> Item:
    parameter = parameter_of(view, term)
    name_span = view.name_span(term)
    span = Span(parameter.start, parameter.end) if parameter else name_span
    block = view.around(name_span.start)
    above = "" if block == NONE else f"{view.path(block)}/"
    return Item(
        target=target,
        file=view.file,
        symbol=NONE,
        name=target.name,
        path=above + target.name,
        kind=ItemKind.PARAMETER if parameter else ItemKind.VARIABLE,
        name_span=name_span,
        span=span,
        place=view.place(name_span.start),
        end=view.place(span.end),
        start=view.place(span.start),
    )
