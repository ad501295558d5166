"""Attributes are found by the resolution order of classes."""

from pathlib import Path

import pytest

from mcp_tools.resolution.resolver import Resolver
from tests.mcp_tools.resolution.meaning import Cases, in_one_file, shown, target_named
from tests.support.codebases import codebase_of

CASES = {
    "a method by self": (
        "class A:\n    def m(self):\n        self.$0m()\n",
        "a.py:A.m exact",
    ),
    "a method of a base": (
        "class A:\n    def m(self): ...\nclass B(A):\n    def n(self):\n        self.$0m()\n",
        "a.py:A.m exact",
    ),
    "an override hides its base": (
        "class A:\n    def m(self): ...\nclass B(A):\n    def m(self):\n        self.$0m()\n",
        "a.py:B.m exact",
    ),
    "super": (
        "class A:\n    def m(self): ...\nclass B(A):\n    def m(self):\n        super().$0m()\n",
        "a.py:A.m exact",
    ),
    "the left base comes first": (
        "class A:\n    def m(self): ...\nclass B:\n    def m(self): ...\n"
        "class C(A, B): ...\nC.$0m\n",
        "a.py:A.m exact",
    ),
    "a diamond": (
        "class T:\n    def m(self): ...\nclass A(T): ...\nclass B(T):\n    def m(self): ...\n"
        "class C(A, B): ...\nC.$0m\n",
        "a.py:B.m exact",
    ),
    "a base of another file": (
        "from b import A\nclass B(A): ...\nB().$0m()\n//- /b.py\nclass A:\n    def m(self): ...\n",
        "b.py:A.m inferred",
    ),
    "an attribute of instances": (
        "class A:\n    def __init__(self):\n        self.x = 1\n"
        "    def m(self):\n        self.$0x\n",
        "a.py:A.x exact",
    ),
    "where it is assigned": (
        "class A:\n    def __init__(self):\n        self.$0x = 1\n",
        "a.py:A.x exact",
    ),
    "an attribute that a base has is the base's": (
        "class A:\n    def __init__(self):\n        self.x = 1\n"
        "class B(A):\n    def m(self):\n        self.$0x = 2\n",
        "a.py:A.x exact",
    ),
    "a class variable below is another one": (
        "class A:\n    x = 1\nclass B(A):\n    x = 2\nB.$0x\n",
        "a.py:B.x exact",
    ),
    "a metaclass": (
        "class M(type):\n    def m(cls): ...\nclass A(metaclass=M): ...\nA.$0m()\n",
        "a.py:M.m exact",
    ),
    "a class method by cls": (
        "class A:\n    @classmethod\n    def m(cls):\n        cls.$0m()\n",
        "a.py:A.m exact",
    ),
    "a class within a class": (
        "class A:\n    class B:\n        x = 1\nA.B.$0x\n",
        "a.py:A.B.x exact",
    ),
    "a generic base": (
        "from typing import Generic, TypeVar\nT = TypeVar('T')\n"
        "class A(Generic[T]):\n    def m(self): ...\nclass B(A[int]): ...\nB.$0m\n",
        "a.py:A.m exact",
    ),
    "self of a nested function": (
        "class A:\n    x = 1\n    def m(self):\n        def f():\n            self.$0x\n",
        "a.py:A.x exact",
    ),
    "an attribute that is nowhere": ("class A: ...\nA.$0x\n", ""),
    "a base that is unknown": ("from nowhere import B\nclass A(B): ...\nA.$0x\n", ""),
    "a base that is itself": ("class A(A): ...\nA.$0x\n", ""),
}


@pytest.fixture(name="cases", scope="module")
def _cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    projects = {f"CASES {name}": in_one_file(text) for name, (text, _) in CASES.items()}
    return Cases(tmp_path_factory.mktemp("cases"), projects)


@pytest.mark.parametrize("case", CASES)
def test_an_attribute_is(cases: Cases, case: str) -> None:
    assert cases.meaning(f"CASES {case}") == CASES[case][1]


HIERARCHY = {
    "a.py": (
        "class Top:\n    def m(self): ...\n    def __p(self): ...\n"
        "class Left(Top):\n    def m(self): ...\n    def __p(self): ...\n"
        "class Right(Top): ...\n"
    ),
    "b.py": (
        "from a import Left, Right as R\nimport a\n"
        "class Low(Left, R):\n    def m(self): ...\n"
        "class Other(a.Right): ...\n"
    ),
}


def test_bases_are_in_the_order_of_the_text(tmp_path: Path) -> None:
    codebase = codebase_of(HIERARCHY, tmp_path)
    found = Resolver(codebase).bases(target_named(codebase, "b.py", "Low"))
    assert [shown(codebase, each) for each in found] == ["a.py:Left", "a.py:Right"]


def test_the_resolution_order_starts_with_the_class(tmp_path: Path) -> None:
    codebase = codebase_of(HIERARCHY, tmp_path)
    low = target_named(codebase, "b.py", "Low")
    found = [shown(codebase, each) for each in Resolver(codebase).mro(low)]
    assert found == ["b.py:Low", "a.py:Left", "a.py:Right", "a.py:Top", "builtins.pyi:object"]
    assert Resolver(codebase).is_mro_known(low)


def test_an_unknown_base_makes_the_order_unknown(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": "from nowhere import B\nclass A(B): ...\n"}, tmp_path)
    assert not Resolver(codebase).is_mro_known(target_named(codebase, "a.py", "A"))


def test_subclasses_are_found_under_an_alias(tmp_path: Path) -> None:
    codebase = codebase_of(HIERARCHY, tmp_path)
    found = Resolver(codebase).subclasses(target_named(codebase, "a.py", "Right"))
    assert [shown(codebase, each) for each in found] == ["b.py:Low", "b.py:Other"]


def test_overrides_are_found_at_any_depth(tmp_path: Path) -> None:
    codebase = codebase_of(HIERARCHY, tmp_path)
    resolver = Resolver(codebase)
    top = resolver.member(target_named(codebase, "a.py", "Top"), "m")
    assert top is not None
    found = resolver.overrides(top)
    assert [shown(codebase, each) for each in found] == ["a.py:Left.m", "b.py:Low.m"]
    assert [shown(codebase, each) for each in resolver.overridden(found[1])] == [
        "a.py:Left.m",
        "a.py:Top.m",
    ]


def test_private_names_override_nothing(tmp_path: Path) -> None:
    codebase = codebase_of(HIERARCHY, tmp_path)
    resolver = Resolver(codebase)
    private = resolver.member(target_named(codebase, "a.py", "Top"), "__p")
    assert private is not None
    assert resolver.overrides(private) == ()
