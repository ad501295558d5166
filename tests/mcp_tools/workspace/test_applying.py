"""A change is recorded, then made, then confirmed; whatever happens, the record is true."""

import asyncio
import logging
import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from mcp_tools.ports import Sink
from mcp_tools.types.contents import Binary, Folder, Link, State, digest_of_content
from mcp_tools.types.edits import ChangeSet, FileChange, RenameFile, SetContent
from mcp_tools.types.errors import Conflict, Denied, JournalFailed, OutsideWorkspace, StaleEdit
from mcp_tools.types.journal import (
    Actor,
    Entry,
    EntryKind,
    EntryState,
    FileRecord,
    Origin,
    Target,
)
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from tests.mcp_tools.workspace.changing import changes, create, delete, modify
from tests.support.desk import Desk

pytestmark = pytest.mark.asyncio

Record = Callable[["Sink | None"], "Recorded"]

ORIGIN = Origin(actor=Actor.TOOL, name="try_it", session_id="s", turn_id="t", call_id="c")


class Recorded:
    """An applier over a desk, and its journal."""

    def __init__(self, desk: Desk, folder: Path, sink: Sink | None = None) -> None:
        self.desk = desk
        self.journal = Journal(folder, desk.root)
        disk = DiskSink(DiskSource(desk.root), lock=self.journal.writing)
        self.applier = Applier(desk.workspace, sink or disk, self.journal)

    async def apply(self, change: ChangeSet) -> Entry:
        async with asyncio.timeout(5):
            return await self.applier.apply(change, ORIGIN)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.journal.entries()

    def states(self, record: FileRecord) -> tuple[State | None, State | None]:
        before, after = (
            None if stored is None else self.journal.load(stored)
            for stored in (record.before, record.after)
        )
        return before, after


@pytest.fixture
def record(desk: Desk, tmp_path: Path) -> Generator[Record]:
    """Give a way to set up an applier; its journal is closed in the end."""
    made: list[Recorded] = []

    def make(sink: Sink | None = None) -> Recorded:
        made.append(Recorded(desk, tmp_path / "state", sink))
        return made[-1]

    yield make
    for recorded in made:
        recorded.journal.close()


@pytest.fixture
def recorded(record: Record) -> Recorded:
    return record(None)


async def test_a_change_is_made_and_its_entry_holds_both_sides(recorded: Recorded) -> None:
    path = recorded.desk.write("a.txt", "old\n")
    path.chmod(0o640)
    entry = await recorded.apply(changes(modify(path, "old\n", "new\n"), label="work"))
    assert path.read_text(encoding="utf-8") == "new\n"
    assert entry == recorded.journal.entry(entry.id)
    assert (entry.state, entry.kind, entry.label) == (EntryState.DONE, EntryKind.CHANGE, "work")
    assert entry.origin == ORIGIN
    (record,) = entry.files
    assert record.path == "a.txt"
    assert recorded.states(record) == (
        State(content="old\n", mode=0o640),
        State(content="new\n", mode=0o640),
    )


async def test_unsaved_text_is_what_there_was_before(recorded: Recorded) -> None:
    """An undo goes back to what the person had, not to what was on disk."""

    class Editor:
        async def apply(self, changes: ChangeSet, entry_id: str) -> None:
            del changes
            (entry,) = recorded.journal.entries()
            assert (entry.id, entry.state) == (entry_id, EntryState.PENDING)
            recorded.desk.type_in_editor("a.txt", "accepted\n")

    path = recorded.desk.write("a.txt", "saved\n")
    recorded.desk.type_in_editor("a.txt", "typed\n")
    applier = Applier(recorded.desk.workspace, Editor(), recorded.journal)
    change = changes(modify(path, "typed\n", "accepted\n"))
    entry = await applier.apply(change, ORIGIN)
    before, after = recorded.states(entry.files[0])
    assert before is not None
    assert after is not None
    assert (before.content, after.content) == ("typed\n", "accepted\n")


async def test_the_folders_that_a_file_needs_are_recorded_too(recorded: Recorded) -> None:
    path = recorded.desk.root / "new" / "deep" / "a.txt"
    entry = await recorded.apply(changes(create(path, "a")))
    assert [record.path for record in entry.files] == ["new", "new/deep", "new/deep/a.txt"]
    before, after = recorded.states(entry.files[0])
    assert before is None
    assert after is not None
    assert after.content == Folder()


async def test_a_deleted_file_that_is_no_text_is_kept(recorded: Recorded) -> None:
    path = recorded.desk.write("a.bin", b"\0\xff")
    path.chmod(0o600)
    content = Binary(b"\0\xff")
    gone = SetContent(path=path, base=digest_of_content(content), content=None)
    entry = await recorded.apply(changes(gone))
    assert not path.exists()
    assert recorded.states(entry.files[0]) == (State(content=content, mode=0o600), None)


async def test_a_change_of_something_else_is_refused_before_it_is_recorded(
    recorded: Recorded,
) -> None:
    path = recorded.desk.write("a.txt", "moved\n")
    with pytest.raises(StaleEdit):
        await recorded.apply(changes(modify(path, "old\n", "new\n")))
    assert recorded.entries == ()


class Refusing:
    """A sink that lets nobody change anything."""

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        raise Denied(f"{changes.label}: locked")


class Breaking:
    """A sink with a fault."""

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("sink", "error", "note"),
    [
        (Refusing(), Denied, "change: locked"),
        (Breaking(), ZeroDivisionError, "it ended by a fault of this program; the log has more"),
    ],
)
async def test_a_change_that_fails_is_recorded_as_failed(
    desk: Desk, record: Record, sink: Sink, error: type[Exception], note: str
) -> None:
    recorded = record(sink)
    path = desk.write("a.txt", "old\n")
    with pytest.raises(error):
        await recorded.apply(changes(delete(path, "old\n")))
    (entry,) = recorded.entries
    assert (entry.state, entry.notes) == (EntryState.FAILED, (note,))
    assert path.exists()


async def test_a_change_that_came_out_otherwise_can_be_undone_and_says_so(
    desk: Desk, record: Record
) -> None:
    class Formatting:
        async def apply(self, changes: ChangeSet, entry_id: str) -> None:
            desk.write("a.txt", "New\n")
            raise Conflict("'a.txt' is not as expected")

    recorded = record(Formatting())
    path = desk.write("a.txt", "old\n")
    with pytest.raises(Conflict):
        await recorded.apply(changes(modify(path, "old\n", "new\n")))
    (entry,) = recorded.entries
    assert (entry.state, entry.notes) == (EntryState.DONE, ("'a.txt' is not as expected",))


async def test_nothing_is_changed_that_cannot_be_recorded(
    recorded: Recorded, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    path = recorded.desk.write("a.txt", "old\n")
    with pytest.raises(JournalFailed):
        await recorded.apply(changes(delete(path, "old\n")))
    assert path.read_text(encoding="utf-8") == "old\n"


class Slow:
    """A sink that begins, and ends when it is told to."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        self.has_begun.set()
        await self.may_end.wait()


async def test_a_caller_that_is_cancelled_waits_for_the_end(desk: Desk, record: Record) -> None:
    slow = Slow()
    recorded = record(slow)
    path = desk.write("a.txt", "old\n")
    running = asyncio.create_task(recorded.apply(changes(delete(path, "old\n"))))
    async with asyncio.timeout(5):
        await slow.has_begun.wait()
    running.cancel()
    await asyncio.sleep(0)
    assert not running.done()
    slow.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [entry.state for entry in recorded.entries] == [EntryState.DONE]


async def test_a_change_that_was_made_is_told_even_if_it_cannot_be_confirmed(
    desk: Desk, record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    class Spoiling:
        async def apply(self, changes: ChangeSet, entry_id: str) -> None:
            recorded.journal.fail(entry_id, "somebody else settled it")

    recorded = record(Spoiling())
    path = desk.write("a.txt", "old\n")
    with caplog.at_level(logging.ERROR):
        entry = await recorded.apply(changes(delete(path, "old\n")))
    assert entry.id in caplog.text
    assert "could not be confirmed" in caplog.text


async def test_an_empty_change_is_only_recorded(record: Record) -> None:
    recorded = record(Refusing())
    target = Target(entry_id="kkkkkkkkkkkkkkkk")
    entry = await recorded.applier.apply(
        changes(label="Undo: work"), ORIGIN, kind=EntryKind.UNDO, targets=[target]
    )
    assert (entry.state, entry.kind, entry.files) == (EntryState.DONE, EntryKind.UNDO, ())
    assert entry.targets == (target,)


@pytest.mark.parametrize("kind", ["delete", "rename", "set"])
async def test_a_file_with_unsaved_changes_is_not_taken_away(recorded: Recorded, kind: str) -> None:
    path = recorded.desk.write("a.txt", "saved\n")
    recorded.desk.type_in_editor("a.txt", "typed\n")
    gone: dict[str, FileChange] = {
        "delete": delete(path, "typed\n"),
        "rename": RenameFile(
            path=path, new_path=path.parent / "b.txt", base=digest_of_content("typed\n")
        ),
        "set": SetContent(path=path, base=digest_of_content("typed\n"), content=Link("b.txt")),
    }
    with pytest.raises(Denied, match=r"'a\.txt' has unsaved changes in the editor"):
        await recorded.apply(changes(gone[kind]))
    assert path.read_text(encoding="utf-8") == "saved\n"
    assert recorded.entries == ()


async def test_a_change_through_a_link_is_refused(recorded: Recorded, tmp_path: Path) -> None:
    os.symlink(tmp_path, recorded.desk.root / "out")
    with pytest.raises(OutsideWorkspace):
        await recorded.apply(changes(create(recorded.desk.root / "out" / "a.txt", "a")))
    assert not (tmp_path / "a.txt").exists()
