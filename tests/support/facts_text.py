"""Facts as text that a person can read, for the tests of extraction."""

from mcp_tools.types.facts import Binding, Facts, Op, Role

_PAIRS = {Op.ITEM, Op.BINARY, Op.SUBJECT}
_SINGLES = {Op.ELEMENT, Op.AWAIT, Op.CAUGHT, Op.ENTER}
_LISTS = {Op.EITHER, Op.TUPLE, Op.LIST, Op.SET, Op.DICT, Op.COLLECT}
_SYMBOLS = {Op.FUNCTION, Op.CLASS}


def occurrences_of(facts: Facts) -> str:
    """Give each name with its role, in the order of the text: `f CALL, x READ`."""
    found = [
        (facts.starts[term], facts.names[facts.a[term]], Role(role).name)
        for term, role in enumerate(facts.roles)
        if role != Role.NONE
    ]
    return ", ".join(f"{name} {role}" for _, name, role in sorted(found))


def bindings_of(facts: Facts) -> str:
    """Give what each scope binds, a line each: `1 PARAMETER x: int = 3`."""
    return "\n".join(_binding(facts, binding) for binding in facts.bindings)


def symbols_of(facts: Facts, text: str) -> str:
    """Give the symbols, indented below their parents, with the text of their first line."""
    lines: list[str] = []
    depths: dict[int, int] = {-1: -1}
    for number, symbol in enumerate(facts.symbols):
        depths[number] = depths[symbol.parent] + 1
        first = text[symbol.start : symbol.end].split("\n")[0]
        same = f"[{symbol.n_same}]" if symbol.n_same else ""
        name = facts.names[symbol.name] + same
        lines.append(f"{'  ' * depths[number]}{symbol.kind} {name}: {first}")
    return "\n".join(lines)


def term_text(facts: Facts, term: int) -> str:
    """Give a term as an expression."""
    op, a, b = Op(facts.ops[term]), facts.a[term], facts.b[term]
    if op is Op.UNKNOWN:
        return "?"
    if op in _PAIRS:
        return f"{op.name}({term_text(facts, a)}, {term_text(facts, b)})"
    if op in _SINGLES:
        return f"{op.name}({term_text(facts, a)}{f', {b}' if b else ''})"
    if op in _LISTS:
        return f"{op.name}{_items(facts, a)}"
    if op in _SYMBOLS:
        return f"{op.name} {facts.names[facts.symbols[a].name]}"
    return _named_text(facts, op, a, b)


def _named_text(facts: Facts, op: Op, a: int, b: int) -> str:
    names = facts.names
    if op is Op.CALL:
        return f"{term_text(facts, a)}{_items(facts, b)}"
    if op is Op.STAR:
        return "*" * b + term_text(facts, a)
    if op is Op.PART:
        return f"PART({term_text(facts, a)}, {b if b < 1 << 31 else f'end-{b - (1 << 31)}'})"
    if op is Op.IMPORTED:
        return f"{names[a]} from {names[b]}"
    if op is Op.MODULE:
        return f"module {names[b]}"
    if op is Op.ATTRIBUTE:
        return f"{term_text(facts, b)}.{names[a]}"
    if op is Op.KEYWORD:
        return f"{names[a]}={term_text(facts, b)}"
    return names[a]


def _items(facts: Facts, list_offset: int) -> str:
    return "(" + ", ".join(term_text(facts, item) for item in facts.items(list_offset)) + ")"


def _binding(facts: Facts, binding: Binding) -> str:
    annotation = f": {term_text(facts, binding.annotation)}" if binding.annotation else ""
    value = f" = {term_text(facts, binding.value)}" if binding.value else ""
    name = facts.names[binding.name]
    return f"{binding.scope} {binding.kind.name} {name}{annotation}{value}"
