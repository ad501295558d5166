"""One word of a shell line: what bash makes of it.

Source: the manual of bash 5.2, "Quoting" and "Shell Expansions".
"""

from dataclasses import dataclass
from enum import StrEnum


class Feature(StrEnum):
    """Something in a word that is more than plain characters."""

    VARIABLE = "variable"
    SUBSTITUTION = "substitution"
    TILDE = "tilde"
    BRACES = "braces"
    GLOB = "glob"
    TRANSLATED = "translated"
    """`$"..."`, which is looked up in a catalogue."""
    ODD_ESCAPE = "odd escape"
    """In `$'...'`, another escape than for a tab, a newline, a quote or a backslash."""
    CONTINUATION = "continuation"
    """A backslash before a line's end, which bash takes out as if it were not there."""
    UNFINISHED = "unfinished"
    """A quote that does not end, or a backslash before nothing."""
    UNQUOTED_META = "unquoted meta"
    """A character that ends a word, such as a blank or `;`."""
    COMMENT = "comment"
    """It starts with `#`."""
    QUOTED = "quoted"
    """Some of it is quoted, in whatever way."""
    HIDING = "hiding"
    """Quotes around nothing inside of a word, or a backslash before a letter or digit."""


_HARMLESS = frozenset({Feature.QUOTED, Feature.HIDING, Feature.GLOB})
_META = frozenset("|&;()<> \t\n")
_ESCAPABLE = frozenset('$`"\\')
_ANSI_C = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
_NAMES = frozenset("*@#?-$!_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""What after a `$` makes a variable of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as it stands in a line, and what it means."""

    source: str
    text: str
    """What a program gets, if it is literal, and if no file has a name that a glob in it means."""
    pattern: str = ""
    """For a glob: the same with a backslash before each special character that is quoted."""
    features: frozenset[Feature] = frozenset()

    @property
    def is_literal(self) -> bool:
        """Whether it is known what becomes of it, though for a glob that is up to the files."""
        return self.features <= _HARMLESS


def read_word(source: str) -> Word:
    """Read a text that should be one word; what else it is shows in the features."""
    reader = _Reader(source)
    reader.read()
    pattern = "".join(reader.pattern) if Feature.GLOB in reader.features else ""
    return Word(
        source=source,
        text="".join(reader.text),
        pattern=pattern,
        features=frozenset(reader.features),
    )


class _Reader:
    """Goes through a word once; what is quoted when is all of its state."""

    def __init__(self, source: str) -> None:
        self.text: list[str] = []
        self.pattern: list[str] = []
        self.features: set[Feature] = set()
        self._source = source
        self._at = 0
        self._is_after_brace = False

    def read(self) -> None:
        """Read to the end."""
        source = self._source
        if source.startswith("#"):
            self.features.add(Feature.COMMENT)
        while self._at < len(source):
            char = source[self._at]
            match char:
                case "'":
                    self._read_single()
                case '"':
                    self._read_double()
                case "\\":
                    self._read_escape()
                case "$":
                    self._read_dollar()
                case "`":
                    self._note(Feature.SUBSTITUTION)
                case _:
                    self._read_plain(char)

    def _read_plain(self, char: str) -> None:
        if char in _META:
            self.features.add(Feature.UNQUOTED_META)
        elif char in "*?" or (char == "[" and "]" in self._source[self._at :]):
            self.features.add(Feature.GLOB)
        elif char == "~" and (self._at == 0 or self._source[self._at - 1] in "=:"):
            self.features.add(Feature.TILDE)
        elif char == "{":
            self._is_after_brace = True
        elif self._is_after_brace and self._source.startswith((",", ".."), self._at):
            self.features.add(Feature.BRACES)
        self.text.append(char)
        self.pattern.append(char)
        self._at += 1

    def _read_escape(self) -> None:
        escaped = self._source[self._at + 1 : self._at + 2]
        self._at += 2
        if escaped == "":
            self.features.add(Feature.UNFINISHED)
        elif escaped == "\n":
            self.features.add(Feature.CONTINUATION)
        else:
            self.features.add(Feature.QUOTED)
            if escaped.isalnum():
                self.features.add(Feature.HIDING)
            self._keep(escaped)

    def _read_single(self) -> None:
        end = self._source.find("'", self._at + 1)
        if end < 0:
            self._note(Feature.UNFINISHED)
            return
        self._quoted(self._source[self._at + 1 : end], end + 1)

    def _read_double(self) -> None:
        source, start = self._source, self._at
        chars: list[str] = []
        self._at += 1
        while self._at < len(source) and (char := source[self._at]) != '"':
            following = source[self._at + 1 : self._at + 2]
            if char == "\\" and following == "\n":
                self.features.add(Feature.CONTINUATION)
                self._at += 1
            elif char == "\\" and following in _ESCAPABLE:
                chars.append(following)
                self._at += 1
            elif char == "`":
                self.features.add(Feature.SUBSTITUTION)
            elif char == "$" and (feature := _expansion(following)) is not None:
                self.features.add(feature)
            else:
                chars.append(char)
            self._at += 1
        if self._at >= len(source):
            self._at = start
            self._note(Feature.UNFINISHED)
            return
        end = self._at + 1
        self._at = start
        self._quoted("".join(chars), end)

    def _read_dollar(self) -> None:
        following = self._source[self._at + 1 : self._at + 2]
        if following == "'":
            self._read_ansi_c()
        elif following == '"':
            self._note(Feature.TRANSLATED)
        elif (feature := _expansion(following)) is not None:
            self._note(feature)
        else:
            self._keep("$")
            self._at += 1

    def _read_ansi_c(self) -> None:
        source, at = self._source, self._at + 2
        chars: list[str] = []
        while at < len(source) and source[at] != "'":
            if source[at] != "\\":
                chars.append(source[at])
                at += 1
                continue
            escaped = _ANSI_C.get(source[at + 1 : at + 2])
            if escaped is None:
                self._note(Feature.ODD_ESCAPE)
                return
            chars.append(escaped)
            at += 2
        if at >= len(source):
            self._note(Feature.UNFINISHED)
            return
        self._quoted("".join(chars), at + 1)

    def _quoted(self, text: str, end: int) -> None:
        """Take over a quoted piece of the word, which ends at `end`."""
        self.features.add(Feature.QUOTED)
        is_all = self._at == 0 and end == len(self._source)
        if not text and not is_all:
            self.features.add(Feature.HIDING)
        self._keep(text)
        self._at = end

    def _keep(self, literal: str) -> None:
        self.text.append(literal)
        self.pattern += (f"\\{char}" if char in "*?[]\\" else char for char in literal)

    def _note(self, feature: Feature) -> None:
        """Note what makes the rest of the word unknown."""
        self.features.add(feature)
        self._at = len(self._source)


def _expansion(following: str) -> Feature | None:
    """Tell what a `$` begins, from the character after it; None if it is only a dollar."""
    if following == "(":
        return Feature.SUBSTITUTION
    return Feature.VARIABLE if following in ("{", "[") or following in _NAMES else None
