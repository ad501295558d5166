"""The workspace at one revision, in its layers."""

import shutil
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from mcp_tools.types.documents import Document, Entry, Layer
from mcp_tools.types.errors import NotFound, NotText, OutsideWorkspace, StaleEdit
from mcp_tools.workspace.disk import DiskSource
from mcp_tools.workspace.snapshot import Snapshot
from mcp_tools.workspace.workspace import CloseBuffer
from tests.mcp_tools.workspace.changing import changes, create, modify
from tests.support.desk import Desk


def snapshot(desk: Desk) -> Snapshot:
    return desk.workspace.snapshot("p")


def test_the_top_layer_is_read(desk: Desk) -> None:
    path = desk.write("a.txt", "disk\n")
    assert snapshot(desk).read(path) == Document(path=path, text="disk\n")
    desk.type_in_editor("a.txt", "typed\n")
    typed = snapshot(desk).read(path)
    assert (typed.text, typed.layer, typed.version) == ("typed\n", Layer.BUFFER, 1)
    desk.propose(changes(modify(path, "typed\n", "proposed\n")))
    proposed = snapshot(desk).read(path)
    assert (proposed.text, proposed.layer, proposed.version) == ("proposed\n", Layer.PROPOSAL, 1)
    assert snapshot(desk).below(path) == typed
    assert desk.workspace.snapshot().read(path) == typed
    assert desk.workspace.snapshot("other").read(path) == typed


def test_a_buffer_that_is_closed_uncovers_the_disk(desk: Desk) -> None:
    path = desk.write("a.txt", "disk")
    desk.type_in_editor("a.txt", "typed")
    desk.workspace.apply(CloseBuffer(path))
    desk.workspace.apply(CloseBuffer(path))
    assert snapshot(desk).read(path).text == "disk"


def test_a_proposal_keeps_the_mark_of_the_file_on_disk(desk: Desk) -> None:
    path = desk.write("a.txt", b"\xef\xbb\xbfa\n")
    desk.propose(changes(modify(path, "a\n", "b\n")))
    assert snapshot(desk).read(path).has_bom


def test_a_snapshot_keeps_what_it_has_read_and_listed(desk: Desk) -> None:
    path = desk.write("a.txt", "old")
    before = snapshot(desk)
    seen = before.read(path), before.entries(desk.root), before.exists(desk.root / "b.txt")
    desk.write("a.txt", "new and longer")
    desk.write("b.txt", "")
    desk.type_in_editor("a.txt", "typed")
    assert (
        before.read(path),
        before.entries(desk.root),
        before.exists(desk.root / "b.txt"),
    ) == seen
    assert before.revision < snapshot(desk).revision
    assert snapshot(desk).read(path).text == "typed"


def test_a_snapshot_taken_before_typing_shows_the_text_of_then(desk: Desk) -> None:
    desk.type_in_editor("a.txt", "one")
    before = snapshot(desk)
    desk.type_in_editor("a.txt", "two")
    assert before.read(desk.root / "a.txt").text == "one"


def test_two_threads_that_read_at_once_read_the_same(desk: Desk) -> None:
    path = desk.write("a.txt", "0")
    barrier = Barrier(2, timeout=5)

    class Moving(DiskSource):
        def read(self, path: Path) -> Document:
            at = barrier.wait()
            return Document(path=path, text=str(at))

    shown = Snapshot(Moving(desk.root), {}, None, 0)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(shown.read, (path, path))
    assert first is second


def test_a_failure_is_remembered_without_the_frames_of_every_reader(desk: Desk) -> None:
    shown, path = snapshot(desk), desk.root / "a.txt"

    def frames() -> int:
        with pytest.raises(NotFound) as caught:
            shown.read(path)
        return len(traceback.extract_tb(caught.value.__traceback__))

    assert frames() == frames()
    desk.write("a.txt", "made meanwhile")
    assert frames()


def test_what_exists_is_told_by_the_top_layer(desk: Desk) -> None:
    desk.write("a.txt", "a")
    desk.write("binary", b"\0")
    desk.propose_deletion("a.txt")
    desk.type_in_editor("typed.txt", "")
    shown = snapshot(desk)
    names = ("a.txt", "binary", "typed.txt", "missing")
    assert [shown.exists(desk.root / name) for name in names] == [False, True, True, False]
    assert shown.removed() == {desk.root / "a.txt"}
    with pytest.raises(NotFound, match="is deleted by the edits of this turn"):
        shown.read(desk.root / "a.txt")


def test_covered_documents_are_those_of_upper_layers(desk: Desk) -> None:
    desk.write("disk.txt", "")
    b = desk.write("b.txt", "b\n")
    desk.write("gone.txt", "x")
    desk.type_in_editor("a.txt", "typed")
    desk.propose(changes(modify(b, "b\n", "B\n"), create(desk.root / "c" / "new.txt", "n")))
    desk.propose_deletion("gone.txt")
    covered = [(d.path.name, d.text, d.layer) for d in snapshot(desk).covered()]
    assert covered == [
        ("a.txt", "typed", Layer.BUFFER),
        ("b.txt", "B\n", Layer.PROPOSAL),
        ("new.txt", "n", Layer.PROPOSAL),
    ]


def test_a_listing_shows_all_layers(desk: Desk) -> None:
    desk.write("a.txt", "12")
    desk.write("gone.txt", "x")
    desk.propose(changes(create(desk.root / "new" / "deep" / "n.txt", "é")))
    desk.propose_deletion("gone.txt")
    desk.type_in_editor("typed.txt", "é")
    shown, root = snapshot(desk), desk.root
    assert shown.entries(root) == (
        Entry(path=root / "a.txt", is_dir=False, size_bytes=2),
        Entry(path=root / "new", is_dir=True),
        Entry(path=root / "typed.txt", is_dir=False, size_bytes=2),
    )
    assert shown.entries(root / "new") == (Entry(path=root / "new" / "deep", is_dir=True),)
    for name in ("missing", "new/other"):
        with pytest.raises(NotFound):
            shown.entries(root / name)


def test_a_stale_proposal_shows_what_lies_below_and_says_why(desk: Desk) -> None:
    a, b = desk.write("a.txt", "a\n"), desk.write("b.txt", "b\n")
    desk.propose(changes(modify(a, "a\n", "A\n"), modify(b, "b\n", "B\n")))
    desk.type_in_editor("a.txt", "aa\n")
    shown = snapshot(desk)
    assert (shown.read(a).text, shown.read(b).text) == ("aa\n", "B\n")
    assert list(shown.stale()) == [a]
    assert desk.workspace.snapshot().stale() == {}


@pytest.mark.parametrize("kind", ["binary", "folder", "behind-a-link"])
def test_a_file_that_cannot_be_read_any_more_makes_only_itself_stale(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    a, b = desk.write("sub/a.txt", "a\n"), desk.write("b.txt", "b\n")
    desk.propose(changes(modify(a, "a\n", "A\n"), modify(b, "b\n", "B\n")))
    a.unlink()
    if kind == "binary":
        a.write_bytes(b"\0")
    elif kind == "folder":
        a.mkdir()
    else:
        a.parent.rmdir()
        a.parent.symlink_to(tmp_path)
    shown = snapshot(desk)
    assert [d.path for d in shown.covered()] == [b]
    assert shown.removed() == frozenset()
    assert desk.root / "b.txt" in {entry.path for entry in shown.entries(desk.root)}
    assert "cannot be read any more" in str(shown.stale()[a])
    with pytest.raises((NotText, OutsideWorkspace)):
        shown.read(a)
    with pytest.raises(StaleEdit):
        desk.workspace.proposed_changes("p")


def test_a_root_that_is_gone_is_not_found(desk: Desk) -> None:
    shown = snapshot(desk)
    shutil.rmtree(desk.root)
    with pytest.raises(NotFound):
        shown.entries(desk.root)
    with pytest.raises(NotFound):
        shown.read(desk.root / "a.txt")


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x"])
def test_nothing_outside_of_the_root_is_read(desk: Desk, path: str) -> None:
    shown = snapshot(desk)
    with pytest.raises(OutsideWorkspace):
        shown.read(desk.root / path)
    with pytest.raises(OutsideWorkspace):
        shown.entries(desk.root / path)
    with pytest.raises(OutsideWorkspace):
        shown.resolve(path)
