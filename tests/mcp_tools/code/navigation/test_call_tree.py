"""A call tree is cut, and says where."""

from pathlib import Path

from mcp_tools.code.navigation.call_tree import call_tree
from mcp_tools.code.navigation.naming import locate
from mcp_tools.code.navigation.results import CallNode, Direction
from tests.support.codebases import codebase_of

_FILES = {
    "a.py": (
        "def a():\n    b()\n    c()\n"
        "def b():\n    d()\n"
        "def c():\n    d()\n    a()\n"
        "def d():\n    e()\n"
        "def e(): ...\n"
    )
}


def _shown(node: CallNode) -> str:
    marks = "".join(
        mark
        for mark, is_set in (
            ("^", node.is_cycle),
            ("=", node.is_repeated),
            ("+", node.is_cut),
        )
        if is_set
    )
    below = ", ".join(_shown(each) for each in node.calls)
    return node.item.name + marks + (f"({below})" if below else "")


def _tree(tmp_path: Path, direction: Direction, depth: int, max_nodes: int = 100) -> str:
    codebase = codebase_of(_FILES, tmp_path)
    name = "/a" if direction == Direction.OUT else "/e"
    return _shown(call_tree(codebase, locate(codebase, name), direction, depth, max_nodes))


def test_cycles_and_repetitions_are_marked_and_not_followed(tmp_path: Path) -> None:
    assert _tree(tmp_path, Direction.OUT, depth=9) == "a(b(d(e)), c(a^, d=))"


def test_depth_cuts(tmp_path: Path) -> None:
    assert _tree(tmp_path, Direction.OUT, depth=0) == "a+"
    assert _tree(tmp_path, Direction.OUT, depth=1) == "a(b+, c+)"


def test_the_number_of_nodes_cuts_the_farthest(tmp_path: Path) -> None:
    assert _tree(tmp_path, Direction.OUT, depth=9, max_nodes=2) == "a+(b+)"
    assert _tree(tmp_path, Direction.OUT, depth=9, max_nodes=4) == "a(b(d+), c+)"


def test_callers_are_followed_too(tmp_path: Path) -> None:
    assert _tree(tmp_path, Direction.IN, depth=9) == "e(d(b(a(c=)), c(a=)))"
