"""What of a proposal a person means: `FILE`, `FILE:HUNK`, or a hunk's id alone."""

import os
from collections.abc import Sequence
from pathlib import Path

from lsp_agent.cli.command import UsageError
from mcp_tools.workspace.hunks import Hunk
from mcp_tools.workspace.proposals import Proposal
from mcp_tools.workspace.review import Review, ReviewedFile, Selection

ALL = "all"
"""Instead of an id: every proposal."""
MIN_ID_CHARS = 4
"""So many characters of an id name it, if no other begins with them."""


def proposals_of(text: str | None, waiting: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """Give the proposals that an id or its beginning means; with None the only one there is.

    Raises: UsageError.
    """
    if text == ALL:
        return tuple(waiting)
    if not waiting:
        raise UsageError("no proposal waits for review")
    listed = ", ".join(f"{proposal.id} ({proposal.label})" for proposal in waiting)
    if text is None:
        if len(waiting) > 1:
            raise UsageError(f"{len(waiting)} proposals wait; name one, or `{ALL}`: {listed}")
        return tuple(waiting)
    found = [proposal for proposal in waiting if _is_named(proposal.id, text)]
    if len(found) > 1:
        ids = ", ".join(proposal.id for proposal in found)
        raise UsageError(f"{text!r} is the beginning of several ids: {ids}")
    if not found:
        raise UsageError(f"there is no proposal {text!r}, it may be settled; there is {listed}")
    return tuple(found)


def selection_of(text: str, review: Review, *, root: Path, here: Path) -> Selection:
    """Give the part that `FILE[:HUNK]` means; files are named from the root or from `here`.

    An empty text is all of it. Raises: UsageError.
    """
    if not text:
        return Selection()
    file = _file(text, review, root, here)
    if file is not None:
        return Selection(path=file.path)
    name, _, hunk_id = text.rpartition(":")
    file = _file(name, review, root, here)
    files = [file] if file else [] if name else review.files
    found = [hunk for file in files for hunk in _hunks(file) if _is_named(hunk.id, hunk_id)]
    if len(found) > 1:
        ids = ", ".join(hunk.id for hunk in found)
        raise UsageError(f"{hunk_id!r} is the beginning of several hunks: {ids}")
    if not found:
        raise UsageError(_not_there(text, review, root))
    return Selection(path=found[0].path, hunk_id=found[0].id)


def _is_named(full: str, text: str) -> bool:
    return full == text or (len(text) >= MIN_ID_CHARS and full.startswith(text))


def _file(name: str, review: Review, root: Path, here: Path) -> ReviewedFile | None:
    """Give the file of a name: as the review shows it comes first, then as the folder has it."""
    by_path = {file.path: file for file in review.files}
    return by_path.get(root / name) or by_path.get(Path(os.path.normpath(here / name)))


def _not_there(text: str, review: Review, root: Path) -> str:
    there = ", ".join(_listed(file, root) for file in review.files)
    return (
        f"the proposal {review.proposal.id} has no file or hunk {text!r}; a hunk that is gone "
        f"was accepted or rejected, or the text moved on. It has {there or 'nothing any more'}"
    )


def _listed(file: ReviewedFile, root: Path) -> str:
    ids = " ".join(hunk.id for hunk in _hunks(file))
    return f"{file.path.relative_to(root).as_posix()!r} ({ids or 'nothing left'})"


def _hunks(file: ReviewedFile) -> tuple[Hunk, ...]:
    """Give all hunks of a file; one that does not fit any more can still be rejected."""
    return (*file.hunks, *(stale.hunk for stale in file.stale_hunks))
