"""The walk over the files of a project."""

import os
from pathlib import Path

from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.disk.stats import stat_of
from mcp_tools.workspace.disk.walking import walk
from mcp_tools.workspace.snapshot import Snapshot


def test_a_walk_gives_what_the_ignore_rules_leave(tmp_path: Path) -> None:
    texts = {
        ".gitignore": "/out/\n*.gen.py\n!keep.gen.py\n[a-\n",
        ".git/config.py": "",
        "a.py": "",
        "a.gen.py": "",
        "keep.gen.py": "",
        "out/b.py": "",
        "sub/out/c.py": "",
        "sub/.ignore": "d.py\n!a.gen.py\n",
        "sub/d.py": "",
        "sub/a.gen.py": "",
        "sub/deep/d.py": "",
        "sub/deep/.gitignore": "!d.py\n",
        "sub/.gitignore": "c.py\r\n",
        "notes.txt": "",
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    found = walk(tmp_path, lambda name: name.endswith(".py"))
    snapshot = Snapshot(DiskSource(tmp_path), {}, (), 0)
    wanted = {
        name
        for name in texts
        if name.endswith(".py") and not snapshot.is_ignored(snapshot.root / name)
    }
    assert set(found.files) == wanted
    assert {"a.py", "keep.gen.py", "sub/a.gen.py"} <= wanted
    assert set(found.folders) == {"", "sub", "sub/out", "sub/deep"}


def test_links_are_neither_followed_nor_given(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("", encoding="utf-8")
    os.symlink(".", tmp_path / "loop")
    os.symlink("a.py", tmp_path / "b.py")
    os.mkfifo(tmp_path / "pipe.py")
    found = walk(tmp_path, lambda name: name.endswith(".py"))
    assert found.files == {"a.py": stat_of(os.stat(tmp_path / "a.py"))}
    assert found.folders == ("",)


def test_a_root_that_is_gone_has_nothing(tmp_path: Path) -> None:
    found = walk(tmp_path / "nothing", lambda _: True)
    assert (found.files, found.folders) == ({}, ())
