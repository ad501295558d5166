"""What unsaved text and proposals lay over the files of the workspace."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from mcp_tools.index.facts_cache import FactsCache
from mcp_tools.index.knowledge import Knowledge
from mcp_tools.index.known import Known
from mcp_tools.index.languages import language_of
from mcp_tools.index.reading import MAX_SOURCE_BYTES, facts_of, too_large
from mcp_tools.index.segments import NO_CONTENT
from mcp_tools.index.symbol_table import SymbolTable, make_symbol_table
from mcp_tools.types.codebase import LeftOut
from mcp_tools.types.documents import Document, SnapshotView
from mcp_tools.types.facts import Facts
from mcp_tools.types.text import Digest

_MAX_REVISIONS = 64
_MAX_TABLES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The source files that a snapshot shows otherwise than the disk has them, or may."""

    documents: Mapping[str, Document]
    hidden: frozenset[str]
    """Removed by a proposal, or too large as they are shown."""
    left_out: tuple[LeftOut, ...]

    def covers(self, file: str) -> bool:
        """Tell whether the disk does not count for a file."""
        return file in self.documents or file in self.hidden


class Overlays:
    """Makes overlays, and extracts the texts in them. Safe to use from several threads."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Take facts from `knowledge` where a text is on disk, too."""
        self._knowledge = knowledge
        self._lock = Lock()
        self._facts = FactsCache(max_bytes=16 * 1024 * 1024)
        self._tables: OrderedDict[Digest, SymbolTable] = OrderedDict()
        self._revisions: OrderedDict[object, int] = OrderedDict()
        self._last_revision = 0

    def over(self, snapshot: SnapshotView, known: Known) -> Overlay:
        """Give what a snapshot lays over the disk."""
        documents: dict[str, Document] = {}
        hidden: set[str] = set()
        left_out: list[LeftOut] = []
        n_before = len(f"{snapshot.root}/")
        for document in snapshot.covered():
            file = str(document.path)[n_before:]  # Asked at each question, of all open documents.
            if language_of(file) is None or not self._is_part(snapshot, known, file):
                continue
            if len(document.text) > MAX_SOURCE_BYTES:
                hidden.add(file)
                left_out.append(LeftOut(file=file, reason=too_large(len(document.text))))
            else:
                documents[file] = document
        for path in snapshot.removed():
            hidden.add(path.relative_to(snapshot.root).as_posix())
        return Overlay(documents=documents, hidden=frozenset(hidden), left_out=tuple(left_out))

    def facts(self, file: str, document: Document) -> Facts | None:
        """Give the facts of a document, extracted at the first time."""
        content = self._knowledge.content_of(document.digest)
        if content != NO_CONTENT and (found := self._knowledge.facts(content)) is not None:
            return found
        found = self._facts.get(document.digest)
        if found is None:
            found = facts_of(file, document.text)
            if found is not None:
                self._facts.put(document.digest, found)
        return found

    def facts_at_hand(self, document: Document) -> Facts | None:
        """Give the facts of a document if they are in memory."""
        if language_of(document.path.name) is None:
            return None
        content = self._knowledge.content_of(document.digest)
        found = None if content == NO_CONTENT else self._knowledge.cache.get(content)
        return self._facts.get(document.digest) if found is None else found

    def symbols(self, file: str, document: Document) -> SymbolTable:
        """Give the definitions in a document."""
        with self._lock:
            found = self._tables.get(document.digest)
        if found is None:
            facts = self.facts(file, document)
            found = make_symbol_table(() if facts is None else (facts,))
            with self._lock:
                self._tables[document.digest] = found
                if len(self._tables) > _MAX_TABLES:
                    self._tables.popitem(last=False)
        return found

    def revision(self, known: Known, overlay: Overlay) -> int:
        """Give the number of this state of all texts; equal for equal ones, as far as known."""
        digests = frozenset(
            (file, document.digest)
            for file, document in overlay.documents.items()
            if not self._is_on_disk(known, file, document)
        )
        key = (known.revision, digests, overlay.hidden)
        with self._lock:
            if key not in self._revisions:
                self._last_revision += 1
                self._revisions[key] = self._last_revision
                if len(self._revisions) > _MAX_REVISIONS:
                    self._revisions.popitem(last=False)
            self._revisions.move_to_end(key)
            return self._revisions[key]

    def _is_on_disk(self, known: Known, file: str, document: Document) -> bool:
        """Tell whether a document, such as one that was only opened, is what the disk has."""
        record = known.records.get(file)
        if record is None or record.is_left_out or record.is_racy:
            return False
        return self._knowledge.digest_of(record.content) == document.digest

    def _is_part(self, snapshot: SnapshotView, known: Known, file: str) -> bool:
        if file in known.records or file in known.pending:
            return True
        return not snapshot.is_ignored(snapshot.root / file)
