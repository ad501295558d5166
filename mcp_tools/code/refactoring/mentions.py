"""Where a word stands in strings, comments and docstrings, not as a name."""

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mcp_tools.types.documents import Document
from mcp_tools.types.facts import Facts
from mcp_tools.types.text import Place, Span, split_lines

_QUIET_TOKENS = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.ENCODING})
_STATEMENT_STARTS = frozenset({tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


class MentionKind(StrEnum):
    """Where in a file a word stands that is no name there."""

    STRING = "string"
    DOCSTRING = "docstring"
    COMMENT = "comment"
    OTHER = "text"


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A word in the text that equals a name."""

    span: Span
    kind: MentionKind


def mentions(document: Document, facts: Facts, word: str) -> tuple[Mention, ...]:
    """Give where a word stands whole, but is no name, in the order of the text."""
    names = {facts.starts[term] for term in facts.occurrences(word)}
    found = [match for match in _whole(word).finditer(document.text) if match.start() not in names]
    if not found:
        return ()
    regions = _regions(document)
    return tuple(
        Mention(span, kind)
        for span in (Span(*match.span()) for match in found)
        if (kind := _kind(span, regions)) is not MentionKind.OTHER
    )


def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


def _kind(span: Span, regions: list[Mention]) -> MentionKind:
    for region in regions:
        if region.span.start <= span.start and span.end <= region.span.end:
            return region.kind
    return MentionKind.OTHER


def _regions(document: Document) -> list[Mention]:
    """Give the strings and comments of a Python text, as far as it can be read."""
    found: list[Mention] = []
    is_statement = True
    for token in _tokens(document.text):
        start = document.lines.offset(Place(token.start[0] - 1, token.start[1]))
        end = document.lines.offset(Place(token.end[0] - 1, token.end[1]))
        if token.type == tokenize.COMMENT:
            found.append(Mention(Span(start, end), MentionKind.COMMENT))
        elif token.type == tokenize.STRING:
            kind = MentionKind.DOCSTRING if is_statement else MentionKind.STRING
            found.append(Mention(Span(start, end), kind))
        if token.type not in _QUIET_TOKENS:
            is_statement = token.type in _STATEMENT_STARTS
    return found


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """Give the tokens up to the first error; lines are those of `mcp_tools.types.text`."""
    lines = [line.rstrip("\r\n") + "\n" for line in split_lines(text)]
    try:
        # The tokenizer knows no other line ends than the usual; columns stay as they are.
        yield from tokenize.generate_tokens(io.StringIO("".join(lines), newline="\n").readline)
    except (tokenize.TokenError, SyntaxError):
        return
