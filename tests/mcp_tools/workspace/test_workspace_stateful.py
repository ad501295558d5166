"""A person, an agent and another program at work at once: nothing typed is ever lost.

Every line that anybody writes is one that nobody wrote before, so that it can be told for each
line who wrote it, and whether the agent meant to take it away.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mcp_tools.types.documents import Document
from mcp_tools.types.errors import ExpectedError, NotFound, StaleEdit
from mcp_tools.workspace.disk.sink import DiskSink
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.snapshot import Snapshot
from mcp_tools.workspace.workspace import CloseBuffer, Drop, Hold, SetBuffer, Workspace
from tests.mcp_tools.workspace.changing import changes, create, delete, modify


def current_text(path: Path, read: Callable[[Path], Document]) -> str | None:
    try:
        return read(path).text
    except NotFound:
        return None


names = st.sampled_from(["a", "b", "sub/c"])
places = st.integers(0, 5)


class People(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.source = DiskSource(self.folder.name)
        self.sink = DiskSink(self.source)
        self.workspace = Workspace(self.source)
        self.disk: dict[Path, str] = {}
        self.buffers: dict[Path, str] = {}
        self.taken_away: set[str] = set()
        """Lines that the agent saw and took away."""
        self.deleted: dict[Path, str] = {}
        """By path, the text that the agent saw when it deleted the file."""
        self.frozen: list[tuple[Snapshot, dict[Path, str | None]]] = []
        self.n_lines = 0
        self.n_modifications = 0
        for name in ("a", "b"):
            self.write_disk(self.path(name), "".join(self.line(name) for _ in range(4)))

    def teardown(self) -> None:
        self.folder.cleanup()

    def path(self, name: str) -> Path:
        return self.workspace.root / name

    def line(self, author: str) -> str:
        self.n_lines += 1
        return f"{author} {self.n_lines}\n"

    def write_disk(self, path: Path, text: str) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        self.disk[path] = text

    def below(self, path: Path) -> str | None:
        return self.buffers.get(path, self.disk.get(path))

    def apply(self, modification: SetBuffer | CloseBuffer | Hold | Drop) -> None:
        self.n_modifications += 1
        self.workspace.apply(modification)

    def edited(self, text: str, place: int, kind: str, author: str) -> str:
        """Give the text with one line put in, replaced or taken away."""
        lines = text.splitlines(keepends=True)
        at = min(place, len(lines))
        if kind == "insert" or at == len(lines):
            lines.insert(at, self.line(author))
        elif kind == "replace":
            lines[at] = self.line(author)
        else:
            del lines[at]
        return "".join(lines)

    kinds = st.sampled_from(["insert", "replace", "remove"])

    @rule(name=names, place=places, kind=kinds)
    def person_types(self, name: str, place: int, kind: str) -> None:
        path = self.path(name)
        text = self.edited(self.below(path) or "", place, kind, "person")
        self.buffers[path] = text
        self.apply(SetBuffer(path=path, text=text, version=self.n_modifications))

    @precondition(lambda self: bool(self.buffers))
    @rule(data=st.data(), is_saved=st.booleans())
    def person_closes(self, data: st.DataObject, *, is_saved: bool) -> None:
        path = data.draw(st.sampled_from(sorted(self.buffers)))
        if is_saved:
            self.write_disk(path, self.buffers[path])
        del self.buffers[path]
        self.apply(CloseBuffer(path))

    @rule(name=names, place=places, kind=kinds)
    def program_writes(self, name: str, place: int, kind: str) -> None:
        path = self.path(name)
        self.write_disk(path, self.edited(self.disk.get(path, ""), place, kind, "program"))

    @precondition(lambda self: bool(self.disk))
    @rule(data=st.data())
    def program_deletes(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.disk)))
        path.unlink()
        del self.disk[path]

    @rule(name=names, place=places, kind=kinds)
    def agent_edits(self, name: str, place: int, kind: str) -> None:
        path = self.path(name)
        old = current_text(path, self.workspace.snapshot("p").read)
        new = self.edited(old or "", place, kind, "agent")
        change = create(path, new) if old is None else modify(path, old, new)
        self.taken_away |= set((old or "").splitlines()) - set(new.splitlines())
        self.apply(Hold(proposal_id="p", changes=changes(change)))
        assert self.workspace.snapshot("p").read(path).text == new

    @rule(name=names)
    def agent_deletes(self, name: str) -> None:
        path = self.path(name)
        seen = current_text(path, self.workspace.snapshot("p").read)
        if seen is not None:
            self.deleted[path] = self.below(path) or ""
            self.taken_away |= set(seen.splitlines())
            self.apply(Hold(proposal_id="p", changes=changes(delete(path, seen))))

    @rule()
    def proposal_is_rejected(self) -> None:
        self.apply(Drop("p"))

    @rule()
    def proposal_is_accepted(self) -> None:
        top = self.workspace.snapshot("p")
        wanted = {self.path(n): current_text(self.path(n), top.read) for n in ("a", "b", "sub/c")}
        before = dict(self.disk)
        try:
            accepted = self.workspace.proposed_changes("p")
            self.sink.apply_now(accepted, "entry")
        except ExpectedError:
            # Stale, or the file is open and unsaved: then the disk is as it was.
            assert self.on_disk() == before
            return
        for path in accepted.paths:
            text = wanted[path]
            if text is None:
                del self.disk[path]
            else:
                self.disk[path] = text
        self.apply(Drop("p"))

    @rule()
    def somebody_looks(self) -> None:
        snapshot = self.workspace.snapshot("p")
        seen = {self.path(n): current_text(self.path(n), snapshot.read) for n in ("a", "sub/c")}
        self.frozen.append((snapshot, seen))

    def on_disk(self) -> dict[Path, str]:
        files = (path for path in self.workspace.root.rglob("*") if path.is_file())
        return {path: path.read_bytes().decode() for path in files}

    @invariant()
    def disk_is_what_was_written(self) -> None:
        assert self.on_disk() == self.disk

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        snapshot = self.workspace.snapshot("p")
        for path in map(self.path, ("a", "b", "sub/c")):
            below = self.below(path)
            assert current_text(path, snapshot.below) == below
            top = current_text(path, snapshot.read)
            if top is None:
                assert below is None or below == self.deleted[path]
                continue
            lines = (below or "").splitlines()
            kept = [line for line in lines if line in top.splitlines()]
            assert set(lines) - set(kept) <= self.taken_away
            # What is there beside it is the agent's, in whatever order; theirs stays in order.
            rest = [line for line in top.splitlines() if line not in set(lines)]
            assert all(line.startswith("agent") for line in rest)
            assert [line for line in top.splitlines() if line in set(lines)] == kept

    @invariant()
    def what_was_seen_stays_as_it_was(self) -> None:
        for snapshot, seen in self.frozen:
            for path, text in seen.items():
                assert current_text(path, snapshot.read) == text

    @invariant()
    def revisions_count_modifications(self) -> None:
        assert self.workspace.revision == self.n_modifications

    @invariant()
    def stale_files_show_what_lies_below(self) -> None:
        snapshot = self.workspace.snapshot("p")
        for path, error in snapshot.stale().items():
            assert isinstance(error, StaleEdit)
            assert current_text(path, snapshot.read) == self.below(path)


People.TestCase.settings = settings(
    max_examples=60, stateful_step_count=20, derandomize=True, deadline=None
)
TestPeople = People.TestCase
