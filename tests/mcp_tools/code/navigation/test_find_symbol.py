"""Symbols are found by name path, exact ones first."""

from pathlib import Path

from mcp_tools.code.navigation.find_symbol import find_symbol
from tests.mcp_tools.code.navigation.built import built_codebase
from tests.support.codebases import codebase_of

_FILES = {
    "a.py": "class Base:\n    def run(self): ...\n\ndef run(): ...\n\ndef rerun(): ...\n",
    "pkg/b.py": (
        "class Job:\n    def run(self): ...\n    class Inner:\n        def run(self): ...\n"
        "try:\n    def twice(): ...\nexcept ImportError:\n    def twice(): ...\n"
    ),
}


def _found(query: str, tmp_path: Path) -> list[str]:
    items = find_symbol(codebase_of(_FILES, tmp_path), query)
    return [f"{item.file}:{item.path}" for item in items]


def test_a_name_is_found_everywhere_before_names_like_it(tmp_path: Path) -> None:
    items = find_symbol(built_codebase(_FILES, tmp_path), "run")
    found = [f"{item.file}:{item.path}" for item in items]
    exact = ["a.py:Base/run", "a.py:run", "pkg/b.py:Job/Inner/run", "pkg/b.py:Job/run"]
    assert sorted(found[:4]) == exact
    assert "a.py:rerun" in found[4:]


def test_a_whole_index_and_none_give_the_same_exact_ones(tmp_path: Path) -> None:
    fresh = find_symbol(codebase_of(_FILES, tmp_path), "Job/run")
    assert fresh == find_symbol(built_codebase(_FILES, tmp_path), "Job/run") != ()


def test_a_path_matches_by_its_end(tmp_path: Path) -> None:
    assert _found("Inner/run", tmp_path) == ["pkg/b.py:Job/Inner/run"]
    assert _found("Job.run", tmp_path) == ["pkg/b.py:Job/run"]


def test_a_leading_slash_means_the_whole_path(tmp_path: Path) -> None:
    assert _found("/run", tmp_path) == ["a.py:run"]


def test_a_number_tells_two_of_one_name_apart(tmp_path: Path) -> None:
    codebase = codebase_of(_FILES, tmp_path)
    (second,) = find_symbol(codebase, "twice[1]")
    (first,) = find_symbol(codebase, "twice[0]")
    assert (first.place.line, second.place.line) == (5, 7)


def test_one_file_is_searched_when_it_is_named(tmp_path: Path) -> None:
    codebase = codebase_of(_FILES, tmp_path)
    found = [item.path for item in find_symbol(codebase, "run", in_file="a.py")]
    assert found == ["Base/run", "run", "rerun"]


def test_the_limit_holds(tmp_path: Path) -> None:
    assert len(find_symbol(codebase_of(_FILES, tmp_path), "run", limit=2)) == 2


def test_no_name_finds_nothing(tmp_path: Path) -> None:
    assert _found("", tmp_path) == []
    assert _found("/", tmp_path) == []
    assert _found("no_such_thing_at_all", tmp_path) == []
