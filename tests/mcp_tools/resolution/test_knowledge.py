"""What is remembered is as fresh as the text."""

from pathlib import Path

from mcp_tools.index.index import Index
from mcp_tools.resolution.knowledge import MAX_REVISIONS, Knowledge
from mcp_tools.resolution.resolver import Resolver
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import Workspace
from tests.mcp_tools.resolution.meaning import shown

USE = "from b import f\nf().m()\n"


class _Editor:
    """A folder that is written to, and looked at again."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._workspace = Workspace(DiskSource(root))
        self._index = Index(self._workspace.root, None, n_workers=0)

    def write(self, file: str, text: str) -> CodebaseView:
        """Save a file, and look at all of them."""
        path = self._root / file
        path.write_text(text, encoding="utf-8", newline="")
        self._index.changed([path])
        return self._index.view(self._workspace.snapshot())


def method(codebase: CodebaseView) -> str:
    """Give what `m` in a.py means."""
    facts = codebase.facts("a.py")
    assert facts is not None
    targets = Resolver(codebase).resolve("a.py", facts.occurrences("m")[0]).targets
    return ", ".join(shown(codebase, target) for target in targets)


def test_a_change_in_another_file_is_seen(tmp_path: Path) -> None:
    editor = _Editor(tmp_path)
    editor.write("a.py", USE)
    before = editor.write("b.py", "class A:\n    def m(self): ...\ndef f():\n    return A()\n")
    assert method(before) == "b.py:A.m"
    after = editor.write("b.py", "class B:\n    def m(self): ...\ndef f():\n    return B()\n")
    assert method(after) == "b.py:B.m"


def test_a_module_that_appears_is_seen(tmp_path: Path) -> None:
    editor = _Editor(tmp_path)
    assert method(editor.write("a.py", USE)) == ""
    after = editor.write("b.py", "class A:\n    def m(self): ...\ndef f():\n    return A()\n")
    assert method(after) == "b.py:A.m"


def test_one_revision_has_one_evaluation(tmp_path: Path) -> None:
    knowledge = Knowledge()
    codebase = _Editor(tmp_path).write("a.py", USE)
    assert knowledge.evaluation(codebase) is knowledge.evaluation(codebase)


def test_few_revisions_are_kept(tmp_path: Path) -> None:
    knowledge, editor = Knowledge(), _Editor(tmp_path)
    views = [editor.write("a.py", f"x = {number}\n") for number in range(MAX_REVISIONS + 1)]
    first = knowledge.evaluation(views[0])
    for view in views[1:]:
        knowledge.evaluation(view)
    assert knowledge.evaluation(views[0]) is not first


def test_scopes_of_an_unchanged_file_are_taken_over(tmp_path: Path) -> None:
    knowledge, editor = Knowledge(), _Editor(tmp_path)
    editor.write("b.py", "x = 1\n")
    before = knowledge.evaluation(editor.write("a.py", "x = 1\n"))
    kept, changed = before.scopes("b.py"), before.scopes("a.py")
    after = knowledge.evaluation(editor.write("a.py", "x = 2\n"))
    assert after.scopes("b.py") is kept
    assert after.scopes("a.py") is not changed
