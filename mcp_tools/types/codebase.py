"""What is known about the code of a workspace at one revision, for queries.

Files are named by text: a path relative to the root with `/` for a file of the workspace, an
absolute path for one outside of it (a standard library stub, an installed package), which is
read only. Text is lighter than `Path` where a query looks at thousands of files.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from mcp_tools.types.documents import Document, SnapshotView
from mcp_tools.types.facts import Facts, SymbolKind
from mcp_tools.types.glances import Glance
from mcp_tools.types.text import Digest

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file that no answer knows of, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """How much of the workspace the index knows."""

    is_complete: bool
    """Every source file of the workspace is known, but for those in `left_out`."""
    n_files: int
    """Source files that were found so far."""
    n_indexed: int
    """Of these, how many are known."""
    left_out: tuple[LeftOut, ...] = ()
    """Too large, not text, not readable: such files are named in answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolHit:
    """A definition that a search by name has found, without loading its file's facts."""

    file: str
    symbol: int
    """Its number in the file's `Facts.symbols`."""
    name: str
    container: str
    """Name path of what is around it, such as `Class/method`; empty at the top of a file."""
    kind: SymbolKind
    name_start: int
    line: int
    """Line and column (code points) of its name, from 0."""
    column: int


class Memory(Protocol):
    """What queries remember from one revision to the next. Safe to use from several threads."""

    def get(self, key: str, make: Callable[[], T]) -> T:
        """Give what is remembered under `key`, made at the first use.

        Whoever keeps something here checks by digests that it still holds.
        """
        ...


class CodebaseView(Protocol):
    """The code of a workspace at one revision: disk, unsaved text and proposals, as one.

    It never changes; it may be used from several threads.
    """

    @property
    def root(self) -> Path:
        """The workspace root."""
        ...

    @property
    def snapshot(self) -> SnapshotView:
        """The documents that this is about."""
        ...

    @property
    def memory(self) -> Memory:
        """What queries remember; shared by all views of one index."""
        ...

    @property
    def revision(self) -> int:
        """Equal for two views of one index only if every file has the same text in both."""
        ...

    def state(self) -> IndexState:
        """Tell how much is known; by then, what an answer could be missing."""
        ...

    def files(self) -> Sequence[str]:
        """Give all source files of the workspace that are known so far, sorted."""
        ...

    def digest(self, file: str) -> Digest | None:
        """Give the digest of a file's text; None if there is no such file, or it is left out."""
        ...

    def facts(self, file: str) -> Facts | None:
        """Give the facts of a file, inside or outside; None if there is none, or it is left out.

        They are of the text that the snapshot shows, parsed now if need be.
        """
        ...

    def files_with(self, name: str) -> Sequence[str]:
        """Give the files of the workspace in which `name` occurs as a name, sorted.

        While the index is not complete this searches text, and may give files that mention the
        name in a comment only.
        """
        ...

    def glances(self, name: str) -> Mapping[str, Glance]:
        """Give, by file, what a glance told about a name, while the index is not complete.

        These are files that only import the name and use it, and whose facts nobody has read
        yet; `files_with` gives them too, and after this without reading them.
        """
        ...

    def files_using(self, name: str) -> Sequence[str]:
        """Give what `files_with` gives, without most files that define a name and never use it."""
        ...

    def find_symbols(self, query: str, limit: int) -> Sequence[SymbolHit]:
        """Give definitions whose name matches, best first: equal, prefix, part, letters in order.

        Upper and lower case are the same in the query's lower-case letters.
        """
        ...

    def document(self, file: str) -> Document:
        """Give the document of a file as the facts know it.

        Raises: StaleEdit if the file has changed on disk since the view was taken; NotFound.
        """
        ...

    def module_outside(self, name: str) -> str | None:
        """Give the file of a module of the standard library or of an installed package.

        A stub is preferred to a source. None if there is none, or if it is not Python.
        """
        ...
