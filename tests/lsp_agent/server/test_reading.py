"""Messages on standard input, as pygls asks for them."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor

from lsp_agent.server.reading import MessageReader


async def _lines_and_bodies(sent: bytes) -> list[bytes]:
    """Read as pygls does."""
    found: list[bytes] = []
    with ThreadPoolExecutor(1) as executor:
        reader = MessageReader(io.BytesIO(sent), executor)
        n_bytes = 0
        while line := await reader.readline():
            found.append(line)
            if line.startswith(b"Content-Length: "):
                n_bytes = int(line.split()[1])
            if not line.strip() and n_bytes:
                found.append(await reader.readexactly(n_bytes))
                n_bytes = 0
    return found


def test_messages_come_line_by_line_with_their_bodies() -> None:
    sent = b"Content-Length: 2\r\n\r\n{}Content-Length: 4\r\nContent-Type: x\r\n\r\nnull"
    assert asyncio.run(_lines_and_bodies(sent)) == [
        b"Content-Length: 2\r\n",
        b"\r\n",
        b"{}",
        b"Content-Length: 4\r\n",
        b"Content-Type: x\r\n",
        b"\r\n",
        b"null",
    ]


def test_a_body_that_is_cut_off_is_the_end() -> None:
    sent = b"Content-Length: 9\r\n\r\n{}"
    assert asyncio.run(_lines_and_bodies(sent))[-1] == b""


def test_lines_without_a_length_are_passed_on() -> None:
    assert asyncio.run(_lines_and_bodies(b"noise\r\n\r\n")) == [b"noise\r\n", b"\r\n"]
