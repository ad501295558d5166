"""Everything that one process knows of a root: the store, and what it has made of it so far."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import RLock

from mcp_tools.index.batches import Batch
from mcp_tools.index.facts_cache import FactsCache
from mcp_tools.index.known import (
    Known,
    begun,
    collected,
    forgotten,
    learned,
    scanned,
    touched,
    with_segments,
)
from mcp_tools.index.languages import language_of
from mcp_tools.index.packing import Unreadable, unpack
from mcp_tools.index.records import Record
from mcp_tools.index.segments import NO_CONTENT, Segment
from mcp_tools.index.store import Store
from mcp_tools.types.facts import Facts
from mcp_tools.types.text import Digest
from mcp_tools.workspace.disk.stats import Stat
from mcp_tools.workspace.disk.walking import walk

logger = logging.getLogger(__name__)


class Knowledge:
    """Which files there are, which texts they have, and the facts of these. Thread-safe."""

    def __init__(self, root: Path, store: Store) -> None:
        """Take the store; it is opened by `open`."""
        self.root = root
        self.store = store
        self.cache = FactsCache()
        self._lock = RLock()
        self._known = Known()
        self._digests: dict[int, bytes] = {}
        self._contents: dict[bytes, int] = {}
        self._covered: set[int] = set()

    @property
    def known(self) -> Known:
        """What is known at this moment."""
        return self._known

    def open(self) -> dict[str, Record]:
        """Take over what is stored, and give the records of files outside.

        Files of the workspace are believed after the next `scan` only.
        """
        with self._lock:
            loaded = self.store.load()
            self._contents = loaded.contents
            self._digests = {content: digest for digest, content in loaded.contents.items()}
            self._cover(loaded.segments)
            records = {
                file: record
                for file, record in loaded.records.items()
                if record.is_left_out or record.content in self._covered
            }
            self._known = begun(records, loaded.segments)
            return loaded.outside

    def scan(self) -> tuple[str, ...]:
        """See which files there are now, and give the folders that may have some."""
        found = walk(self.root, lambda name: language_of(name) is not None)
        files = {file: stat for file, stat in found.files.items() if _is_nameable(file)}
        with self._lock:
            before = self._known
            self._known = scanned(before, files)
            gone = before.records.keys() - files.keys()
        if gone:
            self.store.update((), gone)
        return found.folders

    def touch(self, changed: Mapping[str, Stat | None]) -> None:
        """Take over that files have changed on disk; None for one that is gone."""
        with self._lock:
            gone = [f for f, stat in changed.items() if stat is None and f in self._known.records]
            self._known = touched(self._known, changed)
        if gone:
            self.store.update((), gone)

    def learn(self, batch: Batch) -> tuple[str, ...]:
        """Take over, and keep, what was read; give the files that must be read without `known`.

        Those have a text that was known, but that another process has removed since.
        """
        with self._lock:
            saved = self.store.save(batch)
            self._cover(saved.segments)
            here = {d: c for d, c in saved.contents.items() if c in self._covered}
            for digest, content in here.items():
                self._contents[digest] = content
                self._digests[content] = digest
            lost = [read for read in batch.files if read.digest and read.digest not in here]
            for read in lost:
                self._contents.pop(read.digest, None)
            self._known = learned(with_segments(self._known, saved.segments), batch, here)
            return tuple(read.file for read in lost)

    def known_digests(self) -> frozenset[bytes]:
        """Give the digests of all contents that need no extraction."""
        with self._lock:
            return frozenset(d for d, c in self._contents.items() if c in self._covered)

    def content_of(self, digest: Digest) -> int:
        """Give the content with a digest, NO_CONTENT if there is none."""
        return self._contents.get(bytes.fromhex(digest), NO_CONTENT)

    def digest_of(self, content: int) -> Digest:
        """Give the digest of a content."""
        return Digest(self._digests[content].hex())

    def facts(self, content: int) -> Facts | None:
        """Give the facts of a content.

        None if they are lost or damaged; the files of this content then wait to be read again.
        """
        found = self.cache.get(content)
        if found is not None:
            return found
        data = self.store.facts(content)
        try:
            if data is None:
                raise Unreadable("it is gone")
            facts = unpack(data)
        except Unreadable as error:
            logger.warning("an entry of the index is made anew: %s", error)
            self._lose(content)
            return None
        self.cache.put(content, facts)
        return facts

    def add_outside(self, digest: bytes, content: int) -> None:
        """Take over a content of a file outside, which no segment has."""
        with self._lock:
            self._contents[digest] = content
            self._digests[content] = digest

    def collect(self) -> None:
        """Make the store smaller where that is worth it."""
        with self._lock:
            self._known = collected(self._known, self.store.collect())

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def _cover(self, segments: Iterable[Segment]) -> None:
        for segment in segments:
            self._covered.update(segment.contents)
        self._covered.discard(NO_CONTENT)

    def _lose(self, content: int) -> None:
        self.store.forget(content)
        with self._lock:
            self._contents.pop(self._digests.get(content, b""), None)
            self._covered.discard(content)
            self._known = forgotten(self._known, content)


def _is_nameable(file: str) -> bool:
    """Tell whether a file's name is UTF-8, as every protocol wants it."""
    try:
        file.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
