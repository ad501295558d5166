"""Random work of people, programs and agents: no line that anybody typed is ever lost."""

import asyncio
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lsp_agent.agent.events import Applied, Event, Outcome, TurnFinished
from lsp_agent.app import build_engine
from lsp_agent.config.settings import Settings
from lsp_agent.engine.engine import Engine
from lsp_agent.engine.protocol import Accept, Redo, Reject, Undo, Work
from lsp_agent.engine.session import Session
from mcp_tools.types.contents import State
from mcp_tools.types.journal import Entry, EntryState, StoredState
from mcp_tools.workspace.changes import change_between
from mcp_tools.workspace.disk.source import DiskSource
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.review import Selection, review_of
from mcp_tools.workspace.undo.history import Scope
from mcp_tools.workspace.workspace import CloseBuffer, Draft, Drop, Hold
from tests.soak.typing_world import NAMES, PaperEditor, World

IS_SOAK = settings.get_current_profile_name() == "soak"
EXAMPLES_A_SHARD = 5_000 if IS_SOAK else 100
MEMORY_DISK = Path("/dev/shm")
STATE_VARIABLE = "LSP_AGENT_STATE_DIR"

names = st.sampled_from(NAMES)
places = st.integers(0, 6)
kinds = st.sampled_from(["insert", "replace", "remove"])
agent_edits = st.lists(
    st.tuples(names, places, st.sampled_from(["insert", "replace", "remove", "delete"])),
    min_size=1,
    max_size=3,
)


class People(RuleBasedStateMachine):
    """One workspace with one editor, and everybody who works on it."""

    def __init__(self) -> None:
        super().__init__()
        place = MEMORY_DISK if MEMORY_DISK.is_dir() else None
        self.folder = tempfile.TemporaryDirectory(dir=place)
        root = Path(self.folder.name).resolve() / "project"
        root.mkdir()
        os.environ[STATE_VARIABLE] = str(root.parent / "state")
        self.loop = asyncio.Runner()
        self.world = World(root)
        self.n_proposals = 0
        self.agent_takes: set[str] = set()
        """Lines that an agent saw, and took away in a proposal."""
        self.kept: dict[str, frozenset[str]] = {}
        """By the digest of a content in the journal, its lines."""
        for name in ("a", "b"):
            text = "".join(self.world.line("person") for _ in range(5))
            self.world.write(self.world.path(name), text)
            self.world.note(self.world.path(name), "", text)
        self.engine = self.started()

    def teardown(self) -> None:
        self.engine.applier.journal.close()
        self.loop.close()
        self.folder.cleanup()
        os.environ.pop(STATE_VARIABLE, None)

    def started(self) -> Engine:
        engine = build_engine(
            Settings(),
            DiskSource(self.world.root),
            lambda workspace, disk: PaperEditor(workspace, disk, self.world),
        )
        self.world.show_all(engine.workspace)
        return engine

    def run(self, work: Work) -> list[Event]:
        """Do a piece of work as a front end would; no work may end in a fault of ours."""

        async def collect() -> list[Event]:
            async with aclosing(Session(self.engine).run(work)) as events:
                return [event async for event in events]

        seen = self.loop.run(collect())
        finished = seen[-1]
        assert isinstance(finished, TurnFinished)
        assert finished.outcome is not Outcome.FAILED, finished.text
        return seen

    # ------------------------------------------------------------- people and programs

    @rule(name=names, place=places, kind=kinds)
    def person_types(self, name: str, place: int, kind: str) -> None:
        path = self.world.path(name)
        before = self.world.shown(path) or ""
        after = self.world.edited(before, place, kind, "person")
        self.world.note(path, before, after)
        self.world.type_in(self.engine.workspace, path, after)

    @precondition(lambda self: bool(self.world.buffers))
    @rule(data=st.data())
    def person_saves(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.world.buffers)))
        text = self.world.buffers[path]
        self.world.note(path, self.world.saved(path) or "", text)
        self.world.write(path, text)

    @precondition(lambda self: bool(self.world.buffers))
    @rule(data=st.data())
    def person_closes_without_saving(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.world.buffers)))
        self.world.note(path, self.world.buffers.pop(path), self.world.saved(path) or "")
        self.engine.workspace.apply(CloseBuffer(path))

    @rule(name=names, place=places, kind=kinds)
    def program_writes(self, name: str, place: int, kind: str) -> None:
        path = self.world.path(name)
        before = self.world.saved(path) or ""
        after = self.world.edited(before, place, kind, "program")
        if path not in self.world.buffers:
            self.world.note(path, before, after)
        self.world.write(path, after)

    @precondition(lambda self: any(self.world.saved(self.world.path(n)) for n in NAMES))
    @rule(data=st.data())
    def program_deletes(self, data: st.DataObject) -> None:
        there = [self.world.path(n) for n in NAMES if self.world.path(n).exists()]
        path = data.draw(st.sampled_from(there))
        if path not in self.world.buffers:
            self.world.note(path, self.world.saved(path) or "", "")
        path.unlink()

    @rule()
    def the_server_starts_again(self) -> None:
        before = self.world.all_shown()
        ids = [proposal.id for proposal in self.engine.workspace.open_proposals()]
        self.engine.applier.journal.close()
        self.engine = self.started()
        assert [p.id for p in self.engine.workspace.open_proposals()] == ids
        assert self.world.all_shown() == before

    # ------------------------------------------------------------- agents

    @rule(edits=agent_edits, is_on_top=st.booleans())
    def agent_proposes(self, edits: Sequence[tuple[str, int, str]], *, is_on_top: bool) -> None:
        before = self.world.all_shown()
        workspace = self.engine.workspace
        self.n_proposals += 1
        key = f"p{self.n_proposals}"
        below = tuple(p.id for p in workspace.open_proposals()) if is_on_top else ()
        workspace.apply(Draft(proposal=Proposal(id=key, label=key, below=below)))
        for name, place, kind in edits:
            self.agent_edits(key, self.world.path(name), place, kind)
        if workspace.proposal(key).files:
            self.loop.run(self.engine.proposals.publish(key))
        else:
            workspace.apply(Drop(key))
        assert self.world.all_shown() == before

    def agent_edits(self, key: str, path: Path, place: int, kind: str) -> None:
        old = self.engine.workspace.snapshot(key).state(path)
        text = _text(old)
        new = "" if kind == "delete" else self.world.edited(text, place, kind, "agent")
        state: State | None = State(content=new) if old is None else replace(old, content=new)
        if kind == "delete":
            state = None
        self.agent_takes |= set(text.splitlines()) - set(new.splitlines())
        changes = change_between("edit", {path: old}, {path: state})
        if changes.files:
            self.engine.workspace.apply(Hold(proposal_id=key, changes=changes))
        assert _text(self.engine.workspace.snapshot(key).state(path)) == new

    @precondition(lambda self: bool(self.engine.workspace.open_proposals()))
    @rule(data=st.data(), is_typing=st.booleans())
    def person_accepts(self, data: st.DataObject, *, is_typing: bool) -> None:
        key, selection = self.drawn_selection(data)
        before = self.world.all_shown()
        types = self.types_meanwhile(data) if is_typing and self.world.buffers else {}
        allowed = self.wanted_lines(key)
        self.run(Accept(key, selection))
        if self.world.types_next is None:
            before = {**before, **types}
        self.world.types_next = None
        after = self.world.all_shown()
        for path, text in after.items():
            new = set(text.splitlines()) - set(before.get(path, "").splitlines())
            assert new <= allowed, f"lines of nobody's wish: {new - allowed}"
        _assert_same_order(before, after)

    @precondition(lambda self: bool(self.engine.workspace.open_proposals()))
    @rule(data=st.data())
    def person_rejects(self, data: st.DataObject) -> None:
        before = self.world.all_shown()
        key, selection = self.drawn_selection(data)
        self.run(Reject(key, selection))
        assert self.world.all_shown() == before

    @precondition(lambda self: bool(self.engine.workspace.open_proposals()))
    @rule(data=st.data())
    def person_accepts_and_takes_it_back(self, data: st.DataObject) -> None:
        key, selection = self.drawn_selection(data)
        before = self.world.all_shown()
        events = self.run(Accept(key, selection))
        if not any(isinstance(event, Applied) for event in events):
            assert self.world.all_shown() == before
            return
        accepted = self.world.all_shown()
        assert accepted != before
        self.run(Undo())
        assert self.world.all_shown() == before
        self.run(Redo())
        assert self.world.all_shown() == accepted

    def drawn_selection(self, data: st.DataObject) -> tuple[str, Selection]:
        keys = [proposal.id for proposal in self.engine.workspace.open_proposals()]
        key = data.draw(st.sampled_from(keys))
        review = review_of(self.engine.workspace, key)
        choices = [Selection(), *(Selection(path=file.path) for file in review.files)]
        choices += [Selection(path=hunk.path, hunk_id=hunk.id) for hunk in review.hunks]
        return key, data.draw(st.sampled_from(choices))

    def types_meanwhile(self, data: st.DataObject) -> dict[Path, str]:
        """Let the person type when the next edit is on its way to the editor."""
        path = data.draw(st.sampled_from(sorted(self.world.buffers)))
        before, place, kind = self.world.buffers[path], data.draw(places), data.draw(kinds)
        text = self.world.edited(before, place, kind, "person")
        self.world.types_next = (path, text)
        return {path: text}

    def wanted_lines(self, key: str) -> set[str]:
        files = self.engine.workspace.proposal(key).files.values()
        texts = [file.content for file in files if isinstance(file.content, str)]
        return {line for text in texts for line in text.splitlines()}

    # ------------------------------------------------------------- taking back

    @precondition(lambda self: bool(self.done_entries()))
    @rule(data=st.data())
    def person_undoes(self, data: st.DataObject) -> None:
        self.takes_back(Undo(self.drawn_scope(data)))

    @precondition(lambda self: bool(self.done_entries()))
    @rule(data=st.data())
    def person_redoes(self, data: st.DataObject) -> None:
        del data
        self.takes_back(Redo())

    def takes_back(self, work: Undo | Redo) -> None:
        before = self.world.all_shown()
        self.run(work)
        after = self.world.all_shown()
        _assert_same_order(before, after)
        recorded = self.recorded_lines()
        for path, text in after.items():
            new = set(text.splitlines()) - set(before.get(path, "").splitlines())
            assert new <= recorded, f"lines from nowhere: {new - recorded}"

    def drawn_scope(self, data: st.DataObject) -> Scope:
        entry = data.draw(st.sampled_from(self.done_entries()))
        choices = [Scope(), Scope(entry_id=entry.id), Scope(path=self.world.path("a"))]
        if entry.origin.turn_id:
            choices.append(Scope(turn_id=entry.origin.turn_id))
        return data.draw(st.sampled_from(choices))

    def done_entries(self) -> list[Entry]:
        entries = self.engine.applier.journal.entries()
        return [entry for entry in entries if entry.state is EntryState.DONE]

    # ------------------------------------------------------------- what must be true

    @invariant()
    def no_typed_line_is_lost(self) -> None:
        shown = {
            path: frozenset(text.splitlines()) for path, text in self.world.all_shown().items()
        }
        missing = {
            line
            for line, path in self.world.typed.items()
            if line not in self.world.gone
            and not line.startswith("agent")
            and line not in shown.get(path, ())
        }
        if missing:
            assert missing <= self.agent_takes, f"nobody took away {missing - self.agent_takes}"
            recorded = self.recorded_lines()
            assert missing <= recorded, f"no undo brings back {missing - recorded}"

    @invariant()
    def no_line_is_there_twice(self) -> None:
        for text in self.world.all_shown().values():
            lines = text.splitlines()
            assert len(lines) == len(set(lines)), lines

    @invariant()
    def the_workspace_shows_what_people_see(self) -> None:
        snapshot = self.engine.workspace.snapshot()
        seen = {path: _text(snapshot.state(path)) for path in self.world.all_shown()}
        assert seen == self.world.all_shown()

    def recorded_lines(self) -> set[str]:
        """Give all lines that the journal can bring back."""
        found: set[str] = set()
        for entry in self.done_entries():
            for file in entry.files:
                for stored in (file.before, file.after):
                    if stored is not None and stored.kind == "text":
                        found |= self.lines_of(stored)
        return found

    def lines_of(self, stored: StoredState) -> frozenset[str]:
        if stored.digest not in self.kept:
            text = _text(self.engine.applier.journal.load(stored))
            self.kept[stored.digest] = frozenset(text.splitlines())
        return self.kept[stored.digest]


def _text(state: State | None) -> str:
    return state.content if state is not None and isinstance(state.content, str) else ""


def _assert_same_order(before: Mapping[Path, str], after: Mapping[Path, str]) -> None:
    """See that what stayed is in the order in which it was."""
    for path in before.keys() & after.keys():
        old, new = before[path].splitlines(), after[path].splitlines()
        assert [line for line in old if line in new] == [line for line in new if line in old]


class OtherPeople(People):
    """The same once more, so that two processors can be used."""


LIMITS = settings(
    max_examples=EXAMPLES_A_SHARD,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=(
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ),
    report_multiple_bugs=False,
)
TestPeople = People.TestCase
TestPeople.settings = LIMITS
TestOtherPeople = OtherPeople.TestCase
TestOtherPeople.settings = LIMITS
