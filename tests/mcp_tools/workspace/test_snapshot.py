"""The workspace at one revision, in its layers."""

import os
import shutil
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from mcp_tools.types.contents import Binary, Content, Folder, Link, State
from mcp_tools.types.documents import Document, Entry, Layer
from mcp_tools.types.errors import NotFound, NotText, OutsideWorkspace, StaleEdit
from mcp_tools.workspace.changes import change_between
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.snapshot import Snapshot
from mcp_tools.workspace.workspace import CloseBuffer
from tests.mcp_tools.workspace.changing import changes, create, modify
from tests.support.desk import Desk


def snapshot(desk: Desk) -> Snapshot:
    return desk.workspace.snapshot("p")


def test_the_top_layer_is_read(desk: Desk) -> None:
    path = desk.write("a.txt", "disk\n")
    path.chmod(0o640)
    assert snapshot(desk).read(path) == Document(path=path, text="disk\n", mode=0o640)
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

    shown = Snapshot(Moving(desk.root), {}, (), 0)
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


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("binary", "was created, deleted or replaced"),
        ("folder", "was created, deleted or replaced"),
        ("behind-a-link", "was created, deleted or replaced"),
        ("pipe", "cannot be read any more"),
    ],
)
def test_a_file_that_cannot_be_read_any_more_makes_only_itself_stale(
    desk: Desk, tmp_path: Path, kind: str, reason: str
) -> None:
    a, b = desk.write("sub/a.txt", "a\n"), desk.write("b.txt", "b\n")
    desk.propose(changes(modify(a, "a\n", "A\n"), modify(b, "b\n", "B\n")))
    a.unlink()
    if kind == "binary":
        a.write_bytes(b"\0")
    elif kind == "folder":
        a.mkdir()
    elif kind == "pipe":
        os.mkfifo(a)
    else:
        a.parent.rmdir()
        a.parent.symlink_to(tmp_path)
    shown = snapshot(desk)
    assert [d.path for d in shown.covered()] == [b]
    assert shown.removed() == frozenset()
    assert desk.root / "b.txt" in {entry.path for entry in shown.entries(desk.root)}
    assert reason in str(shown.stale()[a])
    with pytest.raises((NotText, OutsideWorkspace)):
        shown.read(a)
    with pytest.raises(StaleEdit):
        desk.workspace.proposed_changes("p")


def proposed_state(desk: Desk, name: str, content: Content | None) -> Path:
    """Hold what no text edit can say."""
    path = desk.root / name
    before = snapshot(desk).state(path)
    after = None if content is None else State(content=content, mode=0o644)
    desk.propose(change_between("set", {path: before}, {path: after}))
    return path


def test_what_is_no_text_is_shown_as_what_it_is(desk: Desk) -> None:
    desk.write("a.txt", "a\n").chmod(0o600)
    link = proposed_state(desk, "a.txt", Link("b.txt"))
    folder = proposed_state(desk, "empty", Folder())
    data = proposed_state(desk, "data", Binary(b"\0\1\2"))
    shown = snapshot(desk)
    assert shown.entries(desk.root) == (
        Entry(path=link, is_dir=False, is_link=True, size_bytes=5),
        Entry(path=data, is_dir=False, size_bytes=3),
        Entry(path=folder, is_dir=True),
    )
    with pytest.raises(NotText, match=r"'a\.txt' is not a text file by the edits of this turn"):
        shown.read(link)
    assert shown.state(data) == State(content=Binary(b"\0\1\2"), mode=0o644)
    assert shown.below_state(link) == State(content="a\n", mode=0o600)


def test_what_is_at_a_path_is_told_whatever_its_kind(desk: Desk) -> None:
    desk.write("data", b"\0").chmod(0o600)
    desk.write("marked", b"\xef\xbb\xbfa").chmod(0o755)
    (desk.root / "link").symlink_to("nowhere")
    (desk.root / "sub").mkdir(mode=0o700)
    os.mkfifo(desk.root / "pipe")
    shown = snapshot(desk)

    def state(name: str) -> State | None:
        return shown.below_state(desk.root / name)

    assert state("data") == State(content=Binary(b"\0"), mode=0o600)
    assert state("marked") == State(content="a", mode=0o755, has_bom=True)
    assert state("link") == State(content=Link("nowhere"))
    assert state("sub") == State(content=Folder(), mode=0o700)
    assert state("missing") is None
    with pytest.raises(NotText):
        state("pipe")


def test_unsaved_text_has_the_mode_and_the_mark_of_its_file(desk: Desk) -> None:
    path = desk.write("a.txt", b"\xef\xbb\xbfa")
    path.chmod(0o755)
    desk.type_in_editor("a.txt", "typed")
    desk.type_in_editor("new.txt", "new")
    (desk.root / "sub").mkdir()
    desk.type_in_editor("sub", "a folder by now")
    os.mkfifo(desk.root / "pipe")
    desk.type_in_editor("pipe", "a pipe by now")
    shown = snapshot(desk)
    assert shown.state(path) == State(content="typed", mode=0o755, has_bom=True)
    assert shown.state(desk.root / "new.txt") == State(content="new")
    assert shown.state(desk.root / "sub") == State(content="a folder by now")
    assert shown.state(desk.root / "pipe") == State(content="a pipe by now")


def test_the_overlay_is_what_differs_from_the_disk(desk: Desk) -> None:
    desk.write("same.txt", "same\n")
    desk.type_in_editor("same.txt", "same\n")
    typed = desk.write("typed.txt", "old\n")
    typed.chmod(0o640)
    desk.type_in_editor("typed.txt", "new\n")
    gone = desk.write("gone.txt", "x\n")
    desk.propose_deletion("gone.txt")
    stale = desk.write("stale.txt", "1\n")
    desk.propose(changes(modify(stale, "1\n", "2\n"), create(desk.root / "made.txt", "m\n")))
    stale.write_text("3\n", encoding="utf-8")
    lost = desk.write("lost.txt", "1\n")
    desk.propose(changes(modify(lost, "1\n", "2\n")))
    lost.unlink()
    os.mkfifo(lost)
    assert list(snapshot(desk).overlay().items()) == [
        (gone, None),
        (desk.root / "made.txt", State(content="m\n")),
        (typed, State(content="new\n", mode=0o640)),
    ]
    assert list(desk.workspace.snapshot().overlay()) == [typed]


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
