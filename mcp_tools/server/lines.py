"""Lines out of a stream of bytes, none of them longer than a limit."""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_LINE = 16 * 1024 * 1024

_EDGE_BYTES = 512


@dataclass(frozen=True, slots=True)
class TooLong:
    """What is left of a line that was too long to be kept."""

    start: bytes
    end: bytes


class LineSplitter:
    """Collects bytes and gives whole lines; what is too long is skipped to the next line end."""

    def __init__(self, limit: int = LONGEST_LINE) -> None:
        """Give lines of at most `limit` bytes."""
        self._limit = limit
        self._begun = bytearray()
        self._start: bytes | None = None
        """Of the line that is skipped; None if none is."""

    def feed(self, data: bytes) -> Iterator[bytes | TooLong]:
        """Give the lines that end in `data`, without their ends."""
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            yield from self._ended(data[start:end])
            start = end + 1
        self._keep(data[start:])

    def end(self) -> Iterator[bytes | TooLong]:
        """Give what stands after the last line end."""
        if self._begun or self._start is not None:
            yield from self._ended(b"")

    def _ended(self, rest: bytes) -> Iterator[bytes | TooLong]:
        self._keep(rest)
        line, self._begun = bytes(self._begun).removesuffix(b"\r"), bytearray()
        start, self._start = self._start, None
        yield line if start is None else TooLong(start, line)

    def _keep(self, rest: bytes) -> None:
        self._begun += rest
        if self._start is None and len(self._begun) > self._limit:
            self._start = bytes(self._begun[:_EDGE_BYTES])
        if self._start is not None:
            del self._begun[:-_EDGE_BYTES]
