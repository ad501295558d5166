"""Bodies that come compressed, unpacked no further than they are wanted."""

import zlib
from typing import Protocol

from mcp_tools.types.errors import ExpectedError

ACCEPTED = "gzip, deflate"

_GZIP = 16 + zlib.MAX_WBITS


class Unpacker(Protocol):
    """Takes a body piece by piece."""

    def take(self, data: bytes, n_bytes: int) -> bytes:
        """Give what a piece stands for, but no more than so many bytes of it.

        Raises: ExpectedError if the body is damaged.
        """
        ...


def unpacker_for(encoding: str) -> Unpacker:
    """Give what unpacks a body with this `Content-Encoding`.

    Raises: ExpectedError if nothing here does.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return _Plain()
        case "gzip" | "x-gzip":
            return _Compressed(_GZIP)
        case "deflate":
            return _Compressed(zlib.MAX_WBITS)
        case other:
            raise ExpectedError(f"the page comes in the encoding {other[:50]!r}, which is unknown")


class _Plain:
    def take(self, data: bytes, n_bytes: int) -> bytes:
        return data[:n_bytes]


class _Compressed:
    """One stream; what stands behind its end is ignored."""

    def __init__(self, window_bits: int) -> None:
        self._window_bits = window_bits
        self._stream = zlib.decompressobj(window_bits)
        self._is_new = True

    def take(self, data: bytes, n_bytes: int) -> bytes:
        if self._stream.eof or not data:
            return b""
        if self._is_new and self._window_bits == zlib.MAX_WBITS and data[0] & 0x0F != zlib.DEFLATED:
            # Some servers mean the bare format when they say `deflate`.
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._is_new = False
        try:
            return self._stream.decompress(data, n_bytes) if n_bytes else b""
        except zlib.error as error:
            raise ExpectedError(f"the page came damaged: {error}") from error
