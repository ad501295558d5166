"""Our own files in the user's cache folder."""

import os
import stat
from pathlib import Path

import pytest

from lsp_agent.server.private_files import (
    MAX_BYTES,
    is_private,
    newest_private,
    private_name,
    private_path,
    read_private,
    remove_private,
    write_private,
)
from mcp_tools.types.errors import Denied


@pytest.mark.parametrize("text", ["a\r\nb\rc\n", "ü𝄞\ud800", ""])
def test_what_is_written_is_read_again_and_only_for_the_user(text: str) -> None:
    path = private_path("reviews", "a.diff")
    old_mask = os.umask(0)
    try:
        write_private(path, "before")
        write_private(path, text)
    finally:
        os.umask(old_mask)
    assert read_private(path) == text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["a.diff"]


def test_a_file_that_is_not_there_or_no_text_or_too_large_is_none() -> None:
    path = private_path("reviews", "a.diff")
    assert read_private(path) is None
    remove_private(path)
    write_private(path, "x")
    path.write_bytes(b"\xff")
    assert read_private(path) is None
    os.truncate(path, MAX_BYTES + 1)
    assert read_private(path) is None
    remove_private(path)
    assert not path.exists()


def test_a_folder_that_cannot_be_made_is_named(own_home: Path) -> None:
    (own_home / ".cache").write_text("", encoding="utf-8")
    with pytest.raises(Denied, match=r"a\.diff' cannot be written"):
        write_private(private_path("reviews", "a.diff"), "x")
    assert newest_private(private_path("reviews"), "*") == []


def test_a_private_file_is_known_by_its_name_and_through_links(
    own_home: Path, tmp_path: Path
) -> None:
    path = private_path("reviews", "a.diff")
    write_private(path, "x")
    (tmp_path / "link").symlink_to(own_home, target_is_directory=True)
    linked = tmp_path / "link" / path.relative_to(own_home)
    for name in (path, linked):
        assert is_private(name)
        assert private_name(name, "reviews") == "a.diff"
        assert private_name(name, "answers") is None
    assert not is_private(tmp_path / "a.diff")


def test_the_newest_come_first() -> None:
    folder = private_path("answers")
    for moment, name in enumerate(("b", "a", "c")):
        write_private(folder / name, name)
        os.utime(folder / name, (moment, moment))
    assert [path.name for path in newest_private(folder, "*")] == ["c", "a", "b"]
