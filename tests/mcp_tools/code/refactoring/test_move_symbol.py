"""Definitions that go to another module."""

from pathlib import Path

import pytest

from mcp_tools.code.refactoring.move_symbol import MoveOptions, move_symbol
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.code.refactoring.fixtures import codebase_in, files_after, left, target_in


def check(folder: Path, before: str, names: tuple[str, str], after: str) -> list[str]:
    """See that a move makes these files, and give its notes."""
    codebase = codebase_in(folder, before)
    made = move_symbol(codebase, target_in(codebase, names[0]), names[1])
    assert files_after(codebase, made) == after
    return list(made.notes)


def test_a_function_goes_to_a_new_file_with_its_imports_and_all_uses_follow(
    tmp_path: Path,
) -> None:
    notes = check(
        tmp_path,
        '''//- a.py
"""Doc."""

import os
from x import y as z

LIMIT = 3


# about f
@z
def f(x):
    return os.path.join(x, str(LIMIT))


def g(): ...
//- b.py
import a
from a import f, g
from a import f as h
print(f(1), a.f(2), h(3))
''',
        ("a.py:f", "c.py"),
        '''//- a.py
"""Doc."""

import os
from x import y as z

LIMIT = 3


def g(): ...
//- b.py
import a
from a import g
from c import f
from c import f as h
import c
print(f(1), c.f(2), h(3))
//- c.py
from a import LIMIT
import os
from x import y as z


# about f
@z
def f(x):
    return os.path.join(x, str(LIMIT))
''',
    )
    assert notes == ["a.py imports these names and no longer uses them: os, z"]


def test_a_class_goes_to_a_file_that_used_it(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- pkg/__init__.py
from .a import A, B
__all__ = ["A", "B"]
//- pkg/a.py
__all__ = ["A", "B"]


class A:
    pass


class B:
    pass
//- pkg/b.py
from .a import A
from . import a


def make():
    return A(), a.A()
""",
        ("pkg/a.py:A", "pkg/b.py"),
        """//- pkg/__init__.py
from .a import B
from .b import A
__all__ = ["A", "B"]
//- pkg/a.py
__all__ = ["B"]


class B:
    pass
//- pkg/b.py
from . import a


def make():
    return A(), A()


class A:
    pass
""",
    )


def test_the_old_module_imports_what_it_uses_and_a_circle_is_told(tmp_path: Path) -> None:
    notes = check(
        tmp_path,
        """//- pkg/__init__.py
//- pkg/a.py
from .base import Base


def helper(): ...


def f(x: Base):
    return helper()


def g():
    return f(1)
//- pkg/base.py
class Base: ...
""",
        ("pkg/a.py:f", "pkg/c.py"),
        """//- pkg/a.py
from .base import Base
from .c import f


def helper(): ...


def g():
    return f(1)
//- pkg/c.py
from .base import Base
from .a import helper


def f(x: Base):
    return helper()
""",
    )
    assert len(notes) == 2
    assert "now import each other: the moved code needs helper" in notes[0]


def test_guarded_imports_stay_guarded(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from b import B


def f(b: B) -> int:
    return 1
//- b.py
class B: ...
""",
        ("a.py:f", "c.py"),
        """//- a.py
from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from b import B
//- c.py
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from b import B


def f(b: B) -> int:
    return 1
""",
    )


def test_what_annotations_alone_need_from_the_old_module_is_guarded(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- a.py
from __future__ import annotations


class A:
    def g(self): return f(self)


def f(a: A) -> A: ...
""",
        ("a.py:f", "c.py"),
        """//- a.py
from __future__ import annotations
from c import f


class A:
    def g(self): return f(self)
//- c.py
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from a import A


def f(a: A) -> A: ...
""",
    )


def test_a_folder_without_init_belongs_to_the_package_above(tmp_path: Path) -> None:
    check(
        tmp_path,
        """//- src/p/__init__.py
//- src/p/q/a.py
def f(): ...


x = 1
//- src/p/q/b.py
from .a import f
from p.q.a import f as g
f(), g()
""",
        ("src/p/q/a.py:f", "src/p/q/c.py"),
        """//- src/p/q/a.py
x = 1
//- src/p/q/b.py
from .c import f
from p.q.c import f as g
f(), g()
//- src/p/q/c.py
def f(): ...
""",
    )


def test_the_old_module_keeps_the_name_on_demand(tmp_path: Path) -> None:
    codebase = codebase_in(tmp_path, "//- a.py\n__all__ = ['f']\ndef f(): ...\nx = 1\n//- b.py\n")
    options = MoveOptions(keep_reexport=True)
    made = move_symbol(codebase, target_in(codebase, "a.py:f"), "b.py", options)
    assert files_after(codebase, made) == (
        "//- a.py\nfrom b import f as f\n\n\n__all__ = ['f']\nx = 1\n//- b.py\ndef f(): ...\n"
    )


def test_a_name_that_came_by_a_star_is_imported(tmp_path: Path) -> None:
    check(
        tmp_path,
        "//- a.py\ndef f(): ...\n\n\nx = 1\n//- b.py\nfrom a import *\nf()\nprint(x)\n",
        ("a.py:f", "c.py"),
        "//- a.py\nx = 1\n//- b.py\nfrom a import *\nfrom c import f\nf()\nprint(x)\n"
        "//- c.py\ndef f(): ...\n",
    )


def test_an_import_within_a_function_is_fixed_there(tmp_path: Path) -> None:
    check(
        tmp_path,
        "//- a.py\ndef f(): ...\n\n\nx = 1\n//- b.py\ndef g():\n    from a import f\n    f()\n",
        ("a.py:f", "c.py"),
        "//- a.py\nx = 1\n//- b.py\ndef g():\n    from c import f\n    f()\n"
        "//- c.py\ndef f(): ...\n",
    )


def test_an_import_over_several_lines_keeps_its_form(tmp_path: Path) -> None:
    check(
        tmp_path,
        "//- a.py\ndef f(): ...\n\n\nx = 1\ny = 2\n"
        "//- b.py\nfrom a import (\n    f,\n    x,  # of a\n    y,\n)\nf(x, y)\n",
        ("a.py:f", "c.py"),
        "//- a.py\nx = 1\ny = 2\n"
        "//- b.py\nfrom a import (\n    x,  # of a\n    y,\n)\nfrom c import f\nf(x, y)\n"
        "//- c.py\ndef f(): ...\n",
    )


def test_a_word_in_a_string_is_listed(tmp_path: Path) -> None:
    codebase = codebase_in(
        tmp_path, '//- a.py\ndef f(): ...\n//- b.py\nfrom a import f\npatch("a.f", f)\n'
    )
    made = move_symbol(codebase, target_in(codebase, "a.py:f"), "c.py")
    assert left(made) == ['b.py:2: patch("a.f", f) (the word stands in a string)']


@pytest.mark.parametrize(
    ("text", "name", "file", "words"),
    [
        ("class A:\n    def f(self): ...\n", "a.py:A/f", "b.py", "not at the top"),
        ("if 1:\n    def f(): ...\n", "a.py:f", "b.py", "within an `if`"),
        ("def f(): ...\n", "a.py:f", "a.py", "is in 'a.py' already"),
        ("def f(): ...\n", "a.py:f", "taken.py", "has 'f' already, in line 1"),
        ("def f(): ...\n", "a.py:f", "b.txt", "expected a Python file"),
        ("def f(): ...\n", "a.py:f", "not-a-module.py", "no module that can be imported"),
        ("def k(): ...\ndef f(): k()\n", "a.py:f", "taken.py", "needs 'k', which is another"),
        ("n = 1\ndef f():\n    global n\n    n = 2\n", "a.py:f", "b.py", "global variable 'n'"),
    ],
)
def test_what_cannot_be_moved_is_refused(
    tmp_path: Path, text: str, name: str, file: str, words: str
) -> None:
    taken = "def f(): ...\n" if "has 'f'" in words else "def k(): ...\n"
    codebase = codebase_in(tmp_path, f"//- a.py\n{text}//- taken.py\n{taken}")
    with pytest.raises(InvalidEdit, match=words):
        move_symbol(codebase, target_in(codebase, name), file)
