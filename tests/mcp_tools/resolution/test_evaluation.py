"""Values are followed through assignments, calls, containers and annotations."""

import pytest

from tests.mcp_tools.resolution.meaning import Cases, in_one_file

ITEM = "class Item:\n    def m(self): ...\n    def me(self):\n        return self\n"

INFERRED = {
    "an instance": "Item().$0m()",
    "a variable": "x = Item()\nx.$0m()",
    "an annotated parameter": "def f(x: Item):\n    x.$0m()",
    "an annotation as text": "def f(x: 'Item'):\n    x.$0m()",
    "Optional": "from typing import Optional\ndef f(x: Optional[Item]):\n    x.$0m()",
    "a union with None": "def f(x: Item | None):\n    x.$0m()",
    "Annotated": "from typing import Annotated\ndef f(x: Annotated[Item, 1]):\n    x.$0m()",
    "a list": "def f(xs: list[Item]):\n    for x in xs:\n        x.$0m()",
    "typing.List": "from typing import List\ndef f(xs: List[Item]):\n    xs[0].$0m()",
    "a dictionary": "def f(xs: dict[str, Item]):\n    xs['a'].$0m()",
    "items of a dictionary": "def f(xs: dict[str, Item]):\n    for k, v in xs.items(): v.$0m()",
    "get of a dictionary": "def f(xs: dict[str, Item]):\n    xs.get('a').$0m()",
    "a tuple's item": "def f(xs: tuple[int, Item]):\n    a, b = xs\n    b.$0m()",
    "unpacking": "a, b = 1, Item()\nb.$0m()",
    "a list display": "[Item()][0].$0m()",
    "a comprehension": "xs = [Item() for _ in ()]\nxs[0].$0m()",
    "within a comprehension": "[x.$0m() for x in [Item()]]",
    "enumerate": "for i, x in enumerate([Item()]):\n    x.$0m()",
    "zip": "for x, y in zip([1], [Item()]):\n    y.$0m()",
    "sorted": "sorted([Item()])[0].$0m()",
    "next and iter": "next(iter([Item()])).$0m()",
    "a declared result": "def f() -> Item: ...\nf().$0m()",
    "a returned value": "def f():\n    return Item()\nf().$0m()",
    "a returned argument": "def f(x):\n    return x\nf(Item()).$0m()",
    "a type variable": (
        "from typing import TypeVar\nT = TypeVar('T')\ndef f(x: list[T]) -> T: ...\n"
        "f([Item()]).$0m()"
    ),
    "a type parameter": "def f[T](x: T) -> T: ...\nf(Item()).$0m()",
    "type[T]": "def f[T](x: type[T]) -> T: ...\nf(Item).$0m()",
    "a bound": "def f[T: Item](x: T):\n    x.$0m()",
    "a generic class": (
        "class Box[T]:\n    def __init__(self, x: T):\n        self.x = x\n"
        "    def get(self) -> T: ...\nBox(Item()).get().$0m()"
    ),
    "an argument of the base": (
        "from typing import Generic, TypeVar\nT = TypeVar('T')\n"
        "class Box(Generic[T]):\n    def get(self) -> T: ...\n"
        "class Items(Box[Item]): ...\nItems().get().$0m()"
    ),
    "self as a result": "class Sub(Item):\n    def s(self): ...\nSub().me().$0m()",
    "an attribute": "class A:\n    def __init__(self):\n        self.x = Item()\nA().x.$0m()",
    "an annotated attribute": "class A:\n    x: Item\nA().x.$0m()",
    "a property": "class A:\n    @property\n    def x(self):\n        return Item()\nA().x.$0m()",
    "a cached property": (
        "from functools import cached_property\nclass A:\n    @cached_property\n"
        "    def x(self):\n        return Item()\nA().x.$0m()"
    ),
    "a class method": (
        "class A(Item):\n    @classmethod\n    def make(cls):\n        return cls()\nA.make().$0m()"
    ),
    "a static method": (
        "class A:\n    @staticmethod\n    def make():\n        return Item()\nA.make().$0m()"
    ),
    "type(self)": "class A(Item):\n    def f(self):\n        type(self)().$0m()",
    "with": (
        "class A:\n    def __enter__(self):\n        return Item()\n"
        "    def __exit__(self, *e): ...\nwith A() as x:\n    x.$0m()"
    ),
    "a context manager by decorator": (
        "from contextlib import contextmanager\n@contextmanager\ndef f():\n    yield Item()\n"
        "with f() as x:\n    x.$0m()"
    ),
    "a generator": "def f():\n    yield Item()\nfor x in f():\n    x.$0m()",
    "yield from": "def f():\n    yield from [Item()]\nfor x in f():\n    x.$0m()",
    "await": "async def f():\n    return Item()\nasync def g():\n    (await f()).$0m()",
    "async for": (
        "async def f():\n    yield Item()\nasync def g():\n    async for x in f():\n        x.$0m()"
    ),
    "isinstance": "def f(x):\n    if isinstance(x, Item):\n        x.$0m()",
    "an except clause": "class E(Item, Exception): ...\ntry: ...\nexcept E as e:\n    e.$0m()",
    "a match": "def f(x):\n    match x:\n        case Item() as y:\n            y.$0m()",
    "either branch": "x = Item() if c else None\nx.$0m()",
    "or": "def f(x=None):\n    x = x or Item()\n    x.$0m()",
    "the walrus": "if x := Item():\n    x.$0m()",
    "a default": "def f(x=Item()):\n    x.$0m()",
    "the argument of a call": "def f(x):\n    x.$0m()\nf(Item())",
    "an own iterator": (
        "class A:\n    def __iter__(self):\n        return iter([Item()])\nfor x in A(): x.$0m()"
    ),
    "an alias of a class": "Other = Item\nOther().$0m()",
    "a type alias": "type Alias = list[Item]\ndef f(xs: Alias):\n    xs[0].$0m()",
    "a generic type alias": ("type Made[T] = list[T]\ndef f(xs: Made[Item]):\n    xs[0].$0m()"),
    "a decorator with a generic alias": (
        "from typing import Callable\ntype Maker[T] = Callable[[int], T]\n"
        "def once[T](key: str) -> Callable[[Maker[T]], Maker[T]]: ...\n"
        "@once('x')\ndef make(i: int) -> Item: ...\nmake(1).$0m()"
    ),
    "what a subclass assigns": (
        "class A:\n    def __init__(self):\n        self.x = None\n"
        "class B(A):\n    def __init__(self):\n        self.x = Item()\nB().x.$0m()"
    ),
    "what a subclass annotates": (
        "class A:\n    x: object\n"
        "class B(A):\n    def __init__(self, x):\n        self.x: Item = x\nB(1).x.$0m()"
    ),
    "cast": "from typing import cast\ncast(Item, None).$0m()",
    "partial": "from functools import partial\npartial(Item)().$0m()",
    "NewType": "from typing import NewType\nN = NewType('N', Item)\ndef f(x: N):\n    x.$0m()",
    "copy": "import copy\ncopy.copy(Item()).$0m()",
    "a global set elsewhere": "def g():\n    global x\n    x = Item()\ndef f():\n    x.$0m()",
    "star arguments": "def f(*xs):\n    for x in xs:\n        x.$0m()\nf(Item())",
}


@pytest.fixture(name="cases", scope="module")
def _cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    projects = {f"INFERRED {name}": in_one_file(ITEM + text) for name, text in INFERRED.items()}
    projects |= {f"TYPES {name}": in_one_file(text) for name, (text, _) in TYPES.items()}
    projects |= {f"CIRCLES {name}": in_one_file(text) for name, (text, _) in CIRCLES.items()}
    projects |= {f"CALLED {name}": in_one_file(text) for name, (text, _) in CALLED.items()}
    projects |= {f"KEYWORDS {name}": in_one_file(text) for name, (text, _) in KEYWORDS.items()}
    return Cases(tmp_path_factory.mktemp("cases"), projects)


@pytest.mark.parametrize("case", INFERRED)
def test_a_method_is_found_through(cases: Cases, case: str) -> None:
    assert cases.meaning(f"INFERRED {case}") in ("a.py:Item.m inferred", "a.py:Item.m exact")


TYPES = {
    "a number": ("x = 1\n$0x", "int"),
    "a text": ("x = 'a'.upper()\n$0x", "str"),
    "a list": ("x = [1, 'a']\n$0x", "list[int | str]"),
    "a dictionary": ("x = {'a': 1}\n$0x", "dict[str, int]"),
    "a tuple": ("x = 1, 'a'\n$0x", "tuple[int, str]"),
    "a class": ("class A: ...\n$0A", "type[A]"),
    "a module": ("import os.path\n$0os", "module os"),
    "a function": ("def f(): ...\n$0f", "def f"),
    "a file": ("with open('a') as f:\n    $0f", "TextIOWrapper"),
    "a line of a file": ("with open('a') as f:\n    for x in f:\n        $0x", "str"),
    "a compiled pattern": ("import re\nx = re.compile('a')\n$0x", "Pattern[str]"),
    "a path": ("from pathlib import Path\nx = Path('a') / 'b'\n$0x", "Path"),
    "a member of an enumeration": (
        "from enum import Enum\nclass E(Enum):\n    A = 1\nx = E.A\n$0x",
        "E",
    ),
    "each member": ("from enum import Enum\nclass E(Enum):\n    A = 1\nfor x in E:\n    $0x", "E"),
    "nothing known": ("x = unknown()\n$0x", ""),
    "a recursive list": ("x = []\nx = [x]\nx = [x]\n$0x", "list[list[list]]"),
}


@pytest.mark.parametrize("case", TYPES)
def test_the_type_is_that_of(cases: Cases, case: str) -> None:
    assert cases.type(f"TYPES {case}") == TYPES[case][1]


CIRCLES = {
    "functions that return each other's result": (
        "def f():\n    return g()\ndef g():\n    if c: return 1\n    return f()\nx = f()\n$0x",
        "int",
    ),
    "a variable that is built from itself": ("x = 1\nwhile c:\n    x = x + x\n$0x", "int"),
    "a class whose attribute is its own": (
        "class A:\n    def __init__(self):\n        self.next = A()\nx = A().next.next\n$0x",
        "A",
    ),
    "a property that asks itself": (
        "class A:\n    @property\n    def p(self):\n        return self.p\nx = A().p\n$0x",
        "",
    ),
    "a decorator that decorates itself": ("@f\ndef f(g): ...\n$0f", "def f"),
}


@pytest.mark.parametrize("case", CIRCLES)
def test_a_circle_ends(cases: Cases, case: str) -> None:
    assert cases.type(f"CIRCLES {case}") == CIRCLES[case][1]


CALLED = {
    "a function": ("def f(): ...\n$0f()", "a.py:f"),
    "a class without a constructor": ("class A: ...\n$0A()", "a.py:A"),
    "a class with one": ("class A:\n    def __init__(self): ...\n$0A()", "a.py:A.__init__"),
    "an inherited one": (
        "class A:\n    def __init__(self): ...\nclass B(A): ...\n$0B()",
        "a.py:A.__init__",
    ),
    "an instance": ("class A:\n    def __call__(self): ...\na = A()\n$0a()", "a.py:A.__call__"),
    "a function under another name": ("def f(): ...\ng = f\n$0g()", "a.py:f"),
    "an argument": ("def f(): ...\ndef g(h):\n    $0h()\ng(f)", "a.py:f"),
    "an argument that is declared callable": (
        "from typing import Callable\ndef f(): ...\ndef g(h: Callable[[], None]):\n    $0h()\ng(f)",
        "a.py:f",
    ),
    "what a call returns": ("def f(): ...\ndef g():\n    return f\n$0g()()", "a.py:f"),
    "a decorated function": (
        "def d(f):\n    def w(*a):\n        return f(*a)\n    return w\n@d\ndef f(): ...\n$0f()",
        "a.py:f",
    ),
    "what a decorator gets": (
        "def d(f):\n    def w(*a):\n        return $0f(*a)\n    return w\n@d\ndef g(): ...\n",
        "a.py:g",
    ),
    "a bound method": ("class A:\n    def m(self): ...\nf = A().m\n$0f()", "a.py:A.m"),
    "nothing known": ("$0unknown()", ""),
}


@pytest.mark.parametrize("case", CALLED)
def test_a_call_runs(cases: Cases, case: str) -> None:
    assert cases.called(f"CALLED {case}") == CALLED[case][1]


KEYWORDS = {
    "a parameter": ("def f(k=1): ...\nf($0k=2)", "a.py:f.k inferred"),
    "one of a method": (
        "class A:\n    def m(self, k): ...\nA().m($0k=2)",
        "a.py:A.m.k inferred",
    ),
    "one of a constructor": (
        "class A:\n    def __init__(self, k): ...\nA($0k=2)",
        "a.py:A.__init__.k inferred",
    ),
    "a field": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    k: int\nA($0k=2)",
        "a.py:A.k inferred",
    ),
    "a field below a base with a constructor": (
        "from dataclasses import dataclass\nclass B:\n    def __init__(self): ...\n"
        "@dataclass\nclass A(B):\n    k: int\nA($0k=2)",
        "a.py:A.k inferred",
    ),
    "taken by **": ("def f(**more): ...\nf($0k=2)", ""),
}


@pytest.mark.parametrize("case", KEYWORDS)
def test_the_name_of_an_argument_is(cases: Cases, case: str) -> None:
    assert cases.meaning(f"KEYWORDS {case}") == KEYWORDS[case][1]
