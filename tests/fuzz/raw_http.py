"""HTTP/1.1 as a client that trusts nobody reads it."""

import asyncio
from dataclasses import dataclass

LONGEST_HEAD = 64 * 1024


class BrokenOff(Exception):
    """The server has closed the connection in the middle of an answer; with what had come."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read to its end, or as far as anybody waited."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_whole: bool = True

    @property
    def is_stream(self) -> bool:
        """It is a stream of events."""
        return self.headers.get("content-type", "").startswith("text/event-stream")

    @property
    def closes(self) -> bool:
        """Nothing more comes on this connection."""
        return not self.is_whole or self.headers.get("connection", "") == "close"

    def messages(self) -> list[bytes]:
        """Give the messages in it."""
        if not self.is_stream:
            return [self.body] if self.body else []
        lines = self.body.splitlines()
        return [line[6:] for line in lines if line.startswith(b"data: {")]


async def read_answer(reader: asyncio.StreamReader, *, stream_s: float | None = None) -> Answer:
    """Read one answer; of a stream of events only what comes within `stream_s` if that is given.

    Raises: IncompleteReadError if the server closes before an answer, or in one of known length;
        BrokenOff in the middle of a stream; ValueError for what is no HTTP.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status, _ = first.split(" ", 2)
    if version != "HTTP/1.1":
        raise ValueError(f"no HTTP: {first!r}")
    fields = (line.split(":", 1) for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, value in fields}
    answer = Answer(int(status), headers, b"")
    if headers.get("transfer-encoding") == "chunked":
        body, is_whole = await _read_chunks(reader, stream_s if answer.is_stream else None)
        return Answer(answer.status, headers, body, is_whole)
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
        return Answer(answer.status, headers, body)
    return answer


async def _read_chunks(reader: asyncio.StreamReader, stream_s: float | None) -> tuple[bytes, bool]:
    body = bytearray()
    try:
        async with asyncio.timeout(stream_s):
            while size := int(await _line(reader), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readexactly(2)
    except TimeoutError:
        return bytes(body), False
    except asyncio.IncompleteReadError as error:
        raise BrokenOff(bytes(body)) from error
    return bytes(body), True


async def _line(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n")
