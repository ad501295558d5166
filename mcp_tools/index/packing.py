"""Facts as bytes, as the index keeps them."""

import zlib

import msgspec

from mcp_tools.types.facts import Facts

_N_CHECKSUM_BYTES = 4
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Facts)


class Unreadable(ValueError):
    """The bytes are not what `pack` has made."""


def pack(facts: Facts) -> bytes:
    """Give facts as bytes, a checksum in front."""
    data = bytearray(_N_CHECKSUM_BYTES)
    _ENCODER.encode_into(facts, data, _N_CHECKSUM_BYTES)
    data[:_N_CHECKSUM_BYTES] = _checksum(memoryview(data)[_N_CHECKSUM_BYTES:])
    return bytes(data)


def sealed(data: bytes) -> bytes:
    """Give bytes with a checksum in front."""
    return _checksum(memoryview(data)) + data


def unsealed(data: bytes) -> memoryview:
    """Give the bytes that `sealed` was given.

    Raises: Unreadable if they are something else, or damaged.
    """
    body = memoryview(data)[_N_CHECKSUM_BYTES:]
    if data[:_N_CHECKSUM_BYTES] != _checksum(body):
        raise Unreadable("expected bytes with a checksum, got some whose checksum differs")
    return body


def unpack(data: bytes) -> Facts:
    """Give the facts that `pack` has made bytes of.

    Raises: Unreadable if the bytes are something else, or damaged.
    """
    body = unsealed(data)
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(f"expected packed facts: {error}") from error


def _checksum(data: memoryview) -> bytes:
    return zlib.crc32(data).to_bytes(_N_CHECKSUM_BYTES, "little")
