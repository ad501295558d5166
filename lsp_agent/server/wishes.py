"""What is to be undone or redone, from the terms of the protocol to those of the history."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from lsp_agent.server.folders import Folder, Folders
from lsp_agent.server.review.port import Wish
from mcp_tools.types.errors import InvalidEdit, NotFound
from mcp_tools.types.journal import Entry, Target
from mcp_tools.workspace.undo.history import Scope, select, select_redo

Select = Callable[[Sequence[Entry], Scope, Path], tuple[Target, ...]]


async def find_undo(folders: Folders, wish: Wish) -> tuple[Folder, Scope]:
    """Give the folder and the scope that an undo is about.

    Raises: ExpectedError.
    """
    return await _find(folders, wish, select)


async def find_redo(folders: Folders, wish: Wish) -> tuple[Folder, Scope]:
    """Give the folder and the scope that a redo is about.

    Raises: ExpectedError.
    """
    return await _find(folders, wish, select_redo)


async def _find(folders: Folders, wish: Wish, choose: Select) -> tuple[Folder, Scope]:
    if wish.uri is not None:
        folder, path = folders.find(wish.uri)
        return folder, _scope(wish, path)
    scope, first = _scope(wish, None), folders.first()
    for folder in folders.all():
        if await asyncio.to_thread(_has_some, folder, scope, choose):
            return folder, scope
    return first, scope  # Its history says best what is missing.


def _has_some(folder: Folder, scope: Scope, choose: Select) -> bool:
    try:
        choose(folder.engine.applier.journal.entries(), scope, folder.workspace.root)
    except NotFound:
        return False
    return True


def _scope(wish: Wish, path: Path | None) -> Scope:
    return Scope(
        entry_id=wish.entry,
        path=path,
        hunk_id=wish.hunk_id,
        turn_id=wish.turn,
        session_id=wish.session,
        since=_moment(wish.since),
    )


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidEdit(
            f"since: expected a moment such as '2026-11-20T09:30:00+01:00', got {text!r}"
        ) from error
    return moment if moment.tzinfo is not None else moment.astimezone()
