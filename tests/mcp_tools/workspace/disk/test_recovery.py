"""What a killed process left half done is put back, or found to be whole."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.journal import Actor, Entry, EntryState, NewEntry, Origin, Transition
from mcp_tools.workspace.disk.plan import temporary_name
from mcp_tools.workspace.disk.recovery import Recovered, recover
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.journal.journal import Journal
from tests.mcp_tools.workspace.changing import modify, write_now
from tests.mcp_tools.workspace.meddling import Meddled
from tests.mcp_tools.workspace.mounting import run_on_disk
from tests.mcp_tools.workspace.trees import modes, tree

OLD, NEW = State(content="old", mode=0o640), State(content="new", mode=0o640)
FOLDER = State(content=Folder(), mode=0o755)


@dataclass(frozen=True)
class Bench:
    """A project, and the journal that processes leave behind."""

    root: Path
    folder: Path

    def begin(self, **states: tuple[State | None, State | None]) -> str:
        """Let a process record a change and end; `sub__a` stands for the path `sub/a`."""
        journal = self.journal()
        transitions = tuple(
            Transition(path=self.path(name), before=before, after=after)
            for name, (before, after) in states.items()
        )
        origin = Origin(actor=Actor.TOOL, name="test")
        entry = journal.begin(NewEntry(label="change", origin=origin, transitions=transitions))
        journal.close()
        return entry.id

    def path(self, name: str) -> Path:
        return self.root / name.replace("__", "/")

    def put(self, name: str, state: State) -> Path:
        """Have something at a path."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        match state.content:
            case str() as text:
                path.write_text(text, encoding="utf-8")
            case Binary(data=data):
                path.write_bytes(data)
            case Link(target=target):
                path.symlink_to(target)
                return path
            case Folder():
                path.mkdir(exist_ok=True)
        path.chmod(state.mode or 0o644)
        return path

    def put_beside(self, name: str, state: State, entry_id: str, *, above: str = "") -> Path:
        """Have a file at the temporary name of a path, beside it or in a folder above."""
        folder = self.root / above if above else self.path(name).parent
        temporary = temporary_name(entry_id, self.path(name).relative_to(self.root))
        return self.put((folder / temporary).relative_to(self.root).as_posix(), state)

    def journal(self) -> Journal:
        return Journal(self.folder, self.root)

    def recover(self, source: DiskSource | None = None) -> tuple[Recovered, ...]:
        journal = self.journal()
        recovered = recover(journal, source or DiskSource(self.root))
        journal.close()
        return recovered

    def entry(self) -> Entry:
        """Give the newest entry."""
        journal = self.journal()
        found = journal.entries(limit=1)[0]
        journal.close()
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    root = Path(os.path.realpath(tmp_path)) / "project"
    root.mkdir()
    return Bench(root, tmp_path / "journal")


def test_without_an_unfinished_change_nothing_happens(bench: Bench) -> None:
    assert bench.recover() == ()


def test_a_change_that_was_only_recorded_needs_nothing(bench: Bench) -> None:
    bench.put("a", OLD)
    bench.begin(a=(OLD, NEW), b=(None, NEW))
    (recovered,) = bench.recover()
    assert (recovered.put_back, recovered.left, recovered.is_finished) == ((), (), False)
    assert tree(bench.root) == {"a": b"old"}
    assert bench.entry().state is EntryState.INTERRUPTED
    assert bench.entry().notes == ("its process was killed before anything was changed",)


def test_half_a_change_is_put_back_and_the_history_says_so(bench: Bench) -> None:
    bench.put("a", NEW)
    bench.put("b", OLD)
    bench.put("sub__made", NEW)
    bench.begin(
        a=(OLD, NEW), b=(OLD, NEW), gone=(OLD, None), sub=(None, FOLDER), sub__made=(None, NEW)
    )
    (recovered,) = bench.recover()
    assert recovered.put_back == ("a", "gone", "sub", "sub/made")
    assert tree(bench.root) == {"a": b"old", "b": b"old", "gone": b"old"}
    assert modes(bench.root) == {"a": 0o640, "b": 0o640, "gone": 0o640}
    assert recovered.entry == bench.entry()
    assert bench.entry().notes == ("its process was killed", "put back: a, gone, sub, sub/made")
    assert bench.recover() == ()


def test_a_whole_change_is_finished(bench: Bench) -> None:
    bench.put("a", NEW)
    entry_id = bench.begin(a=(OLD, NEW), b=(OLD, None), same=(None, None))
    bench.put_beside("a", OLD, entry_id)
    (recovered,) = bench.recover()
    assert recovered.is_finished
    assert tree(bench.root) == {"a": b"new"}
    assert bench.entry().state is EntryState.DONE


def test_what_somebody_wrote_since_is_left_alone_and_named(bench: Bench) -> None:
    bench.put("a", NEW)
    bench.put("b", State(content="typed since"))
    bench.begin(a=(OLD, NEW), b=(OLD, NEW), c=(OLD, NEW))
    (recovered,) = bench.recover()
    assert (recovered.put_back, recovered.left) == (("a",), ("b", "c"))
    assert tree(bench.root) == {"a": b"old", "b": b"typed since"}
    assert bench.entry().notes[-1] == "left as found, neither as before nor as meant: b, c"


def test_a_folder_that_is_used_by_others_since_is_left(bench: Bench) -> None:
    bench.put("new__deep__a", NEW)
    bench.put("new__theirs", OLD)
    bench.begin(
        new=(None, FOLDER), new__deep=(None, FOLDER), new__deep__a=(None, NEW), z=(OLD, None)
    )
    bench.put("z", OLD)
    (recovered,) = bench.recover()
    assert (recovered.put_back, recovered.left) == (("new/deep", "new/deep/a"), ("new",))
    assert tree(bench.root) == {"new/": None, "new/theirs": b"old", "z": b"old"}


def test_a_mode_is_put_back(bench: Bench) -> None:
    bench.put("run.sh", State(content="x", mode=0o755))
    bench.put("sub", State(content=Folder(), mode=0o700))
    bench.begin(
        **{"run.sh": (State(content="x", mode=0o644), State(content="x", mode=0o755))},
        sub=(FOLDER, State(content=Folder(), mode=0o700)),
        other=(OLD, NEW),
    )
    bench.put("other", OLD)
    (recovered,) = bench.recover()
    assert recovered.put_back == ("run.sh", "sub")
    assert modes(bench.root) == {"other": 0o640, "run.sh": 0o644, "sub": 0o755}


def test_a_read_only_file_is_put_back_too(bench: Bench) -> None:
    read_only = State(content="new", mode=0o444)
    bench.put("a", read_only)
    bench.begin(a=(OLD, read_only), b=(None, NEW))
    assert bench.recover()[0].put_back == ("a",)
    assert modes(bench.root) == {"a": 0o640}


def test_the_very_file_that_was_displaced_comes_back(bench: Bench) -> None:
    entry_id = bench.begin(a=(OLD, NEW), gone=(OLD, None), other=(OLD, NEW))
    bench.put("a", NEW)
    bench.put("other", OLD)
    inodes = {name: bench.put_beside(name, OLD, entry_id).stat().st_ino for name in ("a", "gone")}
    assert bench.recover()[0].put_back == ("a", "gone")
    assert {name: bench.path(name).stat().st_ino for name in inodes} == inodes
    assert tree(bench.root) == {"a": b"old", "gone": b"old", "other": b"old"}


def test_a_displaced_file_is_found_in_a_folder_above(bench: Bench) -> None:
    entry_id = bench.begin(sub=(FOLDER, None), sub__a=(OLD, None), b=(None, NEW))
    kept = bench.put_beside("sub__a", OLD, entry_id, above=".").stat().st_ino
    bench.put("sub", FOLDER)
    assert bench.recover()[0].put_back == ("sub/a",)
    assert bench.path("sub__a").stat().st_ino == kept


def test_a_renamed_file_gets_its_name_back_and_stays_the_same(bench: Bench) -> None:
    inode = bench.put("moved", OLD).stat().st_ino
    bench.put("other", OLD)
    bench.begin(a=(OLD, None), moved=(None, OLD), other=(OLD, NEW))
    assert bench.recover()[0].put_back == ("a", "moved")
    assert bench.path("a").stat().st_ino == inode
    assert tree(bench.root) == {"a": b"old", "other": b"old"}


def test_every_kind_is_put_back(bench: Bench) -> None:
    link, data = State(content=Link("nowhere")), State(content=Binary(b"\0"), mode=0o600)
    kinds = {"text": OLD, "data": data, "link": link, "folder": FOLDER}
    transitions = {f"{a}_{b}": (kinds[a], kinds[b]) for a in kinds for b in kinds if a != b}
    for name, (_, after) in transitions.items():
        bench.put(name, after)
    bench.begin(**transitions, other=(None, NEW))
    assert len(bench.recover()[0].put_back) == 12
    source = DiskSource(bench.root)
    assert {n: source.state(bench.path(n)) for n in transitions} == {
        name: before for name, (before, _) in transitions.items()
    }


@pytest.mark.parametrize(
    ("before", "after", "now"),
    [
        (OLD, State(content=Folder(), mode=0o700), None),
        (OLD, State(content=Folder(), mode=0o700), FOLDER),
        (None, State(content=Folder(), mode=0o700), FOLDER),
        (State(content=Folder(), mode=0o700), None, FOLDER),
        (FOLDER, OLD, None),
    ],
)
def test_a_step_that_was_cut_in_two_is_put_back(
    bench: Bench, before: State | None, after: State | None, now: State | None
) -> None:
    bench.begin(a=(before, after), b=(None, NEW))
    if now is not None:
        bench.put("a", now)
    (recovered,) = bench.recover()
    assert (recovered.put_back, recovered.left) == (("a",), ())
    assert DiskSource(bench.root).state(bench.path("a")) == before


def test_an_empty_file_that_only_holds_a_name_is_put_back(bench: Bench) -> None:
    entry_id = bench.begin(a=(None, NEW), b=(None, NEW))
    for name in ("a", "b"):
        bench.put(name, State(content=""))
    bench.put_beside("a", NEW, entry_id)
    (recovered,) = bench.recover()
    assert (recovered.put_back, recovered.left) == (("a",), ("b",))
    assert tree(bench.root) == {"b": b""}


def test_temporary_files_of_the_change_go_and_others_stay(bench: Bench) -> None:
    bench.put("sub__a", OLD)
    entry_id = bench.begin(sub__a=(OLD, NEW), sub__deep__b=(None, NEW))
    bench.put_beside("sub__a", NEW, entry_id)
    bench.put_beside("sub__a", OLD, entry_id, above=".")
    bench.put(f"sub/.lsp-agent-{entry_id}-half.tmp~", NEW)
    bench.put("sub/.lsp-agent-another-1.tmp", OLD)
    bench.recover()
    assert tree(bench.root) == {
        "sub/": None,
        "sub/.lsp-agent-another-1.tmp": b"old",
        "sub/a": b"old",
    }


def test_a_change_of_a_living_process_is_left_to_it(bench: Bench) -> None:
    bench.put("a", NEW)
    journal = bench.journal()
    made = Transition(path=bench.path("a"), before=OLD, after=NEW)
    origin = Origin(actor=Actor.TOOL, name="test")
    journal.begin(NewEntry(label="change", origin=origin, transitions=(made,)))
    assert bench.recover() == ()
    assert tree(bench.root) == {"a": b"new"}
    journal.close()


def test_of_two_killed_changes_of_a_file_the_newer_goes_back_first(bench: Bench) -> None:
    newest = State(content="newest", mode=0o640)
    bench.put("a", newest)
    first = bench.begin(a=(OLD, NEW), b=(None, NEW))
    second = bench.begin(a=(NEW, newest), c=(OLD, NEW))
    bench.put("c", OLD)
    assert [recovered.entry.id for recovered in bench.recover()] == [second, first]
    assert tree(bench.root) == {"a": b"old", "c": b"old"}


def test_what_cannot_be_read_is_left_alone(bench: Bench) -> None:
    os.mkfifo(bench.root / "a")
    bench.put("b", NEW)
    bench.begin(a=(OLD, NEW), b=(OLD, NEW))
    assert bench.recover()[0].left == ("a",)
    assert tree(bench.root) == {"a": b"?", "b": b"old"}


def test_on_a_full_disk_the_change_stays_pending_and_is_tried_again(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    said = run_on_disk(FULL_DISK, disk, "size=100k")
    assert said == "() ('a', 'b', 'z') pending\n('a', 'z') () interrupted\n"


FULL_DISK = """
from mcp_tools.types.contents import State
from tests.mcp_tools.workspace.disk.test_recovery import Bench, NEW

bench = Bench(root, root.parent / "journal")
large = State(content="x" * 30_000, mode=0o644)
bench.put("a", NEW)
bench.put("z", NEW)
bench.begin(a=(large, NEW), z=(large, NEW), b=(None, NEW))
fill = bench.put("fill", State(content="x" * 60_000))
for _ in range(2):
    (recovered,) = bench.recover()
    print(recovered.put_back, recovered.left, bench.entry().state)
    assert {path.name for path in root.iterdir()} - {"fill"} == {"a", "z"}
    fill.unlink(missing_ok=True)
    if recovered.left:
        assert (root / "a").read_text() == "new"
"""


def test_a_recovery_that_is_disturbed_changes_nothing_and_comes_again(bench: Bench) -> None:
    path = bench.put("a", NEW)
    bench.put("z__z", NEW)
    bench.begin(a=(OLD, NEW), z__z=(OLD, NEW), b=(None, NEW))
    typed = State(content="typed right now")
    source = Meddled(
        bench.root, bench.path("z__z"), n_looks=2, before=lambda: bench.put("z__z", typed)
    )
    (recovered,) = bench.recover(source)
    assert (recovered.put_back, recovered.left) == ((), ("a", "b", "z/z"))
    assert bench.entry().state is EntryState.PENDING
    assert path.read_bytes() == b"new"
    assert bench.recover()[0].left == ("z/z",)
    assert tree(bench.root) == {"a": b"old", "z/": None, "z/z": b"typed right now"}


def test_a_change_whose_contents_are_damaged_stays_pending(bench: Bench) -> None:
    bench.put("a", NEW)
    bench.begin(a=(OLD, NEW), b=(None, NEW))
    for path in (p for p in bench.folder.rglob("objects/*/*") if p.is_file()):
        path.chmod(0o600)
        path.write_bytes(b"damaged")
    (recovered,) = bench.recover()
    assert (recovered.put_back, recovered.left) == ((), ("a", "b"))
    assert tree(bench.root) == {"a": b"new"}
    assert bench.entry().state is EntryState.PENDING


def test_a_change_that_left_only_others_work_says_no_more_than_that(bench: Bench) -> None:
    bench.put("a", State(content="typed since"))
    bench.begin(a=(OLD, NEW))
    bench.recover()
    assert bench.entry().notes == (
        "its process was killed",
        "left as found, neither as before nor as meant: a",
    )


def test_an_edit_may_follow_at_once(bench: Bench) -> None:
    path = bench.put("a", NEW)
    bench.begin(a=(OLD, NEW), b=(None, NEW))
    bench.recover()
    write_now(bench.root, modify(path, "old", "next"))
    assert tree(bench.root) == {"a": b"next"}
