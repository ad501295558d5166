"""The live workspace: one writer, many snapshots."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias, assert_never

from mcp_tools.ports import Source
from mcp_tools.types.documents import Document, Layer
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import NotFound, StaleEdit
from mcp_tools.workspace.changes import change_between, states_after
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBuffer:
    """An editor opened a file, or changed its text."""

    path: Path
    text: str
    version: int


@dataclass(frozen=True, slots=True)
class CloseBuffer:
    """An editor closed a file; the disk counts again."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Begin an empty proposal, to which a turn adds; it is not yet for review."""

    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Keep a change as part of a proposal, which is made when there is none of that id."""

    proposal_id: str
    changes: ChangeSet
    """Computed from a snapshot that shows this proposal."""


@dataclass(frozen=True, slots=True)
class Put:
    """Hold a proposal as it is given, in place of the one with its id; an empty one goes."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Drop:
    """Forget a proposal: it was accepted or rejected."""

    proposal_id: str


@dataclass(frozen=True, slots=True)
class DiskChanged:
    """Files changed on disk; snapshots read afresh anyway, listeners want to know."""

    paths: tuple[Path, ...]


Modification: TypeAlias = SetBuffer | CloseBuffer | Draft | Hold | Put | Drop | DiskChanged
Listener: TypeAlias = Callable[[Modification, int], None]


class Workspace:
    """Documents of one root, in layers: disk, unsaved buffers, proposals.

    `apply` is the only way in, and is called from one thread (the event loop). Readers take a
    `snapshot`. State is replaced, never mutated, so that a snapshot costs nothing.
    """

    def __init__(self, source: Source, proposals: Iterable[Proposal] = ()) -> None:
        """Start with nothing open, and with proposals that an earlier process left."""
        self._source = source
        self._buffers: Mapping[Path, Document] = {}
        self._proposals: Mapping[str, Proposal] = {p.id: p for p in proposals}
        self._revision = 0
        self._listeners: list[Listener] = []

    @property
    def root(self) -> Path:
        """The root folder: absolute, links resolved."""
        return self._source.root

    @property
    def revision(self) -> int:
        """Grows by one with each modification."""
        return self._revision

    def snapshot(self, proposal_id: str | None = None) -> Snapshot:
        """Give the workspace as it is now, with one proposal on top when it is named.

        Those that it was built on lie below it, as far as they are not settled.
        """
        proposal = self._proposals.get(proposal_id) if proposal_id else None
        return self._seen(() if proposal is None else (*self._below(proposal), proposal))

    def proposal(self, proposal_id: str) -> Proposal:
        """Give a held proposal.

        Raises: NotFound.
        """
        try:
            return self._proposals[proposal_id]
        except KeyError:
            raise NotFound(f"there is no proposal {proposal_id!r}; it may be settled") from None

    def open_proposals(self) -> tuple[Proposal, ...]:
        """Give the proposals that wait for review, in the order in which they were made."""
        return tuple(p for p in self._proposals.values() if not p.is_draft)

    def proposed_changes(self, proposal_id: str) -> ChangeSet:
        """Give a proposal as one minimal change of the text of now, below all proposals.

        Raises: NotFound, StaleEdit if it no longer merges, or needs another proposal first.
        """
        proposal = self.proposal(proposal_id)
        snapshot = self.alone(proposal_id)
        for stale in snapshot.stale().values():
            raise self.explained(stale, proposal)
        before = {path: snapshot.below_state(path) for path in proposal.files}
        after = {path: snapshot.state(path) for path in proposal.files}
        return change_between(proposal.label, before, after)

    def beneath(self, proposal_id: str) -> Snapshot:
        """Give the workspace with only those proposals on top that this one was built on.

        Raises: NotFound.
        """
        return self._seen(self._below(self.proposal(proposal_id)))

    def alone(self, proposal_id: str) -> Snapshot:
        """Give the workspace with one proposal on top, without those that it was built on.

        Raises: NotFound.
        """
        return self._seen((self.proposal(proposal_id),))

    def explained(self, stale: StaleEdit, proposal: Proposal) -> StaleEdit:
        """Give the reason for a stale path: a proposal may need one that it was built on."""
        below = self._below(proposal)
        if not below or self.snapshot(proposal.id).stale():
            return stale
        names = ", ".join(f"{p.label!r} ({p.id})" for p in below)
        return StaleEdit(f"it was built on another proposal, so settle that first: {names}")

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each modification; the answer ends the subscription."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def apply(self, modification: Modification) -> int:
        """Take one modification and give the new revision.

        Raises: StaleEdit, InvalidEdit for a `Hold` whose base is not the text of now; nothing has
            changed then.
        """
        match modification:
            case SetBuffer(path=path, text=text, version=version):
                document = Document(path=path, text=text, version=version, layer=Layer.BUFFER)
                self._buffers = {**self._buffers, path: document}
            case CloseBuffer(path=path):
                self._buffers = {p: d for p, d in self._buffers.items() if p != path}
            case Draft(proposal=proposal):
                draft = replace(proposal, is_draft=True)
                self._proposals = {**self._proposals, proposal.id: draft}
            case Hold():
                self._hold(modification)
            case Put(proposal=proposal):
                self._put(proposal)
            case Drop(proposal_id=dropped):
                self._proposals = {k: p for k, p in self._proposals.items() if k != dropped}
            case DiskChanged():
                pass
            case _:
                assert_never(modification)
        # A listener may modify the workspace in its turn, so the number is kept.
        self._revision = revision = self._revision + 1
        for listener in tuple(self._listeners):
            listener(modification, revision)
        return revision

    def buffer(self, path: Path) -> Document | None:
        """Give the text that an editor shows for a path, None when no editor has it open."""
        return self._buffers.get(path)

    def _seen(self, proposals: tuple[Proposal, ...]) -> Snapshot:
        return Snapshot(self._source, self._buffers, proposals, self._revision)

    def _below(self, proposal: Proposal) -> tuple[Proposal, ...]:
        return tuple(self._proposals[key] for key in proposal.below if key in self._proposals)

    def _hold(self, hold: Hold) -> None:
        label = hold.changes.label
        new = Proposal(id=hold.proposal_id, label=label, is_draft=True)
        proposal = self._proposals.get(hold.proposal_id, new)
        lower = self._below(proposal)
        after = states_after(hold.changes, self._seen((*lower, proposal)).state)
        below = {path: self._seen(lower).state(path) for path in after}
        held = proposal.holding(label, below, after)
        self._proposals = {**self._proposals, hold.proposal_id: held}

    def _put(self, proposal: Proposal) -> None:
        others = {k: p for k, p in self._proposals.items() if k != proposal.id}
        if not proposal.files:
            self._proposals = others
        elif proposal.id in self._proposals:  # It keeps its place in the order.
            self._proposals = {**self._proposals, proposal.id: proposal}
        else:
            self._proposals = {**others, proposal.id: proposal}
