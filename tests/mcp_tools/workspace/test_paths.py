"""Which file a path means, and whether it lies in the workspace."""

import os
from pathlib import Path

import pytest

from mcp_tools.types.errors import NotFound, OutsideWorkspace
from mcp_tools.workspace.paths import project_root, resolve_in, root_path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "project-2").mkdir()
    return root_path(folder)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", "a.py"),
        ("./sub//a.py", "sub/a.py"),
        ("sub/../a.py", "a.py"),
        ("missing/../a.py", "a.py"),
        ("../project/a.py", "a.py"),
        ("", "."),
        (".", "."),
        ("sub/", "sub"),
        ("name with space\n", "name with space\n"),
    ],
)
def test_one_file_has_one_path(root: Path, path: str, expected: str) -> None:
    assert resolve_in(root, path) == root / expected
    assert resolve_in(root, root / path) == root / expected


@pytest.mark.parametrize(
    "path",
    ["..", "../x", "sub/../../x", "/", "/etc/passwd", "../project-2/a", "../project-2"],
)
def test_a_path_that_leads_out_is_refused(root: Path, path: str) -> None:
    with pytest.raises(OutsideWorkspace, match="outside of the workspace"):
        resolve_in(root, path)


@pytest.mark.parametrize("path", ["a\0b", "\0"])
def test_a_name_with_nul_is_refused(root: Path, path: str) -> None:
    with pytest.raises(OutsideWorkspace, match="NUL"):
        resolve_in(root, path)


def test_a_name_that_no_file_can_have_is_refused(root: Path) -> None:
    with pytest.raises(OutsideWorkspace, match="no file name has"):
        resolve_in(root, "a\ud800")


def test_the_home_folder_is_no_folder_of_the_workspace(root: Path) -> None:
    for name in ("~/.bashrc", "~"):
        with pytest.raises(OutsideWorkspace, match="home folder"):
            resolve_in(root, name)
    assert resolve_in(root, "a.py~") == root / "a.py~"
    (root / "~").mkdir()
    assert resolve_in(root, "~/.bashrc") == root / "~" / ".bashrc"


def test_the_address_of_a_file_is_its_path(root: Path) -> None:
    assert resolve_in(root, f"file://{root}/a%20b.py") == root / "a b.py"
    with pytest.raises(OutsideWorkspace):
        resolve_in(root, "file:///etc/passwd")


def test_a_link_within_the_root_is_followed(root: Path) -> None:
    os.symlink("sub", root / "link")
    assert resolve_in(root, "link/a.py") == root / "sub" / "a.py"


@pytest.mark.parametrize("target", ["..", "../project-2", "/etc"])
def test_a_link_that_leads_out_is_refused_and_named(root: Path, target: str) -> None:
    os.symlink(target, root / "link")
    with pytest.raises(OutsideWorkspace, match="is a link that leads out"):
        resolve_in(root, "link/a.py")


def test_dots_behind_a_link_count_from_where_it_leads(root: Path) -> None:
    (root / "sub" / "deep").mkdir()
    os.symlink("sub/deep", root / "link")
    assert resolve_in(root, "link/../a.py") == root / "sub" / "a.py"


def test_a_loop_of_links_stays_a_path_within_the_root(root: Path) -> None:
    os.symlink("two", root / "one")
    os.symlink("one", root / "two")
    assert resolve_in(root, "one") in {root / "one", root / "two"}


def test_a_root_given_through_a_link_is_the_folder_itself(root: Path) -> None:
    link = root.parent / "link"
    os.symlink(root, link)
    assert root_path(link) == root
    assert resolve_in(root, link / "a.py") == root / "a.py"


@pytest.mark.parametrize("name", ["missing", "file"])
def test_a_root_must_be_a_folder(root: Path, name: str) -> None:
    (root / "file").write_text("", encoding="utf-8")
    with pytest.raises(NotFound, match=f"expected a directory .*{name}"):
        root_path(root / name)


@pytest.mark.parametrize("marker", [".git", "pyproject.toml", "go.mod"])
def test_the_nearest_folder_with_a_marker_is_the_project(root: Path, marker: str) -> None:
    (root / "pyproject.toml").touch()
    (root / "sub" / "deep").mkdir()
    assert project_root(root / "sub" / "deep") == root
    (root / "sub" / marker).touch()
    assert project_root(root / "sub" / "deep") == root / "sub"


def test_the_home_folder_is_no_project(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home_link = root.parent / "home"
    os.symlink(root, home_link)
    monkeypatch.setenv("HOME", str(home_link))
    (root / ".git").mkdir()
    assert project_root(root / "sub") == root / "sub"
    assert project_root(home_link / "sub") == home_link / "sub"


def test_without_a_home_the_file_systems_root_still_ends_the_search(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", no_home)
    assert project_root(root / "sub") == root / "sub"
