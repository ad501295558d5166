"""Proposals that wait for review, as text and as JSON."""

from collections.abc import Sequence
from pathlib import Path

from lsp_agent.cli.hunk_view import hunk_diff, hunk_json, hunk_place
from lsp_agent.cli.terminal import Terminal
from mcp_tools.types.contents import State
from mcp_tools.workspace.hunks import Hunk
from mcp_tools.workspace.review import Review, ReviewedFile


def show_review(review: Review, root: Path, terminal: Terminal) -> None:
    """Print a proposal hunk by hunk; those that do not fit any more come last in their file."""
    terminal.result(f"proposal {review.proposal.id}: {headline(review)}", style="bold")
    for file in review.files:
        for hunk in file.hunks:
            show_hunk(hunk, file.below, root, terminal)
        for stale in file.stale_hunks:
            show_hunk(stale.hunk, None, root, terminal)
            terminal.result(f"This does not fit any more: {stale.reason}", style="yellow")


def show_hunk(hunk: Hunk, before: State | None, root: Path, terminal: Terminal) -> None:
    """Print one hunk under its place and id; `before` is what its lines are counted in."""
    terminal.result(f"\n{hunk_place(hunk, root)}  hunk {hunk.id}", style="bold")
    terminal.diff(hunk_diff(hunk, before, root))


def headline(review: Review) -> str:
    """Say in a line what a proposal is, who made it, and how much of it is open."""
    proposal = review.proposal
    by = f", by {proposal.made_by}" if proposal.made_by else ""
    n_hunks = sum(len(file.hunks) + len(file.stale_hunks) for file in review.files)
    return f"{proposal.label}{by} ({counted(n_hunks)} in {counted(len(review.files), 'file')})"


def counted(n: int, noun: str = "hunk") -> str:
    """Give a number of things in words."""
    return f"1 {noun}" if n == 1 else f"{n} {noun}s"


def reviews_json(reviews: Sequence[Review], root: Path) -> list[dict[str, object]]:
    """Give proposals as the README documents them."""
    return [
        {
            "id": review.proposal.id,
            "label": review.proposal.label,
            "made_by": review.proposal.made_by,
            "session": review.proposal.session_id,
            "below": list(review.proposal.below),
            "files": [_file_json(file, root) for file in review.files],
        }
        for review in reviews
    ]


def _file_json(file: ReviewedFile, root: Path) -> dict[str, object]:
    fitting = [hunk_json(hunk, file.below, root) | {"stale": None} for hunk in file.hunks]
    stale = [hunk_json(s.hunk, None, root) | {"stale": s.reason} for s in file.stale_hunks]
    return {"path": file.path.relative_to(root).as_posix(), "hunks": [*fitting, *stale]}
