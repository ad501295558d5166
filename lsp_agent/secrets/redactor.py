"""Hiding credentials in texts: each becomes a placeholder, the same for the same value."""

import hashlib
import re
import secrets
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from lsp_agent.secrets import assigned, private_keys
from lsp_agent.secrets.formats import FORMATS
from lsp_agent.secrets.known_values import spellings
from lsp_agent.secrets.own_words import OwnWords
from mcp_tools.types.json import JsonObject, JsonValue

MAX_NUMBERED = 100_000
"""Values whose number is remembered; those that come later get a new one each time."""
_RECENT_TEXTS = 1024
_RECENT_CHARS = 1_000
_NEW_LINE = "\n"
_MAX_PASSES = 4
OWN_NAME = "word of your list"
_PLACEHOLDER = re.compile(r"\[hidden: ([\w .-]{1,60}) #([0-9]{1,9})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A credential in a text."""

    name: str
    """What it is, such as `GitHub token`."""
    placeholder: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its credentials; it has as many lines as before."""

    text: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What is secret here beyond the formats that everybody knows."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """By value, what a placeholder calls it."""
    words: OwnWords = field(default_factory=OwnWords)


class _Span(NamedTuple):
    start: int
    end: int
    name: str
    value: str = ""
    """What is numbered in place of its own text."""


class Redactor:
    """Hides credentials, and knows its own placeholders again; safe to use from any thread."""

    def __init__(self, known: Secrets | None = None) -> None:
        """Hide what is known, beside all that has the format of a credential."""
        known = known or Secrets()
        self._words = known.words
        self._values = tuple(
            (spelling, name)
            for value, name in known.values.items()
            for spelling in sorted(spellings(value), key=len, reverse=True)
        )
        self._numbers: dict[bytes, int] = {}
        self._names: dict[int, str] = {}
        self._salt = secrets.token_bytes(16)
        self._n_hidden = 0
        self._lock = Lock()
        self._recent = lru_cache(maxsize=_RECENT_TEXTS)(self._redact)

    def redact(self, text: str) -> Redacted:
        """Give a text without its credentials; what is hidden already stays as it is."""
        # Names of fields, reasons and the like come again and again; a long text would only take
        # up memory.
        return self._recent(text) if len(text) <= _RECENT_CHARS else self._redact(text)

    def hide(self, text: str) -> str:
        """Give the text of `redact`."""
        return self.redact(text).text

    def hide_in(self, value: JsonValue) -> JsonValue:
        """Hide in every text within a JSON value, names included."""
        match value:
            case str():
                return self.hide(value)
            case list():
                return [self.hide_in(each) for each in value]
            case dict():
                return self.hide_in_object(value)
            case _:
                return value

    def hide_in_object(self, value: JsonObject) -> JsonObject:
        """Hide in every text within a JSON object, names included."""
        return {self.hide(name): self.hide_in(each) for name, each in value.items()}

    def placeholder_in(self, value: JsonValue) -> str:
        """Give a placeholder of this redactor that stands in a JSON value; empty if none does."""
        match value:
            case str():
                return next((m[0] for m in _PLACEHOLDER.finditer(value) if self._is_own(m)), "")
            case list():
                inner = (self.placeholder_in(each) for each in value)
                return next((found for found in inner if found), "")
            case dict():
                return self.placeholder_in([*value, *value.values()])
            case _:
                return ""

    def _redact(self, text: str) -> Redacted:
        found: list[Finding] = []
        # What stood right after a credential may now be seen as one of its own.
        for _ in range(_MAX_PASSES):
            once = self._redact_once(text)
            text = once.text
            found += once.findings
            if not once.findings:
                break
        return Redacted(text, tuple(found))

    def _redact_once(self, text: str) -> Redacted:
        taken = [m.span() for m in _PLACEHOLDER.finditer(text) if self._is_own(m)]
        parts: list[str] = []
        findings: list[Finding] = []
        end = 0
        for span in _apart(self._spans(text), taken):
            placeholder = self._placeholder(span, text[span.start : span.end])
            parts += (text[end : span.start], placeholder)
            findings.append(Finding(name=span.name, placeholder=placeholder.rstrip(_NEW_LINE)))
            end = span.end
        return Redacted("".join((*parts, text[end:])), tuple(findings))

    def _spans(self, text: str) -> Iterator[_Span]:
        for value, name in self._values:
            start = text.find(value)
            while start >= 0:
                yield _Span(start, start + len(value), name)
                start = text.find(value, start + len(value))
        yield from (_Span(*span, OWN_NAME) for span in self._words.spans(text))
        for start, end, key in private_keys.private_key_spans(text):
            yield _Span(start, end, private_keys.NAME, key)
        for each in FORMATS:
            yield from (_Span(*span, each.name) for span in each.spans(text))
        yield from (_Span(*span, assigned.NAME) for span in assigned.assigned_spans(text))

    def _placeholder(self, span: _Span, text: str) -> str:
        value = (span.value or text).encode("utf-8", "surrogatepass")
        digest, name = hashlib.blake2b(value, key=self._salt).digest(), span.name
        with self._lock:
            number = self._numbers.get(digest)
            if number is None:
                self._n_hidden += 1
                number = self._n_hidden
                if number <= MAX_NUMBERED:
                    self._numbers[digest] = number
                    self._names[number] = name
            name = self._names.get(number, name)
        return f"[hidden: {name} #{number}]{_NEW_LINE * text.count(_NEW_LINE)}"

    def _is_own(self, match: re.Match[str]) -> bool:
        number = int(match[2])
        is_forgotten = MAX_NUMBERED < number <= self._n_hidden
        return is_forgotten or self._names.get(number) == match[1]


def _apart(spans: Iterable[_Span], taken: Sequence[tuple[int, int]]) -> Iterator[_Span]:
    """Give spans in their order: those that meet are one, and what is taken is left out."""
    whole: _Span | None = None
    for span in sorted(_free(spans, taken), key=lambda each: (each.start, -each.end)):
        if whole is None or span.start >= whole.end:
            if whole is not None:
                yield whole
            whole = span
        elif span.end > whole.end:
            whole = whole._replace(end=span.end, value="")
    if whole is not None:
        yield whole


def _free(spans: Iterable[_Span], taken: Sequence[tuple[int, int]]) -> Iterator[_Span]:
    """Give those spans that do not meet what is taken, which is in order."""
    ends = [end for _, end in taken]
    for span in spans:
        next_taken = bisect_right(ends, span.start)
        if next_taken == len(taken) or taken[next_taken][0] >= span.end:
            yield span
