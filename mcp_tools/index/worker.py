"""A worker process: file names in, facts out, until the other end is closed.

Frames are four bytes of length and a message in msgpack. The first that comes is a `Setup`,
then orders, each answered by a `Batch`; the first that goes is an empty list, which says that the
worker is ready. A server that is killed closes the pipe, and so ends its workers.
"""

import gc
import importlib
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from mcp_tools.index.batches import DIGEST_BYTES, Order, Setup, make_batch
from mcp_tools.index.languages import LANGUAGES

LENGTH_BYTES = 4
_MAX_DATA_BYTES = 2 * 1024**3
"""What a worker may allocate; a file that needs more is left out."""


def main() -> None:
    """Work until standard input ends."""
    # Facts and syntax trees have no cycles, and looking for some costs a tenth of the time.
    gc.disable()
    _limit_memory()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    with suppress(BrokenPipeError):
        _serve(source, sink)


def read_frame(source: IO[bytes]) -> bytes | None:
    """Give the next message; None if there is none, or not all of it."""
    header = source.read(LENGTH_BYTES)
    if len(header) < LENGTH_BYTES:
        return None
    length = int.from_bytes(header, "little")
    data = source.read(length)
    return data if len(data) == length else None


def write_frame(sink: IO[bytes], data: bytes) -> None:
    """Write one message."""
    sink.write(len(data).to_bytes(LENGTH_BYTES, "little"))
    sink.write(data)
    sink.flush()


def _serve(source: IO[bytes], sink: IO[bytes]) -> None:
    first = read_frame(source)
    if first is None:
        return
    setup = msgspec.msgpack.decode(first, type=Setup)
    root = Path(setup.root)
    starts = range(0, len(setup.known), DIGEST_BYTES)
    known = frozenset(setup.known[start : start + DIGEST_BYTES] for start in starts)
    orders = msgspec.msgpack.Decoder(Order)
    for language in LANGUAGES:
        language.extract("")  # It loads the parser, while nobody waits for this worker yet.
    write_frame(sink, msgspec.msgpack.encode([]))
    while (data := read_frame(source)) is not None:
        batch = make_batch(root, orders.decode(data), known)
        write_frame(sink, msgspec.msgpack.encode(batch))


def _limit_memory() -> None:
    """Bound what this process allocates; only Linux can do it."""
    if sys.platform == "linux":
        resource = importlib.import_module("resource")
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (_MAX_DATA_BYTES, _MAX_DATA_BYTES))


if __name__ == "__main__":
    main()
