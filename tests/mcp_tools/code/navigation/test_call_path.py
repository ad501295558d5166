"""A path of calls is a shortest one, with the places of the calls."""

from pathlib import Path

from mcp_tools.code.navigation.call_path import CallPath, call_path
from mcp_tools.code.navigation.naming import locate
from tests.support.codebases import codebase_of

_FILES = {
    "a.py": (
        "from b import middle\n"
        "def start():\n    longer()\n    middle()\n"
        "def longer():\n    middle()\n"
        "def alone(): ...\n"
    ),
    "b.py": (
        "class Goal:\n    def __init__(self): ...\n    def run(self): ...\n"
        "def middle():\n    Goal().run()\n"
    ),
}


def _path(tmp_path: Path, source: str, goal: str, max_looked_at: int = 100) -> CallPath:
    codebase = codebase_of(_FILES, tmp_path)
    return call_path(
        codebase, locate(codebase, source), locate(codebase, goal), max_looked_at=max_looked_at
    )


def _names(path: CallPath) -> list[str]:
    return [
        step.item.path + "".join(f" <{s.file}:{s.place.line + 1}" for s in step.sites)
        for step in path.steps
    ]


def test_the_shortest_way_is_found(tmp_path: Path) -> None:
    path = _path(tmp_path, "start", "Goal/run")
    assert _names(path) == ["start", "middle <a.py:4", "Goal/run <b.py:5"]
    assert path.is_complete


def test_a_class_is_reached_through_its_constructor(tmp_path: Path) -> None:
    assert _names(_path(tmp_path, "start", "Goal"))[-1] == "Goal/__init__ <b.py:5"


def test_no_way_is_known_to_be_none(tmp_path: Path) -> None:
    path = _path(tmp_path, "start", "alone")
    assert path.steps == ()
    assert path.is_complete


def test_a_way_to_itself_has_one_step(tmp_path: Path) -> None:
    assert _names(_path(tmp_path, "start", "start")) == ["start"]


def test_a_budget_that_ends_is_told(tmp_path: Path) -> None:
    path = _path(tmp_path, "start", "Goal/run", max_looked_at=1)
    assert path.steps == ()
    assert not path.is_complete
    assert path.n_looked_at == 1
