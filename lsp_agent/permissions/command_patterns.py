"""Patterns of commands: words as a shell quotes them, each a glob.

`*` and `?` stand for characters of one name, `**` for those of whole paths too; quoted, they
stand for themselves. A last word `...` stands for any further words.

A pattern is read in two ways. For a permission it is narrow: what a wildcard stands for is no
option, and does not lead out of the folder that it begins in. For a denial or a question it is
wide: wildcards stand for anything, and more words may follow.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from mcp_tools.types.errors import ExpectedError

MAX_PATTERN_CHARS = 2_000
_FURTHER = "..."
_LEADING = ("-", "/", "~")
_SEPARATORS = "=:,@"
_PIECES = re.compile(f"[/{_SEPARATORS}]")


class Wild(Enum):
    """A wildcard in a word."""

    ONE = "?"
    NAME = "*"
    PATH = "**"


Token: TypeAlias = str | Wild
"""One character that stands for itself, or a wildcard."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a pattern."""

    tokens: tuple[Token, ...]

    @property
    def literal(self) -> str:
        """What it consists of beside the wildcards."""
        return "".join(token for token in self.tokens if isinstance(token, str))

    @property
    def is_literal(self) -> bool:
        """It has no wildcard."""
        return all(isinstance(token, str) for token in self.tokens)

    def allows(self, word: str) -> bool:
        """Whether it stands for a word, read narrowly."""
        if self.is_literal:
            return word == self.literal
        return _stays(word, self) and _fits(self.tokens, word, across="/")

    def catches(self, word: str) -> bool:
        """Whether it stands for a word, read widely; some disks ignore the letter case."""
        tokens = tuple(
            token
            for each in self.tokens
            # Folded, one letter can be two.
            for token in (each.casefold() if isinstance(each, str) else (each,))
        )
        return _fits(tokens, word.casefold(), across="")


_ANY_PATH = _Word((Wild.PATH,))


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandPattern:
    """A pattern that was read."""

    words: tuple[_Word, ...]
    has_further: bool
    """Any words may follow that are no options, and stay in the folder."""

    @property
    def program(self) -> str | None:
        """The program that it names; None if that has a wildcard."""
        return self.words[0].literal if self.words[0].is_literal else None

    def allows(self, words: tuple[str, ...]) -> bool:
        """Whether a permission of this pattern is one for these words."""
        n_words = len(self.words)
        first, further = words[:n_words], words[n_words:]
        if len(first) < n_words or (further and not self.has_further):
            return False
        return all(
            pattern.allows(word) for pattern, word in zip(self.words, first, strict=True)
        ) and all(_ANY_PATH.allows(word) for word in further)

    def catches(self, words: tuple[str, ...]) -> bool:
        """Whether a denial of, or a question about, this pattern is about these words.

        The program is meant in whatever folder it lies.
        """
        if len(words) < len(self.words):
            return False
        named, *others = zip(self.words, words, strict=False)
        pattern, program = named
        is_program = pattern.catches(program) or pattern.catches(program.rpartition("/")[2])
        return is_program and all(each.catches(word) for each, word in others)


@lru_cache(maxsize=1024)
def command_pattern(text: str) -> CommandPattern:
    """Read a pattern.

    Raises: ExpectedError that says what is wrong with it.
    """
    if len(text) > MAX_PATTERN_CHARS:
        raise ExpectedError(f"expected a pattern of at most {MAX_PATTERN_CHARS} characters")
    words = _words(text)
    has_further = words[-1:] == [(_FURTHER, tuple(_FURTHER))]
    found = tuple(_Word(tokens) for _, tokens in (words[:-1] if has_further else words))
    if not found or not found[0].tokens:
        raise ExpectedError(f"expected a program and its words, got {text!r}")
    return CommandPattern(words=found, has_further=has_further)


def quoted(word: str) -> str:
    """Give a word as a pattern writes it that stands for this word alone."""
    if word and word != _FURTHER and not re.search(r"[\s'\"\\*?]", word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


def _stays(word: str, pattern: _Word) -> bool:
    """Whether a word leads nowhere that the letters of a pattern do not lead to."""
    if word.startswith(_LEADING) and pattern.tokens[0] != word[0]:
        return False
    if ".." in _PIECES.split(word) or "//" in word or not word:
        return False
    rooted = [mark + lead for mark in _SEPARATORS for lead in "/~"]
    return all(word.count(each) <= pattern.literal.count(each) for each in rooted)


def _fits(tokens: tuple[Token, ...], word: str, *, across: str) -> bool:
    """Match a glob in a time that grows with both lengths alone.

    `across` is the character that `*` and `?` do not stand for; empty if they stand for any.
    """
    states = _settled({0}, tokens)
    for char in word:
        states = _settled(_after(states, tokens, char, across), tokens)
    return len(tokens) in states


def _after(states: set[int], tokens: tuple[Token, ...], char: str, across: str) -> set[int]:
    following: set[int] = set()
    for state in states:
        match tokens[state] if state < len(tokens) else None:
            case Wild.PATH:
                following.add(state)
            case Wild.NAME if char != across:
                following.add(state)
            case Wild.ONE if char != across:
                following.add(state + 1)
            case str(letter) if letter == char:
                following.add(state + 1)
            case _:
                pass
    return following


def _settled(states: set[int], tokens: tuple[Token, ...]) -> set[int]:
    """Add the states that are reached without a character: a star may stand for none."""
    reached = set(states)
    for state in states:
        following = state
        while following < len(tokens) and tokens[following] in (Wild.NAME, Wild.PATH):
            following += 1
            reached.add(following)
    return reached


_LEXEME = re.compile(
    r"(?P<blank>[ \t]+)|'(?P<single>[^']*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\"|\\(?P<escaped>.)"
    r"|(?P<wild>\*\*|\*|\?)|(?P<char>[^'\"\\])",
    re.DOTALL,
)
_IN_DOUBLE = re.compile(r"\\([\"\\$`])")


def _words(text: str) -> list[tuple[str, tuple[Token, ...]]]:
    """Give each word as it is written, and as what it stands for."""
    words: list[tuple[str, tuple[Token, ...]]] = []
    written, tokens = "", list[Token]()
    position = 0
    while position < len(text):
        match = _LEXEME.match(text, position)
        if match is None:
            raise ExpectedError(f"a quote is not closed in {text!r}")
        position = match.end()
        if match.lastgroup == "blank":
            if written:
                words.append((written, tuple(tokens)))
            written, tokens = "", []
            continue
        written += match.group()
        tokens.extend(_tokens(match))
    return [*words, (written, tuple(tokens))] if written else words


def _tokens(match: re.Match[str]) -> tuple[Token, ...]:
    text = match[match.lastgroup or 0]
    match match.lastgroup:
        case "wild":
            return (Wild(text),)
        case "double":
            return tuple(_IN_DOUBLE.sub(r"\1", text))
        case _:
            return tuple(text)
