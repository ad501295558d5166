"""Which owners of entries are alive."""

from pathlib import Path

import pytest

from mcp_tools.types.errors import JournalFailed
from mcp_tools.workspace.journal.locks import lock_if_free
from mcp_tools.workspace.journal.owners import Owners


def test_an_owner_is_alive_from_its_coming_to_its_going(tmp_path: Path) -> None:
    one, other = Owners(tmp_path / "owners"), Owners(tmp_path / "owners")
    both = {one.own_id, other.own_id}
    one.come()
    other.come()
    assert one.gone(both) == frozenset()
    other.go()
    assert one.gone(both) == {other.own_id}
    other.go()
    other.come()
    assert one.gone(both) == frozenset()
    one.go()
    assert other.gone(both) == {one.own_id}
    other.go()
    assert list((tmp_path / "owners").iterdir()) == []


def test_an_owner_whose_file_is_gone_makes_it_again(tmp_path: Path) -> None:
    one, other = Owners(tmp_path), Owners(tmp_path)
    one.come()
    one.come()
    (path,) = tmp_path.iterdir()
    path.unlink()
    assert other.gone([one.own_id]) == {one.own_id}
    one.come()
    assert other.gone([one.own_id]) == frozenset()
    one.go()


def test_a_file_without_a_process_was_left_behind(tmp_path: Path) -> None:
    one = Owners(tmp_path)
    one.come()
    for name in (f"{'a' * 16}.lock", "notes.txt", f"{'A' * 16}.lock", "abc.lock"):
        (tmp_path / name).touch()
    assert one.left_behind() == {"a" * 16}
    one.forget("a" * 16)
    one.forget("a" * 16)
    assert one.left_behind() == frozenset()
    one.go()


def test_an_owner_whose_lock_another_has_cannot_come(tmp_path: Path) -> None:
    one = Owners(tmp_path)
    lock = lock_if_free(tmp_path / f"{one.own_id}.lock")
    assert lock is not None
    with pytest.raises(JournalFailed, match="another process holds"):
        one.come()
    lock.release()
    one.come()
    one.go()
