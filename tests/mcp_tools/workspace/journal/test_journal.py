"""What is recorded before a change, and how it is found again."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.errors import JournalFailed, NotFound
from mcp_tools.types.journal import (
    Actor,
    Entry,
    EntryKind,
    EntryState,
    NewEntry,
    Origin,
    Target,
    Transition,
)
from mcp_tools.workspace.journal.clock import now
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.journal.limits import Limits
from tests.mcp_tools.workspace.journal.recording import NOON, Place, after, made

STATES = [
    None,
    State(content="text\r\n", mode=0o600),
    State(content="marked", mode=0o644, has_bom=True),
    State(content="", mode=None),
    State(content="half a pair \ud83d, another \udc4d\udc4d", mode=0o644),
    State(content=Binary(b"\0\xff"), mode=0o4755),
    State(content=Link("../tar\udce9get"), mode=None),
    State(content=Link("")),
    State(content=Folder(), mode=0o700),
]


def test_nothing_is_made_before_first_use(place: Place) -> None:
    journal = place.journal()
    journal.close()
    assert not place.folder.parent.exists()


def test_an_entry_is_pending_until_its_change_is_made(place: Place) -> None:
    journal = place.journal()
    begun = journal.begin(place.change("old", "new"))
    assert (begun.number, begun.state, begun.at) == (1, EntryState.PENDING, NOON)
    assert journal.entries() == (begun,)
    done = journal.finish(begun.id, notes=["one file was skipped"])
    assert done.state is EntryState.DONE
    assert done.notes == ("one file was skipped",)
    assert journal.entries() == (done,)


def test_all_that_was_told_of_a_change_is_kept(place: Place) -> None:
    new = NewEntry(
        label="undo \ud83d of a name",
        origin=Origin(actor=Actor.COMMAND, name="make", session_id="s1", turn_id="t1", call_id="c"),
        transitions=(
            Transition(path=place.root / "b\udce9", before=None, after=State(content="1")),
            Transition(path=place.root / "a/b", before=State(content="1"), after=None),
        ),
        kind=EntryKind.UNDO,
        targets=(
            Target(entry_id="x", path="b\udce9", hunk_ids=("h1", "h2")),
            Target(entry_id="y"),
        ),
        notes=("first", "second"),
    )
    begun = place.journal().begin(new)
    (entry,) = place.journal().entries()
    assert entry == begun
    assert (entry.label, entry.origin, entry.kind) == (new.label, new.origin, new.kind)
    assert (entry.targets, entry.notes) == (new.targets, new.notes)
    assert [file.path for file in entry.files] == ["a/b", "b\udce9"]
    assert entry.files[0].before == entry.files[1].after


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("later", STATES)
def test_what_was_there_comes_back_as_it_was(
    place: Place, before: State | None, later: State | None
) -> None:
    entry = place.journal().begin(place.transition("a", before, later))
    (file,) = entry.files
    reader = place.journal()
    assert (None if file.before is None else reader.load(file.before)) == before
    assert (None if file.after is None else reader.load(file.after)) == later


def test_entries_are_counted_and_listed_newest_first(place: Place) -> None:
    journal = place.journal()
    made_entries = [made(journal, place.change(str(number))) for number in range(4)]
    assert [entry.number for entry in made_entries] == [1, 2, 3, 4]
    assert journal.entries() == tuple(reversed(made_entries))
    assert journal.entries(limit=2) == tuple(reversed(made_entries[2:]))
    assert journal.entries(limit=0) == journal.entries(limit=-3) == ()


def test_a_change_that_failed_says_why(place: Place) -> None:
    journal = place.journal()
    entry = journal.fail(journal.begin(place.change("new")).id, "the disk is full")
    assert (entry.state, entry.notes) == (EntryState.FAILED, ("the disk is full",))
    assert journal.entries() == (entry,)


SETTLE: list[Callable[[Journal, str], Entry]] = [
    lambda journal, entry_id: journal.finish(entry_id),
    lambda journal, entry_id: journal.fail(entry_id, "why"),
    lambda journal, entry_id: journal.interrupt(entry_id, ["a note"]),
]


@pytest.mark.parametrize("first", SETTLE)
@pytest.mark.parametrize("second", SETTLE)
def test_an_entry_is_settled_once(
    place: Place,
    first: Callable[[Journal, str], Entry],
    second: Callable[[Journal, str], Entry],
) -> None:
    journal = place.journal()
    entry = first(journal, journal.begin(place.change("new")).id)
    with pytest.raises(JournalFailed, match=f"to be pending, it is '{entry.state}'"):
        second(journal, entry.id)
    assert journal.entries() == (entry,)


@pytest.mark.parametrize("settle", SETTLE)
def test_an_entry_that_is_not_there_cannot_be_settled(
    place: Place, settle: Callable[[Journal, str], Entry]
) -> None:
    with pytest.raises(JournalFailed, match="'klmn' is not in the undo journal any more"):
        settle(place.journal(), "klmn")


def test_an_entry_is_found_by_number_id_and_part_of_its_id(place: Place) -> None:
    journal = place.journal()
    entry = [made(journal, place.change(str(number))) for number in range(9)][6]
    for name in ("7", "#7", " #7\n", "007", entry.id, entry.id.upper(), entry.id[:12]):
        assert journal.entry(name) == entry


@pytest.mark.parametrize("name", ["8", "#0", "9" * 18, "kkkk", "k" * 16])
def test_a_name_of_no_entry_is_not_found(place: Place, name: str) -> None:
    journal = place.journal()
    made(journal, place.change("new"))
    with pytest.raises(NotFound, match=f"there is no entry '{name}'"):
        journal.entry(name)


@pytest.mark.parametrize(
    "name", ["", "#", "kkk", "k%%%", "abcd", "-1", "9" * 19, "\u0663", "k" * 17]
)
def test_what_cannot_be_a_name_of_an_entry_is_explained(place: Place, name: str) -> None:
    with pytest.raises(NotFound, match="expected the number of an entry, or four letters"):
        place.journal().entry(name)


@pytest.mark.parametrize(("n_entries", "end"), [(2, r"\(a change\)"), (7, "and more")])
def test_a_name_of_several_entries_names_them(place: Place, n_entries: int, end: str) -> None:
    journal = place.journal()
    for number in range(n_entries):
        made(journal, place.change(str(number)))
    place.sql("UPDATE entries SET id = 'klmnopqrstuvwxy' || substr('klmnopq', number, 1)")
    with pytest.raises(NotFound, match=rf"fits several entries: #{n_entries} .*, .*{end}$"):
        journal.entry("klmn")
    assert journal.entry("klmnopqrstuvwxyl").number == 2


def test_time_never_goes_back(place: Place) -> None:
    moments = [NOON, NOON - timedelta(days=900), NOON + timedelta(microseconds=1), NOON]
    expected = [NOON, NOON, NOON + timedelta(microseconds=1), NOON + timedelta(microseconds=1)]
    found = [place.journal(clock=lambda at=at: at).begin(place.change("x")).at for at in moments]
    assert found == expected
    assert [entry.at for entry in place.journal().entries()] == found[::-1]


def test_time_is_told_with_its_zone(place: Place) -> None:
    eastern = NOON.astimezone(timezone(timedelta(hours=-5)))
    entry = place.journal(clock=lambda: eastern).begin(place.change("x"))
    assert entry.at == NOON
    assert entry.at.utcoffset() == timedelta(0)
    assert now().utcoffset() == timedelta(0)


def test_a_content_that_is_too_large_is_not_recorded(place: Place) -> None:
    journal = place.journal(limits=Limits(max_content_bytes=10))
    journal.begin(place.change("0123456789"))
    error = "'src/a.py' has 11 bytes, the undo journal keeps at most 10 of one file"
    for states in [("0123456789\n", ""), ("", "0123456789\n")]:
        with pytest.raises(JournalFailed, match=error):
            journal.begin(place.change(*states, name="src/a.py"))
    assert len(journal.entries()) == len(place.objects()) == 1


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd"])
def test_a_path_outside_of_the_root_is_not_recorded(place: Place, name: str) -> None:
    journal = place.journal()
    with pytest.raises(JournalFailed, match="expected a path below"):
        journal.begin(place.change("x", name=name))
    assert journal.entries() == ()


def test_an_entry_is_unfinished_when_its_owner_is_gone(place: Place) -> None:
    journal, other = place.journal(), place.journal()
    mine = journal.begin(place.change("mine"))
    assert journal.unfinished() == other.unfinished() == ()
    theirs = other.begin(place.change("theirs"))
    later = other.begin(place.change("theirs too"))
    other.finish(other.begin(place.change("done")).id)
    assert journal.unfinished() == ()
    other.close()
    assert journal.unfinished() == (later, theirs)
    journal.interrupt(theirs.id, ["put back"])
    journal.finish(later.id)
    assert journal.unfinished() == ()
    journal.close()
    assert place.journal().unfinished() == (mine,)


def test_a_closed_journal_cannot_be_used(place: Place) -> None:
    journal = place.journal()
    entry = journal.begin(place.change("x"))
    journal.close()
    journal.close()
    for use in (journal.entries, journal.unfinished, lambda: journal.finish(entry.id)):
        with pytest.raises(JournalFailed, match="the undo journal is closed"):
            use()


def test_one_at_a_time_writes_files(place: Place) -> None:
    limits = Limits(lock_timeout_s=0.05)
    journal, other = place.journal(limits=limits), place.journal(limits=limits)
    with journal.writing():
        for second in (other, journal):
            with pytest.raises(JournalFailed, match=r"for more than 0\.05 s"), second.writing():
                pytest.fail("two have the lock")
        other.finish(other.begin(place.change("recorded all the same")).id)
    with other.writing():
        pass


def test_an_error_while_files_are_written_stays_what_it_is(place: Place) -> None:
    journal = place.journal()
    with pytest.raises(FileExistsError), journal.writing():
        raise FileExistsError
    with journal.writing():
        pass


def test_the_next_one_waits_until_files_are_written(place: Place) -> None:
    journal, other = place.journal(), place.journal()
    order: list[str] = []
    is_waiting = threading.Event()

    def wait() -> None:
        is_waiting.set()
        with other.writing():
            order.append("second")

    with ThreadPoolExecutor(1) as pool:
        with journal.writing():
            waiting = pool.submit(wait)
            assert is_waiting.wait(5)
            order.append("first")
        waiting.result(5)
    assert order == ["first", "second"]


def test_threads_share_a_journal(place: Place) -> None:
    journal = place.journal()

    def record(number: int) -> None:
        entry = made(journal, place.change(f"{number}", f"{number + 1}"))
        assert after(journal, entry) == f"{number + 1}"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(record, range(40), timeout=60))
    assert [entry.number for entry in journal.entries()] == list(range(40, 0, -1))
    assert {entry.state for entry in journal.entries()} == {EntryState.DONE}


def test_an_entry_that_cannot_be_read_is_left_out(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    journal = place.journal()
    first, damaged = (journal.begin(place.change(text)) for text in ("a", "b"))
    place.sql("UPDATE entries SET details = ? WHERE number = 2", b"{")
    assert journal.entries() == (first,)
    assert "an entry of the undo journal is left out" in caplog.text
    with pytest.raises(JournalFailed, match="a row of the undo journal is damaged"):
        journal.entry("#2")
    with pytest.raises(JournalFailed, match="a row of the undo journal is damaged"):
        journal.finish(damaged.id)


def test_a_content_of_another_kind_than_was_kept_is_refused(place: Place) -> None:
    journal = place.journal()
    stored = journal.begin(place.change(Binary(b"\xff"))).files[0].after
    assert stored is not None
    with pytest.raises(JournalFailed, match="a kept content is damaged"):
        journal.load(replace(stored, kind="text"))
