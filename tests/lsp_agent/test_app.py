"""The parts put together as the settings say."""

from pathlib import Path

import pytest

from lsp_agent.app import (
    build_disk_engine,
    build_engine,
    credentials,
    model_maker,
    model_name,
)
from lsp_agent.config.settings import Settings, SettingsError, settings_of, state_folder
from lsp_agent.engine.engine import Engine
from mcp_tools.ports import Sink
from mcp_tools.registry import discover
from mcp_tools.types.contents import State
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import JournalFailed, NotFound
from mcp_tools.types.journal import Actor, EntryState, NewEntry, Origin, Transition
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.journal.shelf import Shelf
from mcp_tools.workspace.proposals import Proposal, ProposedFile
from mcp_tools.workspace.workspace import Workspace
from tests.mcp_tools.workspace.changing import changes, modify

ORIGIN = Origin(actor=Actor.TOOL, name="test")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one file."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "a.txt").write_text("old\n", encoding="utf-8")
    return folder


def settings(**values: object) -> Settings:
    return settings_of(values, "test")


def test_without_a_key_the_offline_engine_is_chosen() -> None:
    assert model_name(settings()) == "offline"
    assert model_maker(settings())().name == "offline"


def test_the_key_and_the_address_reach_the_model() -> None:
    found = credentials(settings(api_key="sk-1", base_url="http://127.0.0.1:1"))
    assert (found.api_key, found.base_url) == ("sk-1", "http://127.0.0.1:1")


def test_an_engine_has_all_tools_and_the_limits_of_the_settings(tmp_path: Path) -> None:
    engine = build_disk_engine(settings(max_steps=3, approval_timeout_s=7), tmp_path)
    assert (engine.max_steps, engine.approval_timeout_s) == (3, 7.0)
    assert {tool.name for tool in engine.tools} == {tool.name for tool in discover()}
    engine.close()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="missing"):
        build_disk_engine(settings(), tmp_path / "missing")


def build(root: Path) -> Engine:
    return build_disk_engine(settings(), root)


def test_the_journal_is_in_the_state_folder_of_the_root(root: Path) -> None:
    engine = build(root)
    engine.applier.journal.entries()
    engine.close()
    assert any(state_folder(root).iterdir())
    assert [path.name for path in root.iterdir()] == ["a.txt"]


def killed_while_applying(root: Path, *, is_made: bool) -> None:
    """Leave what a process leaves that is killed in the middle of a change."""
    journal = Journal(state_folder(root), root)
    before, after = State(content="old\n", mode=0o644), State(content="new\n", mode=0o644)
    transition = Transition(path=root / "a.txt", before=before, after=after)
    journal.begin(NewEntry(label="work", origin=ORIGIN, transitions=(transition,)))
    if is_made:
        (root / "a.txt").write_text("new\n", encoding="utf-8")
    journal.close()


@pytest.mark.parametrize(
    ("is_made", "state"), [(True, EntryState.DONE), (False, EntryState.INTERRUPTED)]
)
def test_what_a_killed_process_left_is_settled_and_told(
    root: Path, *, is_made: bool, state: EntryState
) -> None:
    (root / "a.txt").chmod(0o644)
    killed_while_applying(root, is_made=is_made)
    engine = build(root)
    (recovered,) = engine.recovered
    assert (recovered.entry.label, recovered.entry.state) == ("work", state)
    assert recovered.is_finished == is_made
    engine.close()
    again = build(root)
    assert again.recovered == ()
    again.close()


def test_what_waits_for_review_is_there_at_the_start(root: Path) -> None:
    journal = Journal(state_folder(root), root)
    wish = ProposedFile(base="old\n", content="new\n")
    proposal = Proposal(id="p", label="work", files={root / "a.txt": wish})
    Shelf(journal).save(proposal)
    journal.close()
    engine = build(root)
    assert engine.workspace.open_proposals() == (proposal,)
    engine.close()


@pytest.mark.asyncio
async def test_a_state_folder_that_cannot_be_used_only_keeps_from_applying(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = state_folder(root)
    folder.parent.mkdir(parents=True)
    folder.write_text("in the way", encoding="utf-8")
    engine = build(root)
    assert engine.recovered == ()
    assert engine.workspace.snapshot().read(root / "a.txt").text == "old\n"
    assert str(folder) in caplog.text
    with pytest.raises(JournalFailed, match="shop"):
        await engine.applier.apply(changes(modify(root / "a.txt", "old\n", "new\n")), ORIGIN)
    assert (root / "a.txt").read_text(encoding="utf-8") == "old\n"
    engine.close()


def test_a_state_folder_that_is_not_absolute_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSP_AGENT_STATE_DIR", "here")
    with pytest.raises(SettingsError):
        build(root)


class EditorOf:
    """What a front end puts before the disk."""

    def __init__(self, workspace: Workspace, disk: Sink) -> None:
        """Take both."""
        self.workspace = workspace
        self.disk = disk
        self.applied: list[str] = []

    async def apply(self, changes: ChangeSet, entry_id: str) -> None:
        """Note the entry, and go to the disk."""
        self.applied.append(entry_id)
        await self.disk.apply(changes, entry_id)


@pytest.mark.asyncio
async def test_a_front_end_may_put_its_editor_before_the_disk(root: Path) -> None:
    made: list[EditorOf] = []

    def make(workspace: Workspace, disk: Sink) -> Sink:
        made.append(EditorOf(workspace, disk))
        return made[-1]

    engine = build_engine(settings(), DiskSource(root), make)
    (editor,) = made
    assert editor.workspace is engine.workspace
    assert isinstance(editor.disk, DiskSink)
    change = changes(modify(root / "a.txt", "old\n", "new\n"))
    entry = await engine.applier.apply(change, ORIGIN)
    assert editor.applied == [entry.id]
    assert (root / "a.txt").read_text(encoding="utf-8") == "new\n"
    engine.close()


def test_two_engines_of_one_folder_share_its_history(root: Path) -> None:
    first, second = build(root), build(root)
    journal = first.applier.journal
    entry = journal.begin(NewEntry(label="work", origin=ORIGIN, transitions=()))
    journal.finish(entry.id)
    assert [found.id for found in second.applier.journal.entries()] == [entry.id]
    first.close()
    second.close()
