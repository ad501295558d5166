"""Long random words that are given to a name which says that they are secret.

Such as `db_password = "..."`, `"clientSecret": "..."` and `API_TOKEN=...`. Digests, ids and words
that people chose stay: it has to look random, and what a name like `cache_key` has is none.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lsp_agent.secrets.formats import is_example

NAME = "random value of a secret"
MIN_CHARS = 16
MIN_ENTROPY_BITS = 3.3
"""By character, as Shannon counts it; 16 random characters of base64 have 3.6 and more."""
MIN_TURNS = 0.22
"""By character: random ones of base64 have 0.45, hex 0.47, and camel case about 0.18."""
_MAX_NAME_CHARS = 64
_GIVEN = re.compile(
    r"(?::=|=>|[:=])[ \t]{0,9}(?:[rbfu]{1,2}(?=[\"'])|\\?)[\"'`]?"
    r"(?P<value>[\w+/.~!@#%^&*?-]{16,512}={0,2})"
)
"""What is given to something; a value holds no quotation mark, bracket or blank."""
_BACKWARDS = re.compile(r"[ \t]{0,9}\]?(?:[\"'`]\\?)?([\w.-]{1,60})")
"""What stands before that, read from its end: a name, perhaps between quotation marks."""
_STEMS = ("pass", "secret", "credential", "token", "key", "bearer", "dsn")
"""One of them is in every name that says so; most names are looked at for no more than that."""
_SECRET_NAME = re.compile(
    r"passw(?:or)?d|passphrase|secret|credential|token|api_?key|access_?key|auth_?key|"
    r"private_?key|account_?key|signing_?key|encryption_?key|master_?key|licen[sc]e_?key|_key$|"
    r"^key$|bearer|dsn$"
)
_OTHER_NAME = re.compile(
    r"public|hash|digest|checksum|integrity|sha\d|md5|cache|fingerprint|_id$|name$|file$|path$|url$|"
    r"regex|pattern|field|type|token_?ize|tokens$|primary|foreign|sort|index|count|class$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_STRONG_NAME = re.compile(r"passw|secret|api_?key|access_?key|private_?key|token$")


def assigned_spans(text: str) -> Iterator[tuple[int, int]]:
    """Give where values stand that look secret by their name and random by themselves."""
    for match in _GIVEN.finditer(text):
        value = match["value"]
        if _is_secret(_name_before(text, match.start()), value) and looks_random(value):
            yield match.span("value")


def looks_random(value: str) -> bool:
    """Tell what nobody has made up from words."""
    if len(value) < MIN_CHARS or is_example(value) or _UUID.fullmatch(value):
        return False
    if not _has_digits_and_letters(value) or _is_words(value):
        return False
    return entropy_bits(value) >= (3.0 if _HEX.fullmatch(value) else MIN_ENTROPY_BITS)


def entropy_bits(value: str) -> float:
    """Give how many bits a character of a text tells."""
    n_chars = len(value)
    return -sum(n / n_chars * math.log2(n / n_chars) for n in Counter(value).values())


def _name_before(text: str, end: int) -> str:
    """Give the name that something is given to, in the way of `snake_case`; empty for none."""
    before = text[max(0, end - _MAX_NAME_CHARS) : end]
    lowered = before.lower()
    if not any(stem in lowered for stem in _STEMS):
        return ""
    match = _BACKWARDS.match(before[::-1])
    name = "" if match is None else match[1][::-1].lstrip("0123456789.-")
    return _CAMEL.sub("_", name).lower().replace("-", "_")


def _is_secret(name: str, value: str) -> bool:
    if not _SECRET_NAME.search(name) or _OTHER_NAME.search(name):
        return False
    # What is written as hex is most often a digest.
    return not _HEX.fullmatch(value) or _STRONG_NAME.search(name) is not None


def _has_digits_and_letters(value: str) -> bool:
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _is_words(value: str) -> bool:
    """Tell names of code, files and addresses: there, one kind of character lasts for a while."""
    chars = [c for c in value if c.isalnum()]
    n_turns = sum(_is_turn(before, after) for before, after in pairwise(chars))
    return n_turns < MIN_TURNS * len(chars)


def _is_turn(before: str, after: str) -> bool:
    """Tell where a word cannot go on; a capital letter may begin one."""
    return before.isdigit() != after.isdigit() or (before.islower() and after.isupper())
