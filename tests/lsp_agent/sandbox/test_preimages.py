"""What is kept of files before a command."""

import os
from pathlib import Path

import pytest

from lsp_agent.sandbox.preimages import KeptLimits, Preimages
from lsp_agent.sandbox.stat_cache import TICK_NS, scan
from mcp_tools.types.contents import Binary, Folder, Link, State
from tests.lsp_agent.sandbox.trees import fill


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with one of each kind in it."""
    (tmp_path / "root").mkdir()
    fill(tmp_path / "root")
    return tmp_path / "root"


def kept(root: Path, limits: KeptLimits | None = None) -> Preimages:
    """Keep all there is."""
    preimages = Preimages(root, root.parent / "cache", limits or KeptLimits())
    for name, stamp in scan(str(root)).items():
        preimages.keep(name, stamp)
    return preimages


def test_each_kind_comes_back_as_it_was(root: Path) -> None:
    stamps = scan(str(root))
    preimages = kept(root)
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.write_bytes(b"overwritten")
    given = {name: preimages.state(name, stamp) for name, stamp in stamps.items()}
    assert given["main.py"] == State(content="import package\n", mode=0o644)
    assert given["bom.txt"] == State(content="with a mark\r\n", mode=0o644, has_bom=True)
    assert given["image.bin"] == State(content=Binary(bytes(range(256))), mode=0o644)
    assert given["run.sh"] == State(content="#!/bin/sh\necho run\n", mode=0o755)
    assert given["nowhere"] == State(content=Link("/no/such/place"))
    assert given["empty"] == State(content=Folder(), mode=0o755)
    assert given[os.fsdecode(b"odd names/\xff.txt")] == State(content="latin\n", mode=0o644)
    preimages.close()


def test_contents_have_no_name_and_nobody_else_may_read_them(root: Path) -> None:
    preimages = kept(root)
    assert list((root.parent / "cache").iterdir()) == []
    preimages.close()


def test_another_stamp_is_another_file(root: Path) -> None:
    preimages = kept(root)
    (root / "main.py").write_text("other\n", encoding="utf-8")
    stamp = scan(str(root))["main.py"]
    assert preimages.state("main.py", stamp) is None
    assert not preimages.holds("main.py", stamp)
    preimages.keep("main.py", stamp)
    assert preimages.state("main.py", stamp) == State(content="other\n", mode=0o644)
    preimages.close()


def test_a_file_too_large_or_closed_or_strange_is_not_kept(root: Path) -> None:
    os.mkfifo(root / "pipe")
    stamps = scan(str(root))
    (root / "package/module.py").unlink()
    preimages = Preimages(root, root.parent / "cache", KeptLimits(n_file_bytes=100))
    for name in ("image.bin", "pipe", "package/module.py"):
        preimages.keep(name, stamps[name])
        assert preimages.state(name, stamps[name]) is None
        assert not preimages.is_racy(name)
    preimages.close()


def test_what_finds_no_room_is_not_kept(root: Path) -> None:
    stamps = scan(str(root))
    for limits in (KeptLimits(n_bytes=20), KeptLimits(n_files=1)):
        preimages = Preimages(root, root.parent / "cache", limits)
        preimages.keep("main.py", stamps["main.py"])
        preimages.keep("bom.txt", stamps["bom.txt"])
        assert preimages.state("main.py", stamps["main.py"]) is not None
        assert preimages.state("bom.txt", stamps["bom.txt"]) is None
        preimages.close()


def test_a_file_that_did_not_change_takes_no_more_room(root: Path) -> None:
    stamp = scan(str(root))["main.py"]
    preimages = Preimages(root, root.parent / "cache", KeptLimits(n_bytes=20))
    for _ in range(3):
        preimages.keep("main.py", stamp)
    assert preimages.state("main.py", stamp) is not None
    preimages.close()


def test_room_that_is_lost_to_the_past_is_won_back(root: Path) -> None:
    preimages = Preimages(root, root.parent / "cache", KeptLimits(n_bytes=1000))
    path = root / "main.py"
    restarts, stamp = 0, scan(str(root))["main.py"]
    for number in range(100):
        path.write_text(f"{number:050}\n", encoding="utf-8")
        stamp = scan(str(root))["main.py"]
        restarts += preimages.start_over()
        preimages.keep("main.py", stamp)
        assert preimages.state("main.py", stamp) == State(content=f"{number:050}\n", mode=0o644)
    assert 5 <= restarts <= 20
    preimages.forget("main.py")
    assert preimages.state("main.py", stamp) is None
    preimages.close()


def test_a_new_file_is_racy_and_an_old_one_is_not(root: Path) -> None:
    stamps = scan(str(root))
    preimages = kept(root)
    assert preimages.is_racy("main.py")
    mtime, ctime, *rest = stamps["main.py"]
    size, inode, mode = rest
    old = (mtime - 2 * TICK_NS, ctime - 2 * TICK_NS, size, inode, mode)
    preimages.keep("main.py", old)
    assert not preimages.is_racy("main.py")
    preimages.close()
