"""The removal of definitions."""

from pathlib import Path

import pytest

from mcp_tools.code.refactoring.delete_symbol import DeleteOptions, delete_symbol
from mcp_tools.types.errors import InvalidEdit
from tests.mcp_tools.code.refactoring.fixtures import codebase_in, files_after, left, target_in


def deleted(folder: Path, before: str, name: str) -> str:
    """Give the files after a removal."""
    codebase = codebase_in(folder, before)
    return files_after(codebase, delete_symbol(codebase, target_in(codebase, name)))


def test_a_function_goes_with_decorators_comments_and_blank_lines(tmp_path: Path) -> None:
    before = "//- a.py\nimport x\n\n\n# about f\n@x\ndef f():\n    return f()\n\n\ndef g(): ...\n"
    after = "//- a.py\nimport x\n\n\ndef g(): ...\n"
    assert deleted(tmp_path, before, "a.py:f") == after


def test_the_last_method_goes_with_the_blank_line_before_it(tmp_path: Path) -> None:
    before = "//- a.py\nclass A:\n    x = 1\n\n    def f(self): ...\n\n\ny = 2\n"
    assert deleted(tmp_path, before, "a.py:A/f") == "//- a.py\nclass A:\n    x = 1\n\n\ny = 2\n"


def test_an_empty_body_gets_pass(tmp_path: Path) -> None:
    before = "//- a.py\nclass A:\n    def f(self): ...\n"
    assert deleted(tmp_path, before, "a.py:A/f") == "//- a.py\nclass A:\n    pass\n"


def test_a_property_goes_with_its_setter(tmp_path: Path) -> None:
    before = """//- a.py
class A:
    y = 1

    @property
    def x(self): return 1

    @x.setter
    def x(self, value): ...
"""
    assert deleted(tmp_path, before, "a.py:A/x") == "//- a.py\nclass A:\n    y = 1\n"


def test_a_variable_goes_with_the_text_below_it(tmp_path: Path) -> None:
    before = """//- a.py
a = 1
b = 2
'''About b,

in "two" lines.'''
c = 3
"c"
d = 4
""".replace("'''", '"""')
    after = before.replace(before[before.index("b = 2") : before.index("c = 3")], "")
    assert deleted(tmp_path, before, "a.py:b") == after
    assert deleted(tmp_path / "once more", after, "a.py:c") == "//- a.py\na = 1\nd = 4\n"


def test_groups_stay_apart_when_the_last_of_one_goes(tmp_path: Path) -> None:
    before = "//- a.py\na = 1\nb = 2\n\nc = 3\n"
    assert deleted(tmp_path, before, "a.py:b") == "//- a.py\na = 1\n\nc = 3\n"


def test_what_is_used_is_refused_with_the_places(tmp_path: Path) -> None:
    before = "//- a.py\ndef f(): ...\n//- b.py\nfrom a import f\nf()\n"
    with pytest.raises(InvalidEdit, match=r"still used.*\nb\.py:1: from a import f\nb\.py:2: f"):
        deleted(tmp_path, before, "a.py:f")


def test_what_is_used_is_deleted_when_asked_for_and_its_uses_are_listed(tmp_path: Path) -> None:
    codebase = codebase_in(tmp_path, '//- a.py\ndef f(): ...\n\n\nx = f(), "f"\n')
    options = DeleteOptions(even_if_used=True)
    made = delete_symbol(codebase, target_in(codebase, "a.py:f"), options)
    assert files_after(codebase, made) == '//- a.py\nx = f(), "f"\n'
    assert left(made) == [
        "a.py:4: x = f(), \"f\" ('f' is used here)",
        'a.py:4: x = f(), "f" (the word stands in a string)',
    ]


def test_a_module_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidEdit, match="got a module"):
        deleted(tmp_path, "//- a.py\nx = 1\n", "a.py")
