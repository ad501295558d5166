"""What the name under the cursor is, in a few words."""

import ast
import inspect
import warnings
from dataclasses import dataclass

from mcp_tools.code.navigation.file_view import FileView, view_file
from mcp_tools.code.navigation.items import parameter_of
from mcp_tools.code.navigation.naming import item_of
from mcp_tools.code.navigation.results import Item, ItemKind
from mcp_tools.code.navigation.signature import one_line, signature_of
from mcp_tools.ports import TypeOracle
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.facts import NONE
from mcp_tools.types.text import Span

_VALUE_KINDS = frozenset(
    {ItemKind.VARIABLE, ItemKind.CONSTANT, ItemKind.ATTRIBUTE, ItemKind.PARAMETER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hover:
    """A short description of a symbol."""

    signature: str
    """As it is written where it is defined; `name: type` for a value whose type was found out."""
    documentation: str
    """Its docstring, cleaned of indentation; empty if it has none."""
    item: Item
    span: Span
    """Of the name that was asked about."""


def hover(
    codebase: CodebaseView, file: str, offset: int, *, oracle: TypeOracle | None = None
) -> Hover | None:
    """Describe what the name at an offset means; None if no name is there, or it is not known.

    The oracle is asked for the type of a value that our own resolution cannot tell.
    """
    resolver = Resolver(codebase)
    term = resolver.term_at(file, offset)
    view = view_file(codebase, file)
    if term is None or view is None:
        return None
    targets = resolver.resolve(file, term).targets
    if not targets:
        return None
    item = item_of(codebase, targets[0])
    value = resolver.describe_value(file, term)
    if not value and oracle is not None and item.kind in _VALUE_KINDS:
        value = oracle.type_at(codebase.document(file), view.name_span(term).start)
    return Hover(
        signature=_signature(codebase, item, value),
        documentation=documentation_of(codebase, item),
        item=item,
        span=view.name_span(term),
    )


def documentation_of(codebase: CodebaseView, item: Item) -> str:
    """Give the docstring of a definition, cleaned; of a module too. Empty if it has none."""
    facts = codebase.facts(item.file)
    if facts is None:
        return ""
    if item.kind == ItemKind.MODULE:
        text = _text(codebase, item.file, facts.n_chars)
        return _module_docstring(text)
    if item.symbol == NONE:
        return ""
    row = facts.symbols[item.symbol]
    if row.doc_start == NONE:
        return ""
    literal = _text(codebase, item.file, facts.n_chars)[row.doc_start : row.doc_end]
    return _cleaned(literal)


def _signature(codebase: CodebaseView, item: Item, value: str) -> str:
    if item.kind == ItemKind.MODULE:
        return f"module {item.name}"
    if item.kind in _VALUE_KINDS and value:
        return f"{item.name}: {value}"
    if item.symbol != NONE:
        return signature_of(codebase, item.file, item.symbol) or item.name
    return _parameter_signature(codebase, item.target, item) or item.name


def _parameter_signature(codebase: CodebaseView, target: Target, item: Item) -> str:
    view = view_file(codebase, item.file)
    if view is None:
        return ""
    declarations = Resolver(codebase).declarations(target)
    parameter = parameter_of(view, declarations[0].term) if declarations else None
    return _slice(codebase, view, item.span) if parameter else item.name


def _slice(codebase: CodebaseView, view: FileView, span: Span) -> str:
    return one_line(_text(codebase, view.file, view.facts.n_chars)[span.start : span.end])


def _text(codebase: CodebaseView, file: str, n_chars: int) -> str:
    """Give the text of a file; empty if it is not the one that the facts are about."""
    try:
        text = codebase.document(file).text
    except ExpectedError:
        return ""
    return text if len(text) == n_chars else ""


def _module_docstring(text: str) -> str:
    """Give the docstring of a module, whose text may be broken further down."""
    rest = text.lstrip("\ufeff \t\r\n\f")
    while rest.startswith("#"):
        rest = rest.partition("\n")[2].lstrip(" \t\r\n\f")
    for quote in ('"""', "'''", '"', "'"):
        start = rest.lower().find(quote)
        if 0 <= start <= 1 and rest[:start].lower() in ("", "r", "u"):
            end = rest.find(quote, start + len(quote))
            return _cleaned(rest[: end + len(quote)]) if end != -1 else ""
    return ""


def _cleaned(literal: str) -> str:
    try:
        with warnings.catch_warnings():
            # An unknown escape in a docstring of the user's is none of our warnings.
            warnings.simplefilter("ignore")
            value = ast.literal_eval(literal)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        value = literal.strip("rRuUbB'\"")
    return inspect.cleandoc(value) if isinstance(value, str) else ""
