"""What was denied for lack of a person: kept whole, privately, and not without bound."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from lsp_agent.engine.waiting import FILE_NAME, MAX_FILE_BYTES, MAX_KEPT, Waiting, WaitingList
from mcp_tools.types.errors import JournalFailed


def waiting(what: str) -> Waiting:
    """Give one that waits."""
    return Waiting(at="2026-11-22T10:00:00+00:00", who="test", tool="shell", what=what, line=what)


def test_what_was_added_is_there_in_order_and_private(tmp_path: Path) -> None:
    kept = WaitingList(tmp_path / "state")
    assert (kept.all(), kept.clear()) == ((), 0)
    for what in ("a", "rm \u202e\n'x'", "c"):
        assert kept.add(waiting(what))
    assert [each.what for each in WaitingList(tmp_path / "state").all()] == [
        "a",
        "rm \u202e\n'x'",
        "c",
    ]
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "state").iterdir()]
    assert set(modes) == {0o600}
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    assert (kept.clear(), kept.all()) == (3, ())


def test_several_writers_lose_nothing(tmp_path: Path) -> None:
    def add(number: int) -> bool:
        return WaitingList(tmp_path).add(waiting(str(number)))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(add, range(40)))
    assert {each.what for each in WaitingList(tmp_path).all()} == set(map(str, range(40)))


def test_a_torn_or_foreign_line_costs_no_other(tmp_path: Path) -> None:
    kept = WaitingList(tmp_path)
    kept.add(waiting("a"))
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes() + b'{"at":"x"}\n\xff\n{"torn')
    kept.add(waiting("b"))
    assert [each.what for each in kept.all()] == ["a", "b"]


def test_the_oldest_are_forgotten(tmp_path: Path) -> None:
    kept = WaitingList(tmp_path)
    long = "x" * (MAX_FILE_BYTES // MAX_KEPT)
    for number in range(MAX_KEPT + 10):
        kept.add(waiting(f"{number} {long}"))
    found = kept.all()
    assert found[-1].what.startswith(f"{MAX_KEPT + 9} ")
    assert MAX_KEPT // 2 <= len(found) <= MAX_KEPT
    assert (tmp_path / FILE_NAME).stat().st_size <= 2 * MAX_FILE_BYTES


@dataclass(frozen=True)
class Place:
    """Where the file should be, and is something else."""

    folder: Path


@pytest.fixture
def linked(tmp_path: Path) -> Place:
    """A link in place of the file."""
    (tmp_path / "state").mkdir(mode=0o700)
    target = tmp_path / "target"
    target.write_text("mine\n", encoding="utf-8")
    (tmp_path / "state" / FILE_NAME).symlink_to(target)
    return Place(tmp_path / "state")


def test_a_link_is_not_followed(linked: Place, caplog: pytest.LogCaptureFixture) -> None:
    kept = WaitingList(linked.folder)
    assert not kept.add(waiting("a"))
    assert "cannot be kept for later" in caplog.text
    assert (linked.folder.parent / "target").read_text(encoding="utf-8") == "mine\n"


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("", encoding="utf-8")
    kept = WaitingList(tmp_path / "state")
    assert not kept.add(waiting("a"))
    assert kept.all() == ()


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    WaitingList(tmp_path / "real").add(waiting("a"))
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(JournalFailed):
        WaitingList(tmp_path / "link").all()
