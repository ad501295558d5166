"""What is read of a project before anything of it runs."""

from pathlib import Path

import pytest

from tests.mcp_tools.code.testing.projects import project_of


@pytest.mark.parametrize("name", [".venv", "venv", "env"])
def test_the_projects_own_interpreter_comes_first(tmp_path: Path, name: str) -> None:
    project = project_of({f"{name}/bin/python": "", "a/b/c.py": ""}, tmp_path, inner="a/b")
    assert project.python() == str(project.snapshot.root / name / "bin" / "python")


def test_without_an_environment_it_is_that_of_the_system(tmp_path: Path) -> None:
    assert project_of({}, tmp_path).python() == "python3"


def test_an_interpreter_outside_of_the_workspace_is_never_taken(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    assert project_of({}, tmp_path / "inner").python() == "python3"
