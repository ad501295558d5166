"""Facts of files outside of the workspace, kept in its index like those within."""

import os
import time
from pathlib import Path
from threading import Lock

from mcp_tools.index.batches import ReadFile
from mcp_tools.index.knowledge import Knowledge
from mcp_tools.index.languages import language_of
from mcp_tools.index.outside import Outside
from mcp_tools.index.packing import pack
from mcp_tools.index.reading import MAX_SOURCE_BYTES, facts_of, packed_digest
from mcp_tools.index.records import Record
from mcp_tools.index.segments import NO_CONTENT
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.facts import Facts
from mcp_tools.workspace.disk.stats import stat_of
from mcp_tools.workspace.encoding import decode


class OutsideFacts:
    """Reads stubs and installed packages. Safe to use from several threads."""

    def __init__(self, knowledge: Knowledge, outside: Outside) -> None:
        """Read what `outside` names, and nothing else."""
        self._knowledge = knowledge
        self._outside = outside
        self._records: dict[str, Record] = {}
        self._lock = Lock()

    def open(self, records: dict[str, Record]) -> None:
        """Take over what an earlier process knew."""
        self._records = records

    def content(self, file: str) -> int:
        """Give the content of a file as it is now, NO_CONTENT if there is none to be had."""
        if not self._outside.has(file) or language_of(file) is None:
            return NO_CONTENT
        try:
            stat = stat_of(os.stat(file))
        except (OSError, ValueError):
            return NO_CONTENT
        record = self._records.get(file)
        if record is None or record.stat != stat:
            record = self._read(file)
        return record.content

    def facts(self, file: str, content: int) -> Facts | None:
        """Give the facts of a content that `content` gave."""
        found = self._knowledge.facts(content)
        if found is None and content != NO_CONTENT:
            found = self._knowledge.facts(self._read(file).content)
        return found

    def text(self, file: str) -> str:
        """Give the text of a file.

        Raises: ExpectedError, OSError.
        """
        with Path(file).open("rb") as opened:
            return decode(opened.read(MAX_SOURCE_BYTES + 1), Path(file))[0]

    def _read(self, file: str) -> Record:
        read_ns = time.time_ns()
        nothing = Record(NO_CONTENT, stat_of(os.stat(file)), read_ns, "it cannot be read")
        try:
            text = self.text(file)
        except (ExpectedError, OSError):
            return nothing
        facts = facts_of(file, text)
        if facts is None or len(text) > MAX_SOURCE_BYTES:
            return nothing
        digest = packed_digest(text)
        with self._lock:
            read = ReadFile(file, *nothing.stat, read_ns, "", digest, pack(facts))
            content = self._knowledge.store.save_outside(read)
            self._knowledge.add_outside(digest, content)
            record = Record(content, nothing.stat, read_ns, "")
            self._records[file] = record
        return record
