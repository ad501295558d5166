"""Undo and redo through all real parts: journal, disk, and text that is not saved yet."""

from pathlib import Path

import pytest

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.edits import ModifyFile
from mcp_tools.types.errors import NotFound
from mcp_tools.types.journal import Actor, Entry, Origin
from mcp_tools.types.text import digest_of
from mcp_tools.workspace.applying import Applier
from mcp_tools.workspace.changes import change_between
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.undo.history import Scope, select, select_redo
from mcp_tools.workspace.undo.history_lines import Answer, history
from mcp_tools.workspace.undo.undoing import UndoPlan, plan_undo
from mcp_tools.workspace.workspace import SetBuffer, Workspace
from tests.mcp_tools.workspace.trees import modes, tree

pytestmark = pytest.mark.asyncio

ORIGIN = Origin(actor=Actor.COMMAND, name="sh")


class OnDisk:
    """A folder that is no git repository, with its journal beside it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.root.mkdir(exist_ok=True)
        source = DiskSource(self.root)
        self.workspace = Workspace(source)
        self.journal = Journal(folder / "journal", self.root)
        sink = DiskSink(source, lock=self.journal.writing)
        self.applier = Applier(self.workspace, sink, self.journal)

    def all(self) -> tuple[dict[str, bytes | None], dict[str, int]]:
        return tree(self.root), modes(self.root)

    async def change(self, wishes: dict[str, State | None]) -> Entry:
        below = self.workspace.snapshot().below_state
        after = {self.root / name: state for name, state in wishes.items()}
        before = {path: below(path) for path in after}
        return await self.applier.apply(change_between("rebuild", before, after), ORIGIN)

    def plan(self, *, is_redo: bool = False) -> UndoPlan:
        snapshot = self.workspace.snapshot()
        choose = select_redo if is_redo else select
        return plan_undo(
            self.journal,
            self.root,
            snapshot.below_state,
            choose(self.journal.entries(), Scope(), self.root),
            read_entries=lambda folder: [entry.path for entry in snapshot.entries(folder)],
        )

    async def take_back(self, *, is_redo: bool = False) -> Entry:
        plan = self.plan(is_redo=is_redo)
        assert not plan.conflicts
        return await self.applier.apply(plan.changes, ORIGIN, kind=plan.kind, targets=plan.targets)


async def test_what_a_command_did_is_undone_and_redone_exactly(tmp_path: Path) -> None:
    world = OnDisk(tmp_path)
    (world.root / "old/deep").mkdir(parents=True)
    (world.root / "old/deep/text").write_bytes(b"\xef\xbb\xbfone\r\ntwo\r\n")
    (world.root / "empty").mkdir(mode=0o700)
    (world.root / "tool").write_bytes(b"run\n")
    (world.root / "tool").chmod(0o750)
    (world.root / "bytes").write_bytes(b"\0\1\2")
    (world.root / "link").symlink_to("../outside")
    before = world.all()
    await world.change(
        {
            "old/deep/text": None,
            "old/deep": None,
            "old": None,
            "new/deep/text": State(content="moved\n", has_bom=True),
            "new/none": State(content=Folder(), mode=0o700),
            "empty": State(content="a file by now\n"),
            "tool": State(content="run more\n", mode=0o644),
            "bytes": State(content=Binary(b"\0\3")),
            "link": State(content=Link("tool")),
            "other": State(content=Link("nowhere")),
        }
    )
    after = world.all()
    assert after[0]["new/deep/text"] == b"\xef\xbb\xbfmoved\n"
    await world.take_back()
    assert world.all() == before
    await world.take_back(is_redo=True)
    assert world.all() == after
    await world.take_back()
    assert world.all() == before
    with pytest.raises(NotFound):
        world.plan()
    lines = history(world.journal, world.workspace.snapshot().below_state)
    answers = [line.undoable.answer for line in lines]
    # The first undo is in force again, so it could be redone as well as the second.
    assert answers == [Answer.YES, Answer.NO, Answer.YES, Answer.NO]
    world.journal.close()


async def test_what_is_typed_and_not_saved_is_what_an_undo_sees(tmp_path: Path) -> None:
    world = OnDisk(tmp_path)
    path = world.root / "a"
    path.write_text("1\n2\n", encoding="utf-8")
    await world.change({"a": State(content="one\n2\n")})
    world.workspace.apply(SetBuffer(path=path, text="one\n2\ntyped\n", version=1))
    (change,) = world.plan().changes.files
    assert isinstance(change, ModifyFile)
    assert change.base == digest_of("one\n2\ntyped\n")
    world.journal.close()


async def test_an_undo_outlives_the_process(tmp_path: Path) -> None:
    world = OnDisk(tmp_path)
    await world.change({"d/a": State(content="1\n")})
    world.journal.close()
    again = OnDisk(tmp_path)
    await again.take_back()
    assert again.all() == ({}, {})
    again.journal.close()
