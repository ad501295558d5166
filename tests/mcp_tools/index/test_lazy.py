"""An index that is made at its first use."""

import subprocess
import sys

import pytest

from mcp_tools.index.indexed_sink import IndexedSink
from mcp_tools.index.lazy import LazyIndex
from mcp_tools.types.edits import ChangeSet, CreateFile
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from tests.mcp_tools.index.coding import Code


def test_nothing_is_opened_before_the_first_question(code: Code) -> None:
    code.write({"a.py": "def f(): ...\n"})
    index = LazyIndex(code.root, code.database)
    index.changed([code.root / "a.py"])
    assert index.problem == ""
    assert not code.cache.exists()
    assert index.view(code.workspace.snapshot()).files_with("f") == ("a.py",)
    assert code.database.exists()
    assert index.build().is_complete
    index.close()


@pytest.mark.parametrize("is_known", [False, True])
def test_what_is_prepared_still_sees_what_changes(code: Code, *, is_known: bool) -> None:
    code.write({"a.py": "def f(): ...\n", "b.py": ""})
    if is_known:
        index = LazyIndex(code.root, code.database)
        assert index.build().is_complete
        index.close()
    index = LazyIndex(code.root, code.database)
    index.prepare()
    code.write({"a.py": "def g(): return 1\n", "c.py": "g()\n"})
    (code.root / "b.py").unlink()
    index.changed([code.root / "a.py", code.root / "b.py"])
    view = index.view(code.workspace.snapshot())
    assert view.files() == ("a.py", "c.py")
    assert (view.files_with("f"), view.files_with("g")) == ((), ("a.py", "c.py"))
    index.close()


def test_closing_an_unused_index_opens_nothing(code: Code) -> None:
    LazyIndex(code.root, code.database).close()
    assert not code.cache.exists()


def test_the_parser_is_not_loaded_with_the_application() -> None:
    program = "import sys, lsp_agent.app; print('tree_sitter' in sys.modules)"
    argv = [sys.executable, "-c", program]
    assert subprocess.run(argv, capture_output=True, check=True).stdout == b"False\n"


@pytest.mark.asyncio
async def test_files_that_a_sink_makes_are_known_at_once(code: Code) -> None:
    code.write({"a.py": "def f(): ...\n"})
    index = LazyIndex(code.root, None)
    assert index.view(code.workspace.snapshot()).files() == ("a.py",)
    sink = IndexedSink(DiskSink(DiskSource(code.root)), index)
    change = CreateFile(path=code.root / "b.py", text="f()\n")
    await sink.apply(ChangeSet(label="new", files=(change,)), "1")
    assert index.view(code.workspace.snapshot()).files_with("f") == ("a.py", "b.py")
    index.close()
