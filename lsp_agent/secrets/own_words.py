"""What the user calls secret or confidential: words and regular expressions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MIN_CHARS = 3


class BadPattern(ValueError):
    """An entry is no word and no regular expression; the text says what is wrong, and not it."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A list of the user's, ready to be found."""

    patterns: tuple[re.Pattern[str], ...] = ()

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Give where something of the list stands; a regular expression finds within a line."""
        for pattern in self.patterns:
            for match in pattern.finditer(text):
                if match.end() > match.start():
                    yield match.span()


def own_words(entries: Sequence[str], *, what: str) -> OwnWords:
    """Read a list; `/.../` is a regular expression, and all else a word in any letter case.

    Raises: BadPattern that says by `what` and a number which entry it is, without its text.
    """
    return OwnWords(tuple(_read(entry, f"{what}[{i}]") for i, entry in enumerate(entries)))


def _read(entry: str, where: str) -> re.Pattern[str]:
    if len(entry.strip("/").strip()) < _MIN_CHARS:
        raise BadPattern(f"{where}: expected {_MIN_CHARS} characters or more")
    if not (entry.startswith("/") and entry.endswith("/")):
        # Within a longer word it is another one: `Acme` is not in `acmeism`.
        return re.compile(rf"(?<!\w){re.escape(entry.strip())}(?!\w)", re.IGNORECASE)
    try:
        pattern = re.compile(entry[1:-1])
    except re.error as error:
        raise BadPattern(f"{where}: no regular expression: {error.msg}") from None
    if pattern.search(""):
        raise BadPattern(f"{where}: the regular expression finds nothing everywhere")
    return pattern
