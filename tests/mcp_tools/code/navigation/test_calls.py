"""Calls, in and out: the same edges from both ends."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from mcp_tools.code.navigation.calls import incoming, outgoing
from mcp_tools.code.navigation.naming import locate
from mcp_tools.code.navigation.results import Calls
from tests.support.codebases import codebase_of


def _ends(calls: Calls) -> list[str]:
    return [f"{call.item.file}:{call.item.path}" for call in calls.calls]


def _in(files: Mapping[str, str], name: str, tmp_path: Path) -> list[str]:
    codebase = codebase_of(files, tmp_path)
    return _ends(incoming(codebase, locate(codebase, name)))


def _out(files: Mapping[str, str], name: str, tmp_path: Path) -> list[str]:
    codebase = codebase_of(files, tmp_path)
    return _ends(outgoing(codebase, locate(codebase, name)))


_PLAIN = {
    "a.py": (
        "def callee(): ...\n"
        "def caller():\n"
        "    callee()\n"
        "    [callee() for _ in ()]\n"
        "    lambda: callee()\n"
        "    def inner(x=callee()):\n"
        "        callee()\n"
        "class A:\n"
        "    x = callee()\n"
        "    def m(self): callee()\n"
    ),
}


def test_the_caller_is_the_innermost_named_function(tmp_path: Path) -> None:
    found = _in(_PLAIN, "callee", tmp_path)
    assert found == ["a.py:", "a.py:caller", "a.py:caller/inner", "a.py:A/m"]


def test_calls_of_one_caller_are_grouped(tmp_path: Path) -> None:
    codebase = codebase_of(_PLAIN, tmp_path)
    calls = incoming(codebase, locate(codebase, "callee"))
    lines = {call.item.path: [s.place.line + 1 for s in call.sites] for call in calls.calls}
    assert lines == {"": [9], "caller": [3, 4, 5, 6], "caller/inner": [7], "A/m": [10]}
    assert calls.item.path == "callee"


@pytest.mark.parametrize("name", ["caller", "a.py", "caller/inner", "A/m"])
def test_outgoing_gives_the_same_edges(name: str, tmp_path: Path) -> None:
    assert _out(_PLAIN, name, tmp_path) == ["a.py:callee"]


def test_a_class_is_called_through_its_constructor(tmp_path: Path) -> None:
    files = {
        "a.py": "class A:\n    def __init__(self): ...\nclass B(A): ...\nclass C: ...\n",
        "b.py": "from a import A, B, C\ndef f(): A()\ndef g(): B()\ndef h(): C()\n",
    }
    codebase = codebase_of(files, tmp_path)
    init = locate(codebase, "A/__init__")
    assert _ends(incoming(codebase, init)) == ["b.py:f", "b.py:g"]
    assert _ends(outgoing(codebase, locate(codebase, "f"))) == ["a.py:A/__init__"]
    assert _ends(outgoing(codebase, locate(codebase, "g"))) == ["a.py:A/__init__"]
    assert _ends(outgoing(codebase, locate(codebase, "h"))) == ["a.py:C"]
    assert _ends(incoming(codebase, locate(codebase, "C"))) == ["b.py:h"]
    assert _ends(incoming(codebase, locate(codebase, "A"))) == ["b.py:f"]


def test_a_decorator_is_called_where_it_is_used(tmp_path: Path) -> None:
    files = {
        "a.py": (
            "def plain(f): return f\n"
            "def made(n):\n    return plain\n"
            "@plain\ndef f(): ...\n"
            "@made(1)\ndef g(): ...\n"
        )
    }
    assert _in(files, "plain", tmp_path)[:1] == ["a.py:"]
    assert _in(files, "made", tmp_path) == ["a.py:"]
    assert _out(files, "a.py", tmp_path) == ["a.py:plain", "a.py:made"]


def test_reading_a_property_calls_it(tmp_path: Path) -> None:
    files = {
        "a.py": (
            "class A:\n    @property\n    def size(self): return 1\ndef f(a: A): return a.size\n"
        )
    }
    assert _in(files, "A/size", tmp_path) == ["a.py:f"]
    assert _out(files, "f", tmp_path) == ["a.py:A/size"]


_DISPATCH = {
    "a.py": (
        "class Base:\n"
        "    def __init__(self): ...\n"
        "    def run(self): ...\n"
        "class Sub(Base):\n"
        "    def run(self):\n"
        "        super().run()\n"
        "def any_base(b: Base): b.run()\n"
        "def just_base(): Base().run()\n"
        "def variable():\n"
        "    b = Base()\n"
        "    b.run()\n"
        "def only_sub(s: Sub): s.run()\n"
    )
}


def test_a_call_through_a_base_reaches_overrides(tmp_path: Path) -> None:
    codebase = codebase_of(_DISPATCH, tmp_path)

    def out(name: str) -> list[str]:
        return _ends(outgoing(codebase, locate(codebase, name)))

    assert out("any_base") == ["a.py:Base/run", "a.py:Sub/run"]
    assert out("just_base") == ["a.py:Base/__init__", "a.py:Base/run"]
    assert out("variable") == ["a.py:Base/__init__", "a.py:Base/run"]
    assert out("Sub/run") == ["a.py:Base/run"]
    assert out("only_sub") == ["a.py:Sub/run"]


def test_an_override_has_the_callers_of_its_base(tmp_path: Path) -> None:
    codebase = codebase_of(_DISPATCH, tmp_path)
    sub = locate(codebase, "Sub/run")
    calls = incoming(codebase, sub)
    assert {call.item.path: str(call.certainty) for call in calls.calls} == {
        "any_base": "inferred",
        "only_sub": "inferred",
    }
    assert _ends(incoming(codebase, sub, with_overrides=False)) == ["a.py:only_sub"]
    any_base = locate(codebase, "any_base")
    assert _ends(outgoing(codebase, any_base, with_overrides=False)) == ["a.py:Base/run"]


@pytest.mark.parametrize(
    ("text", "caller"),
    [
        ("def f(): ...\ndef apply(g): g()\napply(f)\n", "apply"),
        ("def f(): ...\ndef apply(*, g): g()\napply(g=f)\n", "apply"),
        ("def f(): ...\ntable = {1: f}\ndef apply(k): table[k]()\n", "apply"),
        ("def f(): ...\ng = f\ndef apply(): g()\n", "apply"),
        (
            "def f(): ...\nclass A:\n    def __init__(self, g): self.g = g\n"
            "    def apply(self): self.g()\nA(f)\n",
            "A/apply",
        ),
    ],
)
def test_functions_are_followed_as_values(text: str, caller: str, tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": text}, tmp_path)
    assert f"a.py:{caller}" in _ends(incoming(codebase, locate(codebase, "/f")))
    assert "a.py:f" in _ends(outgoing(codebase, locate(codebase, caller)))


def test_passing_a_function_is_not_calling_it(tmp_path: Path) -> None:
    assert _in({"a.py": "def f(): ...\ndef g(): return f\n"}, "/f", tmp_path) == []


def test_what_is_called_and_not_known_is_counted(tmp_path: Path) -> None:
    files = {"a.py": "def f(x):\n    x()\n    print(x)\n    g()\ndef g(): ...\n"}
    codebase = codebase_of(files, tmp_path)
    calls = outgoing(codebase, locate(codebase, "/f"))
    assert _ends(calls) == ["a.py:g"]
    assert calls.n_unresolved == 2


def test_a_function_that_calls_itself_is_its_own_caller(tmp_path: Path) -> None:
    files = {"a.py": "def f(n):\n    f(n - 1)\n"}
    assert _in(files, "/f", tmp_path) == _out(files, "/f", tmp_path) == ["a.py:f"]


def test_what_is_called_on_a_base_outside_is_no_call_of_an_override(tmp_path: Path) -> None:
    files = {
        "a.py": "class Items(list):\n    def append(self, x): ...\n",
        "b.py": "from a import Items\n[].append(1)\nItems().append(1)\n",
    }
    codebase = codebase_of(files, tmp_path)
    calls = incoming(codebase, locate(codebase, "Items/append"))
    assert [site.place.line for call in calls.calls for site in call.sites] == [2]


def test_a_mixin_calls_what_stands_beside_it(tmp_path: Path) -> None:
    text = (
        "class Loud:\n    def shout(self): self.speak()\n"
        "class Dog:\n    def speak(self): ...\n"
        "class LoudDog(Loud, Dog): ...\n"
    )
    codebase = codebase_of({"a.py": text}, tmp_path)
    assert _ends(incoming(codebase, locate(codebase, "Dog/speak"))) == ["a.py:Loud/shout"]
    assert _ends(outgoing(codebase, locate(codebase, "Loud/shout"))) == ["a.py:Dog/speak"]


def test_a_returned_function_is_followed_to_who_calls_the_result(tmp_path: Path) -> None:
    text = "def f(): ...\ndef make(): return f\ndef caller():\n    g = make()\n    g()\n"
    codebase = codebase_of({"a.py": text}, tmp_path)
    assert _ends(incoming(codebase, locate(codebase, "/f"))) == ["a.py:caller"]


def test_an_alternative_constructor_calls_the_constructor(tmp_path: Path) -> None:
    text = (
        "class A:\n    def __init__(self): ...\n    @classmethod\n    def make(cls): return cls()\n"
    )
    codebase = codebase_of({"a.py": text}, tmp_path)
    assert _ends(incoming(codebase, locate(codebase, "A/__init__"))) == ["a.py:A/make"]
