"""What a view tells of files that nobody has read yet."""

from mcp_tools.types.glances import Glance
from mcp_tools.workspace.workspace import SetBuffer
from tests.mcp_tools.index.coding import Code

_FILES = {
    "a.py": "def load(): ...\n",
    "b.py": "from a import load\nload()\n",
    "c.py": "import a\na.load()\n",
    "d.py": "x = 1\n",
}


def test_files_that_only_import_a_name_need_no_more_than_a_glance(code: Code) -> None:
    code.write(_FILES)
    with code.index() as index:
        view = code.view(index)
        assert view.glances("load") == {"b.py": Glance("a", ((0, 14), (1, 0)))}
        assert view.files_with("load") == ("a.py", "b.py", "c.py")
        assert view.state().n_indexed == 2


def test_a_file_that_was_glanced_at_is_read_when_it_is_asked_for(code: Code) -> None:
    code.write(_FILES)
    with code.index() as index:
        view = code.view(index)
        view.glances("load")
        digest = view.digest("b.py")
        assert view.facts("b.py") is not None
        assert view.digest("b.py") == digest


def test_a_file_that_uses_a_name_and_was_glanced_at_is_given_unread(code: Code) -> None:
    code.write(_FILES)
    with code.index() as index:
        view = code.view(index)
        view.glances("load")
        assert view.files_using("load") == ["a.py", "b.py", "c.py"]
        assert view.state().n_indexed == 2


def test_files_that_are_known_are_not_glanced_at(code: Code) -> None:
    code.write(_FILES)
    with code.index() as index:
        before = code.view(index)
        index.build()
        assert before.glances("load") == {}
        assert before.files_with("load") == ("a.py", "b.py", "c.py")
        assert code.view(index).glances("load") == {}


def test_unsaved_text_is_not_glanced_at(code: Code) -> None:
    code.write(_FILES)
    code.workspace.apply(SetBuffer(path=code.root / "b.py", text="load = 1\n", version=1))
    with code.index() as index:
        view = code.view(index)
        assert view.glances("load") == {}
        assert view.files_with("load") == ("a.py", "b.py", "c.py")


def test_workers_glance_too(code: Code) -> None:
    use = "from a import load\n" + "load(1, 2, 3)\n" * 2_000
    code.write({"a.py": "def load(): ...\n", **{f"b{n}.py": use for n in range(40)}})
    with code.index(n_workers=2) as index:
        view = code.view(index)
        glances = view.glances("load")
        assert sorted(glances) == sorted(f"b{n}.py" for n in range(40))
        assert {len(glance.places) for glance in glances.values()} == {2_001}
        assert view.state().n_indexed == 1
