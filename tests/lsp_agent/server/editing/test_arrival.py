"""An edit has arrived when the editor's text says so, not when the editor does."""

import asyncio
from pathlib import Path

import pytest

from lsp_agent.server.editing.arrival import Arrival, Awaited, Patience
from mcp_tools.types.errors import Conflict, StaleEdit
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.workspace import CloseBuffer, SetBuffer, Workspace

QUICK = Patience(answer_s=0.05, newer_text_s=0.05, sync_s=0.05, grace_s=0.02)
PATIENT = Patience(sync_s=5.0, grace_s=5.0, newer_text_s=5.0)
BASE, EXPECTED = "one\ntwo\nthree\n", "one\n2\nthree\n"


class Watched:
    """Two open documents, both of which wait for the same edit."""

    def __init__(self, root: Path, patience: Patience) -> None:
        self.workspace = Workspace(DiskSource(root))
        self.a, self.b = root / "a.py", root / "b.py"
        awaited = Awaited(BASE, EXPECTED)
        self.arrival = Arrival(self.workspace, {self.a: awaited, self.b: awaited}, patience)

    def show(self, path: Path, text: str) -> None:
        self.workspace.apply(SetBuffer(path=path, text=text, version=2))


@pytest.mark.asyncio
async def test_all_expected_texts_end_the_wait(tmp_path: Path) -> None:
    watched = Watched(tmp_path, PATIENT)
    waiting = asyncio.create_task(watched.arrival.wait())
    watched.show(watched.a, EXPECTED)
    await asyncio.sleep(0)
    assert not waiting.done()
    watched.show(watched.b, EXPECTED + "and more, typed in the same moment\n")
    async with asyncio.timeout(5):
        await waiting


@pytest.mark.asyncio
async def test_what_arrived_before_the_wait_counts(tmp_path: Path) -> None:
    watched = Watched(tmp_path, QUICK)
    watched.show(watched.a, EXPECTED)
    watched.show(watched.b, EXPECTED)
    watched.show(watched.b, BASE)  # Undone by the person, but it had arrived.
    await watched.arrival.wait()


@pytest.mark.asyncio
async def test_a_text_without_the_edit_is_followed_by_one_with_it(tmp_path: Path) -> None:
    watched = Watched(tmp_path, PATIENT)
    watched.show(watched.b, EXPECTED)
    watched.show(watched.a, BASE + "typed\n")
    waiting = asyncio.create_task(watched.arrival.wait())
    await asyncio.sleep(0)
    watched.show(watched.a, EXPECTED + "typed\n")
    async with asyncio.timeout(5):
        await waiting


@pytest.mark.asyncio
async def test_other_text_in_place_of_the_edit_is_stale(tmp_path: Path) -> None:
    watched = Watched(tmp_path, QUICK)
    watched.show(watched.a, EXPECTED)
    watched.show(watched.b, BASE + "typed\n")
    with pytest.raises(StaleEdit, match=r"newer text of 'b.py' came"):
        await watched.arrival.wait()


@pytest.mark.asyncio
async def test_a_document_that_is_closed_meanwhile_is_stale(tmp_path: Path) -> None:
    watched = Watched(tmp_path, QUICK)
    watched.show(watched.a, EXPECTED)
    watched.workspace.apply(CloseBuffer(watched.b))
    with pytest.raises(StaleEdit, match=r"'b.py'"):
        await watched.arrival.wait()


@pytest.mark.asyncio
async def test_silence_is_a_conflict_that_names_the_file(tmp_path: Path) -> None:
    watched = Watched(tmp_path, QUICK)
    watched.show(watched.a, EXPECTED)
    watched.show(tmp_path / "c.py", EXPECTED)
    with pytest.raises(Conflict, match=r"but 'b.py' did not change"):
        await watched.arrival.wait()


@pytest.mark.asyncio
async def test_one_slow_document_does_not_make_the_others_stale(tmp_path: Path) -> None:
    watched = Watched(tmp_path, Patience(sync_s=5.0, grace_s=0.0))
    watched.show(watched.a, EXPECTED)
    waiting = asyncio.create_task(watched.arrival.wait())
    for _ in range(5):
        await asyncio.sleep(0)
    watched.show(watched.b, EXPECTED)
    async with asyncio.timeout(5):
        await waiting


@pytest.mark.asyncio
async def test_newer_text_is_told_from_the_edit_itself(tmp_path: Path) -> None:
    watched = Watched(tmp_path, QUICK)
    watched.show(watched.a, EXPECTED)
    assert not await watched.arrival.has_newer_text()
    watched.show(watched.b, "something else\n")
    assert await watched.arrival.has_newer_text()


@pytest.mark.asyncio
async def test_nothing_is_heard_after_the_end(tmp_path: Path) -> None:
    watched = Watched(tmp_path, QUICK)
    watched.arrival.stop()
    watched.show(watched.a, EXPECTED)
    watched.show(watched.b, EXPECTED)
    with pytest.raises(Conflict):
        await watched.arrival.wait()


@pytest.mark.parametrize(
    ("text", "is_in"),
    [
        (EXPECTED, True),
        ("zero\n" + EXPECTED, True),
        (BASE, False),
        ("zero\n" + BASE, False),
        ("one\nzwei\nthree\n", False),
    ],
)
def test_an_edit_is_found_in_a_text_with_or_without_more(text: str, *, is_in: bool) -> None:
    assert Awaited(BASE, EXPECTED).is_in(text) is is_in
