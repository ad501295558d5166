"""A batch of files read and extracted: what a worker process gives back for its work.

A batch is made for the index, or for a question about one name: then it has the files that
mention the name, and those for which a glance was enough are not extracted.
"""

from collections.abc import Container, Sequence
from pathlib import Path

import msgspec

from mcp_tools.index.packing import pack
from mcp_tools.index.postings import Postings, make_postings
from mcp_tools.index.reading import FAULT, facts_of, glance_at, packed_digest, read_source
from mcp_tools.index.symbol_table import SymbolTable, make_symbol_table
from mcp_tools.index.text_search import files_mentioning
from mcp_tools.types.facts import Facts
from mcp_tools.types.glances import Glance


class ReadFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file of a batch."""

    file: str
    mtime_ns: int
    size_bytes: int
    inode: int
    read_ns: int
    reason: str
    """Why it is left out; empty if it is not."""
    digest: bytes
    """Of its text; empty if there is a reason."""
    facts: bytes
    """Packed; empty if the digest was known, or comes twice in the batch."""


class Glanced(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file that was looked at for one name only."""

    file: str
    digest: bytes
    glance: Glance


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Files in the order in which they were asked for."""

    files: list[ReadFile]
    gone: list[str]
    """Those that are not there any more."""
    postings: Postings
    """Of the files with facts, in their order; so are the symbols."""
    symbols: SymbolTable
    glanced: list[Glanced] = []
    """Those for which a glance was enough; they are not among `files`."""


class Order(msgspec.Struct, frozen=True, array_like=True):
    """What a worker is asked for."""

    files: Sequence[str]
    name: str = ""
    """Only this name is asked for; empty for all facts of all files."""


class Setup(msgspec.Struct, frozen=True, array_like=True):
    """The first message to a worker."""

    root: str
    known: bytes
    """Digests, 16 bytes each, of contents that need not be extracted."""


DIGEST_BYTES = 16


def make_batch(root: Path, order: Order, known: Container[bytes]) -> Batch:
    """Read files of the workspace and extract what is not known yet."""
    found: list[ReadFile] = []
    gone: list[str] = []
    glanced: list[Glanced] = []
    extracted: dict[bytes, Facts] = {}
    name = order.name
    for file in files_mentioning(root, order.files, name) if name else order.files:
        source = read_source(root, file)
        if source is None:
            gone.append(file)
            continue
        text, reason, stat, read_ns = source
        digest = b"" if reason else packed_digest(text)
        packed = b""
        if digest and digest not in known and digest not in extracted:
            glance = glance_at(file, text, name) if name else None
            if glance is not None:
                glanced.append(Glanced(file, digest, glance))
                continue
            facts = facts_of(file, text)
            if facts is None:
                digest, reason = b"", FAULT
            else:
                extracted[digest] = facts
                packed = pack(facts)
        found.append(ReadFile(file, *stat, read_ns, reason, digest, packed))
    return Batch(
        files=found,
        gone=gone,
        postings=make_postings(extracted.values()),
        symbols=make_symbol_table(extracted.values()),
        glanced=glanced,
    )


def batch_of(files: list[ReadFile]) -> Batch:
    """Give a batch without anything new in it."""
    return Batch(files=files, gone=[], postings=make_postings(()), symbols=make_symbol_table(()))
