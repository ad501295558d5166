"""Parameters of functions and lambdas."""

from tree_sitter import Node

from mcp_tools.index.python import grammar, targets
from mcp_tools.index.python.codes import ANNOTATION, DEFINITION, OP_NAME, READ
from mcp_tools.index.python.draft import Draft, ParameterDraft
from mcp_tools.types.facts import UNKNOWN_TERM, BindingKind, ParameterKind


def evaluate(draft: Draft, node: Node | None, default_scope: int) -> list[ParameterDraft]:
    """Read the parameters; annotations belong to the current scope, defaults to another one.

    The names are bound by `bind_parameters`, when the function's own scope is there.
    """
    found: list[ParameterDraft] = []
    kind = ParameterKind.NORMAL
    for child in node.children if node is not None else ():
        child_kind = child.kind_id
        if child_kind in _NAMED:
            parameter = _parameter(draft, child, default_scope)
            parameter.kind = _STARRED.get(parameter.name_node.kind_id, kind)
            if parameter.kind == ParameterKind.VARIADIC:
                kind = ParameterKind.KEYWORD_ONLY
            found.append(parameter)
        elif child_kind == grammar.POSITIONAL_SEPARATOR:
            for parameter in found:
                parameter.kind = ParameterKind.POSITIONAL_ONLY
        elif child_kind == grammar.KEYWORD_SEPARATOR:
            kind = ParameterKind.KEYWORD_ONLY
    return found


def bind_parameters(draft: Draft, found: list[ParameterDraft]) -> tuple[ParameterDraft, ...]:
    """Bind the names of parameters in the current scope; give those that have one name.

    A tuple of names, as Python 2 had it, is no parameter that a call could tell of.
    """
    named: list[ParameterDraft] = []
    for parameter in found:
        name = parameter.name_node
        if name.kind_id in _STARRED:
            name = name.children[-1]
        if name.kind_id != grammar.IDENTIFIER:
            targets.bind(draft, name, UNKNOWN_TERM)
            continue
        term = draft.occurrence(OP_NAME, name, draft.scope, DEFINITION)
        draft.bind(BindingKind.PARAMETER, term, parameter.default, parameter.annotation)
        parameter.term = term
        if term:
            named.append(parameter)
    return tuple(named)


def _parameter(draft: Draft, node: Node, default_scope: int) -> ParameterDraft:
    kind = node.kind_id
    if kind == grammar.IDENTIFIER or kind in _STARRED:
        return ParameterDraft(name_node=node, start=node.start_byte, end=node.end_byte)
    name_node = node.children[0]
    parameter = ParameterDraft(name_node=name_node, start=node.start_byte, end=node.end_byte)
    if kind in _TYPED:
        type_node = node.child_by_field_id(grammar.FIELD_TYPE)
        if type_node is not None:
            parameter.annotation = draft.visit(type_node, ANNOTATION)
    if kind in _WITH_DEFAULT:
        value = node.child_by_field_id(grammar.FIELD_VALUE)
        if value is not None:
            scope, draft.scope = draft.scope, default_scope
            parameter.default = draft.visit(value, READ)
            draft.scope = scope
            parameter.has_default = True
    return parameter


_STARRED = {
    grammar.LIST_SPLAT_PATTERN: ParameterKind.VARIADIC,
    grammar.DICTIONARY_SPLAT_PATTERN: ParameterKind.KEYWORDS,
}
_TYPED = frozenset((grammar.TYPED_PARAMETER, grammar.TYPED_DEFAULT_PARAMETER))
_WITH_DEFAULT = frozenset((grammar.DEFAULT_PARAMETER, grammar.TYPED_DEFAULT_PARAMETER))
_NAMED = frozenset((grammar.IDENTIFIER, *_TYPED, *_WITH_DEFAULT, *_STARRED))
