"""Tests of the machine as the disk shows it."""

import os
import subprocess
from pathlib import Path

import pytest

from lsp_agent.permissions.shell.disk_world import MAX_NAMES, DiskWorld

FILES = "a.py b.py .hidden.py -x.py src/c.py src/d.txt src/.e deep/er/f.py we[ir]d st*r bs\\lash"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES.split():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "pattern",
    [
        "*",
        "*.py",
        "./*.py",
        "src/*",
        "src/.*",
        "*/",
        "*/*.py",
        "**/*.py",
        "deep/*/f.py",
        "?.py",
        "[ab].py",
        "[a-c].py",
        "we\\[ir\\]d*",
        "st\\*r*",
        "[x",
        "we[",
        "nosuch*",
        "src/nosuch/*",
        "./src/../*.py",
        "bs\\\\*",
        "*\\**",
    ],
)
def test_globs_stand_for_what_bash_makes_of_them(folder: Path, pattern: str) -> None:
    line = f"shopt -s nullglob; printf '%s\\0' {pattern}"
    printed = subprocess.run(
        ["/bin/bash", "--noprofile", "--norc", "-c", line],
        cwd=folder,
        env={"LC_ALL": "C"},
        capture_output=True,
        check=True,
        text=True,
        timeout=5,
    ).stdout
    # A pattern without a wildcard is no glob for bash, whatever is there.
    expected = {name for name in printed.split("\0") if name and os.path.lexists(folder / name)}
    assert set(DiskWorld("").expand(pattern, folder) or ()) >= expected
    assert set(DiskWorld("").expand(pattern, folder) or ()) <= expected | {"src/..", "src/."}


@pytest.mark.parametrize(
    "pattern", ["[!a]*", "[^a]*", "[[:alpha:]]", "[[=a=]]", "[[.a.]]", "src//*"]
)
def test_what_shells_differ_in_is_not_guessed(folder: Path, pattern: str) -> None:
    assert DiskWorld("").expand(pattern, folder) is None


def test_what_counts_as_one_character_is_up_to_the_locale(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "é").touch()
    world = DiskWorld("")
    assert world.expand("x/?", tmp_path) is None
    assert world.expand("x/[a-z]", tmp_path) is None
    assert world.expand("x/*", tmp_path) == ("x/é",)


def test_too_many_names_are_not_looked_at(tmp_path: Path) -> None:
    for number in range(MAX_NAMES + 1):
        (tmp_path / str(number)).touch()
    assert DiskWorld("").expand("*", tmp_path) is None


def test_a_glob_that_goes_round_in_circles_has_an_end(folder: Path) -> None:
    assert DiskWorld("").expand(".*/" * 40, folder) is None
    assert DiskWorld("").expand("./" * 1000 + "*", folder) is None


def test_programs_are_found_as_a_shell_finds_them(tmp_path: Path) -> None:
    for name, mode in (("one/x", 0o644), ("two/x", 0o755), ("three/x", 0o755), ("here/y", 0o755)):
        path = tmp_path / name
        path.parent.mkdir()
        path.touch()
        path.chmod(mode)
    (tmp_path / "one" / "folder").mkdir()
    path = os.pathsep.join(str(tmp_path / name) for name in ("one", "two", "three"))
    world = DiskWorld(path)
    assert world.program("x", tmp_path) == tmp_path / "two" / "x"
    assert world.program("y", tmp_path / "here") is None
    assert world.program("folder", tmp_path) is None
    assert world.program("./y", tmp_path / "here") == tmp_path / "here" / "y"
    assert world.program(str(tmp_path / "one" / "x"), tmp_path) is None
    for relative in ("", "."):
        found = DiskWorld(f"{relative}{os.pathsep}{path}").program("y", tmp_path / "here")
        assert found == tmp_path / "here" / "y"


def test_links_are_followed_also_to_what_is_not_there(tmp_path: Path) -> None:
    top = Path(os.path.realpath(tmp_path))
    (top / "real").mkdir()
    (top / "link").symlink_to("real")
    (top / "loop").symlink_to("loop")
    world = DiskWorld("")
    assert world.real(top / "link" / "new" / "file") == top / "real" / "new" / "file"
    assert world.real(top / "link" / ".." / "x") == top / "x"
    assert world.real(top / "loop" / "x").is_relative_to(top)
