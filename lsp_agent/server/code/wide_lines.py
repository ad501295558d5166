"""Lines in which a column of ours is not one of the client, by digest of their text.

Most texts have none. Answers name files whose text nobody has read in this process, and making
documents of them just to count the code units before a name would cost more than finding it.
"""

import re
from collections.abc import Callable, Mapping

from lsp_agent.server.convert import Encoding
from mcp_tools.types.text import Digest, digest_of, split_lines

Lines = Mapping[int, str]
"""By line from 0; only those with a character that has not just one code unit."""

_NO_LINES: Lines = {}
_WIDE_BYTES = {
    Encoding.Utf8: re.compile(rb"[^\x00-\x7f]"),
    Encoding.Utf16: re.compile(rb"[\xf0-\xff]"),
}
_WIDE_CHARS = {
    Encoding.Utf8: re.compile("[^\x00-\x7f]"),
    Encoding.Utf16: re.compile("[\U00010000-\U0010ffff]"),
}


class WideLines:
    """What is known of the texts that one client was told of."""

    def __init__(self, encoding: Encoding | str) -> None:
        """Start with no text known; what is not known to the protocol counts as UTF-16."""
        self._is_counted_alike = encoding == Encoding.Utf32
        kind = Encoding.Utf8 if encoding == Encoding.Utf8 else Encoding.Utf16
        self._wide_bytes = _WIDE_BYTES[kind]
        self._wide_chars = _WIDE_CHARS[kind]
        self._known: dict[Digest, Lines] = {}

    def of(self, digest: Digest, path: str, read: Callable[[], str]) -> Lines:
        """Give the wide lines of a text.

        Its file is looked into first; `read` gives the text if that has another one by now.
        Raises: what `read` raises.
        """
        if self._is_counted_alike:
            return _NO_LINES
        known = self._known.get(digest)
        if known is None:
            known = self._known[digest] = self._look(digest, path, read)
        return known

    def _look(self, digest: Digest, path: str, read: Callable[[], str]) -> Lines:
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError:
            content = b"\xff"
        # The digest is of the text in UTF-8, so the bytes of the file can be compared.
        # To ask for ASCII takes a fortieth of the search, and most files are.
        is_plain = content.isascii() or self._wide_bytes.search(content) is None
        if is_plain and _digest_of(content) == digest:
            return _NO_LINES
        search = self._wide_chars.search
        return {n: line for n, line in enumerate(split_lines(read())) if search(line)} or _NO_LINES


def _digest_of(content: bytes) -> Digest | None:
    try:
        return digest_of(content.decode("utf-8"))
    except UnicodeDecodeError:
        return None
