"""The workspace at one revision, for readers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from mcp_tools.ports import Source
from mcp_tools.types.contents import Binary, Content, Folder, Link, State
from mcp_tools.types.documents import Document, Entry, Layer
from mcp_tools.types.errors import ExpectedError, NotFound, NotText, StaleEdit, TooLarge
from mcp_tools.workspace.ignore import IgnoreRules
from mcp_tools.workspace.paths import resolve_in
from mcp_tools.workspace.proposals import Proposal

FoundT = TypeVar("FoundT")


class Snapshot:
    """Disk, unsaved buffers and proposals, seen as one; implements SnapshotView.

    Files are read from disk when first asked for, and then stay as they were read, so that two
    questions to one snapshot never disagree. It may be used from several threads.
    """

    def __init__(
        self,
        source: Source,
        buffers: Mapping[Path, Document],
        proposals: tuple[Proposal, ...],
        revision: int,
    ) -> None:
        """Take the layers as they are, the lowest proposal first; nothing may change later."""
        self._source = source
        self._buffers = buffers
        self._proposals = proposals
        self._revision = revision
        self._documents: dict[Path, Document | ExpectedError] = {}
        self._below: dict[Path, State | ExpectedError | None] = {}
        self._top: dict[Path, State | ExpectedError | None] = {}
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
        if not self._is_proposed(path):
            return self.below(path)
        state, below = self.state(path), self.below_state(path)
        if state == below:
            return self.below(path)
        if state is None:
            raise NotFound(f"{path.name!r} is deleted by the edits of this turn")
        if not isinstance(state.content, str):
            raise NotText(f"{path.name!r} is not a text file by the edits of this turn")
        buffer = self._buffers.get(path)
        return Document(
            path=path,
            text=state.content,
            layer=Layer.PROPOSAL,
            version=None if buffer is None else buffer.version,
            has_bom=state.has_bom,
            mode=state.mode,
        )

    def below(self, path: Path) -> Document:
        """Give a document without any proposal: the unsaved buffer, or else the disk.

        Raises: NotFound, NotText, TooLarge, OutsideWorkspace.
        """
        if path in self._buffers:
            return self._buffers[path]
        return _remembered(self._documents, path, self._source.read)

    def state(self, path: Path) -> State | None:
        """Give what is at a path in the top layer, whatever its kind; None for nothing.

        Raises: NotText for a pipe, socket or device, TooLarge, OutsideWorkspace.
        """
        return _remembered(self._top, path, self._find_top)

    def below_state(self, path: Path) -> State | None:
        """Give what is at a path without any proposal; None for nothing.

        Raises: NotText for a pipe, socket or device, TooLarge, OutsideWorkspace.
        """
        return _remembered(self._below, path, self._find_below)

    def overlay(self) -> Mapping[Path, State | None]:
        """Give the top layer of all paths where it is not the disk; None for what is removed."""
        saved = {path: self._saved_state(path) for path in self._upper_paths()}
        upper = {path: state for path, state in self._upper_states() if state != saved[path]}
        return dict(sorted(upper.items()))

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
        """Give the top proposal's paths that no longer merge with what lies below, and why."""
        found: dict[Path, StaleEdit] = {}
        for path in self._proposals[-1].files if self._proposals else ():
            try:
                below = self._under(len(self._proposals) - 1, path)
                self._proposals[-1].files[path].over(below, name=path.name)
            except StaleEdit as error:
                found[path] = error
            except ExpectedError as error:
                found[path] = StaleEdit(
                    f"{path.name!r} cannot be read any more, so its edit was not made: {error}"
                )
        return found

    def covered(self) -> tuple[Document, ...]:
        """Give the documents of the upper layers, sorted by path."""
        found = (self._document_or_none(path) for path in sorted(self._upper_paths()))
        return tuple(document for document in found if document is not None)

    def removed(self) -> frozenset[Path]:
        """Give the paths that a proposal deletes."""
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
        merged = {**listed, **upper}
        return tuple(merged[path] for path in sorted(merged))

    def _upper_entries(self, directory: Path) -> dict[Path, Entry]:
        found: dict[Path, Entry] = {}
        for path, state in self._upper_states():
            if state is None or directory not in path.parents:
                continue
            child = directory / path.relative_to(directory).parts[0]
            if child == path:
                found[child] = _entry(path, state.content)
            else:
                found[child] = Entry(path=child, is_dir=True)
        return found

    def _upper_states(self) -> Iterator[tuple[Path, State | None]]:
        """Give what upper layers have; where nothing can be told, they have nothing."""
        for path in self._upper_paths():
            with suppress(ExpectedError):
                yield path, self.state(path)

    def _upper_paths(self) -> set[Path]:
        return {*self._buffers, *self._proposed()}

    def _proposed(self) -> frozenset[Path]:
        return frozenset(path for proposal in self._proposals for path in proposal.files)

    def _is_proposed(self, path: Path) -> bool:
        return any(path in proposal.files for proposal in self._proposals)

    def _find_top(self, path: Path) -> State | None:
        return self._under(len(self._proposals), path)

    def _under(self, n_proposals: int, path: Path) -> State | None:
        """Give what is at a path with only the lowest proposals on top; stale ones are skipped."""
        state = self.below_state(path)
        for proposal in self._proposals[:n_proposals]:
            if path in proposal.files:
                try:
                    state = proposal.files[path].over(state, name=path.name)
                except StaleEdit:
                    continue
        return state

    def _find_below(self, path: Path) -> State | None:
        if path in self._buffers:
            text = self._buffers[path].text
            saved = self._saved_state(path)
            if saved is None or isinstance(saved.content, Folder):
                return State(content=text)
            return State(content=text, mode=saved.mode, has_bom=saved.has_bom)
        try:
            document = self.below(path)
        except ExpectedError:
            return self._source.state(path)
        return State(content=document.text, mode=document.mode, has_bom=document.has_bom)

    def _saved_state(self, path: Path) -> State | None:
        """Give what the disk has below a buffer; what cannot be read counts as nothing."""
        try:
            return self._source.state(path)
        except (NotText, TooLarge):
            return None

    def _document_or_none(self, path: Path) -> Document | None:
        try:
            return self.read(path)
        except ExpectedError:
            return None

    def _text_or_none(self, path: Path) -> str | None:
        document = self._document_or_none(path)
        return None if document is None else document.text


def _entry(path: Path, content: Content) -> Entry:
    match content:
        case Folder():
            return Entry(path=path, is_dir=True)
        case Link(target=target):
            size_bytes = len(target.encode("utf-8", "surrogatepass"))
            return Entry(path=path, is_dir=False, is_link=True, size_bytes=size_bytes)
        case Binary(data=data):
            return Entry(path=path, is_dir=False, size_bytes=len(data))
        case str():
            size_bytes = len(content.encode("utf-8", "surrogatepass"))
            return Entry(path=path, is_dir=False, size_bytes=size_bytes)


def _remembered(
    memo: dict[Path, FoundT | ExpectedError], path: Path, find: Callable[[Path], FoundT]
) -> FoundT:
    """Give the remembered answer for a path, or find and remember it; a failure is one too.

    Of two threads that look at the same moment, both get what the first remembered.
    """
    if path not in memo:
        try:
            memo.setdefault(path, find(path))
        except ExpectedError as error:
            memo.setdefault(path, error)
    answer = memo[path]
    if isinstance(answer, ExpectedError):
        # Each raise would otherwise add its frames to those of the raises before.
        raise answer.with_traceback(None)
    return answer
