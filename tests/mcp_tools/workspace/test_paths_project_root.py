"""Where a project starts, seen from somewhere inside it."""

from pathlib import Path

import pytest

from mcp_tools.workspace.paths import ROOT_MARKERS, is_project_root, project_root


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    folder = tmp_path / "outer/project/src/package"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("marker", ROOT_MARKERS)
def test_the_nearest_folder_with_a_marker_is_the_root(deep: Path, marker: str) -> None:
    project = deep.parents[1]
    (project / marker).touch()
    (project.parent / ".git").touch()
    assert project_root(deep) == project
    assert project_root(project) == project


def test_a_folder_without_a_project_around_it_is_its_own_root(
    deep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert project_root(deep) == deep


def test_the_home_folder_is_no_project_whatever_lies_in_it(
    deep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").touch()
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    for home in (tmp_path, link):
        monkeypatch.setenv("HOME", str(home))
        assert project_root(deep) == deep
        assert project_root(tmp_path) == tmp_path


def test_without_a_project_the_folder_named_instead_counts_if_it_is_above(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "c").mkdir()
    assert project_root(deep, or_else=tmp_path) == tmp_path
    assert project_root(deep, or_else=tmp_path / "c") == deep
    assert project_root(deep, or_else=Path(tmp_path.anchor)) == deep


def test_a_project_goes_over_the_folder_named_instead(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").touch()
    assert project_root(deep, or_else=tmp_path) == tmp_path / "a"


def test_neither_home_nor_the_top_is_taken_for_a_project(own_home: Path) -> None:
    assert not is_project_root(own_home)
    assert not is_project_root(Path(own_home.anchor))
    assert is_project_root(own_home / "code")
