"""Files of any kind that have a word which a change is about: templates, documents, strings."""

import asyncio
import re
from pathlib import Path

from mcp_tools.code.refactoring.mentions import MentionKind, mentions
from mcp_tools.code.refactoring.result import Unresolved
from mcp_tools.code.ripgrep import Hit, Query
from mcp_tools.code.searching import search
from mcp_tools.types.calls import ToolContext
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.errors import ExpectedError

_MAX_LINES = 300
"""Of a word that is more frequent than that, single places say little."""
_MAX_LINE_CHARS = 200


async def places_elsewhere(context: ToolContext, word: str) -> tuple[tuple[Unresolved, ...], str]:
    """Give where a word stands in text that is no Python name, and a note on what is left out.

    In Python files these are strings and docstrings; comments and other text do not count.
    """
    query = Query(pattern=rf"\b{re.escape(word)}\b")
    try:
        found = await search(context, query, context.root, max_hits=_MAX_LINES)
    except ExpectedError as error:
        return (), f"Other files could not be searched for {word!r}: {error}"
    if found.n_hits > _MAX_LINES:
        n_files = len(found.counts)
        return (), (
            f"{word!r} stands in {found.n_hits} lines of {n_files} files; strings and files "
            "other than Python were not looked at, use grep"
        )
    return await asyncio.to_thread(_places, context, word, found.hits), ""


def _places(context: ToolContext, word: str, hits: tuple[Hit, ...]) -> tuple[Unresolved, ...]:
    codebase = context.codebase()
    known = frozenset(codebase.files())
    found: list[Unresolved] = []
    in_python: dict[Path, str] = {}
    for hit in hits:
        file = context.display(hit.path)
        if file in known:
            in_python[hit.path] = file
        else:
            text = hit.text.strip()[:_MAX_LINE_CHARS]
            why = "the word stands in a file that is no Python"
            line, column = hit.line_number - 1, hit.column - 1
            found.append(Unresolved(file=file, line=line, column=column, text=text, why=why))
    for file in in_python.values():
        found += _in_python(codebase, file, word)
    return tuple(sorted(found))


def _in_python(codebase: CodebaseView, file: str, word: str) -> list[Unresolved]:
    facts = codebase.facts(file)
    if facts is None:
        return []
    document = codebase.document(file)
    found: list[Unresolved] = []
    for mention in mentions(document, facts, word):
        if mention.kind is MentionKind.COMMENT:
            continue
        place = document.lines.place(mention.span.start)
        found.append(
            Unresolved(
                file=file,
                line=place.line,
                column=place.column,
                text=document.lines.line_text(place.line).strip()[:_MAX_LINE_CHARS],
                why=f"the word stands in a {mention.kind.value}",
            )
        )
    return found
