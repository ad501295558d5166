"""The questions around what a name means: where it stands, where it is bound, what it is."""

from pathlib import Path

import pytest

from mcp_tools.resolution.resolver import Resolver
from mcp_tools.resolution.target import MODULE, Certainty, Declaration, Target
from mcp_tools.types.facts import UNKNOWN_TERM
from tests.mcp_tools.resolution.meaning import target_named
from tests.support.codebases import codebase_of


@pytest.mark.parametrize(
    ("offset", "name"),
    [(0, "ab"), (1, "ab"), (2, "ab"), (3, "cd"), (4, "cd"), (5, "cd"), (6, None), (8, None)],
)
def test_the_name_at_an_offset_contains_it_or_ends_there(
    offset: int, name: str | None, tmp_path: Path
) -> None:
    codebase = codebase_of({"a.py": "ab.cd = 12\n"}, tmp_path)
    facts = codebase.facts("a.py")
    term = Resolver(codebase).term_at("a.py", offset)
    assert facts is not None
    assert (facts.names[facts.a[term]] if term else None) == name


def test_an_unknown_file_has_no_names(tmp_path: Path) -> None:
    resolver = Resolver(codebase_of({}, tmp_path))
    assert resolver.term_at("a.py", 0) is None
    assert resolver.resolve("a.py", 1).certainty == Certainty.TEXTUAL
    assert resolver.declarations(Target("a.py", 0, "x")) == ()


def test_the_unknown_term_means_nothing(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": "x\n"}, tmp_path)
    assert Resolver(codebase).resolve("a.py", UNKNOWN_TERM).targets == ()


def _declared(codebase_text: str, name: str, tmp_path: Path) -> list[int]:
    codebase = codebase_of({"a.py": codebase_text}, tmp_path)
    facts = codebase.facts("a.py")
    assert facts is not None
    target = target_named(codebase, "a.py", name)
    found = Resolver(codebase).declarations(target)
    lines = [codebase_text.count("\n", 0, facts.starts[each.term]) for each in found]
    assert all(each.symbol != -1 or each.term for each in found)
    return lines


def test_declarations_are_in_the_order_of_the_text(tmp_path: Path) -> None:
    assert _declared("x = 1\nprint(x)\nx = 2\ndel x\n", "x", tmp_path) == [0, 2]


def test_assignments_to_an_attribute_are_declarations(tmp_path: Path) -> None:
    text = (
        "class A:\n    x: int\n    def __init__(self):\n        self.x = 1\n"
        "    def m(self):\n        self.x = 2\n"
    )
    assert _declared(text, "x", tmp_path) == [1, 3, 5]


def test_what_global_binds_is_declared_there(tmp_path: Path) -> None:
    assert _declared("x = 1\ndef f():\n    global x\n    x = 2\n", "x", tmp_path) == [0, 3]


@pytest.mark.parametrize(
    ("module_name", "name", "expected"),
    [
        (".m", "f", Target("p/m.py", 0, "f")),
        ("p.m", "f", Target("p/m.py", 0, "f")),
        ("p", "f", Target("p/m.py", 0, "f")),
        (".", "m", Target("p/m.py", MODULE, "")),
        ("p.m", "unknown", None),
        ("nowhere", "f", None),
    ],
)
def test_an_import_means_something_before_its_file_is_read(
    module_name: str, name: str, expected: Target | None, tmp_path: Path
) -> None:
    files = {"p/__init__.py": "from .m import f\n", "p/m.py": "def f(): ...\n", "p/n.py": ""}
    codebase = codebase_of(files, tmp_path)
    found = Resolver(codebase).imported("p/n.py", module_name, name)
    assert found == (() if expected is None else (expected,))


def test_a_module_is_its_own_declaration(tmp_path: Path) -> None:
    resolver = Resolver(codebase_of({"a.py": ""}, tmp_path))
    module = resolver.module("a.py")
    assert module == Target("a.py", MODULE, "")
    assert resolver.declarations(module) == (Declaration("a.py", 0, -1),)


def test_kinds_of_targets_are_told_apart(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": "class C: ...\ndef f(): ...\nx = C\n"}, tmp_path)
    resolver = Resolver(codebase)
    kinds = {
        name: (resolver.is_class(target), resolver.is_function(target))
        for name in ("C", "f", "x")
        for target in [target_named(codebase, "a.py", name)]
    }
    assert kinds == {"C": (True, False), "f": (False, True), "x": (False, False)}


BROKEN = [
    "class",
    "def f(:\n    return f(\n",
    "from . import *\nfrom .. import x\nfrom ... import *\n",
    "import a\nimport a.a.a\na.a.a.a\n",
    "class A(B): ...\nclass B(A): ...\nA.x.y.z\nB().x\n",
    "x = y = x.y = [x, y]\nx.y.x.y()\n",
    "def f(*, a=f, **k): return f(a=f, **k)\nf(a=f)(a=1)\n",
    "f = lambda f: f(f)\nf(f)(f)\n",
    "class A:\n    A = A\n    def A(self, A=A) -> 'A': return self.A.A(A=A)\n",
    "from a import *\nfrom a import a as b, b as a\na.b.a\n",
    "@a.b(c)\n@d\nclass a(a, metaclass=a): a = a\na.a[a](a=a)\n",
    "class T[T: T](T): x: T\ntype X = X[X]\ndef f(x: X[X]) -> X: ...\nf(f).x\n",
    "def f():\n    yield f()\n    yield from f()\nfor x in f(): x.y\nasync def g(): await g()\n",
    "super().x\nsuper(A, b).x\nself.x\ncls.x\n",
    "try: ...\nexcept* (A, B) as e: e.x\nwith a as (b, *c), d: c.x\n",
    "global x\nnonlocal y\nx.y\n",
    "x = 1" + " + x" * 600 + "\nx.y\n",
    "x" + ".x()" * 2000 + "\n",
    "class A:\n" + "".join(f"    def m{i}(self): return self.m{i + 1}()\n" for i in range(300)),
    "x = " + "[" * 90 + "x" + "]" * 90 + "\nx[0].y\n",
]


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_no_text_makes_it_fail(text: str, tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": text}, tmp_path)
    resolver = Resolver(codebase)
    facts = codebase.facts("a.py")
    assert facts is not None
    for term in range(len(facts.ops)):
        assert resolver.resolve("a.py", term) is not None
        resolver.describe_value("a.py", term)
    for number in range(len(facts.symbols)):
        target = resolver.target_of("a.py", number)
        resolver.mro(target)
        resolver.subclasses(target)
        resolver.overrides(target)
