"""A document at one moment, and the frozen view of all of them that readers hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Protocol

from mcp_tools.types.contents import State
from mcp_tools.types.text import Digest, LineIndex, digest_of


class Layer(StrEnum):
    """Where a document's text comes from; a later layer covers an earlier one."""

    DISK = "disk"
    BUFFER = "buffer"
    """Open in an editor, saved or not."""
    PROPOSAL = "proposal"
    """Held for review; neither on disk nor in an editor."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """One text file at one moment. The text keeps its line ends; a byte order mark is not in it."""

    path: Path
    text: str
    layer: Layer = Layer.DISK
    version: int | None = None
    """The editor's version number; None when no editor has the file open."""
    has_bom: bool = False
    """The file on disk starts with a UTF-8 byte order mark, which a write keeps."""
    mode: int | None = None
    """Permission bits of the file on disk; None if it is not there yet, or nobody looked."""

    @cached_property
    def digest(self) -> Digest:
        """Digest of the text."""
        return digest_of(self.text)

    @cached_property
    def lines(self) -> LineIndex:
        """Where the lines are."""
        return LineIndex(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a directory."""

    path: Path
    is_dir: bool
    is_link: bool = False
    size_bytes: int | None = None
    """None for a directory."""


class SnapshotView(Protocol):
    """The workspace at one revision; nothing in it ever changes.

    A file is read from disk at first use and then stays as it was read.
    """

    @property
    def root(self) -> Path:
        """The workspace root: absolute, links resolved."""
        ...

    @property
    def revision(self) -> int:
        """Grows with each modification of the workspace."""
        ...

    def resolve(self, path: str | Path) -> Path:
        """Give the absolute, normalized form of a path within the root.

        Raises: OutsideWorkspace if its name leads out, or it has a NUL character.
        """
        ...

    def read(self, path: Path) -> Document:
        """Give the top layer of the document.

        Raises: NotFound, NotText, TooLarge, OutsideWorkspace.
        """
        ...

    def state(self, path: Path) -> State | None:
        """Give what is at a path in the top layer, whatever its kind; None for nothing.

        Raises: NotText for a pipe, socket or device, TooLarge, OutsideWorkspace.
        """
        ...

    def overlay(self) -> Mapping[Path, State | None]:
        """Give the top layer of all paths where it is not the disk; None for what is removed.

        Sorted by path. A buffer whose text is that of its file is left out.
        """
        ...

    def exists(self, path: Path) -> bool:
        """Tell whether there is such a file in the top layer."""
        ...

    def covered(self) -> tuple[Document, ...]:
        """Give the documents whose text differs, or may differ, from the disk; sorted by path."""
        ...

    def removed(self) -> frozenset[Path]:
        """Give the paths that exist on disk but are deleted by a proposal."""
        ...

    def entries(self, directory: Path) -> tuple[Entry, ...]:
        """List a directory, files of upper layers included; sorted by name.

        Raises: NotFound, OutsideWorkspace.
        """
        ...

    def is_ignored(self, path: Path) -> bool:
        """Tell whether ignore rules (.gitignore, .ignore, .git itself) exclude the path."""
        ...
