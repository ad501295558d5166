"""Code of a kind that no person writes, and files that change between two questions."""

from pathlib import Path

from mcp_tools.code.navigation.calls import outgoing
from mcp_tools.code.navigation.implementations import implementations
from mcp_tools.code.navigation.naming import locate
from mcp_tools.code.navigation.references import references
from mcp_tools.index.index import Index
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace
from tests.support.codebases import codebase_of

N_MANY = 300


def test_a_long_chain_of_classes_is_followed_as_far_as_is_sensible(tmp_path: Path) -> None:
    chain = "".join(f"class C{i}(C{i - 1}): ...\n" for i in range(1, N_MANY))
    text = f"class C0:\n    def m(self): ...\n{chain}C{N_MANY - 1}().m()\nC9().m()\n"
    view = codebase_of({"a.py": text}, tmp_path)
    method = locate(view, "a.py:C0/m")
    found = references(view, method, include_declarations=False)
    assert text[: found.sites[-1].span.start].endswith("C9().")
    assert implementations(view, method).items[0].path == "C0/m"


def test_a_lattice_of_classes_is_merged_in_time(tmp_path: Path) -> None:
    lattice = "".join(f"class D{i}(D{i - 1}, D{max(i - 2, 0)}): ...\n" for i in range(2, 60))
    text = f"class D0:\n    def m(self): ...\nclass D1(D0): ...\n{lattice}D40().m()\n"
    view = codebase_of({"a.py": text}, tmp_path)
    assert len(references(view, locate(view, "a.py:D0/m")).sites) == 2


def test_classes_that_inherit_from_one_another_end(tmp_path: Path) -> None:
    text = "class S(S): ...\nclass P(Q): ...\nclass Q(P):\n    def z(self): self.z()\nQ().z()\n"
    view = codebase_of({"a.py": text}, tmp_path)
    assert len(references(view, locate(view, "a.py:Q/z")).sites) == 3


def test_an_attribute_with_very_many_values_is_looked_into_in_part(tmp_path: Path) -> None:
    stores = "        self.v = self.v.v\n" * 1000
    text = f"class Z:\n    def __init__(self):\n        self.v = Z()\n{stores}"
    view = codebase_of({"a.py": text}, tmp_path)
    found = outgoing(view, locate(view, "a.py:Z/__init__"))
    assert [call.item.path for call in found.calls] in (["Z"], ["Z/__init__"])


def test_of_very_many_values_of_a_name_the_last_one_counts(tmp_path: Path) -> None:
    text = "class A:\n    def m(self): ...\n" + "v = 1\n" * N_MANY + "v = A()\nv.m()\n"
    view = codebase_of({"a.py": text}, tmp_path)
    assert len(references(view, locate(view, "a.py:A/m")).sites) == 2


def test_a_file_that_changes_between_two_questions_is_read_by_the_second(tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text("def target(): ...\n", encoding="utf-8")
    user = tmp_path / "user.py"
    user.write_text("from lib import target\ntarget()\n", encoding="utf-8")
    workspace = Workspace(DiskSource(tmp_path))
    index = Index(workspace.root, None, n_workers=0)
    index.build()
    index.set_watched()  # so that nobody looks for changes, and none is told
    assert _n_uses(index.view(workspace.snapshot())) == 2
    user.write_text("from lib import target as t\nt()\nt()\nt()\n", encoding="utf-8")
    assert _n_uses(index.view(workspace.snapshot())) == 5
    index.close()


def _n_uses(view: CodebaseView) -> int:
    target = locate(view, "lib.py:target")
    return len(references(view, target, include_declarations=False).sites)
