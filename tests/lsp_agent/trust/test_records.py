"""The file of trust: what is not the user's own alone, or damaged, trusts nothing."""

import os
import stat
from pathlib import Path

import pytest

from lsp_agent.trust.records import Damaged, Grant, TrustFailed, read_grants, write_grants

GRANT = Grant(path="/w/\udcff", device=1, inode=2, owner=3, powers=("a",))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path / "trust.json"


def test_what_was_written_is_read(file: Path) -> None:
    assert read_grants(file) == ()
    write_grants(file, (GRANT,))
    assert read_grants(file) == (GRANT,)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 2, "grants": []}',
        '{"version": 1, "grants": [], "more": 1}',
        '{"version": 1, "grants": [{"path": "/", "device": 1, "inode": 2, "owner": 3}]}',
        '{"version": 1, "grants": [{"path": 1, "powers": []}]}',
        "[" * 100_000,
        "\0\0",
    ],
)
def test_a_damaged_file_is_told_from_others(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Damaged, match="damaged, so that no folder is trusted"):
        read_grants(file)


def test_a_file_or_folder_that_others_write_to_is_not_used(file: Path) -> None:
    write_grants(file, (GRANT,))
    file.chmod(0o620)
    with pytest.raises(TrustFailed, match="others can write"):
        read_grants(file)
    file.chmod(0o600)
    file.parent.chmod(0o770)
    with pytest.raises(TrustFailed, match="others can write"):
        read_grants(file)
    file.parent.chmod(0o700)
    assert read_grants(file) == (GRANT,)


def test_a_link_is_not_followed(file: Path) -> None:
    write_grants(file, (GRANT,))
    file.rename(file.with_name("planted"))
    file.symlink_to(file.with_name("planted"))
    with pytest.raises(TrustFailed, match="cannot be read"):
        read_grants(file)


def test_a_failed_write_leaves_what_was_there(file: Path) -> None:
    file.mkdir()
    with pytest.raises(TrustFailed, match="cannot be written"):
        write_grants(file, (GRANT,))
    assert os.listdir(file.parent) == [file.name]
