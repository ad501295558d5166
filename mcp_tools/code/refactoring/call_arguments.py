"""The arguments of one call as they are written."""

import io
import tokenize
from dataclasses import dataclass
from enum import StrEnum

from mcp_tools.types.text import LineIndex, Place, Span

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


class ArgumentKind(StrEnum):
    """How an argument is given."""

    POSITIONAL = "positional"
    KEYWORD = "keyword"
    STAR = "star"
    """`*a` or `**a`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a call."""

    kind: ArgumentKind
    name: str
    """Of a keyword; else empty."""
    value: str
    """The source of the value; of a starred one with its stars."""

    @property
    def text(self) -> str:
        """What stands between the commas."""
        return f"{self.name}={self.value}" if self.name else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentList:
    """What stands between the brackets of a call."""

    span: Span
    arguments: tuple[Argument, ...]
    has_comments: bool
    has_comprehension: bool
    """The only argument is a generator without brackets of its own."""


def arguments_at(text: str, name_end: int) -> ArgumentList | None:
    """Read the arguments of the call whose function ends at an offset; None if it is no call."""
    # White space may stand before the bracket.
    name_end += len(text[name_end:]) - len(text[name_end:].lstrip(" \t"))
    tail = text[name_end:]
    index = LineIndex(tail)
    depth, pieces, start = 0, list[Span](), 0
    commas_seen = False
    has_comments = False
    has_loop = False
    for token in _tokens(tail):
        offset = index.offset(Place(token.start[0] - 1, token.start[1]))
        has_comments = has_comments or token.type == tokenize.COMMENT
        if depth == 0 and token.string != "(":
            return None
        if token.type == tokenize.OP and token.string in _OPENING:
            depth += 1
            start = offset + 1 if depth == 1 else start
        elif token.type == tokenize.OP and token.string in _CLOSING:
            depth -= 1
            if depth == 0:
                pieces.append(Span(start, offset))
                span = Span(name_end + pieces[0].start, name_end + offset)
                found = tuple(
                    _argument(tail[piece.start : piece.end].strip())
                    for piece in pieces
                    if tail[piece.start : piece.end].strip()
                )
                return ArgumentList(
                    span=span,
                    arguments=found,
                    has_comments=has_comments,
                    has_comprehension=has_loop and not commas_seen,
                )
        elif token.string == "," and depth == 1:
            pieces.append(Span(start, offset))
            start, commas_seen = offset + 1, True
        has_loop = has_loop or (depth == 1 and token.string == "for")
    return None


def rebuilt(text: str, arguments: ArgumentList, wanted: list[Argument]) -> str:
    """Give new text between the brackets, over several lines if it was so before."""
    old = text[arguments.span.start : arguments.span.end]
    if "\n" not in old or not wanted or old.lstrip(" \t")[:1] not in ("\n", "\r"):
        return ", ".join(argument.text for argument in wanted)
    lines = [line for line in old.replace("\r\n", "\n").split("\n")[1:] if line.strip()]
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())] if lines else ""
    tail = old[len(old.rstrip()) :]
    closing = "\n" + tail.replace("\r\n", "\n").rpartition("\n")[2] if "\n" in tail else ""
    is_one_each = len(lines) >= len(arguments.arguments)
    separator = f",\n{indent}" if is_one_each else ", "
    body = separator.join(argument.text for argument in wanted)
    return f"\n{indent}{body}{',' if old.rstrip().endswith(',') else ''}{closing}"


def _argument(source: str) -> Argument:
    if source.startswith("*"):
        return Argument(kind=ArgumentKind.STAR, name="", value=source)
    name, equals, value = source.partition("=")
    if equals and name.strip().isidentifier() and not value.startswith("="):
        kind = ArgumentKind.KEYWORD
        return Argument(kind=kind, name=name.strip(), value=value.strip())
    return Argument(kind=ArgumentKind.POSITIONAL, name="", value=source)


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    """Give the tokens up to the first error, or to the bracket that closes the first one."""
    found: list[tokenize.TokenInfo] = []
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            found.append(token)
            if token.type == tokenize.OP:
                depth += (token.string in _OPENING) - (token.string in _CLOSING)
                if depth <= 0:
                    break
    except (tokenize.TokenError, SyntaxError):
        pass
    return found
