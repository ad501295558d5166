"""Proposals in the workspace and on the shelf: the same, also for the next process."""

import asyncio
import shutil
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.engine.stack import ProposalStack
from mcp_tools.types.errors import ExpectedError, JournalFailed, NotFound
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.journal.shelf import Shelf
from mcp_tools.workspace.proposals import Proposal, ProposedFile
from mcp_tools.workspace.workspace import Draft, Hold, Workspace
from tests.mcp_tools.workspace.changing import changes, create

pytestmark = pytest.mark.asyncio


class Process:
    """What one process has of a workspace."""

    def __init__(self, root: Path, state: Path) -> None:
        self.state = state
        self.journal = Journal(state, root)
        self.shelf = Shelf(self.journal)
        self.workspace = Workspace(DiskSource(root))
        self.stack = ProposalStack(self.workspace, self.shelf)
        self.root = self.workspace.root

    @property
    def open(self) -> list[str]:
        return [proposal.id for proposal in self.workspace.open_proposals()]

    @property
    def kept(self) -> list[str]:
        return [proposal.id for proposal in self.shelf.all()]

    def draft(self, key: str, text: str = "new\n") -> Proposal:
        """Begin a proposal that makes a file."""
        self.workspace.apply(Draft(proposal=Proposal(id=key, label=key)))
        self.edit(key, f"{key}.txt", text)
        return self.workspace.proposal(key)

    def edit(self, key: str, name: str, text: str) -> None:
        """Let a draft make a file."""
        self.workspace.apply(Hold(proposal_id=key, changes=changes(create(self.root / name, text))))

    async def published(self, key: str) -> Proposal:
        self.draft(key)
        return await self.stack.publish(key)

    def lose_state(self) -> None:
        """Put a file where the state folder is."""
        shutil.rmtree(self.state)
        self.state.write_text("in the way", encoding="utf-8")


@pytest.fixture
def process(tmp_path: Path) -> Generator[Process]:
    (tmp_path / "project").mkdir()
    made = Process(tmp_path / "project", tmp_path / "state")
    yield made
    made.journal.close()


@pytest.fixture
def other(process: Process) -> Generator[Process]:
    """Another process of the same workspace."""
    made = Process(process.root, process.state)
    yield made
    made.journal.close()


def without_files(proposal: Proposal) -> Proposal:
    return Proposal(id=proposal.id, label=proposal.label)


async def test_a_draft_is_on_no_shelf_and_a_published_one_is(process: Process) -> None:
    process.draft("a")
    assert (process.open, process.kept) == ([], [])
    published = await process.stack.publish("a")
    assert not published.is_draft
    assert (process.open, process.kept) == (["a"], ["a"])
    assert process.shelf.all() == (published,)


async def test_the_next_process_finds_them_in_their_order(process: Process, other: Process) -> None:
    for key in ("b", "a", "c"):
        await process.published(key)
    await process.stack.put(process.workspace.proposal("b"))
    other.stack.load()
    assert other.open == ["b", "a", "c"]
    assert other.workspace.open_proposals() == process.workspace.open_proposals()


async def test_loading_again_brings_what_others_made_and_takes_what_they_settled(
    process: Process, other: Process
) -> None:
    await process.published("a")
    await process.published("b")
    other.stack.load()
    await other.stack.put(without_files(other.workspace.proposal("a")))
    await other.published("c")
    process.draft("d")
    process.stack.load()
    assert process.open == ["b", "c"]
    assert process.workspace.proposal("d").is_draft


async def test_loading_leaves_what_is_being_revised(process: Process) -> None:
    await process.published("a")
    await process.stack.revise("a")
    process.edit("a", "more.txt", "more\n")
    process.stack.load()
    assert len(process.workspace.proposal("a").files) == 2


async def test_what_is_left_of_a_proposal_replaces_it_and_nothing_removes_it(
    process: Process,
) -> None:
    published = await process.published("a")
    rest = published.with_files({process.root / "b.txt": ProposedFile(base=None, content="b")})
    await process.stack.put(rest)
    assert process.workspace.proposal("a") == rest
    assert process.shelf.all() == (rest,)
    await process.stack.put(without_files(rest))
    assert (process.open, process.kept) == ([], [])


async def test_only_what_waits_can_be_decided_on(process: Process, other: Process) -> None:
    published = await process.published("a")
    assert await process.stack.open("a") == published
    process.draft("b")
    with pytest.raises(ExpectedError, match="'b' is being worked on right now"):
        await process.stack.open("b")
    with pytest.raises(NotFound, match="there is no proposal 'c'"):
        await process.stack.open("c")
    other.shelf.remove("a")
    with pytest.raises(NotFound, match="'a' was settled by another program"):
        await process.stack.open("a")
    assert process.open == []


async def test_a_proposal_is_opened_as_another_process_left_it(
    process: Process, other: Process
) -> None:
    await process.published("a")
    other.stack.load()
    other.edit("a", "more.txt", "more\n")
    changed = await other.stack.publish("a")
    assert await process.stack.open("a") == changed
    assert process.workspace.proposal("a") == changed


async def test_a_revision_that_fails_leaves_the_proposal_as_it_was(process: Process) -> None:
    published = await process.published("a")
    await process.published("b")
    assert await process.stack.revise("a") == published
    assert process.open == ["b"]
    process.edit("a", "more.txt", "more\n")
    assert process.shelf.all()[0] == published
    await process.stack.abandon("a")
    assert process.workspace.proposal("a") == published
    assert process.open == ["a", "b"]


async def test_a_revision_that_nobody_was_told_of_is_taken_back(process: Process) -> None:
    published = await process.published("a")
    await process.stack.revise("a")
    process.edit("a", "more.txt", "more\n")
    revised = await process.stack.publish("a")
    assert process.shelf.all() == (revised,)
    await process.stack.abandon("a")
    assert process.workspace.proposal("a") == published
    assert process.shelf.all() == (published,)


async def test_a_proposal_that_nobody_was_told_of_is_gone(process: Process) -> None:
    await process.published("a")
    await process.stack.abandon("a")
    assert (process.open, process.kept) == ([], [])
    process.draft("b")
    await process.stack.abandon("b")
    with pytest.raises(NotFound):
        process.workspace.proposal("b")
    await process.stack.abandon("never there")


async def test_a_proposal_that_cannot_be_kept_waits_in_memory(process: Process) -> None:
    process.state.write_text("in the way", encoding="utf-8")
    process.draft("a")
    with pytest.raises(JournalFailed):
        await process.stack.publish("a")
    assert process.open == ["a"]
    assert (await process.stack.open("a")).id == "a"
    process.stack.load()
    assert process.open == ["a"]
    await process.stack.put(without_files(process.workspace.proposal("a")))
    assert process.open == []


async def test_a_shelf_that_is_lost_loses_no_proposal_of_this_process(
    process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    published = await process.published("a")
    process.lose_state()
    assert await process.stack.open("a") == published
    with pytest.raises(JournalFailed):
        await process.stack.put(without_files(published))
    assert process.open == ["a"]
    process.stack.load()
    assert process.open == ["a"]
    await process.stack.abandon("a")
    assert process.open == []
    assert "cannot be taken back from the shelf" in caplog.text


async def test_a_refreshed_proposal_is_as_another_process_left_it(
    process: Process, other: Process
) -> None:
    await process.published("p")
    other.stack.load()
    assert await process.stack.refresh("p")
    path = process.root / "p.txt"
    shorter = replace(other.workspace.proposal("p"), label="another")
    await other.stack.put(shorter)
    assert await process.stack.refresh("p")
    assert process.workspace.proposal("p").label == "another"
    await other.stack.put(replace(shorter, files={}))
    assert not await process.stack.is_waiting("p")
    assert not await process.stack.refresh("p")
    assert process.open == []
    assert not process.workspace.snapshot("p").exists(path)


async def test_a_draft_is_never_refreshed(process: Process) -> None:
    process.draft("p")
    assert await process.stack.refresh("p")
    assert not await process.stack.refresh("unknown")


async def test_a_proposal_on_the_shelf_may_grow(process: Process, other: Process) -> None:
    await process.stack.shelve(process.draft("p"))
    process.edit("p", "q.txt", "q")
    assert not process.workspace.proposal("p").is_draft
    await process.stack.shelve(process.workspace.proposal("p"))
    other.stack.load()
    assert {path.name for path in other.workspace.proposal("p").files} == {"p.txt", "q.txt"}


async def test_what_grows_while_it_is_put_on_the_shelf_is_not_lost(process: Process) -> None:
    shelving = asyncio.create_task(process.stack.shelve(process.draft("p")))
    await asyncio.sleep(0)
    process.edit("p", "q.txt", "q")
    await shelving
    assert {path.name for path in process.workspace.proposal("p").files} == {"p.txt", "q.txt"}


async def test_a_shelf_that_cannot_be_used_leaves_the_proposal_here(process: Process) -> None:
    await process.published("a")
    process.journal.close()
    process.lose_state()
    with pytest.raises(JournalFailed):
        await process.stack.shelve(process.draft("p"))
    assert await process.stack.is_waiting("p")
    assert await process.stack.refresh("p")
    assert process.open == ["a", "p"]
