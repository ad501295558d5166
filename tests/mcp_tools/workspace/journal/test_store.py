"""Contents and rows on disk: shared, bounded, opened anew when something happened to them."""

import shutil
import zlib
from pathlib import Path

import pytest

from mcp_tools.types.errors import JournalFailed, NotFound
from mcp_tools.workspace.journal.arriving import Arriving
from mcp_tools.workspace.journal.contents import blob_of
from mcp_tools.workspace.journal.database import Connection
from mcp_tools.workspace.journal.keeping import known_keys
from mcp_tools.workspace.journal.limits import Limits
from mcp_tools.workspace.journal.objects import Objects
from tests.mcp_tools.workspace.journal.recording import Place, after, is_kept, made, noise


def test_equal_contents_are_one_file(place: Place) -> None:
    journal = place.journal()
    made(journal, place.change("one", "two", name="a"))
    made(journal, place.change("two", "one", name="b"))
    made(place.journal(), place.change("one", "two", name="c"))
    assert len(place.objects()) == 2


def test_an_empty_content_needs_no_file(place: Place) -> None:
    journal = place.journal()
    entry = made(journal, place.change("", ""))
    assert place.objects() == []
    assert after(journal, entry) == ""
    assert is_kept(journal, entry)


def test_contents_are_compressed(place: Place) -> None:
    made(place.journal(), place.change("the same words again\n" * 10_000))
    (path,) = place.objects()
    assert path.stat().st_size < 2_000


def test_a_write_that_fails_changes_nothing(place: Place) -> None:
    journal = place.journal()
    entry = made(journal, place.change("x"))

    def fail(connection: Connection) -> None:
        connection.execute("DELETE FROM entries")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        journal.store.write(fail)
    assert journal.entries() == (entry,)


# ---------------------------------------------------------------- full


def test_the_oldest_entries_lose_their_contents_first(place: Place) -> None:
    journal = place.journal(limits=Limits(max_store_bytes=5_500))
    entries = [made(journal, place.change(noise(seed))) for seed in range(12)]
    assert [is_kept(journal, entry) for entry in entries] == [False] * 7 + [True] * 5
    assert [after(journal, entry) for entry in entries[7:]] == [noise(n) for n in range(7, 12)]
    with pytest.raises(NotFound, match=r"not kept any more: .* exceed 5500 bytes"):
        after(journal, entries[0])
    assert journal.entries() == tuple(reversed(entries))


def test_files_of_dropped_contents_go_at_the_next_write(place: Place) -> None:
    journal = place.journal(limits=Limits(max_store_bytes=5_500))
    for seed in range(12):
        made(journal, place.change(noise(seed)))
    made(journal, place.change(""))
    assert len(place.objects()) == 5
    assert sum(path.stat().st_size for path in place.objects()) <= 5_500


def test_a_content_that_a_younger_entry_needs_stays(place: Place) -> None:
    journal = place.journal(limits=Limits(max_store_bytes=3_500))
    first, second = made(journal, place.change(noise(0))), made(journal, place.change(noise(1)))
    made(journal, place.change(noise(0), ""))
    made(journal, place.change(noise(2)))
    made(journal, place.change(noise(3)))
    assert is_kept(journal, first)
    assert after(journal, first) == noise(0)
    assert not is_kept(journal, second)


def test_an_entry_in_the_making_keeps_its_contents(place: Place) -> None:
    journal = place.journal(limits=Limits(max_store_bytes=2_500))
    pending = journal.begin(place.change(noise(0)))
    for seed in range(1, 6):
        made(journal, place.change(noise(seed)))
    assert after(journal, pending) == noise(0)
    journal.finish(pending.id)
    made(journal, place.change(noise(9)))
    assert not is_kept(journal, pending)


def test_a_content_that_was_dropped_can_come_again(place: Place) -> None:
    journal = place.journal(limits=Limits(max_store_bytes=2_500))
    for seed in (0, 1, 2, 3):
        made(journal, place.change(noise(seed)))
    first = made(journal, place.change(noise(0)))
    for _ in range(3):
        made(journal, place.change(noise(0), ""))
    assert after(journal, first) == noise(0)


def test_a_store_that_shrank_its_limits_gets_there_in_steps(place: Place) -> None:
    journal = place.journal()
    for seed in range(80):
        made(journal, place.change(noise(seed, 20)))
    journal.close()
    journal = place.journal(limits=Limits(max_store_bytes=200))
    made(journal, place.change("x"))
    assert 10 < count(place, "contents") < 20
    for _ in range(3):
        made(journal, place.change("x"))
    assert count(place, "contents") < 10
    assert len(place.objects()) == count(place, "contents")


def test_the_oldest_entries_are_dropped_when_there_are_too_many(place: Place) -> None:
    journal = place.journal(limits=Limits(max_entries=3))
    pending = journal.begin(place.change("pending"))
    entries = [made(journal, place.change(str(number))) for number in range(5)]
    assert journal.entries() == (*reversed(entries[3:]), pending)
    assert [entry.number for entry in journal.entries()] == [6, 5, 1]
    assert count(place, "contents") == 3
    for _ in range(3):
        made(journal, place.change(""))
    assert len(place.objects()) == 1
    assert after(journal, pending) == "pending"


def test_a_number_is_never_used_again(place: Place) -> None:
    journal = place.journal(limits=Limits(max_entries=0))
    assert [made(journal, place.change("x")).number for _ in range(3)] == [1, 2, 3]
    assert len(journal.entries()) == 1


# ---------------------------------------------------------------- rubbish


def test_what_a_killed_process_left_is_removed(place: Place) -> None:
    journal = place.journal()
    entry = made(journal, place.change("kept"))
    journal.close()
    leave_rubbish(place)
    stranger = put(place.folder / "objects" / "ff" / "README", b"not ours")
    journal = place.journal()
    for _ in range(33):
        made(journal, place.change("kept"))
    assert [path.name for path in place.folder.glob("incoming/*")] == ["0123456789abcdef-1.tmp"]
    assert [path for path in place.objects() if path != stranger] == place.objects()[:1]
    assert after(journal, entry) == "kept"


def test_rubbish_is_not_looked_for_after_an_orderly_end(place: Place) -> None:
    journal = place.journal()
    made(journal, place.change("kept"))
    rubbish = put(place.folder / "objects" / "ff" / ("0" * 62), b"")
    journal.close()
    journal = place.journal()
    for _ in range(33):
        made(journal, place.change("kept"))
    assert rubbish.exists()


def test_a_write_that_failed_leaves_no_rubbish(place: Place) -> None:
    journal = place.journal()
    made(journal, place.change("kept"))
    blobs = {blob.digest: blob.data for blob in map(blob_of, ("lost", "kept"))}
    with pytest.raises(ZeroDivisionError):
        journal.store.keep(blobs, lambda _: 1 // 0)
    assert len(place.objects()) == 1
    assert not list(place.folder.glob("incoming/*"))


# ---------------------------------------------------------------- damage


def test_a_damaged_content_is_not_given(place: Place) -> None:
    journal = place.journal()
    for damage in (b"", b"not zlib", zlib.compress(b"other"), zlib.compress(b"good and more")):
        entry = made(journal, place.change("good"))
        (path,) = place.objects()
        path.write_bytes(damage)
        with pytest.raises(JournalFailed, match="is damaged or missing"):
            after(journal, entry)
        assert is_kept(journal, entry)


def test_a_content_that_is_missing_or_no_file_is_not_given(place: Place) -> None:
    journal = place.journal()
    entry = made(journal, place.change("good"))
    (path,) = place.objects()
    elsewhere = path.rename(place.root.parent / "elsewhere")
    for make in (lambda: None, path.mkdir, lambda: path.symlink_to(elsewhere)):
        make()
        with pytest.raises(JournalFailed, match="is damaged or missing"):
            after(journal, entry)
        if path.is_dir():
            path.rmdir()


def test_a_damaged_content_is_written_again_when_it_comes_again(place: Place) -> None:
    journal = place.journal()
    first = made(journal, place.change("good"))
    (path,) = place.objects()
    path.write_bytes(b"x")
    made(journal, place.change("good"))
    assert after(journal, first) == "good"


def test_a_small_file_that_unpacks_to_much_is_not_unpacked(place: Place) -> None:
    journal = place.journal()
    entry = made(journal, place.change("good"))
    (path,) = place.objects()
    path.write_bytes(zlib.compress(bytes(2**20)))
    with pytest.raises(JournalFailed, match="is damaged or missing"):
        after(journal, entry)


def test_a_file_that_is_no_database_is_set_aside(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    journal = place.journal()
    made(journal, place.change("old"))
    journal.close()
    (place.folder / "journal.db").write_bytes(b"no database at all" * 1000)
    journal = place.journal()
    entry = made(journal, place.change("new"))
    assert journal.entries() == (entry,)
    assert entry.number == 1
    assert (place.folder / "damaged-1" / "journal.db").read_bytes().startswith(b"no database")
    assert len(list((place.folder / "damaged-1" / "objects").glob("*/*"))) == 1
    assert "it was set aside as" in caplog.text


def test_a_database_of_another_program_is_set_aside(place: Place) -> None:
    place.folder.mkdir(parents=True)
    place.sql("CREATE TABLE bookmarks (url TEXT)")
    assert place.journal().entries() == ()
    assert (place.folder / "damaged-1" / "journal.db").exists()
    assert place.sql("SELECT count(*) FROM entries") == [(0,)]


def test_a_database_that_is_damaged_while_it_is_open_is_set_aside(place: Place) -> None:
    for number in (1, 2):
        journal, other = place.journal(), place.journal()
        for seed in range(20):
            made(journal, place.change(str(seed)))
        assert len(other.entries()) == 20
        spoil(place)
        entry = made(journal, place.change("after"))
        assert journal.entries() == other.entries() == (entry,)
        assert after(other, entry) == "after"
        journal.close()
        other.close()
        assert (place.folder / f"damaged-{number}" / "journal.db").exists()
        (place.folder / "journal.db").unlink()


def test_a_database_that_another_process_has_set_aside_is_not_set_aside_twice(place: Place) -> None:
    journal, other = place.journal(), place.journal()
    for seed in range(20):
        made(journal, place.change(str(seed)))
    other.entries()

    def look_while_it_is_replaced(connection: Connection) -> list[object]:
        if not (place.folder / "damaged-1").exists():
            spoil(place)
            assert journal.entries() == ()
        return connection.execute("SELECT * FROM entries").fetchall()

    assert other.store.read(look_while_it_is_replaced) == []
    assert not (place.folder / "damaged-2").exists()


def test_an_entry_that_was_lost_with_a_damaged_database_cannot_be_finished(place: Place) -> None:
    journal = place.journal()
    pending = [journal.begin(place.change(str(seed))) for seed in range(20)][-1]
    spoil(place)
    with pytest.raises(JournalFailed, match="is not in the undo journal any more"):
        journal.finish(pending.id)
    assert journal.entries() == ()


def test_a_journal_of_a_newer_program_is_refused_and_left_alone(place: Place) -> None:
    journal = place.journal()
    made(journal, place.change("x"))
    journal.close()
    place.sql("PRAGMA user_version = 2")
    before = (place.folder / "journal.db").read_bytes()
    with pytest.raises(JournalFailed, match=r"newer version .* \(form 2, this one knows 1\)"):
        place.journal().entries()
    assert (place.folder / "journal.db").read_bytes() == before


def test_a_folder_that_is_removed_is_made_again(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    journal, other = place.journal(), place.journal()
    made(journal, place.change("old"))
    other.entries()
    shutil.rmtree(place.folder)
    entry = journal.begin(place.change("new"))
    assert "was removed or replaced" in caplog.text
    assert other.entries() == (entry,)
    assert other.unfinished() == ()
    assert after(other, entry) == "new"
    with journal.writing():
        pass


def test_contents_that_are_removed_do_not_hinder_new_ones(place: Place) -> None:
    journal = place.journal()
    first = made(journal, place.change("one"))
    shutil.rmtree(place.folder / "objects")
    assert after(journal, made(journal, place.change("two"))) == "two"
    with pytest.raises(JournalFailed, match="is damaged or missing"):
        after(journal, first)
    made(journal, place.change("one"))
    assert after(journal, first) == "one"


# ---------------------------------------------------------------- several processes


def test_another_process_that_writes_for_too_long_is_told(place: Place) -> None:
    limits = Limits(lock_timeout_s=0.05)
    journal, other = place.journal(limits=limits), place.journal(limits=limits)
    other.entries()

    def write_meanwhile(_: Connection) -> None:
        with pytest.raises(JournalFailed, match="another process has been writing it"):
            other.begin(place.change("y"))

    journal.store.write(write_meanwhile)
    assert other.begin(place.change("y")).number == 1


def test_a_content_that_is_dropped_while_it_comes_again_is_written(place: Place) -> None:
    """Between the look and the transaction, another process drops what was there."""
    journal, other = place.journal(), place.journal()
    made(journal, place.change("x"))
    blob = blob_of("x")
    known = journal.store.read(lambda db: known_keys(db, [blob.digest]))
    arriving, objects = Arriving({blob.digest: blob.data}), Objects(place.folder, "0" * 16)
    objects.prepare()
    arriving.prepare(objects, known)
    other.store.write(lambda db: db.execute("DELETE FROM entries"))
    made(other, place.change("y"))
    assert len(place.objects()) == 1
    journal.store.write(lambda db: arriving.publish(db, objects))
    assert len(place.objects()) == 2
    assert journal.store.load(blob.digest, 1) == b"x"
    arriving.discard()


def leave_rubbish(place: Place) -> None:
    """Leave what a process leaves that is killed between a rename and the commit."""
    put(place.folder / "owners" / f"{'a' * 16}.lock", b"")
    put(place.folder / "incoming" / f"{'a' * 16}-1.tmp", b"half")
    put(place.folder / "incoming" / "0123456789abcdef-1.tmp", b"of one that lives")
    for shard in range(0, 256, 5):
        put(place.folder / "objects" / f"{shard:02x}" / ("0" * 62), b"")


def put(path: Path, data: bytes) -> Path:
    """Make a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def spoil(place: Place) -> None:
    """Overwrite all of the database but its first page, as a broken disk would."""
    # A change by another process, so that nobody relies on what they have read already.
    place.sql("UPDATE numbers SET value = 1 WHERE name = 'n_unswept'")
    path = place.folder / "journal.db"
    data = path.read_bytes()
    assert len(data) > 3 * 4096
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))


def count(place: Place, table: str) -> int:
    """Count the rows of a table."""
    ((number,),) = place.sql(f"SELECT count(*) FROM {table}")
    assert isinstance(number, int)
    return number
