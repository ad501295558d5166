"""Edits as values: what would change, computed from which text.

A tool returns a `ChangeSet` and writes nothing. Whoever holds it can show it, judge it, hold it
as a proposal, apply it, invert it, or render it for an editor.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mcp_tools.types.contents import Content
from mcp_tools.types.text import Digest, Span


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Replace `span` of the base text by `new_text`; an empty span inserts."""

    span: Span
    new_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifyFile:
    """Change parts of an existing file."""

    path: Path
    base: Digest
    """Digest of the text that the spans refer to."""
    edits: tuple[TextEdit, ...]
    """Sorted by start, never overlapping."""
    mode: int | None = None
    """Permission bits that the file gets; None leaves them as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFile:
    """Make a text file where nothing is yet, with its missing parent folders."""

    path: Path
    text: str
    mode: int | None = None
    """Permission bits; None for those of any new file."""
    has_bom: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteFile:
    """Remove a file whose text has the digest `base`."""

    path: Path
    base: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameFile:
    """Move a file whose text has the digest `base`; `new_path` must not exist yet."""

    path: Path
    new_path: Path
    base: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class SetContent:
    """Make, replace or remove what no text edit can say: bytes, a link, a folder, a mode.

    A folder is removed only when it is empty by then, and made with its missing parents.
    """

    path: Path
    base: Digest | None
    """Digest of the content that must be there now (`digest_of_content`); None for nothing."""
    content: Content | None
    """What is to be there; None removes. The same content as before sets the mode alone."""
    mode: int | None = None
    """Permission bits; None keeps them, or takes those of anything new. Not for a link."""
    has_bom: bool = False
    """For text alone: whether it starts with a byte order mark."""


FileChange: TypeAlias = ModifyFile | CreateFile | DeleteFile | RenameFile | SetContent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """Changes that belong together and are applied all or not at all."""

    label: str
    """One line for a person: what the change is for."""
    files: tuple[FileChange, ...]
    """At most one change a path."""
    annotations: tuple[str, ...] = ()
    """Remarks for the person who reviews, such as a risk; one line each."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """Give every path that would be touched, in order, the new names included."""
        found: list[Path] = []
        for change in self.files:
            found.append(change.path)
            if isinstance(change, RenameFile):
                found.append(change.new_path)
        return tuple(found)
