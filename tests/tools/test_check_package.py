"""The package check finds what must not be there, and what is missing."""

import tarfile
import zipfile
from pathlib import Path

from tools.check_package import (
    ALLOW_LIST,
    check,
    compare,
    missing_sources,
    read_allow_list,
    sdist_files,
    wheel_files,
)


def test_a_file_that_no_pattern_allows_is_named() -> None:
    problems = compare(["a/b.py", "a/b.py.map"], ["a/*.py"])
    assert problems == ["a/b.py.map is not allowed by tools/package-files.txt"]


def test_tests_maps_and_keys_are_refused_whatever_is_allowed() -> None:
    refused = ["a/test_b.py", "a/conftest.py", "a/b.map", "a/b.pem", "a/__pycache__/b.pyc"]
    allowed = ["a/testing.py", "lsp_agent/demo/project/test_b.py"]
    assert len(compare([*refused, *allowed], ["**"])) == len(refused)


def test_a_pattern_that_matches_nothing_is_named() -> None:
    problems = compare(["a/b.py"], ["a/*.py", "a/data/**"])
    assert problems == ["a/data/** in tools/package-files.txt matches nothing"]


def test_one_star_stays_within_a_folder_and_two_do_not() -> None:
    assert compare(["a/b/c.py"], ["a/*.py"])
    assert not compare(["a/b/c.py", "a/b/d/e.txt"], ["a/**"])


def test_sections_and_comments_are_read() -> None:
    text = "# why\n[wheel]\na.py\n\n[sdist]\nb.py\n# why\nc.py\n"
    assert read_allow_list(text) == {"wheel": ["a.py"], "sdist": ["b.py", "c.py"]}


def test_the_allow_list_covers_both_archives() -> None:
    assert set(read_allow_list(ALLOW_LIST.read_text(encoding="utf-8"))) == {"wheel", "sdist"}


def test_a_source_file_left_out_is_named(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        path = tmp_path / "mcp_tools" / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert missing_sources(["mcp_tools/a.py"], tmp_path) == ["mcp_tools/b.py is missing"]


def test_a_key_inside_a_file_is_found() -> None:
    key = b"-----BEGIN " + b"PRIVATE KEY-----"
    found = [text for text in check({"wheel": {"a.pem": key}}) if "looks like a key" in text]
    assert found == ["wheel: a.pem holds what looks like a key"]


def test_names_in_archives_do_not_depend_on_the_version(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as wheel:
        wheel.writestr("lsp_agent-1.2.3.dist-info/METADATA", "x")
    source = tmp_path / "PKG-INFO"
    source.write_bytes(b"y")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as sdist:
        sdist.add(source, "lsp_agent-1.2.3/PKG-INFO")
    assert wheel_files(tmp_path / "a.whl") == {"dist-info/METADATA": b"x"}
    assert sdist_files(tmp_path / "a.tar.gz") == {"PKG-INFO": b"y"}
