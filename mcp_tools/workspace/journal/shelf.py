"""Proposals that wait for review, kept with the journal, so that they survive a restart."""

import logging
from pathlib import Path

from mcp_tools.types.contents import Content
from mcp_tools.types.errors import JournalFailed, NotFound
from mcp_tools.types.json import JsonValue
from mcp_tools.types.text import Digest
from mcp_tools.workspace.journal.contents import bytes_of, content_of, text_of
from mcp_tools.workspace.journal.database import Connection
from mcp_tools.workspace.journal.gathering import Gathering
from mcp_tools.workspace.journal.journal import Journal
from mcp_tools.workspace.journal.packing import Unreadable, list_of, packed, texts_of, unpacked
from mcp_tools.workspace.proposals import Proposal, ProposedFile

logger = logging.getLogger(__name__)

_MAX_KNOWN = 64


class Shelf:
    """The proposals of one workspace. Other processes may add and settle them too."""

    def __init__(self, journal: Journal) -> None:
        """Take the journal that they are kept with."""
        self._journal = journal
        self._store = journal.store
        self._known: dict[str, tuple[bytes, Proposal]] = {}
        """What was kept or found last, with the details that it has there."""

    def save(self, proposal: Proposal) -> None:
        """Keep a proposal, in place of the one with its id if there is one.

        Raises: JournalFailed, also if a content is too large; what was kept stays then.
        """
        gathering = self._journal.gathering()
        details = _details_of(proposal, gathering)
        key = bytes_of(proposal.id)

        def replace(connection: Connection) -> None:
            connection.execute(
                "INSERT INTO proposals (id, details) VALUES (?, ?) "
                "ON CONFLICT (id) DO UPDATE SET details = excluded.details",
                (key, details),
            )
            question = "SELECT number FROM proposals WHERE id = ?"
            (number,) = connection.execute(question, (key,)).fetchone()
            rows = connection.execute("SELECT key FROM holds WHERE number = ?", (number,))
            held = {Digest(digest) for (digest,) in rows}
            # The new first: a content that nothing needs is dropped at once.
            connection.executemany(
                "INSERT INTO holds (number, key) VALUES (?, ?)",
                [(number, digest) for digest in gathering.blobs.keys() - held],
            )
            connection.executemany(
                "DELETE FROM holds WHERE number = ? AND key = ?",
                [(number, digest) for digest in held - gathering.blobs.keys()],
            )

        self._store.keep(gathering.blobs, replace)
        self._know(details, proposal)

    def remove(self, proposal_id: str) -> bool:
        """Forget a proposal; False if there is none, because another process settled it.

        Raises: JournalFailed.
        """
        key = bytes_of(proposal_id)
        self._known.pop(proposal_id, None)
        return self._store.write(
            lambda db: db.execute("DELETE FROM proposals WHERE id = ?", (key,)).rowcount > 0
        )

    def has(self, proposal_id: str) -> bool:
        """Tell whether a proposal still waits.

        Raises: JournalFailed.
        """
        return self._is_there(bytes_of(proposal_id))

    def find(self, proposal_id: str) -> Proposal | None:
        """Give a proposal that waits; None if there is none. One that is as it was costs little.

        Raises: JournalFailed, also if it is there and cannot be read.
        """
        key = bytes_of(proposal_id)
        question = "SELECT id, details FROM proposals WHERE id = ?"
        row = self._store.read(lambda db: db.execute(question, (key,)).fetchone())
        if row is None:
            self._known.pop(proposal_id, None)
            return None
        known = self._known.get(proposal_id)
        if known is not None and known[0] == row[1]:
            return known[1]
        try:
            proposal = self._proposal_of(*row)
        except (JournalFailed, NotFound, ValueError) as error:
            if not self._is_there(key):  # Another process has settled it since the question.
                return None
            raise JournalFailed(
                f"the proposal {proposal_id!r} cannot be read any more: {error}"
            ) from error
        self._know(row[1], proposal)
        return proposal

    def all(self) -> tuple[Proposal, ...]:
        """Give the proposals in the order in which they were first saved.

        One that is damaged is logged and left out. Raises: JournalFailed if none can be read.
        """
        question = "SELECT id, details FROM proposals ORDER BY number"
        rows = self._store.read(lambda db: db.execute(question).fetchall())
        found: list[Proposal] = []
        for key, details in rows:
            try:
                found.append(self._proposal_of(key, details))
            except (JournalFailed, NotFound, ValueError):
                # Another process may have settled it since the question.
                if self._is_there(key):
                    logger.exception("a kept proposal cannot be read, and is left out")
        return tuple(found)

    def _know(self, details: bytes, proposal: Proposal) -> None:
        self._known[proposal.id] = details, proposal
        if len(self._known) > _MAX_KNOWN:
            self._known.pop(next(iter(self._known)), None)

    def _is_there(self, key: object) -> bool:
        question = "SELECT 1 FROM proposals WHERE id = ?"
        return self._store.read(lambda db: db.execute(question, (key,)).fetchone()) is not None

    def _proposal_of(self, key: object, details: object) -> Proposal:
        if not (isinstance(key, bytes) and isinstance(details, bytes)):
            raise Unreadable(f"expected bytes, got {key!r} and {details!r}")
        match unpacked(details):
            case {
                "label": str(label),
                "is_draft": bool(is_draft),
                "below": below,
                "session_id": str(session_id),
                "made_by": str(made_by),
                "files": files,
            }:
                return Proposal(
                    id=text_of(key),
                    label=label,
                    files=dict(self._file_of(file) for file in list_of(files)),
                    is_draft=is_draft,
                    below=texts_of(below),
                    session_id=session_id,
                    made_by=made_by,
                )
            case other:
                raise Unreadable(f"expected the details of a proposal, got {other!r}")

    def _file_of(self, value: JsonValue) -> tuple[Path, ProposedFile]:
        match value:
            case {
                "path": str(path),
                "base": base,
                "content": content,
                "mode": int() | None as mode,
                "has_bom": bool() | None as has_bom,
            }:
                file = ProposedFile(
                    base=self._content_of(base),
                    content=self._content_of(content),
                    mode=mode,
                    has_bom=has_bom,
                )
                return self._journal.root / path, file
            case _:
                raise Unreadable(f"expected a file of a proposal, got {value!r}")

    def _content_of(self, value: JsonValue) -> Content | None:
        match value:
            case None:
                return None
            case [str(kind), str(digest), int(size_bytes)]:
                return content_of(kind, self._store.load(Digest(digest), size_bytes))
            case _:
                raise Unreadable(f"expected a content, got {value!r}")


def _details_of(proposal: Proposal, gathering: Gathering) -> bytes:
    """Give all of a proposal but its id, and add its contents to `gathering`."""
    files = [
        {
            "path": (name := gathering.name_of(path)),
            "base": _place_of(name, file.base, gathering),
            "content": _place_of(name, file.content, gathering),
            "mode": file.mode,
            "has_bom": file.has_bom,
        }
        for path, file in proposal.files.items()
    ]
    return packed(
        {
            "label": proposal.label,
            "is_draft": proposal.is_draft,
            "below": proposal.below,
            "session_id": proposal.session_id,
            "made_by": proposal.made_by,
            "files": files,
        }
    )


def _place_of(
    name: str, content: Content | None, gathering: Gathering
) -> tuple[str, Digest, int] | None:
    if content is None:
        return None
    blob = gathering.add(name, content)
    return blob.kind, blob.digest, len(blob.data)
