"""Which names a place can see; the place is marked by `$0`."""

import pytest

from lsp_agent.models.offline.scopes import names_in_scope
from lsp_agent.models.offline.source import source_of


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        ("a = 1\nb = $0x\nc = 2\n", "a"),
        ("a = 1\ndef f(b, *c, d, **e):\n    $0x\n", "a b c d e f"),
        ("def f(a):\n    def g(b):\n        $0x\n    c = 1\n", "a b c f g"),
        ("def f(a=$0x):\n    pass\nb = 1\n", ""),
        ("@$0x\ndef f(a):\n    pass\n", ""),
        ("class A:\n    a = 1\n    b = $0x\n", "a"),
        ("class A:\n    a = 1\n    def f(self):\n        $0x\n", "A self"),
        ("class A($0x):\n    a = 1\n", ""),
        ("a = [$0x for b in ()]\n", "b"),
        ("a = [b for b in $0x]\n", ""),
        ("a = {b: 1 for b in () if (c := $0x)}\n", "b"),
        ("a = lambda b: $0x\n", "a b"),
        ("a = lambda b=$0x: b\n", ""),
        ("import a.b, c as d\nfrom e import f as g, h\n$0x\n", "a d g h"),
        ("try:\n    pass\nexcept E as a:\n    $0x\n", "a"),
        ("match 1:\n    case {'k': a, **b}:\n        $0x\n    case [*c]:\n        pass\n", "a b"),
        ("with f() as (a, b):\n    $0x\n", "a b"),
        ("for a in ():\n    $0x\n    b = 1\nc = 1\n", "a b"),
        ("while f():\n    if $0x:\n        a = 1\nb = 1\n", ""),
        ("a: int = 1\na += 1\nb += 1\n$0x\n", "a"),
        ("if (a := f()):\n    $0x\n", "a"),
        ("é = '😀'; b = 1; $0x\n", "b é"),
    ],
)
def test_a_place_sees_what_the_language_says(marked: str, names: str) -> None:
    offset = marked.index("$0")
    source = source_of(marked.replace("$0", ""))
    assert source is not None
    assert " ".join(sorted(names_in_scope(source, offset))) == names
