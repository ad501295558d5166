"""Replacing what a pattern matches in many files."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mcp_tools.code.answers.wording import counted
from mcp_tools.code.mirror import mirrored
from mcp_tools.code.refactoring.result import Refactoring
from mcp_tools.code.ripgrep import Query, Substitution, find_substitutions
from mcp_tools.code.searching import search
from mcp_tools.types.calls import ToolContext
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import ChangeSet, ModifyFile, TextEdit
from mcp_tools.types.errors import InvalidEdit, NotFound, NotText, TooLarge
from mcp_tools.types.text import Span, newline_of

MAX_PLACES = 20_000
MAX_CHARS = 64_000_000
"""Of all files that match, and of all that takes the place of the matches."""

_NEWLINE = re.compile(r"\r\n|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to replace by what, and where."""

    query: Query
    replacement: str
    path: str
    """A folder or file, as the caller named it."""
    max_files: int


async def substituted(context: ToolContext, wish: Wish) -> Refactoring:
    """Give the change that puts new text in the place of every match.

    What matches is looked for in the very text that the edits refer to.
    Raises: NotFound if nothing matches; InvalidEdit if too much does; ProgramFailed if the
        pattern is not valid; OutsideWorkspace.
    """
    query = _fitted(wish.query)
    found = await search(context, query, context.resolve(wish.path), max_hits=0)
    n_files = len(found.counts)
    if not n_files:
        raise NotFound(
            f"nothing below {wish.path!r} matches {wish.query.pattern!r}, so nothing changes; "
            "look for it with grep, ignored and binary files are left out"
        )
    if n_files > wish.max_files or found.n_hits > MAX_PLACES:
        raise InvalidEdit(
            f"{found.n_hits} lines in {n_files} files match, and at most max_files="
            f"{wish.max_files} may change; narrow it with path, glob or pattern, or allow more"
        )
    documents, notes = await _read(context, found.counts)
    async with mirrored(context.root, documents) as folder:
        made = await _substitutions(context, replace(query, glob=None), folder, wish)
        by_path = {context.root / path.relative_to(folder): subs for path, subs in made.items()}
    changes = [_change(document, by_path.get(document.path, ())) for document in documents]
    files = tuple(change for change in changes if change.edits)
    label = f"Replace {_short(wish.query.pattern)} in {counted(len(files), 'file')}"
    if not files:
        notes = [*notes, "every match has the new text already, so nothing changes"]
    return Refactoring(changes=ChangeSet(label=label, files=files), notes=tuple(notes))


def _fitted(query: Query) -> Query:
    """Let a pattern of several lines match in files with any line end."""
    if not query.is_literal:
        return replace(query, is_multiline="\n" in query.pattern or "\\n" in query.pattern)
    if "\n" not in query.pattern:
        return query
    lines = _NEWLINE.split(query.pattern)
    pattern = r"\r?\n".join(re.escape(line) for line in lines)
    return replace(query, pattern=pattern, is_literal=False, is_multiline=True)


async def _substitutions(
    context: ToolContext, query: Query, folder: Path, wish: Wish
) -> dict[Path, list[Substitution]]:
    """Give what takes the place of each match below a folder.

    Raises: InvalidEdit if it were too much: a few groups in a long text make a huge one.
    """
    new = wish.replacement
    n_groups = 0 if wish.query.is_literal else new.count("$")
    found = await find_substitutions(context.programs, query, folder)
    lengths = [each.end - each.start for matches in found.values() for each in matches]
    n_chars = len(lengths) * len(new) + n_groups * sum(lengths)
    if len(lengths) > MAX_PLACES or n_chars > MAX_CHARS:
        raise InvalidEdit(
            f"{len(lengths)} places match, and the new text would have about {n_chars} "
            f"characters; at most {MAX_PLACES} places and {MAX_CHARS} characters are replaced, "
            "so narrow the pattern or the path"
        )
    if n_groups:
        return await find_substitutions(context.programs, query, folder, new)
    return {path: [replace(m, text=new) for m in matches] for path, matches in found.items()}


async def _read(context: ToolContext, paths: Iterable[Path]) -> tuple[list[Document], list[str]]:
    documents: list[Document] = []
    notes: list[str] = []
    for path in paths:
        try:
            documents.append(await context.read(path))
        except (NotText, TooLarge) as error:
            notes.append(f"{context.display(path)} is left as it is: {error}")
        if sum(len(document.text) for document in documents) > MAX_CHARS:
            raise InvalidEdit(
                f"the files that match have more than {MAX_CHARS} characters; narrow the path"
            )
    return documents, notes


def _change(document: Document, substitutions: Sequence[Substitution]) -> ModifyFile:
    data = document.text.encode("utf-8", "replace")
    newline = newline_of(document.text)
    edits: list[TextEdit] = []
    n_bytes = n_chars = 0
    for each in substitutions:
        start = n_chars + len(data[n_bytes : each.start].decode("utf-8", "replace"))
        end = start + len(data[each.start : each.end].decode("utf-8", "replace"))
        n_bytes, n_chars = each.end, end
        new_text = _NEWLINE.sub(newline, each.text)
        if document.text[start:end] != new_text:
            edits.append(TextEdit(Span(start, end), new_text))
    return ModifyFile(path=document.path, base=document.digest, edits=tuple(edits))


def _short(pattern: str) -> str:
    return repr(pattern if len(pattern) <= 40 else f"{pattern[:40]}...")
