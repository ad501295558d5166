"""JSON, with comments where a client allows them, as a tree that knows where each part lies."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lsp_agent.installing.formats import at_line

MAX_DEPTH = 200
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
    | (?P<comment>//[^\r\n]* | /\*(?:[^*]|\*(?!/))*\*/)
    | (?P<text>"(?:[^"\\\x00-\x1f]|\\.)*")
    | (?P<sign>[{}\[\],:])
    | (?P<word>[A-Za-z0-9+.\-]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A value, and where it lies in the text."""

    start: int
    end: int
    value: object
    """What it says; members are in it as well."""
    members: "Sequence[Member] | None" = None
    """None for all but an object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A key of an object with its value."""

    key: str
    start: int
    node: Node
    comma: int | None = None
    """Where the comma after it lies; None where there is none."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def parse(text: str, *, allows: str = "") -> Node | None:
    """Give the value of a text; None if there is nothing but space and comments.

    `allows` may name `comments`, which brings commas before a closing bracket along.
    Raises: UnusableSettings, with the line and the column.
    """
    parser = _Parser(text, list(_tokens(text, allows)), allows=allows)
    if parser.tokens[0].kind == "end":
        return None
    root = parser.value(0)
    parser.expect_end()
    return root


def _tokens(text: str, allows: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise at_line(text, position, f"expected JSON, got {text[position]!r}")
        kind = str(match.lastgroup)
        if kind == "comment" and not allows:
            raise at_line(text, position, "expected JSON without comments")
        if kind not in ("space", "comment"):
            yield _Token(kind, match[0], position)
        position = match.end()
    yield _Token("end", "", position)


class _Parser:
    """Goes through the tokens once."""

    def __init__(self, text: str, tokens: Sequence[_Token], *, allows: str) -> None:
        self.text = text
        self.tokens = tokens
        self.is_relaxed = allows == "comments"
        self.position = 0

    def value(self, depth: int) -> Node:
        token = self._next()
        if depth > MAX_DEPTH:
            raise at_line(self.text, token.start, f"expected at most {MAX_DEPTH} levels")
        if token.text == "{":
            return self._object(token, depth)
        if token.text == "[":
            return self._array(token, depth)
        if token.kind not in ("text", "word"):
            raise self._wrong(token, "a value")
        return Node(start=token.start, end=token.end, value=self._plain(token))

    def expect_end(self) -> None:
        token = self._next()
        if token.kind != "end":
            raise self._wrong(token, "nothing more")

    def _object(self, opening: _Token, depth: int) -> Node:
        members: list[Member] = []
        while not self._closes("}", is_parted=bool(members) and members[-1].comma is not None):
            key = self._next()
            if key.kind != "text":
                raise self._wrong(key, "a key in double quotes")
            self._sign(":")
            node = self.value(depth + 1)
            comma = self._comma("}")
            name = str(self._plain(key))
            members.append(Member(key=name, start=key.start, node=node, comma=comma))
        value = {member.key: member.node.value for member in members}
        end = self._sign("}").end
        return Node(start=opening.start, end=end, value=value, members=members)

    def _array(self, opening: _Token, depth: int) -> Node:
        values: list[object] = []
        comma: int | None = None
        while not self._closes("]", is_parted=comma is not None):
            values.append(self.value(depth + 1).value)
            comma = self._comma("]")
        return Node(start=opening.start, end=self._sign("]").end, value=values)

    def _closes(self, bracket: str, *, is_parted: bool) -> bool:
        token = self._peek()
        if token.text != bracket or token.kind != "sign":
            return False
        if is_parted and not self.is_relaxed:
            raise self._wrong(token, "another one after ','")
        return True

    def _comma(self, bracket: str) -> int | None:
        """Give where a comma lies; None where the bracket comes instead."""
        token = self._peek()
        if token.kind == "sign" and token.text == bracket:
            return None
        if token.kind != "sign" or token.text != ",":
            raise self._wrong(token, f"',' or {bracket!r}")
        self.position += 1
        return token.start

    def _sign(self, text: str) -> _Token:
        token = self._next()
        if token.kind != "sign" or token.text != text:
            raise self._wrong(token, repr(text))
        return token

    def _plain(self, token: _Token) -> object:
        try:
            return json.loads(token.text)
        except ValueError as error:
            raise self._wrong(token, "a value of JSON") from error

    def _peek(self) -> _Token:
        return self.tokens[self.position]

    def _next(self) -> _Token:
        token = self.tokens[self.position]
        # The last one is the end, and stays.
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def _wrong(self, token: _Token, expected: str) -> Exception:
        # A text may be secret, and what is said here may be shown to others.
        got = {"end": "the end of the file", "text": "a text"}.get(
            token.kind, repr(token.text[:20])
        )
        return at_line(self.text, token.start, f"expected {expected}, got {got}")
