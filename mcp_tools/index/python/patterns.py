"""`match` and its patterns."""

from tree_sitter import Node

from mcp_tools.index.python import grammar, nesting, targets
from mcp_tools.index.python.codes import (
    OP_ATTRIBUTE,
    OP_DICT,
    OP_ELEMENT,
    OP_ITEM,
    OP_LIST,
    OP_NAME,
    OP_PART,
    OP_SUBJECT,
    READ,
)
from mcp_tools.index.python.draft import Draft, Handler
from mcp_tools.types.facts import FROM_END, UNKNOWN_TERM


def match_statement(draft: Draft, node: Node, _role: int) -> int:
    """`match subject:`."""
    subjects = node.children_by_field_id(grammar.FIELD_SUBJECT)
    terms = draft.visit_each(subjects, READ)
    subject = terms[0] if len(terms) == 1 else UNKNOWN_TERM
    body = node.child_by_field_id(grammar.FIELD_BODY)
    for child in body.children if body is not None else ():
        if child.kind_id == grammar.CASE_CLAUSE:
            _case(draft, child, subject)
        else:
            draft.visit(child, READ)
    return UNKNOWN_TERM


def case_clause(draft: Draft, node: Node, _role: int) -> int:
    """`case pattern:` without a `match` that could be understood."""
    _case(draft, node, UNKNOWN_TERM)
    return UNKNOWN_TERM


def pattern(draft: Draft, node: Node, _role: int) -> int:
    """A pattern in a place where it is not expected."""
    return _pattern(draft, node, UNKNOWN_TERM)


def dotted_name(draft: Draft, node: Node, role: int) -> int:
    """`a.b.c` where the grammar allows nothing but names."""
    term = UNKNOWN_TERM
    parts = [child for child in node.named_children if child.kind_id == grammar.IDENTIFIER]
    for place, part in enumerate(parts):
        used = role if place == len(parts) - 1 else READ
        if place:
            term = draft.occurrence(OP_ATTRIBUTE, part, term, used)
        else:
            term = draft.occurrence(OP_NAME, part, draft.scope, used)
    return term


def _case(draft: Draft, node: Node, subject: int) -> None:
    patterns = [child for child in node.children if child.kind_id == grammar.CASE_PATTERN]
    classes = [_pattern(draft, child, subject) for child in patterns]
    for child in node.children:
        if child.kind_id != grammar.CASE_PATTERN:
            draft.visit(child, READ)
    if len(classes) == 1 and classes[0] and draft.ops[subject] == OP_NAME:
        row = (draft.scope, draft.a[subject], classes[0], patterns[0].end_byte, node.end_byte)
        draft.narrowings.append(row)


def _pattern(draft: Draft, node: Node, subject: int) -> int:
    """Read a pattern; give the term of the class that the subject then has, if it names one."""
    if draft.depth >= nesting.DEPTH_MAX:
        return nesting.names_alone(draft, node)
    draft.depth += 1
    term = _pattern_inner(draft, node, subject)
    draft.depth -= 1
    return term


def _pattern_inner(draft: Draft, node: Node, subject: int) -> int:
    kind = node.kind_id
    if kind in _WRAPPERS:
        found = [_pattern(draft, child, subject) for child in node.named_children]
        return found[0] if len(found) == 1 else UNKNOWN_TERM
    if kind == grammar.DOTTED_NAME:
        return _capture_or_value(draft, node, subject)
    if kind == grammar.CLASS_PATTERN:
        return _class_pattern(draft, node, subject)
    if kind in grammar.AS_PATTERNS:
        return _as_pattern(draft, node, subject)
    if kind in _SEQUENCES:
        _sequence(draft, node, subject)
    elif kind == grammar.DICT_PATTERN:
        _mapping(draft, node, subject)
    elif kind == grammar.KEYWORD_PATTERN:
        _keyword(draft, node, subject)
    elif kind == grammar.SPLAT_PATTERN:
        _splat(draft, node, subject)
    elif kind == grammar.IDENTIFIER:
        _bind(draft, node, UNKNOWN_TERM, subject)
    else:
        draft.visit(node, READ)
    return UNKNOWN_TERM


def _bind(draft: Draft, name: Node, class_term: int, subject: int) -> None:
    if draft.text(name) != b"_":
        value = draft.term(OP_SUBJECT, class_term, subject, name)
        targets.bind(draft, name, value)


def _capture_or_value(draft: Draft, node: Node, subject: int) -> int:
    parts = [child for child in node.named_children if child.kind_id == grammar.IDENTIFIER]
    if len(parts) == 1:
        _bind(draft, parts[0], UNKNOWN_TERM, subject)
    else:
        dotted_name(draft, node, READ)
    return UNKNOWN_TERM


def _class_pattern(draft: Draft, node: Node, subject: int) -> int:
    parts = node.named_children
    class_term = draft.visit(parts[0], READ)
    inner = draft.term(OP_SUBJECT, class_term, subject, node)
    for part in parts[1:]:
        keyword = part.named_children[0] if len(part.named_children) == 1 else part
        if keyword.kind_id == grammar.KEYWORD_PATTERN:
            _keyword(draft, keyword, inner)
        else:
            _pattern(draft, part, UNKNOWN_TERM)
    return class_term


def _keyword(draft: Draft, node: Node, subject: int) -> None:
    """`name=pattern`: the attribute of that name matches the pattern."""
    parts = node.named_children
    attribute = draft.occurrence(OP_ATTRIBUTE, parts[0], subject, READ)
    for part in parts[1:]:
        _pattern(draft, part, attribute)


def _as_pattern(draft: Draft, node: Node, subject: int) -> int:
    parts = [child for child in node.named_children if child.kind_id != grammar.COMMENT]
    class_term = _pattern(draft, parts[0], subject)
    for part in parts[1:]:
        if part.kind_id == grammar.IDENTIFIER:
            _bind(draft, part, class_term, subject)
    return class_term


def _sequence(draft: Draft, node: Node, subject: int) -> None:
    parts = [child for child in node.named_children if child.kind_id != grammar.COMMENT]
    splats = [place for place, part in enumerate(parts) if _is_splat(part)]
    splat = splats[0] if splats else len(parts)
    for place, part in enumerate(parts):
        if place == splat:
            _pattern(draft, part, subject)
        else:
            position = place if place < splat else FROM_END + len(parts) - 1 - place
            _pattern(draft, part, draft.term(OP_PART, subject, position, part))


def _is_splat(node: Node) -> bool:
    children = node.named_children
    return node.kind_id == grammar.SPLAT_PATTERN or (
        len(children) == 1 and children[0].kind_id == grammar.SPLAT_PATTERN
    )


def _splat(draft: Draft, node: Node, subject: int) -> None:
    is_mapping = draft.source[node.start_byte : node.start_byte + 2] == b"**"
    element = draft.term(OP_ELEMENT, subject, 0, node)
    for name in node.named_children:
        items = (UNKNOWN_TERM, subject) if is_mapping else (element,)
        value = draft.term(OP_DICT if is_mapping else OP_LIST, draft.list_of(items), 0, node)
        if draft.text(name) != b"_":
            targets.bind(draft, name, value)


def _mapping(draft: Draft, node: Node, subject: int) -> None:
    key = UNKNOWN_TERM
    keys = {child.id for child in node.children_by_field_id(grammar.FIELD_KEY)}
    for part in node.named_children:
        if part.id in keys:
            key = draft.visit(part, READ)
        elif part.kind_id == grammar.SPLAT_PATTERN:
            _splat(draft, part, subject)
        elif part.kind_id != grammar.COMMENT:
            _pattern(draft, part, draft.term(OP_ITEM, subject, key, part))


_WRAPPERS = grammar.kinds("case_pattern", "union_pattern")
_SEQUENCES = grammar.kinds("list_pattern", "tuple_pattern")

HANDLERS: dict[str, Handler] = {
    "case_clause": case_clause,
    "case_pattern": pattern,
    "class_pattern": pattern,
    "dict_pattern": pattern,
    "dotted_name": dotted_name,
    "keyword_pattern": pattern,
    "match_statement": match_statement,
    "splat_pattern": pattern,
    "union_pattern": pattern,
}
