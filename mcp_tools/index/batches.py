"""A batch of files read and extracted: what a worker process gives back for its work."""

from collections.abc import Container, Iterable
from pathlib import Path

import msgspec

from mcp_tools.index.packing import pack
from mcp_tools.index.postings import Postings, make_postings
from mcp_tools.index.reading import FAULT, facts_of, packed_digest, read_source
from mcp_tools.index.symbol_table import SymbolTable, make_symbol_table
from mcp_tools.types.facts import Facts


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


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Files in the order in which they were asked for."""

    files: list[ReadFile]
    gone: list[str]
    """Those that are not there any more."""
    postings: Postings
    """Of the files with facts, in their order; so are the symbols."""
    symbols: SymbolTable


class Setup(msgspec.Struct, frozen=True, array_like=True):
    """The first message to a worker."""

    root: str
    known: bytes
    """Digests, 16 bytes each, of contents that need not be extracted."""


DIGEST_BYTES = 16


def make_batch(root: Path, files: Iterable[str], known: Container[bytes]) -> Batch:
    """Read files of the workspace and extract what is not known yet."""
    found: list[ReadFile] = []
    gone: list[str] = []
    extracted: dict[bytes, Facts] = {}
    for file in files:
        source = read_source(root, file)
        if source is None:
            gone.append(file)
            continue
        text, reason, stat, read_ns = source
        digest = b"" if reason else packed_digest(text)
        packed = b""
        if digest and digest not in known and digest not in extracted:
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
    )


def batch_of(files: list[ReadFile]) -> Batch:
    """Give a batch without anything new in it."""
    return Batch(files=files, gone=[], postings=make_postings(()), symbols=make_symbol_table(()))
