"""Mentions are the places of the references, whatever has been read before."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from mcp_tools.code.navigation.mentions import mentions
from mcp_tools.code.navigation.naming import locate
from mcp_tools.code.navigation.references import references
from mcp_tools.code.navigation.results import Mention
from mcp_tools.resolution.target import Target
from mcp_tools.types.codebase import CodebaseView
from tests.mcp_tools.code.navigation.built import built_codebase
from tests.support.codebases import codebase_of

_FILES = {
    "p/__init__.py": "from .m import load\nfrom p import sub\n",
    "p/m.py": (
        "def load(key=1): ...\nclass Box:\n    def open(self): return load(key=2)\nVALUE = load()\n"
    ),
    "p/sub.py": "from .m import Box, VALUE\nbox: Box = Box()\nbox.open()\nprint(VALUE)\n",
    "again.py": "from p import load\nload()\n\n\ndef f():\n    return [load, load()]\n",
    "alias.py": "from p import load as fetch, m\nfetch(key=3)\nm.load()\nm.Box().open()\n",
    "later.py": "from alias import fetch\nfetch()\n",
    "module.py": "from p import m, sub\nprint(m, sub.box)\n",
    "other.py": "from nowhere import load\nload()\n",
    "own.py": "def load(): ...\nload()\n",
    "shadow.py": "from p import load\ndef f(load):\n    load()\nload()\n",
    "star.py": "from p import *\nload()\n",
}
_NAMES = ["p/m.py:load", "p/m.py:Box", "p/m.py:Box/open", "p/m.py:VALUE", "own.py:load"]


def _sure(codebase: CodebaseView, target: Target, *, include_declarations: bool) -> list[Mention]:
    found = references(codebase, target, include_declarations=include_declarations)
    return [Mention(site.file, site.place, site.n_chars) for site in found.sites]


def _is_same(first: CodebaseView, second: CodebaseView, target: Target) -> bool:
    """Tell whether one view's mentions are the other's references."""
    return all(
        mentions(first, target, include_declarations=is_included)
        == _sure(second, target, include_declarations=is_included)
        for is_included in (True, False)
    )


@pytest.mark.parametrize("name", _NAMES)
def test_they_are_the_references_before_and_after_files_are_read(name: str, tmp_path: Path) -> None:
    whole = built_codebase(_FILES, tmp_path / "whole")
    target = locate(whole, name)
    assert _is_same(whole, whole, target)
    assert _is_same(codebase_of(_FILES, tmp_path / "new"), whole, target)


def test_those_of_a_module_are_too(tmp_path: Path) -> None:
    whole = built_codebase(_FILES, tmp_path / "whole")
    for file in ("p/m.py", "p/sub.py", "p/__init__.py", "again.py"):
        target = Target(file, -1, "")
        assert _is_same(whole, whole, target)
        assert _is_same(codebase_of(_FILES, tmp_path / file.replace("/", "_")), whole, target)


def test_a_view_that_has_glanced_gives_all_references(tmp_path: Path) -> None:
    codebase = codebase_of(_FILES, tmp_path)
    target = locate(codebase, "p/m.py:load")
    found = mentions(codebase, target)
    assert _sure(codebase, target, include_declarations=True) == found


def _n_read(files: Mapping[str, str], name: str, folder: Path) -> int:
    codebase = codebase_of(files, folder)
    mentions(codebase, locate(codebase, name))
    return codebase.state().n_indexed


def test_a_file_that_only_imports_a_name_is_not_read(tmp_path: Path) -> None:
    files = {"a.py": "class A: ...\n", "b.py": "from a import A\nA()\n", "c.py": "x = 1\n"}
    assert _n_read(files, "a.py:A", tmp_path) == 1
