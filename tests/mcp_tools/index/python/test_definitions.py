"""Classes, functions, lambdas: their symbols, scopes, parameters and ranges."""

import pytest

from mcp_tools.index.python.extraction import extract
from mcp_tools.types.facts import NONE, Facts, Op, ParameterKind, ScopeKind, Symbol, SymbolKind
from tests.support.facts_text import bindings_of, occurrences_of, symbols_of, term_text

CLASS = '''class C(Base[T], m.Other, metaclass=Meta):
    """Doc."""
    field: "list[Item]" = None
    LIMIT = 3
    def __init__(self, b: int = LIMIT) -> None:
        self.a = self.b = b
        self.field = b
        for self.x, (y, *z) in b: pass
    @property
    def name(self): return self.a
    @name.setter
    def name(self, value): self.a = value
    @staticmethod
    def make(x): x.nothing = 1
    async def g(self):
        async with open(a) as (f, h): yield await f.read()
        yield from self.items
        return
'''


def _symbol(facts: Facts, name: str) -> Symbol:
    return next(s for s in facts.symbols if facts.names[s.name] == name)


def test_the_symbols_of_a_class_are_its_outline() -> None:
    assert symbols_of(extract(CLASS), CLASS).split("\n") == [
        "class C: class C(Base[T], m.Other, metaclass=Meta):",
        '  variable field: field: "list[Item]" = None',
        "  constant LIMIT: LIMIT = 3",
        "  method __init__: def __init__(self, b: int = LIMIT) -> None:",
        "  attribute a: self.a = self.b = b",
        "  attribute b: self.b = b",
        "  attribute x: self.x",
        "  property name: @property",
        "  property name[1]: @name.setter",
        "  method make: @staticmethod",
        "  method g: async def g(self):",
    ]


def test_bases_are_inherited_from_and_keywords_are_kept() -> None:
    facts = extract(CLASS)
    bases = _symbol(facts, "C").bases
    assert [term_text(facts, base) for base in bases] == [
        "ITEM(Base, T)",
        "m.Other",
        "metaclass=Meta",
    ]
    assert occurrences_of(facts).startswith(
        "C DEFINITION, Base INHERIT, T INHERIT, m READ, Other INHERIT, metaclass KEYWORD"
    )


def test_defaults_and_decorators_belong_to_the_scope_around() -> None:
    facts = extract(CLASS)
    limit = facts.occurrences("LIMIT")[-1]
    assert facts.scopes[facts.b[limit]].kind is ScopeKind.CLASS
    decorator = facts.occurrences("property")[0]
    assert facts.scopes[facts.b[decorator]].kind is ScopeKind.CLASS


def test_stores_hold_what_is_assigned_to_attributes() -> None:
    facts = extract(CLASS)
    assert [
        f"{term_text(facts, row.term)} = {term_text(facts, row.value)}" for row in facts.stored
    ] == [
        "self.a = b",
        "self.b = b",
        "self.field = b",
        "self.x = PART(ELEMENT(b), 0)",
        "self.a = value",
        "x.nothing = int",
    ]


def test_results_are_returned_or_yielded() -> None:
    facts = extract(CLASS)
    symbol = _symbol(facts, "g")
    assert symbol.is_async
    assert [term_text(facts, term) for term in symbol.returned] == ["None"]
    assert [term_text(facts, term) for term in symbol.yielded] == [
        "AWAIT(f.read())",
        "ELEMENT(self.items)",
    ]


def test_with_binds_what_entering_gives() -> None:
    assert "ASSIGN f = PART(ENTER(open(a), 1), 0)" in bindings_of(extract(CLASS))


@pytest.mark.parametrize(
    ("text", "header", "body", "doc"),
    [
        ('def f(a,\n      b): # note\n    # more\n    "doc"\n    x\n', "b):", '"doc"', '"doc"'),
        ("def f(a: int = {1: 2}[1]): pass\n", "1]):", "pass", ""),
        ("class C:\n    'a' 'b'\n", "C:", "'a'", "'a' 'b'"),
        ('def f():\n    b"no"\n', "():", 'b"no"', ""),
        ("@d\nclass C(B):\n    x = 1\n", "B):", "x = 1", ""),
    ],
)
def test_refactorings_can_cut_by_the_ranges(text: str, header: str, body: str, doc: str) -> None:
    symbol = extract(text).symbols[0]
    assert text[: symbol.header_end].endswith(header)
    assert text[symbol.body_start :].startswith(body)
    assert text[max(symbol.doc_start, 0) : max(symbol.doc_end, 0)] == doc
    assert text[symbol.start : symbol.end] == text.rstrip("\n")


def test_parameters_know_how_arguments_find_them() -> None:
    text = "def f(a, /, b: int, *c, d=1, **e: str): pass\n"
    facts = extract(text)
    rows = [
        (facts.names[p.name], p.kind, p.has_default, text[p.start : p.end])
        for p in facts.symbols[0].parameters
    ]
    assert rows == [
        ("a", ParameterKind.POSITIONAL_ONLY, False, "a"),
        ("b", ParameterKind.NORMAL, False, "b: int"),
        ("c", ParameterKind.VARIADIC, False, "*c"),
        ("d", ParameterKind.KEYWORD_ONLY, True, "d=1"),
        ("e", ParameterKind.KEYWORDS, False, "**e: str"),
    ]
    kinds = [p.kind for p in extract("lambda *, x: x\n").symbols[0].parameters]
    assert kinds == [ParameterKind.KEYWORD_ONLY]


def test_type_parameters_have_a_scope_of_their_own() -> None:
    text = "@d(U)\ndef first[T: Base, *U](x: T = V) -> T: return x\nclass Box[T](Base[T]): pass\n"
    facts = extract(text)
    assert [(s.kind.name, s.parent) for s in facts.scopes] == [
        ("MODULE", -1),
        ("TYPE_PARAMETERS", 0),
        ("FUNCTION", 1),
        ("TYPE_PARAMETERS", 0),
        ("CLASS", 3),
    ]
    assert bindings_of(facts).split("\n") == [
        "0 DEFINE first = FUNCTION first",
        "0 DEFINE Box = CLASS Box",
        "1 TYPE_PARAMETER T: Base",
        "1 TYPE_PARAMETER U",
        "2 PARAMETER x: T = V",
        "3 TYPE_PARAMETER T",
    ]
    assert facts.b[facts.occurrences("U")[0]] == 0  # the decorator's is another U
    assert facts.b[facts.occurrences("V")[0]] == 0


def test_a_lambda_is_a_symbol_whose_value_is_returned() -> None:
    text = "g = lambda p=q: p.x\n"
    facts = extract(text)
    assert symbols_of(facts, text) == (
        "variable g: g = lambda p=q: p.x\nlambda <lambda>: lambda p=q: p.x"
    )
    assert bindings_of(facts) == "0 ASSIGN g = FUNCTION <lambda>\n1 PARAMETER p = q"
    assert [term_text(facts, term) for term in facts.symbols[1].returned] == ["p.x"]
    assert facts.symbols[1].body_start == NONE


def test_definitions_below_if_and_try_belong_to_the_module() -> None:
    text = "try: pass\nexcept E:\n    a = None\n    def f(): pass\nif x:\n    def f(): y = 1\n"
    assert symbols_of(extract(text), text).split("\n") == [
        "variable a: a = None",
        "function f: def f(): pass",
        "function f[1]: def f(): y = 1",
    ]


def test_numbers_of_symbols_follow_their_places() -> None:
    facts = extract("x = lambda: 1\nclass C:\n    y = [lambda: 2]\n    def f(self): self.z = 3\n")
    for term, op in enumerate(facts.ops):
        if op in (Op.FUNCTION, Op.CLASS):
            symbol = facts.symbols[facts.a[term]]
            assert (symbol.kind is SymbolKind.CLASS) == (op == Op.CLASS)
            assert symbol.start <= facts.starts[term] <= symbol.end
    assert list(facts.symbols) == sorted(facts.symbols, key=lambda symbol: symbol.start)
