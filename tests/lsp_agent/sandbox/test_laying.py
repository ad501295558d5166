"""Laying states out as files."""

import os
import stat
from pathlib import Path

import pytest

from lsp_agent.sandbox.laying import States, is_white_out, lay_into, lay_over
from mcp_tools.types.contents import Binary, Folder, Link, State
from tests.lsp_agent.sandbox.trees import look

TEXT = State(content="text\n", mode=0o640)
FOLDER = State(content=Folder(), mode=0o750)


def states(root: Path, **named: State | None) -> States:
    """Give states by name; `__` is a slash."""
    return {root / name.replace("__", "/"): state for name, state in named.items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with a folder in it."""
    (tmp_path / "root/folder/inner").mkdir(parents=True)
    (tmp_path / "root/folder/file").write_text("disk\n", encoding="utf-8")
    (tmp_path / "root/folder").chmod(0o711)
    (tmp_path / "layer").mkdir()
    return tmp_path / "root"


def test_a_layer_holds_each_kind_of_state(root: Path) -> None:
    layer = root.parent / "layer"
    wanted = states(
        root,
        text=TEXT,
        bom=State(content="x", mode=0o600, has_bom=True),
        bytes=State(content=Binary(b"\0"), mode=0o755),
        link=State(content=Link("text")),
        new__folder=FOLDER,
        folder__file=TEXT,
    )
    lay_over(layer, root, wanted)
    assert look(layer) == {
        "bom": ("file", 0o600, b"\xef\xbb\xbfx"),
        "bytes": ("file", 0o755, b"\0"),
        "folder": ("folder", 0o711, b""),
        "folder/file": ("file", 0o640, b"text\n"),
        "link": ("link", 0, b"text"),
        "new": ("folder", 0o777 & ~_umask(), b""),
        "new/folder": ("folder", 0o750, b""),
        "text": ("file", 0o640, b"text\n"),
    }


@pytest.mark.skipif(os.name != "posix", reason="the mark is a device")
def test_what_is_removed_is_marked_where_it_was(root: Path) -> None:
    layer = root.parent / "layer"
    lay_over(layer, root, states(root, folder__file=None, gone=None))
    assert is_white_out((layer / "gone").lstat())
    assert is_white_out((layer / "folder/file").lstat())
    assert not is_white_out((layer / "folder").lstat())


def test_a_removed_folder_hides_all_that_was_in_it(root: Path) -> None:
    layer = root.parent / "layer"
    wanted = states(root, folder=None, folder__file=None, folder__inner=None)
    lay_over(layer, root, wanted)
    assert [path.name for path in layer.rglob("*")] == ["folder"]
    assert is_white_out((layer / "folder").lstat())


@pytest.mark.parametrize("state", [TEXT, State(content=Link("x"))])
def test_what_took_the_place_of_a_folder_hides_all_that_was_in_it(root: Path, state: State) -> None:
    layer = root.parent / "layer"
    wanted = states(root, folder=state, folder__file=None, folder__inner=None)
    lay_over(layer, root, wanted)
    lay_into(root, root, wanted)
    assert list(look(layer)) == list(look(root)) == ["folder"]


def test_what_is_in_a_removed_folder_needs_it_again(root: Path) -> None:
    layer = root.parent / "layer"
    wanted = states(root, folder=None, folder__file=TEXT, folder__inner=None)
    lay_over(layer, root, wanted)
    assert (layer / "folder/file").read_text(encoding="utf-8") == "text\n"
    assert is_white_out((layer / "folder/inner").lstat())
    lay_into(root, root, wanted)
    assert list(look(root)) == ["folder", "folder/file"]


def test_a_closed_folder_can_be_filled(root: Path) -> None:
    layer = root.parent / "layer"
    closed = State(content=Folder(), mode=0o500)
    lay_over(layer, root, states(root, new=closed, new__file=TEXT))
    lay_into(root, root, states(root, new=closed, new__file=TEXT))
    for folder in (layer, root):
        assert stat.S_IMODE((folder / "new").stat().st_mode) == 0o500
        assert (folder / "new/file").exists()


def test_a_copy_takes_each_kind_in_the_place_of_each_other(root: Path) -> None:
    kinds = (TEXT, State(content=Link("x")), FOLDER, None)
    for before in kinds:
        for after in kinds:
            lay_into(root, root, states(root, it=before))
            lay_into(root, root, states(root, it=after))
            assert ("it" in look(root)) == (after is not None)
    lay_into(root, root, states(root, it=TEXT))
    lay_into(root, root, states(root, it__in=TEXT))
    assert look(root)["it/in"] == ("file", 0o640, b"text\n")


def test_nothing_is_removed_through_a_link(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "file").touch()
    (root / "link").symlink_to(outside)
    lay_into(root, root, states(root, link__file=None))
    assert (outside / "file").exists()
    lay_into(root, root, states(root, link__file=TEXT))
    assert (outside / "file").read_bytes() == b""
    assert look(root)["link/file"] == ("file", 0o640, b"text\n")


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
