"""The tokens of a shell line, put together by the rules of bash for plain lines.

A plain line is a sequence of pipelines of simple commands, and for these the rules are few: words
are parted by blanks or operators, a redirection takes the next word, `|` binds closer than `&&`
and `||`, and these closer than `;` or the end of a line. Whatever else is said, as an oddity.

Source: the manual of bash 5.2, "Shell Grammar" and "Redirections".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mcp_tools.code.commands.script import (
    RESERVED_WORDS,
    Oddity,
    Redirect,
    SimpleCommand,
    Step,
)
from mcp_tools.code.commands.words import Feature, Word, read_word


class TokenKind(StrEnum):
    """What a piece of a line is."""

    WORD = "word"
    ASSIGNMENT = "assignment"
    OPERATOR = "operator"
    REDIRECT = "redirect"
    CLOSING = "closing"
    """A redirection that has no target, as `2>&-`."""
    DESCRIPTOR = "descriptor"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of a line; `start` and `end` count bytes."""

    kind: TokenKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the tokens make."""

    steps: tuple[Step, ...]
    word_starts: list[tuple[int, ...]]
    """Where the words of each command begin, in bytes; in order."""
    oddities: tuple[Oddity, ...]


_BLANKS = re.compile(rb"[ \t]*")
_LINE_ENDS = re.compile(rb"[ \t]*(?:\n[ \t]*)+")
_CONTINUED = re.compile(rb"[ \t]+(?:\\\n[ \t]*)+")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_LIKE_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\[.*)?\+?=", re.DOTALL)
_MAYBE_DESCRIPTOR = re.compile(r"[0-9]+|.*\}", re.DOTALL)
_REDIRECTING = (TokenKind.REDIRECT, TokenKind.CLOSING)
_SPLITTING = (TokenKind.OPERATOR, *_REDIRECTING, TokenKind.DESCRIPTOR)


def laid_out(source: bytes, tokens: Sequence[Token]) -> Layout:
    """Put tokens together; they are in the order in which a tree has them."""
    layer = _Layer(source)
    for token in sorted(tokens, key=lambda token: token.start):
        layer.add(token)
    layer.end()
    return Layout(
        steps=tuple(layer.steps),
        word_starts=sorted(layer.word_starts),
        oddities=tuple(layer.oddities),
    )


class _Layer:
    """Takes token after token."""

    def __init__(self, source: bytes) -> None:
        self.steps: list[Step] = []
        self.word_starts: list[tuple[int, ...]] = []
        self.oddities: list[Oddity] = []
        self._source = source
        self._last: Token | None = None
        self._descriptor = ""
        self._awaits_target = ""
        """The operator of a redirection whose target comes next."""
        self._joiner = ""
        self._pipeline: list[SimpleCommand] = []
        self._is_operand_due = False
        """After `|`, `&&` and `||`, where a line may end and the command follow in the next."""
        self._start_command()

    def add(self, token: Token) -> None:
        """Take the next token."""
        self._take_gap(token.start, token.kind)
        if self._is_after(TokenKind.DESCRIPTOR) and token.kind not in _REDIRECTING:
            self._disagree(token)
        text = self._text(token.start, token.end)
        match token.kind:
            case TokenKind.WORD:
                self._take_word(token, text)
            case TokenKind.ASSIGNMENT:
                self._take_assignment(token, text)
            case TokenKind.OPERATOR:
                self._take_operator(token, text)
            case TokenKind.DESCRIPTOR:
                self._descriptor = text
                if not (text.isascii() and text.isdigit()) or self._awaits_target:
                    self._disagree(token)
            case TokenKind.REDIRECT | TokenKind.CLOSING:
                self._take_redirect(token, text)
            case TokenKind.COMMENT:
                if not text.startswith("#") or "\n" in text or self._awaits_target:
                    self._disagree(token)
        self._last = token

    def end(self) -> None:
        """Take the end of the line."""
        self._take_gap(len(self._source), TokenKind.OPERATOR)
        if self._awaits_target or self._descriptor or self._is_operand_due:
            self._note("incomplete", 0, len(self._source))
        self._end_pipeline("")

    def _take_gap(self, end: int, following: TokenKind) -> None:
        """Take what lies between two tokens."""
        last = self._last
        start = 0 if last is None else last.end
        gap = self._source[start:end]
        if start > end:
            self._note("disagreement", end, start)
        elif not gap:
            if last is not None and end < len(self._source):
                self._take_touching(last, following, end)
        elif _LINE_ENDS.fullmatch(gap) and not self._is_after(TokenKind.DESCRIPTOR):
            self._take_line_end(start, end)
        elif self._is_after(TokenKind.DESCRIPTOR, TokenKind.COMMENT) or not (
            _BLANKS.fullmatch(gap) or _CONTINUED.fullmatch(gap)
        ):
            self._note("disagreement", start, end)

    def _take_touching(self, last: Token, following: TokenKind, at: int) -> None:
        """Judge two tokens that touch: one of them has to part them."""
        if last.kind in _REDIRECTING and following is TokenKind.WORD:
            return
        if last.kind is TokenKind.DESCRIPTOR and following in _REDIRECTING:
            return
        text = self._text(last.start, last.end)
        is_parted = (last.kind in _SPLITTING) != (following in _SPLITTING)
        if following is TokenKind.DESCRIPTOR:
            is_parted = last.kind is TokenKind.OPERATOR
        elif following in _REDIRECTING and _MAYBE_DESCRIPTOR.fullmatch(text):
            is_parted = False
        if not is_parted or last.kind is TokenKind.COMMENT:
            self._note("disagreement", last.start, at)

    def _is_after(self, *kinds: TokenKind) -> bool:
        return self._last is not None and self._last.kind in kinds

    def _take_line_end(self, start: int, end: int) -> None:
        if self._awaits_target:
            self._note("disagreement", start, end)
        if not self._is_operand_due:
            self._end_pipeline("\n")

    def _take_word(self, token: Token, text: str) -> None:
        word = read_word(text)
        if word.features & {Feature.UNQUOTED_META, Feature.COMMENT}:
            self._disagree(token)
        if Feature.CONTINUATION in word.features:
            self._note("continued word", token.start, token.end)
        if Feature.UNFINISHED in word.features:
            self._note("incomplete", token.start, token.end)
        if self._awaits_target:
            self._end_redirect(word)
            return
        if not self._words:
            if text in RESERVED_WORDS:
                self._note("reserved word", token.start, token.end)
            if _LIKE_ASSIGNMENT.match(text):
                self._disagree(token)
        self._is_operand_due = False
        self._words.append(word)
        self._starts.append(token.start)

    def _take_assignment(self, token: Token, text: str) -> None:
        word = read_word(text)
        if self._words or self._awaits_target or not _ASSIGNMENT.match(text):
            self._disagree(token)
        if word.features & {Feature.UNQUOTED_META, Feature.CONTINUATION, Feature.UNFINISHED}:
            self._disagree(token)
        self._is_operand_due = False
        self._assignments.append(word)

    def _take_redirect(self, token: Token, text: str) -> None:
        if self._awaits_target or (self._descriptor and text.startswith("&>")):
            self._disagree(token)
        self._is_operand_due = False
        if token.kind is TokenKind.CLOSING:
            self._awaits_target = text
            self._end_redirect(None)
        else:
            self._awaits_target = text

    def _end_redirect(self, target: Word | None) -> None:
        self._redirects.append(
            Redirect(descriptor=self._descriptor, operator=self._awaits_target, target=target)
        )
        self._descriptor = self._awaits_target = ""

    def _take_operator(self, token: Token, text: str) -> None:
        if self._awaits_target or self._is_operand_due or not self._is_command_begun():
            self._disagree(token)
        if text == "|":
            self._end_command()
        else:
            self._end_pipeline(text)
        self._is_operand_due = text != ";"

    def _end_pipeline(self, joiner: str) -> None:
        self._end_command()
        if self._pipeline:
            self.steps.append(Step(joiner=self._joiner, commands=tuple(self._pipeline)))
            self._joiner = joiner
            self._pipeline = []

    def _is_command_begun(self) -> bool:
        return bool(self._words or self._assignments or self._redirects)

    def _end_command(self) -> None:
        if self._is_command_begun():
            self._pipeline.append(
                SimpleCommand(
                    assignments=tuple(self._assignments),
                    words=tuple(self._words),
                    redirects=tuple(self._redirects),
                )
            )
            if self._words:
                self.word_starts.append(tuple(self._starts))
        self._start_command()

    def _start_command(self) -> None:
        self._assignments: list[Word] = []
        self._words: list[Word] = []
        self._redirects: list[Redirect] = []
        self._starts: list[int] = []

    def _disagree(self, token: Token) -> None:
        self._note("disagreement", token.start, token.end)

    def _note(self, kind: str, start: int, end: int) -> None:
        self.oddities.append(Oddity(kind=kind, text=self._text(start, end)))

    def _text(self, start: int, end: int) -> str:
        return self._source[start:end].decode(errors="replace")
