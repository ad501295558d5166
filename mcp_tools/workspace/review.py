"""Reviewing a proposal in parts: what there is to decide, and what each decision does.

A hunk is a part of what the proposal wants of the text that it was made from. For a decision it
is carried over to the text of now, each for itself: where somebody has changed the same lines
since, that one hunk is stale, and the others can still be accepted.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from mcp_tools.types.contents import State
from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import ExpectedError, NotFound, StaleEdit
from mcp_tools.types.text import split_lines
from mcp_tools.workspace.changes import States, change_between, diff_between
from mcp_tools.workspace.hunks import Hunk, HunkKind, LineRange, hunks_between, with_hunks
from mcp_tools.workspace.merging import Drift
from mcp_tools.workspace.proposals import Proposal, ProposedFile, wish_between
from mcp_tools.workspace.snapshot import Snapshot
from mcp_tools.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Selection:
    """What a decision is about: a whole proposal, one of its paths, or one hunk of that."""

    path: Path | None = None
    hunk_id: str | None = None

    def means(self, hunk: Hunk) -> bool:
        """Tell whether a hunk is among what is selected."""
        return self.path in (None, hunk.path) and self.hunk_id in (None, hunk.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleHunk:
    """A hunk that does not fit the text of now."""

    hunk: Hunk
    """Its lines are those of the text that the proposal was made from."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedFile:
    """One path of a proposal, as it is to be decided on now."""

    path: Path
    below: State | None
    """What is there now: the editor's text, or else the disk."""
    wanted: State | None
    """What is there with all hunks that fit."""
    hunks: tuple[Hunk, ...]
    """Those that fit, from the top down; their lines are those of the text of now."""
    stale_hunks: tuple[StaleHunk, ...] = ()

    @property
    def stale(self) -> str:
        """Why not all of it fits what is there now; empty if it does."""
        return self.stale_hunks[0].reason if self.stale_hunks else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A proposal as it is to be decided on now."""

    proposal: Proposal
    files: tuple[ReviewedFile, ...]
    """Sorted by path."""

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        """All hunks that fit, by path and then from the top down."""
        return tuple(hunk for file in self.files for hunk in file.hunks)

    def selected(self, selection: Selection) -> tuple[Hunk, ...]:
        """Give the hunks that a selection means.

        Raises: StaleEdit if one of them does not fit any more; NotFound if there are none.
        """
        for stale in (stale for file in self.files for stale in file.stale_hunks):
            if selection.means(stale.hunk):
                raise StaleEdit(stale.reason)
        found = tuple(hunk for hunk in self.hunks if selection.means(hunk))
        if not found:
            raise NotFound(
                f"the proposal {self.proposal.id!r} has no such hunk any more; "
                "it was accepted or rejected, or the text has it already"
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What accepting a part of a proposal does."""

    changes: ChangeSet
    """To be applied; computed for the text of now."""
    rest: Proposal
    """What stays to be decided once it is applied; it may have no files left."""


def review_of(workspace: Workspace, proposal_id: str) -> Review:
    """Give a proposal hunk by hunk, over the text of now.

    Raises: NotFound.
    """
    proposal = workspace.proposal(proposal_id)
    snapshot = workspace.alone(proposal_id)
    needs = _needs(workspace, proposal)
    files = [_reviewed(snapshot, path, proposal.files[path], needs) for path in proposal.files]
    return Review(proposal=proposal, files=tuple(sorted(files, key=lambda file: file.path)))


def accept_part(workspace: Workspace, proposal_id: str, selection: Selection) -> Decision:
    """Give what to apply, and what of the proposal is left then.

    Raises: NotFound if nothing is meant by the selection; StaleEdit.
    """
    review = review_of(workspace, proposal_id)
    if selection == Selection() and not review.hunks and not any(f.stale for f in review.files):
        nothing = ChangeSet(label=review.proposal.label, files=())
        return Decision(changes=nothing, rest=replace(review.proposal, files={}))
    chosen = review.selected(selection)
    changes = change_between(review.proposal.label, *_states(review, chosen))
    return Decision(changes=changes, rest=_settled(review, chosen, is_accepted=True))


def reject_part(workspace: Workspace, proposal_id: str, selection: Selection) -> Proposal:
    """Give the proposal without the hunks of a selection; it may have no files left.

    Hunks that do not fit any more can be rejected too. Raises: NotFound.
    """
    proposal = workspace.proposal(proposal_id)
    if selection.hunk_id is None and (selection.path is None or selection.path in proposal.files):
        kept = {p: file for p, file in proposal.files.items() if selection.path not in (None, p)}
        return replace(proposal, files=kept)
    review = review_of(workspace, proposal_id)
    everything = (*review.hunks, *(s.hunk for file in review.files for s in file.stale_hunks))
    chosen = tuple(hunk for hunk in everything if selection.means(hunk))
    if not chosen:
        review.selected(selection)
    return _settled(review, chosen, is_accepted=False)


def part_diff(review: Review, selection: Selection, root: Path) -> str:
    """Give a part of a proposal as a unified diff of the text of now.

    Raises: NotFound, StaleEdit as `Review.selected`.
    """
    return diff_between(*_states(review, review.selected(selection)), root)


def _states(review: Review, chosen: tuple[Hunk, ...]) -> tuple[States, States]:
    """Give the paths of some hunks as they are now, and as they are with these hunks."""
    before: dict[Path, State | None] = {}
    after: dict[Path, State | None] = {}
    for file in review.files:
        if any(hunk.path == file.path for hunk in chosen):
            before[file.path] = file.below
            after[file.path] = with_hunks(file.below, (h for h in file.hunks if h in chosen))
    return before, after


def _settled(review: Review, chosen: tuple[Hunk, ...], *, is_accepted: bool) -> Proposal:
    """Give the proposal with some hunks settled, in terms of what it was made from.

    What is accepted becomes part of the base, and what is rejected is wanted no more; hunks that
    the text has already are settled along with them.
    """
    ids = {(hunk.path, hunk.id) for hunk in chosen}
    wishes: dict[Path, ProposedFile] = {}
    for file in review.files:
        if not any(hunk.path == file.path for hunk in chosen):
            continue
        open_ids = {h.id for h in (*file.hunks, *(stale.hunk for stale in file.stale_hunks))}
        before, after = _own_states(review.proposal.files[file.path])
        own = hunks_between(file.path, before, after)
        is_settled = {h.id: (h.path, h.id) in ids or h.id not in open_ids for h in own}
        if is_accepted:
            wishes[file.path] = wish_between(
                with_hunks(before, (h for h in own if is_settled[h.id])), after
            )
        else:
            wishes[file.path] = wish_between(
                before, with_hunks(before, (h for h in own if not is_settled[h.id]))
            )
    return review.proposal.with_files(wishes)


def _reviewed(snapshot: Snapshot, path: Path, wish: ProposedFile, needs: str) -> ReviewedFile:
    before, after = _own_states(wish)
    own = hunks_between(path, before, after)
    try:
        below = snapshot.below_state(path)
    except ExpectedError as error:
        lost = tuple(StaleHunk(hunk=hunk, reason=str(error)) for hunk in own)
        return ReviewedFile(path=path, below=None, wanted=None, hunks=(), stale_hunks=lost)
    fitting: list[Hunk] = []
    stale: list[StaleHunk] = []
    drift = _drift(wish, below)
    for hunk in own:
        try:
            carried = _carried(hunk, wish, below, drift)
        except StaleEdit as error:
            stale.append(StaleHunk(hunk=hunk, reason=needs or str(error)))
        else:
            fitting += [] if carried is None else [carried]
    hunks = _with_new_lines(fitting)
    wanted = with_hunks(below, hunks)
    return ReviewedFile(
        path=path, below=below, wanted=wanted, hunks=hunks, stale_hunks=tuple(stale)
    )


def _own_states(wish: ProposedFile) -> tuple[State | None, State | None]:
    """Give the two states that a wish lies between, as far as it says anything of them."""
    has_bom = bool(wish.has_bom)
    had_bom = not has_bom if wish.has_bom is not None and wish.base is not None else has_bom
    before = None if wish.base is None else State(content=wish.base, has_bom=had_bom)
    if wish.content is None:
        return before, None
    return before, State(content=wish.content, mode=wish.mode, has_bom=has_bom)


def _drift(wish: ProposedFile, below: State | None) -> Drift | None:
    """Compare what a wish was made from with what is there now, where both are text."""
    if below is None or not isinstance(below.content, str) or not isinstance(wish.base, str):
        return None
    return Drift(wish.base, below.content)


def _carried(
    hunk: Hunk, wish: ProposedFile, below: State | None, drift: Drift | None
) -> Hunk | None:
    """Give a hunk as one of the text of now, None if it is in there already.

    Raises: StaleEdit.
    """
    if hunk.kind is HunkKind.MODE:
        is_so = below is None or hunk.after is None or below.mode == hunk.after.mode
        return None if is_so else hunk
    if hunk.kind is HunkKind.WHOLE:
        wanted = wish.over(below, name=hunk.path.name)
        return None if wanted == below else replace(hunk, after=wanted)
    if drift is None:
        raise StaleEdit(f"{hunk.path.name!r} is not there as text any more; what is there was kept")
    assert hunk.edit is not None
    edits = drift.rebase((hunk.edit,), name=hunk.path.name)
    if not edits:
        return None
    # The hunk's own lines are as they were, so it begins as far before its edit as it did.
    start = drift.lines.line_span(hunk.old_lines.first).start
    offset = edits[0].span.start - (hunk.edit.span.start - start)
    first = drift.lines_now.place(offset).line
    n_lines = hunk.old_lines.end - hunk.old_lines.first
    return replace(hunk, edit=edits[0], old_lines=LineRange(first, first + n_lines))


def _with_new_lines(hunks: list[Hunk]) -> tuple[Hunk, ...]:
    """Say for each hunk where it is in the text with all of them."""
    found: list[Hunk] = []
    shift = 0
    for hunk in sorted(hunks, key=lambda hunk: hunk.old_lines.first):
        if hunk.kind is HunkKind.LINES:
            first = hunk.old_lines.first + shift
            n_new = len(split_lines(hunk.new_text))
            hunk = replace(hunk, new_lines=LineRange(first, first + n_new))
            shift += n_new - (hunk.old_lines.end - hunk.old_lines.first)
        found.append(hunk)
    return tuple(found)


def _needs(workspace: Workspace, proposal: Proposal) -> str:
    """Say which other proposals this one was built on, if only they make it fit."""
    if proposal.below and not workspace.snapshot(proposal.id).stale():
        for stale in workspace.alone(proposal.id).stale().values():
            return str(workspace.explained(stale, proposal))
    return ""
