"""Edits that are held for review: the top layer of text.

A proposal keeps, for each of its files, the text it was made from and the text it wants. What
lies below may move on meanwhile; then the two merge line by line, and where both touched the
same line, the text below wins and the proposal is stale there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mcp_tools.types.errors import StaleEdit
from mcp_tools.workspace.merging import merge


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedFile:
    """What a proposal wants of one file; None stands for no file."""

    base: str | None
    text: str | None

    def over(self, below: str | None, *, name: str) -> str | None:
        """Give the proposed text on top of `below`.

        Raises: StaleEdit if `below` moved on in a way that does not merge.
        """
        if below == self.base:
            return self.text
        if below == self.text:
            return below
        if below is None or self.base is None or self.text is None:
            raise StaleEdit(
                f"{name!r} was created, deleted or replaced after the edit was computed; "
                "what is there now was kept"
            )
        return merge(self.base, self.text, below, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Held edits of one turn, by path."""

    id: str
    label: str
    files: Mapping[Path, ProposedFile] = field(default_factory=dict[Path, ProposedFile])

    def holding(
        self, label: str, below: Mapping[Path, str | None], after: Mapping[Path, str | None]
    ) -> "Proposal":
        """Give this proposal with new texts for some paths, made on top of `below`."""
        added = {path: ProposedFile(base=below[path], text=after[path]) for path in after}
        kept = {
            path: file for path, file in {**self.files, **added}.items() if file.base != file.text
        }
        return replace(self, label=self.label or label, files=kept)
