"""Finding modules outside."""

import os
from pathlib import Path

import pytest

from mcp_tools.index.outside import Outside


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "root" / ".venv" / "lib" / "python3.12" / "site-packages"
    for name in ("both.py", "both.pyi", "pkg/__init__.py", "pkg/part.py", "plain.py"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("", encoding="utf-8")
    (site / "pkg-stubs").mkdir()
    (site / "pkg-stubs" / "part.pyi").write_text("", encoding="utf-8")
    return site


def test_stubs_come_before_sources(tmp_path: Path, site: Path) -> None:
    outside = Outside(tmp_path / "root")
    assert outside.module("both") == str(site / "both.pyi")
    assert outside.module("pkg") == str(site / "pkg" / "__init__.py")
    assert outside.module("pkg.part") == str(site / "pkg-stubs" / "part.pyi")
    assert outside.module("plain") == str(site / "plain.py")
    assert outside.module("pkg.nothing") is None


def test_the_standard_library_has_stubs(tmp_path: Path) -> None:
    outside = Outside(tmp_path)
    for name, end in (("os", "os/__init__.pyi"), ("os.path", "os/path.pyi"), ("re", "re.pyi")):
        found = outside.module(name)
        assert found is not None
        assert found.endswith(end)
        assert outside.has(found)
    assert outside.module("no_such_module_at_all") is None


@pytest.mark.parametrize("name", ["", ".", "..", "a..b", "../../x", "os/path", "a\0b"])
def test_what_is_no_name_is_no_module(tmp_path: Path, name: str) -> None:
    assert Outside(tmp_path).module(name) is None


def test_an_environment_may_be_named(tmp_path: Path, site: Path) -> None:
    outside = Outside(tmp_path, virtual_env=tmp_path / "root" / ".venv")
    assert outside.module("plain") == str(site / "plain.py")


def test_links_lead_to_no_other_folder(tmp_path: Path, site: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "mine.py").write_text("", encoding="utf-8")
    os.symlink(secret / "mine.py", site / "mine.py")
    os.symlink(secret, site / "folder")
    outside = Outside(tmp_path / "root")
    assert outside.module("mine") is None
    assert outside.module("folder.mine") is None
    other = tmp_path / "other"
    other.mkdir()
    os.symlink(tmp_path / "root" / ".venv", other / ".venv")
    assert Outside(other).module("plain") is None
    third = tmp_path / "third"
    (third / ".venv").mkdir(parents=True)
    os.symlink(site.parent.parent, third / ".venv" / "lib")
    assert Outside(third).module("plain") is None


def test_a_file_is_outside_only_where_modules_are_looked_for(tmp_path: Path, site: Path) -> None:
    outside = Outside(tmp_path / "root")
    assert outside.has(str(site / "plain.py"))
    assert not outside.has(str(site / ".." / "x.py"))
    assert not outside.has("/etc/passwd")
