"""Any change of any small tree, broken off after any of its steps, is put back or whole."""

import os
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.types.contents import Binary, Folder, Link, State, digest_of_content
from mcp_tools.types.edits import ChangeSet, FileChange, RenameFile
from mcp_tools.types.journal import Actor, EntryState, NewEntry, Origin, Transition
from mcp_tools.workspace.changes import change_between
from mcp_tools.workspace.disk import placing
from mcp_tools.workspace.disk.plan import Wanted, plan
from mcp_tools.workspace.disk.recovery import recover
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.disk.steps import Site, step_of
from mcp_tools.workspace.journal.journal import Journal
from tests.mcp_tools.workspace.changing import ENTRY_ID
from tests.mcp_tools.workspace.texts import many
from tests.mcp_tools.workspace.trees import tree

_MEMORY_DISK = Path("/dev/shm")
Tree = Mapping[str, State]

_leaves = st.one_of(
    st.builds(
        State,
        content=st.sampled_from(["", "one", "two"]),
        mode=st.sampled_from([0o600, 0o755]),
        has_bom=st.booleans(),
    ),
    st.builds(
        State, content=st.builds(Binary, st.sampled_from([b"\0", b"\xff"])), mode=st.just(0o644)
    ),
    st.sampled_from([State(content=Link(target)) for target in ("a", "nowhere")]),
)
_folders = st.builds(State, content=st.just(Folder()), mode=st.sampled_from([0o700, 0o755]))


def _trees(depth: int = 2) -> st.SearchStrategy[dict[str, State]]:
    """Give what is in a folder, by names from there."""
    if depth == 0:
        return st.just({})
    item = st.one_of(
        st.just(dict[str, State]()),
        st.builds(_leaf, _leaves),
        st.builds(_with_inner, _folders, _trees(depth - 1)),
    )
    return st.builds(_flat, st.fixed_dictionaries({"a": item, "b": item}))


def _leaf(state: State) -> dict[str, State]:
    return {"": state}


def _with_inner(folder: State, inner: dict[str, State]) -> dict[str, State]:
    return {"": folder, **inner}


def _flat(items: Mapping[str, Mapping[str, State]]) -> dict[str, State]:
    return {
        f"{outer}/{inner}" if inner else outer: state
        for outer, inside in items.items()
        for inner, state in inside.items()
    }


def _renamed(before: Tree, after: Tree) -> tuple[Tree, dict[str, str]]:
    """Let one file that goes come again under a name that is new, if there are such."""
    gone = [n for n in before if n not in after and not _is_folder(before[n])]
    new = [n for n in after if n not in before and not _is_folder(after[n])]
    if not (gone and new):
        return after, {}
    return {**after, new[-1]: before[gone[0]]}, {new[-1]: gone[0]}


@dataclass(frozen=True)
class Way:
    """How a change is made."""

    is_renaming: bool
    is_by_links: bool


def _is_folder(state: State) -> bool:
    return isinstance(state.content, Folder)


class Case:
    """One change of one tree on a real disk."""

    def __init__(self, folder: Path, before: Tree, after: Tree, renames: Mapping[str, str]) -> None:
        self.root = folder / "project"
        self.root.mkdir()
        self.source = DiskSource(self.root)
        self.journal_folder = folder / "journal"
        self.renames = renames
        names = sorted({*before, *after})
        self.before = {self.root / name: before.get(name) for name in names}
        self.after = {self.root / name: after.get(name) for name in names}
        nothing = dict.fromkeys(self.before)
        DiskSink(self.source).apply_now(change_between("lay out", nothing, self.before), "x")

    def change(self) -> ChangeSet:
        renamed = {self.root / name for pair in self.renames.items() for name in pair}
        others = change_between(
            "change",
            {p: s for p, s in self.before.items() if p not in renamed},
            {p: s for p, s in self.after.items() if p not in renamed},
        )
        renames: list[FileChange] = []
        for new, old in self.renames.items():
            state = self.before[self.root / old]
            assert state is not None
            base = digest_of_content(state.content)
            renames.append(RenameFile(path=self.root / old, new_path=self.root / new, base=base))
        return ChangeSet(label="change", files=(*renames, *others.files))

    def found(self) -> dict[Path, State | None]:
        assert not [name for name in tree(self.root) if ".lsp-agent-" in name]
        return {path: self.source.state(path) for path in self.before}

    def break_off(self, n_acts: int) -> None:
        """Record the change, and do only its first steps, as a killed process would."""
        journal = Journal(self.journal_folder, self.root)
        transitions = tuple(
            Transition(path=path, before=self.before[path], after=self.after[path])
            for path in self.before
        )
        origin = Origin(actor=Actor.TOOL, name="test")
        entry = journal.begin(NewEntry(label="x", origin=origin, transitions=transitions))
        journal.close()
        jobs = plan(
            Wanted(
                root=self.root,
                entry_id=entry.id,
                read=self.source.state,
                before=self.before,
                after=self.after,
                old_names={self.root / n: self.root / o for n, o in self.renames.items()},
            )
        )
        steps = [step_of(Site(self.root, self.source.state), job) for job in jobs]
        for step in steps:
            step.prepare()
        for step in steps[:n_acts]:
            step.check()
            step.act()
        self.n_steps = len(steps)


trees = _trees()
ways = st.builds(Way, is_renaming=st.booleans(), is_by_links=st.booleans())


@contextmanager
def _case(before: Tree, after: Tree, way: Way) -> Generator[Case, None, None]:
    place = _MEMORY_DISK if _MEMORY_DISK.is_dir() else None
    has_flags = placing.HAS_RENAME_FLAGS
    placing.HAS_RENAME_FLAGS = has_flags and not way.is_by_links
    try:
        with tempfile.TemporaryDirectory(dir=place) as name:
            wanted, renames = _renamed(before, after) if way.is_renaming else (after, {})
            yield Case(Path(os.path.realpath(name)), before, wanted, renames)
    finally:
        placing.HAS_RENAME_FLAGS = has_flags


@many
@given(trees, trees, ways)
def test_any_change_is_made_exactly_and_taken_back_exactly(
    before: Tree, after: Tree, way: Way
) -> None:
    with _case(before, after, way) as case:
        sink = DiskSink(case.source)
        sink.apply_now(case.change(), ENTRY_ID)
        assert case.found() == case.after
        sink.apply_now(change_between("undo", case.after, case.before), ENTRY_ID)
        assert case.found() == case.before


@many
@given(trees, trees, ways, st.integers(0, 12))
def test_a_change_broken_off_anywhere_is_put_back_or_whole(
    before: Tree, after: Tree, way: Way, n_acts: int
) -> None:
    with _case(before, after, way) as case:
        case.break_off(n_acts)
        journal = Journal(case.journal_folder, case.root)
        (recovered,) = recover(journal, case.source)
        assert recovered.left == ()
        is_whole = recovered.is_finished
        assert case.found() == (case.after if is_whole else case.before)
        assert is_whole or n_acts < case.n_steps
        assert not is_whole or n_acts or case.before == case.after
        states = [entry.state for entry in journal.entries()]
        assert states == [EntryState.DONE if is_whole else EntryState.INTERRUPTED]
        assert recover(journal, case.source) == ()
        journal.close()
