"""Addresses of resources."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_tools.server.addresses import (
    MAX_URI_CHARS,
    diagnostics_uri,
    file_uri,
    locate,
    parse_uri,
    symbol_uri,
)
from mcp_tools.types.errors import NotFound, OutsideWorkspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = (tmp_path / "project").resolve()
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text("a = 1\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("uri", "scheme", "path", "fragment"),
    [
        ("file:///src/app.py", "file", "src/app.py", ""),
        ("FILE:///src/App.py", "file", "src/App.py", ""),
        ("file://localhost/src/app.py", "file", "src/app.py", ""),
        ("file:///a%20b/%C3%A4.py", "file", "a b/ä.py", ""),
        ("file:///a.py#L1-L2", "file", "a.py", "L1-L2"),
        ("symbol:///src/app.py#Class/method", "symbol", "src/app.py", "Class/method"),
        ("symbol:///src/app.py#Class%2Fmethod", "symbol", "src/app.py", "Class/method"),
        ("symbol://src/App.py#f", "symbol", "src/App.py", "f"),
        ("diagnostics://", "diagnostics", "", ""),
        ("session://output/a-1", "session", "output/a-1", ""),
        ("file:///a%23b%3Fc.py", "file", "a#b?c.py", ""),
    ],
)
def test_uris_are_taken_apart(uri: str, scheme: str, path: str, fragment: str) -> None:
    address = parse_uri(uri)
    assert (address.scheme, address.path, address.fragment) == (scheme, path, fragment)
    assert address.uri == uri


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "src/app.py",
        "file:src/app.py",
        "://a",
        "file:///a\nb",
        "file:///a\0b",
        "file:///%ff",
        "file:///a#\x7f",
        "file:///" + "a" * MAX_URI_CHARS,
    ],
)
def test_what_is_no_uri_is_not_found(uri: str) -> None:
    with pytest.raises(NotFound):
        parse_uri(uri)


def test_absolute_and_relative_paths_lead_to_the_same_file(root: Path) -> None:
    absolute = locate(parse_uri(file_uri(root / "src" / "app.py")).path, [root], root)
    relative = locate("src/app.py", [root], root)
    assert absolute == relative
    assert absolute.name == "src/app.py"
    assert locate("", [root], root).path == root


def test_the_innermost_root_is_meant(root: Path) -> None:
    inner = root / "src"
    spot = locate(str(inner / "app.py"), [root, inner], root)
    assert (spot.root, spot.name) == (inner, "app.py")


@pytest.mark.protocol("resources-limits")
@pytest.mark.parametrize("path", ["../other/a.py", "src/../../a.py", "etc/../../../etc/passwd"])
def test_a_path_that_leads_out_is_refused(root: Path, path: str) -> None:
    with pytest.raises(OutsideWorkspace):
        locate(path, [root], root)


def test_a_path_outside_is_looked_for_within(root: Path) -> None:
    assert locate("/etc/passwd", [root], root).path == root / "etc" / "passwd"


@pytest.mark.protocol("resources-limits")
def test_a_link_that_leads_out_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(OutsideWorkspace):
        locate("link.txt", [root], root)


@pytest.mark.protocol("resources-limits")
@given(text=st.text(max_size=60), scheme=st.sampled_from(["", "file:///", "symbol://"]))
@settings(max_examples=300)
def test_no_uri_breaks_anything_or_leads_out(
    tmp_path_factory: pytest.TempPathFactory, text: str, scheme: str
) -> None:
    root = tmp_path_factory.getbasetemp().resolve()
    try:
        spot = locate(parse_uri(scheme + text).path, [root], root)
    except (NotFound, OutsideWorkspace):
        return
    assert spot.path.is_relative_to(root)


@pytest.mark.parametrize("name", ["a b.py", "ä.py", "a#b.py", "a?b.py", "a%20b.py", "日本.py"])
def test_what_is_written_is_read_again(root: Path, name: str) -> None:
    path = root / name
    assert locate(parse_uri(file_uri(path)).path, [root], root).path == path
    symbol = parse_uri(symbol_uri(name, "Class/f[1]"))
    assert (symbol.path, symbol.fragment) == (name, "Class/f[1]")
    assert parse_uri(diagnostics_uri(name)).path == name
    assert parse_uri(file_uri(path, (2, 5))).fragment == "L2-L5"
