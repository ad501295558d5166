"""Reviewing as the features see it: what waits at a document, and what can be done about it.

These are values in terms of the protocol, and a port, so that features stay light.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from lsprotocol import types as lsp

SCHEME = "lsp-agent-review"
"""Of the documents that exist only in the editor, where it can ask for their text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a person decides on; with nothing named it is the newest open proposal."""

    proposal_id: str | None = None
    uri: str | None = None
    """Only what is in this document."""
    hunk_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a person wrote about a part of a proposal."""

    uri: str | None = None
    hunk_id: str | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be undone or redone; with nothing named it is the newest change."""

    uri: str | None = None
    entry: str | None = None
    """Number, id or the beginning of an id, as the history shows it."""
    hunk_id: str | None = None
    turn: str | None = None
    session: str | None = None
    since: str | None = None
    """A moment as in ISO 8601; all that was made after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HunkSpot:
    """One hunk, where a document shows it."""

    hunk_id: str
    uri: str
    """Of the file that the hunk changes."""
    range: lsp.Range
    gist: str
    """A few words that tell it from others."""
    stale: str = ""
    """Why it cannot be accepted now; empty if it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSpot:
    """A file of a proposal, where a document shows it."""

    uri: str
    range: lsp.Range
    n_hunks: int
    n_stale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A proposal that waits for review, as far as it concerns one document."""

    proposal_id: str
    label: str
    n_hunks: int
    n_stale: int
    n_files: int
    hunks: tuple[HunkSpot, ...] = ()
    files: tuple[FileSpot, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """What a person has written into this document, which is one for review."""
    is_virtual: bool = False
    """This document is for review, and cannot be written into."""
    is_page: bool = False
    """This document is for review; else it is one that the proposal changes, or any other."""

    def at(self, range_: lsp.Range) -> "Waiting":
        """Give it with only the hunks and files at a range."""
        hunks = tuple(hunk for hunk in self.hunks if _meet(hunk.range, range_))
        files = tuple(file for file in self.files if _meet(file.range, range_))
        return replace(self, hunks=hunks, files=files)


class ReviewDesk(Protocol):
    """What the features ask about review.

    The `start_` methods return at once with the id of a task that goes on in the background.
    """

    async def waiting(self, uri: str) -> Sequence[Waiting]:
        """Give the proposals that wait and concern a document, in the order they were made.

        A document for review concerns its own proposal, and any other file all of its folder.
        """
        ...

    async def text(self, uri: str) -> str:
        """Give the text of a document that exists only in the editor."""
        ...

    def start_accept(self, part: Part) -> str:
        """Make a part of a proposal real."""
        ...

    def start_reject(self, part: Part) -> str:
        """Forget a part of a proposal."""
        ...

    def start_explain(self, part: Part) -> str:
        """Let the agent say what a part of a proposal does, and why."""
        ...

    def start_show(self, part: Part) -> str:
        """Show a proposal as a document from which it can be decided on."""
        ...

    def start_show_file(self, part: Part) -> str:
        """Show a proposal as a document that can be written into."""
        ...

    def start_revise(self, part: Part, remarks: Sequence[Remark]) -> str:
        """Give comments to the agent, which makes a new proposal in place of the old one."""
        ...

    def start_preview(self, part: Part) -> str:
        """Let the editor ask the person about each hunk of a proposal."""
        ...


def _meet(a: lsp.Range, b: lsp.Range) -> bool:
    return a.start.line <= b.end.line and b.start.line <= a.end.line
