"""Another name for something, everywhere."""

from pathlib import Path

import pytest

from mcp_tools.code.refactoring.rename import RenameOptions, rename
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.code.refactoring.fixtures import codebase_in, files_after, left, target_in


def check(
    folder: Path, before: str, names: tuple[str, str], after: str, *, in_docstrings: bool = False
) -> None:
    """See that a rename makes these files."""
    codebase = codebase_in(folder, before)
    options = RenameOptions(in_docstrings=in_docstrings)
    made = rename(codebase, target_in(codebase, names[0]), names[1], options)
    assert files_after(codebase, made) == after


def refused(folder: Path, before: str, names: tuple[str, str], words: str) -> None:
    """See that a rename is refused with these words."""
    codebase = codebase_in(folder, before)
    with pytest.raises(InvalidEdit, match=words):
        rename(codebase, target_in(codebase, names[0]), names[1])


def test_a_function_is_renamed_at_its_uses_imports_and_exports(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
__all__ = ["f", "g"]
def f(x):
    return f(x - 1)
def g():
    f = 1
    return f
//- b.py
from a import f
from a import f as other, g
import a
print(f(1), other(2), a.f(3), "f")
""",
        ("a.py:f", "fresh"),
        """//- a.py
__all__ = ["fresh", "g"]
def fresh(x):
    return fresh(x - 1)
def g():
    f = 1
    return f
//- b.py
from a import fresh
from a import fresh as other, g
import a
print(fresh(1), other(2), a.fresh(3), "f")
""",
    )


def test_a_word_in_a_string_is_listed_and_left(tmp_path: Path) -> None:
    codebase = codebase_in(
        tmp_path,
        """//- a.py
def load(): pass
x = getattr(a, "load")
# load is fast
""",
    )
    made = rename(codebase, target_in(codebase, "a.py:load"), "read")
    assert left(made) == ['a.py:2: x = getattr(a, "load") (the word stands in a string)']


def test_docstrings_and_comments_are_renamed_on_demand(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
def load():
    \"\"\"Use `load` to load; reload is another.\"\"\"
# load is fast
x = "load"
""",
        ("a.py:load", "read"),
        """//- a.py
def read():
    \"\"\"Use `read` to read; reload is another.\"\"\"
# read is fast
x = "load"
""",
        in_docstrings=True,
    )


def test_a_method_is_renamed_with_its_overrides(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
class Base:
    def run(self): ...
class Child(Base):
    def run(self):
        super().run()
class Other:
    def run(self): ...
//- b.py
from a import Base, Child
def use(base: Base):
    base.run()
    Child().run()
""",
        ("a.py:Child/run", "go"),
        """//- a.py
class Base:
    def go(self): ...
class Child(Base):
    def go(self):
        super().go()
class Other:
    def run(self): ...
//- b.py
from a import Base, Child
def use(base: Base):
    base.go()
    Child().go()
""",
    )


def test_a_method_of_an_unknown_receiver_is_listed(tmp_path: Path) -> None:
    codebase = codebase_in(
        tmp_path,
        """//- a.py
class A:
    def run(self): ...
//- b.py
def use(thing):
    thing.run()
""",
    )
    made = rename(codebase, target_in(codebase, "a.py:A/run"), "go")
    assert left(made) == ["b.py:2: thing.run() (what the name means here is not known)"]


def test_places_of_the_same_name_are_renamed_on_demand(tmp_path: Path) -> None:
    codebase = codebase_in(
        tmp_path, "//- a.py\nclass A:\n    def run(self): ...\n\ndef use(x):\n    x.run()\n"
    )
    options = RenameOptions(where_unsure=True)
    made = rename(codebase, target_in(codebase, "a.py:A/run"), "go", options)
    assert "x.go()" in files_after(codebase, made)
    assert list(made.notes) == ["Renamed by the name alone, which may mean something else: 1 place"]


def test_a_file_with_a_syntax_error_is_changed_where_it_is_understood(tmp_path: Path) -> None:
    check(
        tmp_path,
        "//- a.py\ndef f(): ...\n//- b.py\nfrom a import f\nf()\ndef broken(:\n",
        ("a.py:f", "g"),
        "//- a.py\ndef g(): ...\n//- b.py\nfrom a import g\ng()\ndef broken(:\n",
    )


def test_what_overrides_something_outside_keeps_its_name(tmp_path: Path) -> None:
    refused(
        tmp_path,
        """//- a.py
import threading
class Worker(threading.Thread):
    def run(self): ...
""",
        ("a.py:Worker/run", "go"),
        "overrides the one of 'Thread'.*outside of the workspace",
    )


def test_a_parameter_is_renamed_with_keyword_arguments(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
def f(size, other=1):
    return size + other
//- b.py
from a import f
size = 3
f(size=size, other=2)
""",
        ("a.py:1:7", "n_bytes"),
        """//- a.py
def f(n_bytes, other=1):
    return n_bytes + other
//- b.py
from a import f
size = 3
f(n_bytes=size, other=2)
""",
    )


def test_a_parameter_of_a_method_is_renamed_in_overrides(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
class Base:
    def run(self, size): return size
class Child(Base):
    def run(self, size): return size * 2
def use(base: Base):
    base.run(size=1)
""",
        ("a.py:2:19", "count"),
        """//- a.py
class Base:
    def run(self, count): return count
class Child(Base):
    def run(self, count): return count * 2
def use(base: Base):
    base.run(count=1)
""",
    )


def test_a_field_of_a_dataclass_is_renamed_with_keyword_arguments(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    y: int = 0
def use():
    point = Point(x=1, y=2)
    return point.x
""",
        ("a.py:Point/x", "left"),
        """//- a.py
from dataclasses import dataclass
@dataclass
class Point:
    left: int
    y: int = 0
def use():
    point = Point(left=1, y=2)
    return point.left
""",
    )


def test_an_attribute_of_an_instance_is_renamed(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
class A:
    def __init__(self):
        self.size = 1
    def twice(self):
        return self.size * 2
print(A().size)
""",
        ("a.py:A/size", "length"),
        """//- a.py
class A:
    def __init__(self):
        self.length = 1
    def twice(self):
        return self.length * 2
print(A().length)
""",
    )


def test_string_annotations_are_renamed(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
class Node:
    def next(self) -> "Node | None": ...
def f(nodes: "list[Node]"): ...
""",
        ("a.py:Node", "Item"),
        """//- a.py
class Item:
    def next(self) -> "Item | None": ...
def f(nodes: "list[Item]"): ...
""",
    )


def test_a_reexport_is_renamed_all_the_way(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- pkg/__init__.py
from .core import thing as thing
//- pkg/core.py
def thing(): ...
//- use.py
import pkg
from pkg import thing
thing(); pkg.thing()
""",
        ("pkg/core.py:thing", "stuff"),
        """//- pkg/__init__.py
from .core import stuff as stuff
//- pkg/core.py
def stuff(): ...
//- use.py
import pkg
from pkg import stuff
stuff(); pkg.stuff()
""",
    )


def test_a_name_with_a_fallback_stays_where_it_is_imported(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
def fast(): ...
//- b.py
try:
    from a import fast
except ImportError:
    fast = None
if fast:
    fast()
""",
        ("a.py:fast", "quick"),
        """//- a.py
def quick(): ...
//- b.py
try:
    from a import quick as fast
except ImportError:
    fast = None
if fast:
    fast()
""",
    )


def test_a_module_is_renamed_with_its_file(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- pkg/__init__.py
from . import old
from .old import f
//- pkg/old.py
def f(): ...
//- use.py
import pkg.old
import pkg.old as o
from pkg import old
old.f(); pkg.old.f(); o.f()
""",
        ("pkg/old.py", "new"),
        """//- pkg/__init__.py
from . import new
from .new import f
//- pkg/new.py
def f(): ...
//- pkg/old.py
gone
//- use.py
import pkg.new
import pkg.new as o
from pkg import new
new.f(); pkg.new.f(); o.f()
""",
    )


def test_a_package_is_renamed_with_its_folder(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- pkg/__init__.py
from pkg.core import f
//- pkg/core.py
def f(): ...
//- pkg/data.txt
hello
//- use.py
import pkg
pkg.core.f()
""",
        ("pkg/__init__.py", "kit"),
        """//- kit/__init__.py
from kit.core import f
//- kit/core.py
def f(): ...
//- kit/data.txt
hello
//- pkg/__init__.py
gone
//- pkg/core.py
gone
//- pkg/data.txt
gone
//- use.py
import kit
kit.core.f()
""",
    )


def test_line_ends_and_a_mark_are_kept(tmp_path: Path) -> None:
    codebase = codebase_in(tmp_path, "//- a.py\nx = 1\r\nprint(x)\r\n")
    made = rename(codebase, target_in(codebase, "a.py:x"), "y")
    assert files_after(codebase, made) == "//- a.py\ny = 1\r\nprint(y)\r\n"


@pytest.mark.parametrize("name", ["class", "1x", "a b", "", "a.b"])
def test_an_impossible_name_is_refused(tmp_path: Path, name: str) -> None:
    refused(tmp_path, "//- a.py\nx = 1\n", ("a.py:x", name), "keyword|expected a name")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(): ...\ng = 1\n", r"a\.py:2: 'g' is bound here"),
        ("def f(): ...\ndef h():\n    g = 1\n    f()\n", r"a\.py:3: 'g' is bound here"),
        ("from x import g\ndef f(): ...\n", r"a\.py:1: 'g' is bound here"),
        ("def f(): ...\nprint(g)\n", "is read here and means something else"),
    ],
)
def test_a_name_that_is_taken_is_refused_with_its_place(
    tmp_path: Path, text: str, words: str
) -> None:
    refused(tmp_path, f"//- a.py\n{text}", ("a.py:f", "g"), words)


def test_a_name_that_is_taken_where_it_is_imported_is_refused(tmp_path: Path) -> None:
    before = "//- a.py\ndef f(): ...\n//- b.py\nfrom a import f\ng = 1\n"
    refused(tmp_path, before, ("a.py:f", "g"), r"b\.py:2: 'g' is bound here")


def test_a_builtin_that_is_used_is_not_covered(tmp_path: Path) -> None:
    before = "//- a.py\ndef f(): ...\nlen([])\n"
    refused(tmp_path, before, ("a.py:f", "len"), "is read here")


def test_a_member_that_a_class_below_has_is_refused(tmp_path: Path) -> None:
    before = """//- a.py
class A:
    def f(self): ...
class B(A):
    def g(self): ...
"""
    refused(tmp_path, before, ("a.py:A/f", "g"), "'B' has a member 'g'")


def test_a_local_name_elsewhere_is_no_obstacle(tmp_path: Path) -> None:
    check(
        tmp_path,
        "//- a.py\ndef f(): ...\ndef h():\n    g = 1\n    return g\nf()\n",
        ("a.py:f", "g"),
        "//- a.py\ndef g(): ...\ndef h():\n    g = 1\n    return g\ng()\n",
    )


def test_a_module_of_the_new_name_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "//- a.py\n\n//- b.py\n\n", ("a.py", "b"), r"b\.py is there")


def test_the_same_name_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "//- a.py\nx = 1\n", ("a.py:x", "x"), "has this name already")
