"""What can go wrong with a database."""

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from mcp_tools.index import collecting
from mcp_tools.index.index import Index
from mcp_tools.index.schema import VERSION
from tests.mcp_tools.index.coding import Code, names_found

FILES = {"a.py": "from b import pour\npour()\n", "b.py": "def pour(): ...\n"}
BOTH = ("a.py", "b.py")


@pytest.mark.parametrize("n_bytes", [0, 50, 5000])
def test_a_damaged_database_is_made_anew(code: Code, n_bytes: int) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
    data = code.database.read_bytes()
    code.database.write_bytes(data[:n_bytes] + b"not a database" * (len(data) // 14))
    with code.index() as index:
        assert code.view(index).files_with("pour") == BOTH
        assert names_found_after_build(code, index) == ["b.py:pour"]
    with code.index() as index:
        assert code.view(index).state().n_indexed == 2
        assert index.problem == ""


def test_damaged_facts_are_extracted_again(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
    with sqlite3.connect(code.database) as connection:
        connection.execute("UPDATE facts SET data = x'00112233445566'")
    connection.close()
    with code.index() as index:
        facts = code.view(index).facts("b.py")
        assert facts is not None
        assert "pour" in facts.names
        assert code.view(index).files_with("pour") == BOTH
        assert names_found(code.view(index), "pour") == ["b.py:pour"]
    with code.index() as index:
        assert code.view(index).facts("b.py") == facts


def test_damage_that_shows_later_costs_the_database_but_no_answer(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
        with sqlite3.connect(code.database) as connection:
            connection.execute("DROP TABLE facts")
        connection.close()
        view = code.view(index)
        assert view.facts("a.py") is not None
        assert view.files_with("pour") == BOTH
        assert index.problem != ""
    with code.index() as index:
        assert code.view(index).facts("b.py") is not None


def test_a_database_of_a_newer_program_is_left_alone(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
    with sqlite3.connect(code.database) as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()
    with code.index() as index:
        assert names_found_after_build(code, index) == ["b.py:pour"]
        assert "newer version" in index.problem
    with sqlite3.connect(code.database) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
    connection.close()


def test_a_database_of_an_older_program_is_made_anew(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
    with sqlite3.connect(code.database) as connection:
        connection.execute(f"PRAGMA user_version={VERSION - 1}")
    connection.close()
    with code.index() as index:
        assert index.build().n_read == 2
        assert index.problem == ""


def test_a_locked_database_costs_no_answer(code: Code, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_tools.index.database.BUSY_TIMEOUT_S", 0.05)
    code.write(FILES)
    with code.index() as index:
        index.build()
        other = sqlite3.connect(code.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        code.write({"c.py": "pour = 1\n"})
        index.changed([code.root / "c.py"])
        view = code.view(index)
        assert view.files_with("pour") == (*BOTH, "c.py")
        assert "locked" in index.problem
        other.execute("ROLLBACK")
        other.close()
        code.write({"d.py": "pour = 1\n"})
        index.build()
        assert index.problem == ""
        assert code.view(index).files_with("pour") == (*BOTH, "c.py", "d.py")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_costs_no_answer(code: Code) -> None:
    code.write(FILES)
    code.cache.mkdir(mode=0o500)
    with code.index() as index:
        assert names_found_after_build(code, index) == ["b.py:pour"]
        assert index.problem != ""


def test_a_database_that_cannot_be_made_costs_no_answer(code: Code) -> None:
    code.write(FILES)
    code.cache.write_text("a file where the folder should be", encoding="utf-8")
    with code.index() as index:
        assert names_found_after_build(code, index) == ["b.py:pour"]
        assert "cannot be used" in index.problem


def test_a_full_disk_costs_no_answer(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
        database = index._knowledge.store._disk  # pyright: ignore[reportPrivateUsage]  # the only way to a disk that is full
        assert database is not None
        (n_pages,) = database.connection.execute("PRAGMA page_count").fetchone()
        database.connection.execute(f"PRAGMA max_page_count={n_pages}")
        code.write({f"m{number}.py": f"pour = 'x{number}'\n" * 500 for number in range(9)})
        report = index.build()
        assert report.is_complete
        assert "full" in report.problem
        assert len(code.view(index).files_with("pour")) == 11


def test_two_processes_share_what_either_reads(code: Code) -> None:
    code.write(FILES)
    with code.index() as one, code.index() as two:
        assert code.view(one).files_with("pour") == BOTH
        assert code.view(two).files_with("pour") == BOTH
        one.build()
        two.build()
        assert names_found(code.view(two), "pour") == ["b.py:pour"]
        code.write({"c.py": "def pour2(): ...\n"})
        one.changed([code.root / "c.py"])
        one.build()
        two.changed([code.root / "c.py"])
        two.build()
        assert names_found(code.view(two), "pour2") == ["c.py:pour2"]
        assert code.view(two).files_with("pour2") == ("c.py",)


def test_builds_of_two_processes_at_once_both_end_right(code: Code) -> None:
    code.write({f"m{n}.py": f"def f{n}(): return pour()\n" * 50 for n in range(60)})
    program = (
        "import sys\nfrom pathlib import Path\nfrom mcp_tools.index.index import Index\n"
        "index = Index(Path(sys.argv[1]), Path(sys.argv[2]), n_workers=0)\n"
        "report = index.build()\nindex.close()\n"
        "sys.exit(0 if report.is_complete and not report.problem else 1)\n"
    )
    argv = [sys.executable, "-c", program, str(code.root), str(code.database)]
    processes = [subprocess.Popen(argv) for _ in range(2)]
    assert [process.wait(timeout=30) for process in processes] == [0, 0]
    with code.index() as index:
        view = code.view(index)
        assert len(view.files_with("pour")) == 60
        assert names_found(view, "f59") == ["m59.py:f59"] * 20


def test_worktrees_share_what_is_unchanged(code: Code, tmp_path: Path) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
    other = Code(root=tmp_path / "other", cache=code.cache)
    other.write({**FILES, "b.py": "def spill(): ...\n"})
    with other.index() as index:
        index.build()
        view = other.view(index)
        assert view.files_with("pour") == ("a.py",)
        assert names_found(view, "spill") == ["b.py:spill"]
        assert names_found(view, "pour") == []
    with sqlite3.connect(code.database) as connection:
        assert connection.execute("SELECT count(*) FROM facts").fetchone() == (3,)
    connection.close()
    with code.index() as index:
        assert names_found(code.view(index), "pour") == ["b.py:pour"]


def test_what_no_file_has_any_more_is_removed_when_it_is_much(
    code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "_MAX_GARBAGE", 3)
    monkeypatch.setattr(collecting, "_MAX_SMALL_SEGMENTS", 4)
    code.write(FILES)
    with code.index() as index:
        for number in range(9):
            code.write({"a.py": f"pour = {number}\n"}, at_ns=1_600_000_001_000_000_000 + number)
            index.changed([code.root / "a.py"])
            index.build()
        assert code.view(index).files_with("pour") == BOTH
        assert names_found(code.view(index), "pour") == ["a.py:pour", "b.py:pour"]
    with sqlite3.connect(code.database) as connection:
        assert connection.execute("SELECT count(*) FROM facts").fetchone()[0] < 7
        assert connection.execute("SELECT count(*) FROM segments").fetchone()[0] < 7
    connection.close()
    with code.index() as index:
        assert code.view(index).files_with("pour") == BOTH
        assert names_found(code.view(index), "pour") == ["a.py:pour", "b.py:pour"]


def names_found_after_build(code: Code, index: Index) -> list[str]:
    index.build()
    return names_found(code.view(index), "pour")


@pytest.mark.parametrize("seed", range(12))
def test_bytes_that_change_anywhere_cost_no_answer(code: Code, seed: int) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
    data = bytearray(code.database.read_bytes())
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 40, 400))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    code.database.write_bytes(data)
    for _ in range(2):
        with code.index() as index:
            assert code.view(index).files_with("pour") == BOTH
            assert names_found_after_build(code, index) == ["b.py:pour"]


def test_a_damaged_segment_is_no_segment(code: Code) -> None:
    code.write(FILES)
    with code.index() as index:
        index.build()
    with sqlite3.connect(code.database) as connection:
        connection.execute("UPDATE segments SET postings = x'00112233' || postings")
    connection.close()
    with code.index() as index:
        assert code.view(index).files_with("pour") == BOTH
        assert index.problem == ""
