"""One step up and down from a class."""

from pathlib import Path

from mcp_tools.code.navigation.naming import locate
from mcp_tools.code.navigation.type_hierarchy import subtypes, supertypes
from tests.support.codebases import codebase_of

_FILES = {
    "a.py": "class A: ...\nclass M: ...\n",
    "b.py": "import a\nfrom a import A as X\nclass B(X, a.M, Unknown): ...\nclass C(B): ...\n",
}


def test_bases_come_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    codebase = codebase_of(_FILES, tmp_path)
    assert [item.name for item in supertypes(codebase, locate(codebase, "B"))] == ["A", "M"]


def test_only_direct_subclasses_are_given(tmp_path: Path) -> None:
    codebase = codebase_of(_FILES, tmp_path)
    assert [item.path for item in subtypes(codebase, locate(codebase, "A"))] == ["B"]
    assert [item.path for item in subtypes(codebase, locate(codebase, "B"))] == ["C"]
    assert subtypes(codebase, locate(codebase, "C")) == ()


def test_what_is_no_class_has_no_types(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": "def f(): ...\n"}, tmp_path)
    target = locate(codebase, "f")
    assert supertypes(codebase, target) == subtypes(codebase, target) == ()


def test_a_base_outside_is_given(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": "import enum\nclass E(enum.Enum): ...\n"}, tmp_path)
    (base,) = supertypes(codebase, locate(codebase, "E"))
    assert (base.name, Path(base.file).is_absolute()) == ("Enum", True)
