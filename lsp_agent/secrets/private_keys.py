"""Private keys in PEM and PGP armor: blocks of lines between a begin and an end."""

import re
from collections.abc import Iterator

NAME = "private key"
_MARK = "PRIVATE KEY"
_DASHES = "-----"
_MIN_CHARS = 16
"""Of a line of a key that has no end; words are shorter."""
_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_MAX_CHARS = 30_000
_LINE = re.compile(r"(?![0-9]{1,7}[\t:|-])[A-Za-z0-9+/=]{4,}")
"""What a line holds of the key; a number that stands before it is not of it."""
_STAYS = re.compile(r"Proc-Type|DEK-Info|Version|Comment|hidden")


def private_key_spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Give the parts of private keys line by line, each with the begin of its key.

    Without its end, as in a page that was cut, a key goes on to the first line that has none of it.
    """
    if _MARK not in text:
        return
    for begin in _BEGIN.finditer(text):
        # To the next mark of any kind, so that no part is looked at twice.
        end = text.find(_DASHES, begin.end(), begin.end() + _MAX_CHARS)
        window = text[begin.end() : end if end >= 0 else begin.end() + _MAX_CHARS]
        spans = list(_lines(window, is_whole=end >= 0))
        for first, last in spans:
            yield first + begin.end(), last + begin.end(), window[slice(*spans[0])]


def _lines(body: str, *, is_whole: bool) -> Iterator[tuple[int, int]]:
    offset = 0
    for number, line in enumerate(body.splitlines(keepends=True)):
        parts = [] if _STAYS.search(line) else list(_LINE.finditer(line))
        is_of_key = any(len(part[0]) >= _MIN_CHARS for part in parts)
        if number and not is_whole and not is_of_key:
            return
        for part in parts:
            yield offset + part.start(), offset + part.end()
        offset += len(line)
