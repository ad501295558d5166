"""The graph has an edge from who names to who defines."""

from pathlib import Path

import pytest

from mcp_tools.code.navigation.reference_graph import reference_graph
from tests.support.codebases import codebase_of


def _edges(files: dict[str, str], tmp_path: Path) -> dict[str, float]:
    graph = reference_graph(codebase_of(files, tmp_path))
    return {
        f"{graph.files[source]} -> {graph.files[destination]} {graph.names[name]}": weight
        for source, destination, name, weight in graph.edges()
    }


def test_an_edge_weighs_the_root_of_its_count_by_the_number_of_definers(tmp_path: Path) -> None:
    edges = _edges(
        {
            "a.py": "def load_it(): ...\ndef save_it(): ...\n",
            "b.py": "def save_it(): ...\n",
            "c.py": "from a import load_it, save_it\nload_it(load_it(load_it()))\n",
            "d.py": "load_it = 1\nprint(load_it)\n",
        },
        tmp_path,
    )
    assert edges == {
        "c.py -> a.py load_it": pytest.approx(2.0),
        "c.py -> a.py save_it": pytest.approx(0.5),
        "c.py -> b.py save_it": pytest.approx(0.5),
    }


def test_members_are_named_by_attributes_only(tmp_path: Path) -> None:
    files = {
        "a.py": "class A:\n    def get_size(self): ...\n",
        "b.py": "x.get_size\nget_size = 1\n",
        "c.py": "get_size = 1\nprint(get_size)\n",
    }
    assert _edges(files, tmp_path) == {"b.py -> a.py get_size": pytest.approx(1.0)}


def test_names_of_builtin_methods_are_no_attributes_of_ours(tmp_path: Path) -> None:
    files = {"a.py": "class A:\n    def append(self, x): ...\n", "b.py": "x.append(1)\n"}
    assert _edges(files, tmp_path) == {}


def test_locals_and_special_names_make_no_edges(tmp_path: Path) -> None:
    files = {
        "a.py": "class A:\n    def __len__(self): ...\ndef f():\n    def local(): ...\n",
        "b.py": "class B:\n    def __len__(self): ...\nlocal = 1\n",
    }
    assert _edges(files, tmp_path) == {}


def test_a_graph_is_remembered(tmp_path: Path) -> None:
    codebase = codebase_of({"a.py": ""}, tmp_path)
    assert reference_graph(codebase) is reference_graph(codebase)
