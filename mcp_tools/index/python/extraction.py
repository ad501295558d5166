"""The facts of a Python text."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import tree_sitter

from mcp_tools.index.python import (
    calls,
    definitions,
    displays,
    expressions,
    grammar,
    imports,
    nesting,
    patterns,
    recovery,
    statements,
    strings,
)
from mcp_tools.index.python.codes import READ
from mcp_tools.index.python.draft import Draft, Handler
from mcp_tools.index.python.finishing import finish
from mcp_tools.index.python.offsets import source_of
from mcp_tools.types.facts import Facts


def extract(text: str) -> Facts:
    """Give what a Python text says about names; never raises, whatever the text is.

    Broken code gives what can be understood of it. Of expressions that are nested more deeply
    than a person would write, only the names are noted.
    """
    try:
        return _extract(text)
    except RecursionError:
        # Who calls has left little of the stack; a thread has one of its own.
        with ThreadPoolExecutor(max_workers=1) as executor:
            return executor.submit(_extract, text).result()


def _extract(text: str) -> Facts:
    source = source_of(text)
    parser = tree_sitter.Parser(grammar.LANGUAGE)
    root = parser.parse(source).root_node
    has_errors = root.has_error
    if has_errors:
        repaired = recovery.without_loose_ends(source, root)
        if repaired is not None:
            source, root = repaired, parser.parse(repaired).root_node
    draft = Draft(source, _HANDLERS)
    draft.visit(root, READ)
    if has_errors:
        recovery.read_left_out(draft, root)
        recovery.forget_keywords(draft)
    return finish(draft, text, has_errors=has_errors)


_NESTED = grammar.kinds(
    "as_pattern",
    "await",
    "binary_operator",
    "block",
    "boolean_operator",
    "call",
    "case_pattern",
    "comparison_operator",
    "conditional_expression",
    "constrained_type",
    "dictionary",
    "dictionary_comprehension",
    "format_expression",
    "generator_expression",
    "generic_type",
    "interpolation",
    "lambda",
    "list",
    "list_comprehension",
    "list_pattern",
    "member_type",
    "not_operator",
    "parenthesized_expression",
    "pattern_list",
    "set",
    "set_comprehension",
    "subscript",
    "tuple",
    "tuple_pattern",
    "unary_operator",
    "yield",
)
"""Every way to nest without end leads through one of these, or through ERROR."""


def _by_kind(*tables: Mapping[str, Handler]) -> list[Handler | None]:
    """Give the handler for each kind of node; None where nothing stands that has a name."""
    handlers: list[Handler | None] = [None] * (grammar.ERROR + 1)
    for table in tables:
        for name, handler in table.items():
            for kind in grammar.kinds(name) or (grammar.ERROR,):
                is_nested = kind in _NESTED or kind == grammar.ERROR
                handlers[kind] = nesting.guarded(handler) if is_nested else handler
    return handlers


_HANDLERS = _by_kind(
    expressions.HANDLERS,
    strings.HANDLERS,
    displays.HANDLERS,
    calls.HANDLERS,
    imports.HANDLERS,
    statements.HANDLERS,
    definitions.HANDLERS,
    patterns.HANDLERS,
    recovery.HANDLERS,
)
