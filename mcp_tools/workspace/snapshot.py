"""The workspace at one revision, for readers."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mcp_tools.ports import Source
from mcp_tools.types.documents import Document, Entry, Layer
from mcp_tools.types.errors import ExpectedError, NotFound, StaleEdit
from mcp_tools.workspace.changes import Read
from mcp_tools.workspace.ignore import IgnoreRules
from mcp_tools.workspace.paths import resolve_in
from mcp_tools.workspace.proposals import Proposal


class Snapshot:
    """Disk, unsaved buffers and at most one proposal, seen as one; implements SnapshotView.

    Files are read from disk when first asked for, and then stay as they were read, so that two
    questions to one snapshot never disagree. It may be used from several threads.
    """

    def __init__(
        self,
        source: Source,
        buffers: Mapping[Path, Document],
        proposal: Proposal | None,
        revision: int,
    ) -> None:
        """Take the layers as they are; the mappings must not be changed afterwards."""
        self._source = source
        self._buffers = buffers
        self._proposal = proposal
        self._revision = revision
        self._below: dict[Path, Document | ExpectedError] = {}
        self._top: dict[Path, Document | ExpectedError] = {}
        self._listed: dict[Path, tuple[Entry, ...]] = {}
        self._ignore = IgnoreRules(source.root, self._text_or_none)

    @property
    def root(self) -> Path:
        """The workspace root."""
        return self._source.root

    @property
    def revision(self) -> int:
        """The workspace's revision that this is."""
        return self._revision

    def resolve(self, path: str | Path) -> Path:
        """Give the canonical path of `path`, taken from the root when it is relative.

        Raises: OutsideWorkspace.
        """
        return resolve_in(self.root, path)

    def read(self, path: Path) -> Document:
        """Give the top layer of a document; where a proposal is stale, what lies below it.

        Raises: NotFound, NotText, TooLarge, OutsideWorkspace.
        """
        return _unwrapped(self._top, path, self._read_top)

    def below(self, path: Path) -> Document:
        """Give a document without the proposal: the unsaved buffer, or else the disk.

        Raises: NotFound, NotText, TooLarge, OutsideWorkspace.
        """
        return _unwrapped(self._below, path, self._read_below)

    def exists(self, path: Path) -> bool:
        """Tell whether the top layer has such a file, readable as text or not."""
        try:
            self.read(path)
        except NotFound:
            return False
        except ExpectedError:
            return True
        return True

    def stale(self) -> dict[Path, StaleEdit]:
        """Give the proposal's files that no longer merge with what lies below, and why."""
        found: dict[Path, StaleEdit] = {}
        for path in self._proposed():
            try:
                self._proposed_text(path)
            except StaleEdit as error:
                found[path] = error
        return found

    def covered(self) -> tuple[Document, ...]:
        """Give the documents of the upper layers, sorted by path."""
        paths = sorted({*self._buffers, *self._proposed()})
        found = (self._document_or_none(path) for path in paths)
        return tuple(document for document in found if document is not None)

    def removed(self) -> frozenset[Path]:
        """Give the paths that the proposal deletes."""
        return frozenset(path for path in self._proposed() if not self.exists(path))

    def entries(self, directory: Path) -> tuple[Entry, ...]:
        """List a directory of the top layer, sorted by name; the same at each question.

        Raises: NotFound, OutsideWorkspace.
        """
        if directory not in self._listed:
            self._listed.setdefault(directory, self._list(directory))
        return self._listed[directory]

    def is_ignored(self, path: Path) -> bool:
        """Tell whether ignore rules leave the path out of the project."""
        return self._ignore.is_ignored(path)

    def _list(self, directory: Path) -> tuple[Entry, ...]:
        upper = self._upper_entries(directory)
        try:
            listed = {entry.path: entry for entry in self._source.entries(directory)}
        except NotFound:
            if not upper:
                raise
            listed = {}
        for path in self.removed():
            listed.pop(path, None)
        merged = {**upper, **listed}
        return tuple(merged[path] for path in sorted(merged))

    def _upper_entries(self, directory: Path) -> dict[Path, Entry]:
        found: dict[Path, Entry] = {}
        for document in self.covered():
            if directory not in document.path.parents:
                continue
            child = directory / document.path.relative_to(directory).parts[0]
            if child == document.path:
                size_bytes = len(document.text.encode("utf-8", "surrogatepass"))
                found[child] = Entry(path=child, is_dir=False, size_bytes=size_bytes)
            else:
                found[child] = Entry(path=child, is_dir=True)
        return found

    def _proposed(self) -> tuple[Path, ...]:
        return tuple(self._proposal.files) if self._proposal else ()

    def _read_below(self, path: Path) -> Document:
        return self._buffers[path] if path in self._buffers else self._source.read(path)

    def _read_top(self, path: Path) -> Document:
        if self._proposal is None or path not in self._proposal.files:
            return self.below(path)
        try:
            text = self._proposed_text(path)
        except StaleEdit:
            return self.below(path)
        if text is None:
            raise NotFound(f"{path.name!r} is deleted by the edits of this turn")
        try:
            return replace(self.below(path), text=text, layer=Layer.PROPOSAL)
        except NotFound:
            return Document(path=path, text=text, layer=Layer.PROPOSAL)

    def _proposed_text(self, path: Path) -> str | None:
        assert self._proposal is not None
        below = self._below_text(path)
        return self._proposal.files[path].over(below, name=path.name)

    def _below_text(self, path: Path) -> str | None:
        try:
            return self.below(path).text
        except NotFound:
            return None
        except ExpectedError as error:
            raise StaleEdit(
                f"{path.name!r} cannot be read any more, so the edit of it was not made: {error}"
            ) from error

    def _document_or_none(self, path: Path) -> Document | None:
        try:
            return self.read(path)
        except ExpectedError:
            return None

    def _text_or_none(self, path: Path) -> str | None:
        document = self._document_or_none(path)
        return None if document is None else document.text


def _unwrapped(memo: dict[Path, Document | ExpectedError], path: Path, read: Read) -> Document:
    """Give the remembered answer for a path, or find and remember it; a failure is one too.

    Of two threads that look at the same moment, both get what the first remembered.
    """
    if path not in memo:
        try:
            memo.setdefault(path, read(path))
        except ExpectedError as error:
            memo.setdefault(path, error)
    answer = memo[path]
    if isinstance(answer, ExpectedError):
        # Each raise would otherwise add its frames to those of the raises before.
        raise answer.with_traceback(None)
    return answer
