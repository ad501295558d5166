"""Which runner a project has, told by its files alone."""

from pathlib import Path

import pytest

from mcp_tools.code.testing.choosing import choose, folder_of, known_runners, targets_in
from mcp_tools.types.errors import InvalidEdit, NotFound
from tests.mcp_tools.code.testing.projects import project_of

_UNITTEST = "import unittest\n"


def test_each_file_of_the_folder_is_a_runner() -> None:
    names = [runner.name for runner in known_runners()]
    assert names == ["pytest", "unittest", "cargo", "go", "npm"]


@pytest.mark.parametrize(
    ("files", "name", "reason"),
    [
        ({"pytest.ini": ""}, "pytest", "pytest.ini"),
        ({"tests/conftest.py": ""}, "pytest", "tests/conftest.py"),
        (
            {"pyproject.toml": "[tool.pytest.ini_options]"},
            "pytest",
            "tool.pytest in pyproject.toml",
        ),
        ({"setup.cfg": "[tool:pytest]"}, "pytest", "tool:pytest in setup.cfg"),
        ({"requirements-dev.txt": "pytest>=8"}, "pytest", "pytest in requirements-dev.txt"),
        ({"tests/test_a.py": "def test_a(): ..."}, "pytest", "tests/test_a.py"),
        ({"tests/unit/test_a.py": "import pytest"}, "pytest", "tests/unit/test_a.py"),
        ({"tests/test_a.py": _UNITTEST}, "unittest", "tests/test_a.py"),
        ({"test_a.py": _UNITTEST, "setup.py": ""}, "unittest", "test_a.py"),
        ({"Cargo.toml": ""}, "cargo", "Cargo.toml"),
        ({"go.mod": "module a"}, "go", "go.mod"),
        ({"package.json": '{"scripts": {"test": "jest"}}'}, "npm", "scripts.test in package.json"),
        ({"pytest.ini": "", "package.json": '{"scripts": {"test": "jest"}}'}, "pytest", ""),
    ],
)
def test_a_runner_is_found_by_what_the_project_says(
    tmp_path: Path, files: dict[str, str], name: str, reason: str
) -> None:
    project = project_of(files, tmp_path)
    chosen = choose(project.snapshot, project.folder, None)
    assert chosen.runner.name == name
    assert reason in chosen.reason


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}'},
        {"package.json": "[" * 100_000},
        {"package.json": '{"scripts": {"test": 1}}'},
        {"package.json": '{"scripts": []}'},
        {"pyproject.toml": "", "a.py": ""},
    ],
)
def test_where_there_is_none_that_is_said(tmp_path: Path, files: dict[str, str]) -> None:
    project = project_of(files, tmp_path)
    with pytest.raises(NotFound, match=r"no test runner was found .*or run the tests by shell"):
        choose(project.snapshot, project.folder, None)


def test_projects_in_the_folder_are_named(tmp_path: Path) -> None:
    files = {"back/go.mod": "", "front/package.json": "", "docs/a": "", "old/go.mod": ""}
    project = project_of({**files, ".gitignore": "old/"}, tmp_path)
    with pytest.raises(NotFound, match="projects in back, front: pass one as cwd"):
        choose(project.snapshot, project.folder, None)


def test_the_innermost_project_that_has_a_runner_counts(tmp_path: Path) -> None:
    files = {
        "pytest.ini": "",
        "rust/Cargo.toml": "",
        "rust/src/a/b.rs": "",
        "rust/src/a/setup.py": "",
    }
    project = project_of(files, tmp_path)
    chosen = choose(project.snapshot, project.folder / "rust" / "src" / "a", None)
    assert (chosen.runner.name, chosen.project.folder.name) == ("cargo", "rust")
    chosen = choose(project.snapshot, project.folder / "tests", None)
    assert (chosen.runner.name, chosen.project.folder) == ("pytest", project.folder)


def test_a_named_runner_is_taken_and_an_unknown_one_refused(tmp_path: Path) -> None:
    project = project_of({"pytest.ini": ""}, tmp_path)
    assert choose(project.snapshot, project.folder, "unittest").runner.name == "unittest"
    with pytest.raises(InvalidEdit, match="no test runner 'nose'; the runners are: pytest, "):
        choose(project.snapshot, project.folder, "nose")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("py/tests/test_a.py", "tests/test_a.py"),
        ("py/tests/test_a.py::A::test_b", "tests/test_a.py::A::test_b"),
        ("tests/test_a.py", "tests/test_a.py"),
        ("py", "."),
        ("tests.test_a.A", "tests.test_a.A"),
        ("../../etc", "../../etc"),
    ],
)
def test_a_path_is_made_relative_to_the_project(tmp_path: Path, target: str, expected: str) -> None:
    project = project_of({"py/tests/test_a.py": "", "py/pytest.ini": ""}, tmp_path, inner="py")
    assert targets_in(project, [target], project.folder) == (expected,)


def test_a_path_of_another_project_is_refused(tmp_path: Path) -> None:
    project = project_of({"py/pytest.ini": "", "js/a.js": ""}, tmp_path, inner="py")
    with pytest.raises(NotFound, match=r"'js/a\.js' is not in the project"):
        targets_in(project, ["js/a.js"], project.folder)


@pytest.mark.parametrize("target", ["-x", "--pdb", "-ptest.plugin"])
def test_an_option_is_no_target(tmp_path: Path, target: str) -> None:
    project = project_of({}, tmp_path)
    with pytest.raises(InvalidEdit, match="expected a path or the name of a test"):
        targets_in(project, [target], project.folder)


def test_a_target_tells_where_to_look_for_the_project(tmp_path: Path) -> None:
    project = project_of({"py/tests/test_a.py": ""}, tmp_path)
    snapshot, root = project.snapshot, project.folder
    assert folder_of(snapshot, "py/tests/test_a.py::A", root) == root / "py" / "tests"
    assert folder_of(snapshot, "py", root) == root / "py"
    assert folder_of(snapshot, "TestA", root) == root
