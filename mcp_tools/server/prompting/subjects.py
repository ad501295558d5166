"""The code that a prompt is about, as an attachment."""

import asyncio
from dataclasses import dataclass

from mcp_tools.code.answers.bodies import find_body
from mcp_tools.code.answers.listing import whole_text
from mcp_tools.code.answers.naming import located
from mcp_tools.code.diagnostics.diagnose import unchecked_reason
from mcp_tools.server.addresses import diagnostics_uri, file_uri, symbol_uri
from mcp_tools.server.prompting.prompt import Occasion
from mcp_tools.server.schemes.diagnostics import problems
from mcp_tools.server.schemes.files import document_text
from mcp_tools.server.schemes.mime_types import TEXT, text_type
from mcp_tools.server.schemes.scheme import Content
from mcp_tools.types.errors import ExpectedError, NotFound
from mcp_tools.types.text import LineIndex

MAX_CHARS = 24_000
"""Of the text that is attached; a model reads the rest itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a prompt is about."""

    name: str
    """The file, from the root."""
    words: str
    """How a sentence calls it."""
    content: Content


async def subject_of(occasion: Occasion) -> Subject:
    """Give the file, lines or symbol that the arguments name.

    Raises: NotFound, NotText, TooLarge, OutsideWorkspace; StaleEdit if the file changes meanwhile.
    """
    return await asyncio.to_thread(_subject, occasion)


async def problems_of(occasion: Occasion, subject: Subject) -> Content | None:
    """Give the problems that are known of the file; None if it cannot be checked."""
    document = await asyncio.to_thread(
        lambda: occasion.place.snapshot().read(occasion.place.root / subject.name)
    )
    if unchecked_reason(document) is not None:
        return None
    try:
        text = await problems(occasion.place, subject.name)
    except ExpectedError:
        return None
    return Content(uri=diagnostics_uri(subject.name), mime_type=TEXT, text=_bounded(text))


def _subject(occasion: Occasion) -> Subject:
    spot = occasion.spot
    if spot is None:
        raise NotFound("expected the path of a file")
    path, name = spot.path, spot.name
    text = document_text(occasion.place.snapshot(), path)
    if (symbol := occasion.values.get("symbol")) is not None:
        return _symbol(occasion, name, symbol)
    lines = occasion.lines
    words, mime_type = repr(name), text_type(path)
    if lines is not None:
        text = _some_lines(text, lines)
        words = f"lines {lines[0]} to {lines[1]} of {words}"
    content = Content(uri=file_uri(path, lines), mime_type=mime_type, text=_bounded(text))
    return Subject(name=name, words=words, content=content)


def _symbol(occasion: Occasion, name: str, symbol: str) -> Subject:
    place = occasion.place
    target = located(place.codebase, f"{name}:{symbol}")
    body = find_body(place.codebase(), target)
    content = Content(
        uri=symbol_uri(name, body.item.path),
        mime_type=TEXT,
        text=_bounded(whole_text(body.listing)),
    )
    return Subject(name=name, words=f"{body.item.path!r} in {name!r}", content=content)


def _some_lines(text: str, lines: tuple[int, int]) -> str:
    index = LineIndex(text)
    first, last = lines
    if first > index.n_lines:
        raise NotFound(f"expected lines from 1 to {index.n_lines}, got {first}-{last}")
    end = index.line_span(min(last, index.n_lines) - 1).end
    return text[index.line_span(first - 1).start : end]


def _bounded(text: str) -> str:
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) <= MAX_CHARS:
        return text
    end = text.rfind("\n", 0, MAX_CHARS)
    shown = text[: end if end > 0 else MAX_CHARS]
    n_left = text.count("\n") - shown.count("\n")
    return f"{shown}\n[{n_left} more lines; call read_file]"
