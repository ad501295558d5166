"""The files that a question to git is about, and those whose text git cannot see."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from mcp_tools.types.calls import ToolContext
from mcp_tools.types.errors import OutsideWorkspace

_MAX_NAMED = 10

OnePath = Annotated[str, Field(min_length=1, max_length=4096)]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Paths = Annotated[tuple[OnePath, ...], Field(max_length=500), BeforeValidator(_as_list)]
"""A field of files and folders; one alone may be given as plain text."""


def selected(context: ToolContext, paths: Sequence[str]) -> tuple[Path, ...]:
    """Give the paths within the root that are meant. Links are taken for themselves.

    Raises: OutsideWorkspace.
    """
    return tuple(_selected(context, path) for path in paths)


def pathspecs(context: ToolContext, paths: Iterable[Path]) -> tuple[str, ...]:
    """Give paths as git takes them, from the root."""
    return tuple(context.display(path) for path in paths)


async def unseen(context: ToolContext, paths: Sequence[Path] = ()) -> tuple[str, ...]:
    """Give the files whose unsaved or held text git does not see; empty `paths` stand for all."""
    overlay = await asyncio.to_thread(context.snapshot.overlay)
    return tuple(context.display(path) for path in overlay if not paths or _is_in(path, paths))


def note_on_unseen(names: Sequence[str]) -> str:
    """Say that git does not see some text; empty if there is none."""
    if not names:
        return ""
    return f"not seen by git, because unsaved or held for review: {listed(names)}"


def listed(names: Sequence[str]) -> str:
    """Give some names, and how many more there are."""
    more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    return f"{', '.join(names[:_MAX_NAMED])}{more}"


def _selected(context: ToolContext, path: str) -> Path:
    if "\0" in path:
        raise OutsideWorkspace(f"expected a path, got one with a NUL character: {path!r}")
    lexical = Path(os.path.normpath(context.root / path))
    if lexical == context.root or context.root in lexical.parents:
        return lexical
    return context.resolve(path)


def _is_in(path: Path, folders: Sequence[Path]) -> bool:
    return any(folder == path or folder in path.parents for folder in folders)
