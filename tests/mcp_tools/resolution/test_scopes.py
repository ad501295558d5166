"""Bare names go by Python's scopes."""

import pytest

from tests.mcp_tools.resolution.meaning import Cases, in_one_file

CASES = {
    "a function of the module": ("def f(): ...\n$0f()\n", "a.py:f exact"),
    "a local variable hides that of the module": (
        "x = 1\ndef f():\n    x = 2\n    return $0x\n",
        "a.py:f.x exact",
    ),
    "a parameter": ("def f(p):\n    return $0p\n", "a.py:f.p exact"),
    "a name of the function around": (
        "def f():\n    x = 1\n    def g():\n        return $0x\n",
        "a.py:f.x exact",
    ),
    "a class is not seen from its methods": (
        "x = 1\nclass C:\n    x = 2\n    def m(self):\n        return $0x\n",
        "a.py:x exact",
    ),
    "a class body sees its own names": ("class C:\n    x = 2\n    y = $0x\n", "a.py:C.x exact"),
    "a class body sees the module until it binds the name": (
        "x = 1\nclass C:\n    x = $0x\n",
        "a.py:x exact",
    ),
    "an annotation beside a method of its name": (
        "class date: ...\nclass C:\n    def date(self) -> $0date: ...\n",
        "a.py:date exact",
    ),
    "global": ("x = 1\ndef f():\n    global x\n    $0x = 2\n", "a.py:x exact"),
    "the declaration of a global": ("x = 1\ndef f():\n    global $0x\n", "a.py:x exact"),
    "a global that only a function binds": (
        "def f():\n    global x\n    x = 2\nprint($0x)\n",
        "a.py:x exact",
    ),
    "nonlocal": (
        "def f():\n    x = 1\n    def g():\n        nonlocal x\n        $0x = 2\n",
        "a.py:f.x exact",
    ),
    "a comprehension's variable": ("y = [$0x for x in ()]\n", "a.py:x exact"),
    "a lambda's parameter": ("f = lambda p: $0p\n", "a.py:<lambda>.p exact"),
    "a type parameter": ("def f[T](x: $0T): ...\n", "a.py:f.T exact"),
    "a builtin": ("$0len(())\n", "builtins.pyi:len exact"),
    "a name that is not there": ("$0missing\n", ""),
    "an exception's name": (
        "try: ...\nexcept ValueError as error:\n    $0error\n",
        "a.py:error exact",
    ),
    "astral characters": (
        "\U00010400 = 1\nprint('\U0001f600', $0\U00010400)\n",
        "a.py:\U00010400 exact",
    ),
}


@pytest.fixture(name="cases", scope="module")
def _cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    projects = {f"CASES {name}": in_one_file(text) for name, (text, _) in CASES.items()}
    projects |= {f"FLOW {name}": in_one_file(CLASSES + text) for name, (text, _) in FLOW.items()}
    return Cases(tmp_path_factory.mktemp("cases"), projects)


@pytest.mark.parametrize("case", CASES)
def test_a_bare_name_belongs_to(cases: Cases, case: str) -> None:
    assert cases.meaning(f"CASES {case}") == CASES[case][1]


CLASSES = "class A: ...\nclass B: ...\n"
FLOW = {
    "the last assignment before": ("x = A()\nx = B()\n$0x\n", "B"),
    "not one after": ("x = A()\n$0x\nx = B()\n", "A"),
    "one in a branch does not hide": ("x = A()\nif c:\n    x = B()\n$0x\n", "A | B"),
    "its own right side is before": ("x = A()\nx = [$0x]\n", "A"),
    "any, seen from a function": ("x = A()\ndef f():\n    $0x\nx = B()\n", "A | B"),
    "within isinstance": ("def f(x):\n    if isinstance(x, B):\n        $0x\n", "B"),
    "behind isinstance": (
        "def f(x: A):\n    if isinstance(x, B):\n        pass\n    $0x\n",
        "A",
    ),
}


@pytest.mark.parametrize("case", FLOW)
def test_the_value_of_a_variable_is(cases: Cases, case: str) -> None:
    assert cases.type(f"FLOW {case}") == FLOW[case][1]
