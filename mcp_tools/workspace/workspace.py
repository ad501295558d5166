"""The live workspace: one writer, many snapshots."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, assert_never

from mcp_tools.ports import Source
from mcp_tools.types.documents import Document, Layer
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import NotFound
from mcp_tools.workspace.changes import change_between, current_text, texts_after
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
class Hold:
    """Keep a change as part of a proposal, which is made when there is none of that id."""

    proposal_id: str
    changes: ChangeSet
    """Computed from a snapshot that shows this proposal."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Forget a proposal: it was accepted or rejected."""

    proposal_id: str


@dataclass(frozen=True, slots=True)
class DiskChanged:
    """Files changed on disk; snapshots read afresh anyway, listeners want to know."""

    paths: tuple[Path, ...]


Modification: TypeAlias = SetBuffer | CloseBuffer | Hold | Drop | DiskChanged
Listener: TypeAlias = Callable[[Modification, int], None]


class Workspace:
    """Documents of one root, in layers: disk, unsaved buffers, proposals.

    `apply` is the only way in, and is called from one thread (the event loop). Readers take a
    `snapshot`. State is replaced, never mutated, so that a snapshot costs nothing.
    """

    def __init__(self, source: Source) -> None:
        """Start with nothing open and nothing held."""
        self._source = source
        self._buffers: Mapping[Path, Document] = {}
        self._proposals: Mapping[str, Proposal] = {}
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
        """Give the workspace as it is now, with one proposal on top when it is named."""
        proposal = self._proposals.get(proposal_id) if proposal_id else None
        return Snapshot(self._source, self._buffers, proposal, self._revision)

    def proposal(self, proposal_id: str) -> Proposal:
        """Give a held proposal.

        Raises: NotFound.
        """
        try:
            return self._proposals[proposal_id]
        except KeyError:
            raise NotFound(f"there is no proposal {proposal_id!r}; it may be settled") from None

    def proposed_changes(self, proposal_id: str) -> ChangeSet:
        """Give a proposal as one minimal change of the text of now, below it.

        Raises: NotFound, StaleEdit if it no longer merges.
        """
        proposal = self.proposal(proposal_id)
        snapshot = self.snapshot(proposal_id)
        for stale in snapshot.stale().values():
            raise stale
        before = {path: current_text(path, snapshot.below) for path in proposal.files}
        after = {path: current_text(path, snapshot.read) for path in proposal.files}
        return change_between(proposal.label, before, after)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each modification; the answer ends the subscription."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def apply(self, modification: Modification) -> int:
        """Take one modification and give the new revision.

        Raises: StaleEdit, InvalidEdit, NotFound for a `Hold` whose base is not the text of now;
            nothing has changed then.
        """
        match modification:
            case SetBuffer(path=path, text=text, version=version):
                document = Document(path=path, text=text, version=version, layer=Layer.BUFFER)
                self._buffers = {**self._buffers, path: document}
            case CloseBuffer(path=path):
                self._buffers = {p: d for p, d in self._buffers.items() if p != path}
            case Hold():
                self._hold(modification)
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

    def _hold(self, hold: Hold) -> None:
        label = hold.changes.label
        proposal = self._proposals.get(hold.proposal_id, Proposal(id=hold.proposal_id, label=label))
        snapshot = self.snapshot(hold.proposal_id)
        after = texts_after(hold.changes, snapshot.read)
        below = {path: current_text(path, snapshot.below) for path in after}
        held = proposal.holding(label, below, after)
        self._proposals = {**self._proposals, hold.proposal_id: held}
