"""Attributes that do not exist, where the type is sure."""

import ast
import threading
from pathlib import Path

import pytest

from mcp_tools.code.checks.unknown_attribute import unknown_attributes
from mcp_tools.types.documents import Document
from mcp_tools.types.text import Span
from mcp_tools.workspace.diffs import apply_edits

OTHER = """
class Base:
    size: int = 0
    title: str = "a"
    anything: "int | None" = None

    def run(self) -> str:
        return ""

class Open(Base):
    def __getattr__(self, name): ...

class Unknown(missing.Base):
    def run(self): ...

class Traced(metaclass=Meta):
    def run(self): ...

class Patched(Base):
    def __init__(self):
        setattr(self, "x", 1)
"""


def messages(root: Path, text: str) -> list[str]:
    (root / "other.py").write_text(OTHER, encoding="utf-8")
    (root / "package").mkdir()
    (root / "package/__init__.py").write_text("def run(): ...\n", encoding="utf-8")
    document = Document(path=root / "a.py", text=text)
    everything = Span(0, len(text))
    found = unknown_attributes(document, ast.parse(text), root=root, within=everything)
    for item in found:
        assert item.fix is not None
        # The repair is a change of the name alone.
        assert item.fix.edits[0].span == item.span
        assert not item.fix.is_safe
    return [item.message for item in found]


def unknown(name: str, owner: str, close: str) -> str:
    return f"Unknown attribute {name!r} of {owner!r}; did you mean {close!r}?"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("'abc'.upperr()", unknown("upperr", "str", "upper")),
        ("b'abc'.decoed()", unknown("decoed", "bytes", "decode")),
        ("def f(s: str):\n    s.upperr()", unknown("upperr", "str", "upper")),
        ("def f(xs: list[int]):\n    xs.appendd(1)", unknown("appendd", "list", "append")),
        ("def f(s: str):\n    s.strip().lowr()", unknown("lowr", "str", "lower")),
        ("import os\nos.path.joinn('a')", unknown("joinn", "os.path", "join")),
        ("import json\njson.dmps", unknown("dmps", "json", "dumps")),
        ("import math\nmath.sqrtt(1)", unknown("sqrtt", "math", "sqrt")),
        ("from pathlib import Path\nPath('a').existss()", unknown("existss", "Path", "exists")),
        ("from other import Base\nBase().runn()", unknown("runn", "Base", "run")),
        ("from other import Base\nx = Base()\nx.sise", unknown("sise", "Base", "size")),
        ("from other import Base\nBase().title.lowr()", unknown("lowr", "str", "lower")),
        ("from other import Base\nBase().run().lowr()", unknown("lowr", "str", "lower")),
        (
            "from other import Base\nclass A(Base):\n    def f(self):\n        self.runn()",
            unknown("runn", "A", "run"),
        ),
        (
            "class A:\n    def __init__(self):\n        self.items = []\n"
            "    def f(self):\n        return self.itmes",
            unknown("itmes", "A", "items"),
        ),
        ("é = '😀'\né.uper()\n", unknown("uper", "str", "upper")),
        ("x = '\x0c\u2028'\r\nx.uper()\r\n", unknown("uper", "str", "upper")),
    ],
)
def test_a_misspelled_attribute_is_found(tmp_path: Path, text: str, message: str) -> None:
    assert messages(tmp_path, text) == [message]


@pytest.mark.parametrize(
    "text",
    [
        "def f(s):\n    s.upperr()",
        "def f(s: 'str | None'):\n    s.upperr()",
        "def f(s: str = None):\n    s.upperr()",
        "def f(s: T):\n    s.upperr()",
        "def f(*s: str):\n    s.cout()",
        "s = 'a'\ns = other()\ns.upperr()",
        "s = 'a'\nif isinstance(s, Special):\n    s.upperr()",
        "s = 'a'\ntry:\n    s.upperr()\nexcept AttributeError:\n    pass",
        "s = 'a'\nif hasattr(s, 'upperr'):\n    s.upperr()",
        "from contextlib import suppress\nwith suppress(AttributeError):\n    'a'.upperr()",
        "from other import *\n'a'.upperr()",
        "for s in ['a']:\n    s.upperr()",
        "'a'.nothing_like_it()",
        "'a'.upper()",
        "from other import Open\nOpen().runn()",
        "from other import Unknown\nUnknown().runn()",
        "from other import Traced\nTraced().runn()",
        "from other import Patched\nPatched().runn()",
        "from other import Base\nBase().anything.rel",
        "from other import Base\nx = Base()\nx.runn = 1\nx.runn",
        "import pydantic\npydantic.BaseModell",
        "import missing\nmissing.thing",
        "import warnings\nwarnings.deprecated",
        "import package\npackage.runn",
        "@dec\nclass A:\n    def run(self): ...\nA().runn()",
        "class A:\n    __slots__ = ('run',)\nA().runn",
        "class A:\n    @staticmethod\n    def f(self):\n        self.ff()",
        "def f():\n    return g().upperr\ndef g():\n    return 'a'",
        "def f():\n    global s\n    s = 1\ns = 'a'\ns.upperr()",
        "match x:\n    case str() as s:\n        s.upperr()",
    ],
)
def test_doubt_keeps_the_check_silent(tmp_path: Path, text: str) -> None:
    assert messages(tmp_path, text) == []


def test_the_fix_corrects_the_text(tmp_path: Path) -> None:
    text = "😀 = 1\n".replace("😀", "é") + "'😀'.uper()\n"
    document = Document(path=tmp_path / "a.py", text=text)
    tree = ast.parse(text)
    (item,) = unknown_attributes(document, tree, root=tmp_path, within=Span(0, len(text)))
    assert item.fix is not None
    assert apply_edits(text, item.fix.edits) == text.replace("uper", "upper")


def test_only_accesses_within_the_span_are_checked(tmp_path: Path) -> None:
    text = "'a'.uper()\n'a'.lowr()\n"
    document = Document(path=tmp_path / "a.py", text=text)
    found = unknown_attributes(document, ast.parse(text), root=tmp_path, within=Span(11, 21))
    assert [text[item.span.start : item.span.end] for item in found] == ["lowr"]


def test_compiled_modules_of_the_workspace_are_never_loaded(tmp_path: Path) -> None:
    for name in ("trap.py", "conftest.py", "sitecustomize.py"):
        text = "import pathlib\npathlib.Path(__file__).with_name('ran').touch()\nx = 'a'\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "ext.so").write_bytes(b"\x7fELF")
    (tmp_path / "ext.cpython-311-x86_64-linux-gnu.so").write_bytes(b"\x7fELF")
    assert messages(tmp_path, "import trap, ext\ntrap.x.uper()\next.thing.uper()\n") == []
    assert not (tmp_path / "ran").exists()


def test_two_threads_take_turns(tmp_path: Path) -> None:
    text = "import os\n'a'.uper()\nos.path.joinn('a')\n"
    document = Document(path=tmp_path / "a.py", text=text)
    tree = ast.parse(text)
    counts: list[int] = []

    def check() -> None:
        within = Span(0, len(text))
        counts.append(len(unknown_attributes(document, tree, root=tmp_path, within=within)))

    threads = [threading.Thread(target=check) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=5)
    assert counts == [2, 2, 2]


def test_that_not_all_attributes_were_checked_is_told(tmp_path: Path) -> None:
    text = "x = [1]\nx.apend(2)\n"
    document = Document(path=tmp_path / "a.py", text=text)
    (note,) = unknown_attributes(
        document, ast.parse(text), root=tmp_path, within=Span(0, len(text)), max_asked=0
    )
    assert note.code == "unknown-attribute-incomplete"
    assert note.fix is None
