"""Agents, a person, undo and redo in any order: nothing that was typed is lost.

Every line that anybody writes is one that nobody wrote before, so that for each line it is known
whose it is, and whether its absence is somebody's wish.
"""

from collections.abc import Mapping
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.errors import NotFound, StaleEdit
from mcp_tools.types.journal import Entry, EntryKind
from mcp_tools.workspace.undo.history import Scope, statuses
from mcp_tools.workspace.undo.history_lines import Answer, history
from mcp_tools.workspace.undo.past import Past
from tests.mcp_tools.workspace.recorded import ROOT, START, Recorded

names = st.sampled_from(["a", "b", "sub/c", "sub/deep/d"])
places = st.integers(0, 7)
line_edits = st.lists(
    st.tuples(places, st.sampled_from(["insert", "replace", "remove"])), min_size=1, max_size=3
)
other_states = st.sampled_from(
    [
        State(content=Binary(b"\0\1")),
        State(content=Link("a")),
        State(content="", mode=0o755),
        State(content=Folder(), mode=0o700),
        None,
    ]
)
Tree = dict[Path, State]


class Agents(RuleBasedStateMachine):
    """Recorded changes, and undos and redos of them, with nobody else at work."""

    def __init__(self) -> None:
        super().__init__()
        self.n_lines = 0
        self.world = Recorded({name: self.fresh(5) for name in ("a", "b")})
        self.past = Past(self.world.journal, ROOT)
        self.trees: list[Tree] = [dict(self.world.files)]
        """What there was before the first entry, and after each."""

    def teardown(self) -> None:
        self.world.close()

    def fresh(self, n_lines: int, author: str = "agent") -> str:
        first = self.n_lines + 1
        self.n_lines += n_lines
        return "".join(f"{author} {n}\n" for n in range(first, first + n_lines))

    def edited(self, text: str, edits: list[tuple[int, str]], author: str) -> str:
        lines = text.splitlines(keepends=True)
        for place, kind in edits:
            at = min(place, len(lines))
            if kind == "insert" or at == len(lines):
                lines.insert(at, self.fresh(1, author))
            elif kind == "replace":
                lines[at] = self.fresh(1, author)
            else:
                del lines[at]
        return "".join(lines)

    def entries(self) -> tuple[Entry, ...]:
        return self.world.journal.entries()

    def noted(self) -> Tree:
        """Remember what there is after one more entry."""
        self.trees.append(dict(self.world.files))
        assert len(self.trees) == len(self.entries()) + 1
        return self.trees[-1]

    @rule(edits=st.dictionaries(names, line_edits, min_size=1, max_size=3))
    def agent_edits_lines(self, edits: dict[str, list[tuple[int, str]]]) -> None:
        wishes = {
            name: self.edited(self.world.text(name) or "", lines, "agent")
            for name, lines in edits.items()
            if self.is_possible(name)
        }
        self.record(wishes)

    @rule(name=names, state=other_states)
    def agent_replaces(self, name: str, state: State | None) -> None:
        if self.is_possible(name) and not self.world.entries_of(ROOT / name):
            self.record({name: state} if state or ROOT / name in self.world.files else {})

    def record(self, wishes: Mapping[str, str | State | None]) -> None:
        n = len(self.entries())
        self.world.change(wishes, label=f"edit {n + 1}", turn=f"t{n // 3}", session=f"s{n // 6}")
        self.noted()

    def is_possible(self, name: str) -> bool:
        """Whether all folders on the way are folders or missing, and no folder is in the way."""
        path = ROOT / name
        states = [self.world.files.get(folder) for folder in path.parents]
        here = self.world.files.get(path)
        has_more = here is not None and isinstance(here.content, Folder)
        return not has_more and all(s is None or isinstance(s.content, Folder) for s in states)

    @precondition(lambda self: bool(self.entries()))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        before = dict(self.world.files)
        try:
            plan = self.world.undo(self.drawn_scope(data))
        except (NotFound, StaleEdit):
            assert self.world.files == before
            return
        after = self.noted()
        assert_same_order(before, after)
        there, back = self.world.undo, self.world.redo
        if plan.kind is EntryKind.REDO:  # It was an undo that was undone.
            there, back = back, there
        back()
        assert self.noted() == before
        there()
        assert self.noted() == after

    @precondition(lambda self: bool(self.entries()))
    @rule(data=st.data(), is_named=st.booleans())
    def redo(self, data: st.DataObject, *, is_named: bool) -> None:
        before = dict(self.world.files)
        try:
            self.world.redo(self.drawn_scope(data) if is_named else Scope())
        except (NotFound, StaleEdit):
            assert self.world.files == before
            return
        assert_same_order(before, self.noted())

    def drawn_scope(self, data: st.DataObject) -> Scope:
        entry = self.entries()[data.draw(st.integers(0, len(self.entries()) - 1))]
        choices = [
            Scope(),
            Scope(entry_id=entry.id),
            Scope(path=ROOT / data.draw(names)),
            Scope(turn_id=entry.origin.turn_id),
            Scope(session_id=entry.origin.session_id),
            Scope(since=entry.at),
        ]
        for file in entry.files:
            choices.append(Scope(entry_id=f"#{entry.number}", path=Path(file.path)))
            hunks = self.past.change(file).hunks
            choices += [
                Scope(entry_id=entry.id, path=ROOT / file.path, hunk_id=hunk.id) for hunk in hunks
            ]
        return choices[data.draw(st.integers(0, len(choices) - 1))]

    @invariant()
    def no_line_is_there_twice(self) -> None:
        for state in self.world.files.values():
            if isinstance(state.content, str):
                lines = state.content.splitlines()
                assert len(lines) == len(set(lines)), lines

    @invariant()
    def the_list_is_made_at_any_moment(self) -> None:
        lines = history(self.world.journal, self.world.files.get)
        known = statuses(self.entries())
        assert [line.entry for line in lines] == list(self.entries())
        for line in lines:
            assert line.status is known[line.entry.id]
            assert (line.undoable.answer is Answer.YES) is not bool(line.undoable.reason)


class AgentsAlone(Agents):
    """What must be exact, since nobody but the journal knows of any change."""

    @precondition(lambda self: bool(self.entries()))
    @rule(data=st.data())
    def back_to_a_point_in_time(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.entries()) - 1))
        scope = Scope(after_id=f"#{number}") if number else Scope(since=START)
        try:
            plan = self.world.undo(scope)
        except NotFound:  # None of the entries since then has changed a file.
            assert self.world.files == self.trees[number]
            return
        assert not plan.conflicts
        assert self.noted() == self.trees[number]

    def teardown(self) -> None:
        try:
            while True:
                self.world.undo()
        except NotFound:
            # Who takes back one file of a new folder keeps the folder.
            assert without_empty_folders(self.world.files) == self.trees[0]
        except StaleEdit:
            pass  # What was taken back out of turn may stand in the way of what is older.
        if self.entries():
            self.world.undo(Scope(since=START))
        assert self.world.files == self.trees[0]
        super().teardown()


class WithAPerson(Agents):
    """A person types in between, into files and into new ones; agents see it and go on."""

    def __init__(self) -> None:
        super().__init__()
        self.typed: set[str] = set()
        self.gone: set[str] = set()
        """Lines that the person, or an agent, took away."""

    @rule(name=names, edits=line_edits)
    def person_types(self, name: str, edits: list[tuple[int, str]]) -> None:
        if self.is_possible(name):
            before = self.lines()
            self.world.put(name, self.edited(self.world.text(name) or "", edits, "person"))
            self.gone |= before - self.lines()
            self.typed |= self.lines() - before

    @rule(name=names, data=st.data())
    def person_goes_back(self, name: str, data: st.DataObject) -> None:
        """Take an older text, as after closing a file without saving it."""
        old = data.draw(st.sampled_from(self.trees)).get(ROOT / name)
        if old is not None and isinstance(old.content, str) and self.is_possible(name):
            before = self.lines()
            self.world.put(name, old.content)
            self.gone |= before - self.lines()

    def record(self, wishes: Mapping[str, str | State | None]) -> None:
        before = self.lines()
        super().record(wishes)
        self.gone |= before - self.lines()

    def lines(self) -> set[str]:
        contents = [state.content for state in self.world.files.values()]
        return {line for c in contents if isinstance(c, str) for line in c.splitlines()}

    @invariant()
    def no_typed_line_is_lost(self) -> None:
        assert self.typed - self.gone <= self.lines()


def without_empty_folders(tree: Tree) -> Tree:
    """Give all but the folders that have nothing in them, at any depth."""
    full = {
        folder for path, state in tree.items() if not is_folder(state) for folder in path.parents
    }
    return {path: state for path, state in tree.items() if path in full or not is_folder(state)}


def is_folder(state: State) -> bool:
    return isinstance(state.content, Folder)


def assert_same_order(before: Tree, after: Tree) -> None:
    """See that what stayed of a text is in the order in which it was."""
    for path in before.keys() & after.keys():
        old, new = before[path].content, after[path].content
        if isinstance(old, str) and isinstance(new, str):
            stayed = set(old.splitlines()) & set(new.splitlines())
            assert [line for line in old.splitlines() if line in stayed] == [
                line for line in new.splitlines() if line in stayed
            ]


TestAgentsAlone = AgentsAlone.TestCase
TestWithAPerson = WithAPerson.TestCase
TestAgentsAlone.settings = TestWithAPerson.settings = settings(
    max_examples=40, stateful_step_count=12, deadline=None
)
