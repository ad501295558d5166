"""Edits that are held for review: the top layer of text.

A proposal keeps, for each of its paths, what it was made from and what it wants. What lies
below may move on meanwhile; then two texts merge line by line, and where both touched the same
line, what lies below wins and the proposal is stale there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mcp_tools.types.contents import Content, State
from mcp_tools.types.errors import StaleEdit
from mcp_tools.workspace.changes import is_same_kind
from mcp_tools.workspace.merging import merge


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedFile:
    """What a proposal wants of one path; None stands for nothing there."""

    base: Content | None
    content: Content | None
    mode: int | None = None
    """Permission bits to set; None leaves them as they are."""
    has_bom: bool | None = None
    """Whether the text is to start with a byte order mark; None leaves it as it is."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is wanted any more."""
        return self.base == self.content and self.mode is None and self.has_bom is None

    def over(self, below: State | None, *, name: str) -> State | None:
        """Give what is wanted on top of `below`.

        Raises: StaleEdit if `below` moved on in a way that does not merge.
        """
        content = self._content_over(None if below is None else below.content, name)
        if content is None:
            return None
        if below is None:
            return State(content=content, mode=self.mode, has_bom=bool(self.has_bom))
        keeps_mode = self.mode is None and is_same_kind(below.content, content)
        mode = below.mode if keeps_mode else self.mode
        has_bom = below.has_bom if self.has_bom is None else self.has_bom
        return State(content=content, mode=mode, has_bom=has_bom and isinstance(content, str))

    def _content_over(self, below: Content | None, name: str) -> Content | None:
        if below == self.base:
            return self.content
        if below == self.content or self.base == self.content:
            return below
        texts = (self.base, self.content, below)
        if all(isinstance(content, str) for content in texts):
            base, mine, theirs = map(str, texts)
            return merge(base, mine, theirs, name=name)
        raise StaleEdit(
            f"{name!r} was created, deleted or replaced after the edit was computed; "
            "what is there now was kept"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Edits of one turn that wait for review, by path."""

    id: str
    label: str
    files: Mapping[Path, ProposedFile] = field(default_factory=dict[Path, ProposedFile])
    is_draft: bool = False
    """Its turn is still at work: it is not shown for review and does not outlive the process."""
    below: tuple[str, ...] = ()
    """Ids of the proposals that it was built on, the lowest first; settled ones do not count."""
    session_id: str = ""
    made_by: str = ""
    """The tool, command or model that made it, for the history."""

    def holding(
        self,
        label: str,
        below: Mapping[Path, State | None],
        after: Mapping[Path, State | None],
    ) -> "Proposal":
        """Give this proposal with new wishes for some paths, made on top of `below`."""
        added = {path: wish_between(below[path], after[path]) for path in after}
        return replace(self.with_files(added), label=self.label or label)

    def with_files(self, files: Mapping[Path, ProposedFile]) -> "Proposal":
        """Give this proposal with other wishes for some paths; empty ones are left out."""
        merged = {**self.files, **files}
        return replace(self, files={p: file for p, file in merged.items() if not file.is_empty})


def wish_between(before: State | None, after: State | None) -> ProposedFile:
    """Give the wish that turns one state of a path into another."""
    base = None if before is None else before.content
    if after is None:
        return ProposedFile(base=base, content=None)
    if before is not None and is_same_kind(before.content, after.content):
        keeps_mode = after.mode == before.mode
    else:
        keeps_mode = False
    had_bom = before is not None and before.has_bom
    return ProposedFile(
        base=base,
        content=after.content,
        mode=None if keeps_mode else after.mode,
        has_bom=None if after.has_bom == had_bom else after.has_bom,
    )
