"""One view of the code of a workspace: the index, with unsaved text and proposals on top.

A file on disk is compared with its record when a view first looks at it, so that an answer is
right also before anything has reported a change; only a file that is new, or newly has a name,
is found no sooner than the next report or scan.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mcp_tools.index.building import Seen
from mcp_tools.index.foreground import Foreground
from mcp_tools.index.knowledge import Knowledge
from mcp_tools.index.known import Known
from mcp_tools.index.memory import QueryMemory
from mcp_tools.index.name_search import Match, Query
from mcp_tools.index.outside import Outside
from mcp_tools.index.outside_facts import OutsideFacts
from mcp_tools.index.overlays import Overlay, Overlays
from mcp_tools.index.segments import NO_CONTENT
from mcp_tools.index.symbol_search import SymbolSearch
from mcp_tools.index.symbol_table import Row, make_symbol_table
from mcp_tools.index.text_search import files_mentioning
from mcp_tools.types.codebase import IndexState, LeftOut, SymbolHit
from mcp_tools.types.documents import Document, SnapshotView
from mcp_tools.types.errors import ExpectedError, NotFound, StaleEdit
from mcp_tools.types.facts import Facts
from mcp_tools.types.glances import Glance
from mcp_tools.types.text import Digest
from mcp_tools.workspace.disk.stats import stat_of

_MAX_HITS = 3_000
"""Names of one kind that are looked at to find the best of them."""
_MIN_SORTED = 200
"""Hits of one kind that are put in order by their files, however few are asked for."""

_MAX_TEXT_SEARCHES = 20
"""For so many names files that wait are searched; for more, it is cheaper to read them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What all views of one index share."""

    knowledge: Knowledge
    overlays: Overlays
    outside: Outside
    outside_facts: OutsideFacts
    memory: QueryMemory
    searches: list[SymbolSearch] = field(default_factory=list[SymbolSearch])
    """The search that was used last."""
    read: Callable[[Sequence[str]], None]
    """Reads files of the workspace now."""
    look_for: Callable[[Sequence[str], str], Seen]
    """Looks for a name in files of the workspace now."""
    foreground: Foreground
    """Is told that an answer is being worked out."""

    def symbol_search(self, known: Known) -> SymbolSearch:
        """Give the search over what is known; it is made anew when there are new segments."""
        for search in self.searches:
            if search.segments is known.segments:
                return search
        search = SymbolSearch(known.segments)
        self.searches[:] = [search]
        return search


class IndexedCodebase:
    """The code of a workspace at one moment; implements CodebaseView."""

    def __init__(self, parts: Parts, snapshot: SnapshotView) -> None:
        """Show what is known now, and what the snapshot lays over it."""
        self._parts = parts
        self._snapshot = snapshot
        self._known: Known = parts.knowledge.known
        self._overlay: Overlay = parts.overlays.over(snapshot, self._known)
        self._revision = parts.overlays.revision(self._known, self._overlay)
        self._contents: dict[str, int] = {}
        self._facts: dict[str, Facts | None] = {}
        self._with: dict[str, tuple[str, ...]] = {}
        self._glances: dict[str, dict[str, Glance]] = {}
        """By name and file."""
        self._mentioning: dict[str, Sequence[str]] = {}
        """By name, the files that waited and have it somewhere in their text, but glances."""
        self._glanced_digests: dict[str, Digest] = {}
        self._files: tuple[str, ...] | None = None
        self._is_partial = False
        self._n_text_searches = 0
        self._changed: set[str] = set()
        """Files that are not as the tables know them."""
        self._own: dict[str, Document] | None = None

    @property
    def root(self) -> Path:
        """The workspace root."""
        return self._snapshot.root

    @property
    def snapshot(self) -> SnapshotView:
        """The documents that this is about."""
        return self._snapshot

    @property
    def memory(self) -> QueryMemory:
        """What queries remember; shared by all views of one index."""
        return self._parts.memory

    @property
    def revision(self) -> int:
        """Equal for two views of one index only if every file has the same text in both."""
        return self._revision

    def state(self) -> IndexState:
        """Tell how much is known.

        While files wait to be read, all that `files_with` and `facts` gave is complete all the
        same, since they read what they need; it is `find_symbols` that cannot know these files.
        So the state is complete unless that was asked.
        """
        n_waiting = sum(1 for file in self._known.pending if file not in self._contents)
        n_files = len(self.files())
        left_out = [f for f in self._known.left_out if not self._overlay.covers(f.file)]
        left_out += [f for f in self._late_left_out() if not self._overlay.covers(f.file)]
        return IndexState(
            is_complete=not (self._is_partial and n_waiting),
            n_files=n_files,
            n_indexed=n_files - n_waiting - len(left_out),
            left_out=tuple(sorted((*left_out, *self._overlay.left_out), key=lambda f: f.file)),
        )

    def files(self) -> Sequence[str]:
        """Give all source files that are known so far, sorted."""
        if self._files is None:
            files, hidden = self._known.files, self._overlay.hidden
            new = [file for file in self._overlay.documents if not self._known.has(file)]
            # Most views show the very files that were found, of which there may be many.
            if new or hidden:
                files = tuple(sorted(file for file in (*files, *new) if file not in hidden))
            self._files = files
        return self._files

    def digest(self, file: str) -> Digest | None:
        """Give the digest of a file's text; None if there is no such file, or it is left out."""
        document = self._overlay.documents.get(file)
        if document is not None:
            return document.digest
        if file in self._glanced_digests and file not in self._contents:
            return self._glanced_digests[file]
        content = self._content(file)
        return None if content == NO_CONTENT else self._parts.knowledge.digest_of(content)

    def facts(self, file: str) -> Facts | None:
        """Give the facts of a file, inside or outside; None if there is none."""
        if file not in self._facts:
            self._facts[file] = self._find_facts(file)
        return self._facts[file]

    def files_with(self, name: str) -> Sequence[str]:
        """Give the files in which `name` occurs as a name, sorted."""
        if name not in self._with:
            self._with[name] = tuple(sorted(self._find_with(name)))
        return self._with[name]

    def glances(self, name: str) -> Mapping[str, Glance]:
        """Give the files that only import and use a name, of those that wait to be read."""
        if name not in self._glances:
            waiting = self._waiting()
            unread = [file for file in waiting if not self._is_read(file)]
            seen = self._parts.look_for(unread, name) if unread else Seen(glanced=(), read=())
            read_before = set(waiting) - set(unread)
            also = files_mentioning(self.root, read_before, name)
            self._mentioning[name] = (*seen.read, *also)
            self._look_at(self._mentioning[name])
            self._glances[name] = {each.file: each.glance for each in seen.glanced}
            self._glanced_digests |= {e.file: Digest(e.digest.hex()) for e in seen.glanced}
            self._n_text_searches += 1
        return self._glances[name]

    def files_using(self, name: str) -> Sequence[str]:
        """Give the files with a name, without those that are known to define it only."""
        defining: set[int] = set()
        for segment in self._known.segments:
            defining.update(segment.contents_only_defining(name))
        glances = self._glances.get(name, ())
        return [
            file
            for file in self.files_with(name)
            if file in glances or self._shown_content(file) not in defining
        ]

    def find_symbols(self, query: str, limit: int) -> Sequence[SymbolHit]:
        """Give definitions whose name matches, best first."""
        self._is_partial = True
        asked = Query(query)
        while True:
            hits = self._best(asked, limit)
            files = {hit.file for hit in hits if not self._overlay.covers(hit.file)}
            changed = {file for file in files - self._changed if self._has_changed(file)}
            if not changed:
                return hits
            self._changed |= changed

    def document(self, file: str) -> Document:
        """Give the document of a file as the facts know it.

        Raises: StaleEdit if the file has changed on disk since the view was taken; NotFound.
        """
        document = self._overlay.documents.get(file)
        if document is not None:
            return document
        digest = self.digest(file)
        if digest is None:
            raise NotFound(f"there is no source file {file!r} in the index")
        if os.path.isabs(file):
            document = self._document_outside(file)
        else:
            document = self._snapshot.read(self.root / file)
        if document.digest != digest:
            raise StaleEdit(f"{file!r} changed after it was looked at; ask again")
        return document

    def module_outside(self, name: str) -> str | None:
        """Give the file of a module of the standard library or of an installed package."""
        return self._parts.outside.module(name)

    def _shown_content(self, file: str) -> int:
        """Give the content of a file as the view shows it; NO_CONTENT for one that is not kept."""
        document = self._overlay.documents.get(file)
        if document is not None:
            return self._parts.knowledge.content_of(document.digest)
        return self._content(file)

    def _content(self, file: str) -> int:
        """Give the content of a file on disk, as it was when this view first looked at it."""
        if file not in self._contents:
            self._contents[file] = self._find_content(file)
        return self._contents[file]

    def _find_content(self, file: str) -> int:
        if file in self._overlay.hidden:
            return NO_CONTENT
        if os.path.isabs(file):
            return self._parts.outside_facts.content(file)
        if not self._known.has(file):
            return NO_CONTENT
        if not self._is_read(file):
            self._parts.read((file,))
        return self._read_content(file)

    def _read_content(self, file: str) -> int:
        record = self._parts.knowledge.known.records.get(file)
        return NO_CONTENT if record is None else record.content

    def _is_read(self, file: str) -> bool:
        """Tell whether the file on disk is the one that was read."""
        record = self._parts.knowledge.known.records.get(file)
        if record is None:
            return False
        try:
            status = os.lstat(f"{self.root}/{file}")
        except (OSError, ValueError):
            return False
        return record.stat == stat_of(status) and not record.is_racy

    def _find_facts(self, file: str) -> Facts | None:
        self._parts.foreground.note()
        document = self._overlay.documents.get(file)
        if document is not None:
            return self._parts.overlays.facts(file, document)
        content = self._content(file)
        if content == NO_CONTENT:
            return None
        if os.path.isabs(file):
            return self._parts.outside_facts.facts(file, content)
        found = self._parts.knowledge.facts(content)
        if found is None:  # lost or damaged on disk
            self._parts.read((file,))
            self._contents[file] = self._read_content(file)
            found = self._parts.knowledge.facts(self._contents[file])
        return found

    def _find_with(self, name: str) -> Iterator[str]:
        """Give the files with a name; those that wait to be read are read if they mention it."""
        if self._n_text_searches == _MAX_TEXT_SEARCHES:
            self._read_waiting()
        yield from (file for file in self._own_documents() if self._has(file, name))
        indexed = self._indexed_with(name)
        documents = self._overlay.documents
        self._look_at(file for file in indexed if file not in documents)
        for file, content in indexed.items():
            # A file that has changed since may not have the name any more.
            if file in documents or self._content(file) == content or self._has(file, name):
                yield file
        mentioning = self._mentioning.get(name)
        if mentioning is None and (waiting := self._waiting()):
            self._n_text_searches += 1
            mentioning = files_mentioning(self.root, waiting, name)
        if mentioning:
            self._look_at(mentioning)
            yield from (file for file in mentioning if self._has(file, name))
        yield from self._glances.get(name, ())

    def _waiting(self) -> list[str]:
        return [file for file in self._known.pending if not self._overlay.covers(file)]

    def _read_waiting(self) -> None:
        """Read all that waits, and go on with what is known then."""
        self._look_at(self._waiting())
        self._known = self._parts.knowledge.known
        self._own = None
        self._glances.clear()
        self._mentioning.clear()
        self._n_text_searches += 1  # that was done

    def _own_documents(self) -> Mapping[str, Document]:
        """Give the documents with a text of their own; most that are open are as they were read."""
        if self._own is None:
            self._own = {f: d for f, d in self._overlay.documents.items() if self._is_own(f, d)}
        return self._own

    def _is_own(self, file: str, document: Document) -> bool:
        record = self._known.records.get(file)
        if record is None or record.is_left_out:
            return True
        return self._parts.knowledge.content_of(document.digest) != record.content

    def _indexed_with(self, name: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for segment in self._known.segments:
            for content in segment.contents_with(name):
                for file in self._known.by_content.get(content, ()):
                    if not self._is_own_or_hidden(file):
                        found[file] = content
        return found

    def _has(self, file: str, name: str) -> bool:
        facts = self.facts(file)
        return facts is not None and len(facts.occurrences(name)) > 0

    def _look_at(self, files: Iterable[str]) -> None:
        """Look at files for the first time, and read those that need it together."""
        unread: list[str] = []
        for file in files:
            if file in self._contents:
                continue
            if self._is_read(file):
                self._contents[file] = self._parts.knowledge.known.records[file].content
            else:
                unread.append(file)
        if unread:
            self._parts.read(unread)
        for file in unread:
            self._contents[file] = self._read_content(file)

    def _best(self, query: Query, limit: int) -> list[SymbolHit]:
        hits: list[SymbolHit] = []
        for match in Match:
            if match is Match.LETTERS and hits:
                break  # A name that has the query in one piece is what is meant.
            hits += self._matching(query, match, limit - len(hits))
            if len(hits) >= limit:
                break
        return hits[:limit]

    def _matching(self, query: Query, match: Match, limit: int) -> list[SymbolHit]:
        """Give the best hits of one kind, those with short names first."""
        hits = list(self._matching_here(query, match))
        search = self._parts.symbol_search(self._known)
        for content, row in search.search(query, match, _MAX_HITS):
            if len(hits) >= max(limit, _MIN_SORTED):
                break
            files = self._known.by_content.get(content, ())
            hits += [_hit(file, row) for file in files if not self._is_other(file)]
        return sorted(hits, key=_rank)[:limit]

    def _matching_here(self, query: Query, match: Match) -> Iterator[SymbolHit]:
        """Give the hits in files that are not as the tables know them."""
        tables = [
            (file, self._parts.overlays.symbols(file, document))
            for file, document in self._own_documents().items()
        ]
        for file in self._changed:
            facts = self.facts(file)
            tables.append((file, make_symbol_table(() if facts is None else (facts,))))
        for file, table in tables:
            yield from (_hit(file, table.row(*found)) for found in table.search(query, match))

    def _is_other(self, file: str) -> bool:
        """Tell whether a file is shown otherwise than the tables know it."""
        return self._is_own_or_hidden(file) or file in self._changed

    def _is_own_or_hidden(self, file: str) -> bool:
        return file in self._overlay.hidden or file in self._own_documents()

    def _has_changed(self, file: str) -> bool:
        """Tell whether a file on disk is not the one that the tables know."""
        record = self._known.records.get(file)
        return record is not None and self._content(file) != record.content

    def _late_left_out(self) -> Iterator[LeftOut]:
        """Give what this view itself found to be unreadable."""
        records = self._parts.knowledge.known.records
        for file, content in self._contents.items():
            if content == NO_CONTENT and file in self._known.pending and file in records:
                yield LeftOut(file=file, reason=records[file].reason)

    def _document_outside(self, file: str) -> Document:
        try:
            return Document(path=Path(file), text=self._parts.outside_facts.text(file))
        except (ExpectedError, OSError) as error:
            raise NotFound(f"the file {file!r} cannot be read any more") from error


def _hit(file: str, row: Row) -> SymbolHit:
    return SymbolHit(
        file=file,
        symbol=row.symbol,
        name=row.name,
        container=row.container,
        kind=row.kind,
        name_start=row.name_start,
        line=row.line,
        column=row.column,
    )


def _rank(hit: SymbolHit) -> tuple[int, str, int]:
    return len(hit.name), hit.file, hit.name_start
