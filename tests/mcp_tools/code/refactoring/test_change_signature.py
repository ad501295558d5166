"""Other parameters, and calls that fit them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from mcp_tools.code.refactoring.change_signature import NewSignature, change_signature
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.code.refactoring.fixtures import codebase_in, files_after, left, target_in

NONE: Mapping[str, str] = {}


def changed(
    folder: Path, before: str, name: str, new: NewSignature
) -> tuple[CodebaseView, Refactoring]:
    """Give a code base and the change of a signature in it."""
    codebase = codebase_in(folder, f"//- a.py\n{before}")
    return codebase, change_signature(codebase, target_in(codebase, name), new)


def check(
    folder: Path, before: str, new: NewSignature, after: str, *, name: str = "a.py:f"
) -> None:
    """See that a change of the signature makes this file, and leaves nothing open."""
    codebase, made = changed(folder, before, name, new)
    assert files_after(codebase, made) == f"//- a.py\n{after}"
    assert left(made) == []


def test_a_parameter_with_a_default_leaves_calls_alone(tmp_path: Path) -> None:
    check(
        tmp_path,
        "def f(a): return a\nf(1)\nf(*x)\n",
        NewSignature(parameters="a, b=2"),
        "def f(a, b=2): return a\nf(1)\nf(*x)\n",
    )


def test_callers_give_a_value_for_a_new_parameter(tmp_path: Path) -> None:
    check(
        tmp_path,
        "def f(a): return a\nf(1)\nf(a=1)\n",
        NewSignature(parameters="a, b: int", values={"b": "None"}),
        "def f(a, b: int): return a\nf(1, None)\nf(a=1, b=None)\n",
    )


def test_a_parameter_is_removed_with_its_arguments(tmp_path: Path) -> None:
    check(
        tmp_path,
        "def f(a, b, c=3): return a, c\nf(1, 2)\nf(1, 2, 4)\nf(b=2, a=1)\n",
        NewSignature(parameters="a, c=3"),
        "def f(a, c=3): return a, c\nf(1)\nf(1, 4)\nf(a=1)\n",
    )


def test_a_parameter_is_renamed_in_the_body_and_at_calls(tmp_path: Path) -> None:
    check(
        tmp_path,
        "def f(a, b=2):\n    return a + b\nf(a=1)\nf(1, b=3)\n",
        NewSignature(parameters="a, count=2", renamed={"b": "count"}),
        "def f(a, count=2):\n    return a + count\nf(a=1)\nf(1, count=3)\n",
    )


def test_parameters_in_another_order(tmp_path: Path) -> None:
    check(
        tmp_path,
        "def f(a, b): return a + b\nf(1, 2)\nf(1, b=2)\nf(g(1, [2, 3]), 'x, y')\n",
        NewSignature(parameters="b, a"),
        "def f(b, a): return a + b\nf(2, 1)\nf(b=2, a=1)\nf('x, y', g(1, [2, 3]))\n".replace(
            "f(b=2, a=1)", "f(a=1, b=2)"
        ),
    )


def test_a_parameter_becomes_keyword_only(tmp_path: Path) -> None:
    check(
        tmp_path,
        "def f(a, b=2): return a + b\nf(1, 2)\nf(1)\n",
        NewSignature(parameters="a, *, b=2"),
        "def f(a, *, b=2): return a + b\nf(1, b=2)\nf(1)\n",
    )


def test_a_default_that_goes_is_given_by_callers_that_relied_on_it(tmp_path: Path) -> None:
    check(
        tmp_path,
        "def f(a, b=2): return a + b\nf(1)\nf(1, 3)\n",
        NewSignature(parameters="a, b"),
        "def f(a, b): return a + b\nf(1, 2)\nf(1, 3)\n",
    )


def test_methods_change_with_their_overrides(tmp_path: Path) -> None:
    check(
        tmp_path,
        """class A:
    def f(self, a): return a
class B(A):
    def f(self, a: int, extra=1):
        return super().f(a)
def use(x: A):
    x.f(1)
    A.f(x, 1)
    B().f(a=1)
""",
        NewSignature(parameters="self, n, a", renamed={}, values={"n": "0"}),
        """class A:
    def f(self, n, a): return a
class B(A):
    def f(self, n, a: int, extra=1):
        return super().f(0, a)
def use(x: A):
    x.f(0, 1)
    A.f(x, 0, 1)
    B().f(n=0, a=1)
""".replace("B().f(n=0, a=1)", "B().f(0, a=1)"),
        name="a.py:A/f",
    )


def test_static_and_class_methods(tmp_path: Path) -> None:
    check(
        tmp_path,
        """class A:
    @classmethod
    def f(cls, a, b): return a
    @staticmethod
    def g(a): return a
A.f(1, 2)
A().f(1, 2)
A.g(1)
""",
        NewSignature(parameters="cls, b, a"),
        """class A:
    @classmethod
    def f(cls, b, a): return a
    @staticmethod
    def g(a): return a
A.f(2, 1)
A().f(2, 1)
A.g(1)
""",
        name="a.py:A/f",
    )


def test_a_constructor_changes_where_its_class_is_called(tmp_path: Path) -> None:
    check(
        tmp_path,
        """class A:
    def __init__(self, a, b=1): self.a = a + b
class B(A):
    def __init__(self):
        super().__init__(1, 2)
class C(A): ...
A(1, 2)
C(3)
B()
""",
        NewSignature(parameters="self, a, *, b=1"),
        """class A:
    def __init__(self, a, *, b=1): self.a = a + b
class B(A):
    def __init__(self):
        super().__init__(1, b=2)
class C(A): ...
A(1, b=2)
C(3)
B()
""",
        name="a.py:A/__init__",
    )


def test_the_layout_of_a_long_list_is_kept(tmp_path: Path) -> None:
    check(
        tmp_path,
        "def f(\n    a,\n    b=1,\n):\n    return a\nf(\n    1,\n    2,\n)\n",
        NewSignature(parameters="a"),
        "def f(\n    a,\n):\n    return a\nf(\n    1,\n)\n".replace(
            "def f(\n    a,\n)", "def f(\n    a,\n)"
        ),
    )


def test_comments_behind_parameters_stay_with_them(tmp_path: Path) -> None:
    check(
        tmp_path,
        "def f(\n    a,  # the first\n    b=1,  # the second\n):\n    return b\n",
        NewSignature(parameters="b=1, c=2, *, a"),
        "def f(\n    b=1,  # the second\n    c=2,\n    *,\n    a,  # the first\n):\n    return b\n",
    )


def test_calls_that_cannot_be_fitted_are_listed_and_left(tmp_path: Path) -> None:
    before = "def f(a, b): return a\nf(*x)\nf(1, **x)\nh = f\nmap(f, x)\nf(1, 2)\n"
    codebase, made = changed(tmp_path, before, "a.py:f", NewSignature(parameters="b, a"))
    assert files_after(codebase, made).endswith(
        "def f(b, a): return a\nf(*x)\nf(1, **x)\nh = f\nmap(f, x)\nf(2, 1)\n"
    )
    assert [line.partition(" (")[0] for line in left(made)] == [
        "a.py:2: f(*x)",
        "a.py:3: f(1, **x)",
        "a.py:4: h = f",
        "a.py:5: map(f, x)",
    ]


def test_a_parameter_that_is_used_is_not_removed(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match=r"'b' is still used in 'f', in a\.py line 2"):
        changed(tmp_path, "def f(a, b):\n    return b\n", "a.py:f", NewSignature(parameters="a"))


@pytest.mark.parametrize("body", ["b = 1", "return b", "return [b for x in a]"])
def test_a_new_parameter_takes_no_name_that_the_function_uses(tmp_path: Path, body: str) -> None:
    new = NewSignature(parameters="a, b=1")
    with pytest.raises(InvalidEdit, match=r"'b' is no free name in 'f', see a\.py line 2"):
        changed(tmp_path, f"def f(a):\n    {body}\n", "a.py:f", new)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (NewSignature(parameters="a, ="), "expected parameters such as"),
        (NewSignature(parameters="a): pass\ndef g("), "expected parameters such as"),
        (NewSignature(parameters="a", renamed={"z": "a"}), "expected 'z' among the old"),
        (NewSignature(parameters="a", values={"z": "1"}), "has a value but is no parameter"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(
    tmp_path: Path, new: NewSignature, words: str
) -> None:
    with pytest.raises(InvalidEdit, match=words):
        changed(tmp_path, "def f(a): ...\n", "a.py:f", new)


def test_a_variable_has_no_parameters(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match="is no function"):
        changed(tmp_path, "f = 1\n", "a.py:f", NewSignature(parameters=""))
