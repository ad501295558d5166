"""Names of files that go with what was typed, among all files of a root.

The files are listed once, and again after something came or went.
"""

import asyncio
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from pathlib import Path

from mcp_tools.index.name_search import Lines, Match, Query
from mcp_tools.server.ports import Workplace, Workplaces
from mcp_tools.server.schemes.files import changed_files, is_writable_name
from mcp_tools.workspace.disk.walking import walk

MAX_FILES = 300_000
"""Of a root; in one that has more, the last ones are not found by a part of their name."""

_N_FIRST = 200
"""Names that are at hand for someone who has typed nothing yet."""


class NameList:
    """Names with slashes in them, to be searched by what somebody types."""

    def __init__(self, names: Sequence[str]) -> None:
        """Take the names, each without a line end."""
        self.all = frozenset(names)
        self._first = nsmallest(_N_FIRST, names, key=lambda name: (name.count("/"), name))
        self._lines = Lines("\n".join(["", *names, ""]))

    def matches(self, typed: str, limit: int) -> Iterator[str]:
        """Give names that go with what was typed, best first; some come more than once.

        Those that begin with it, those with a part that does, and those with it in them; if there
        are none, those that have its letters in order.
        """
        if not typed:
            yield from self._first
            return
        has_any = False
        for text, match in (
            (typed, Match.EQUAL),
            (typed, Match.PREFIX),
            (f"/{typed}", Match.PART),
            (typed, Match.PART),
        ):
            found = self._lines.search(Query(text), match, limit)
            has_any = has_any or bool(found)
            yield from (name for _, name in found)
        if not has_any:
            letters = self._lines.search(Query(typed), Match.LETTERS, limit)
            yield from (name for _, name in letters)


class FileFinder:
    """Knows the names of the files of all roots that were asked about."""

    def __init__(self, workplaces: Workplaces) -> None:
        """Know nothing yet; from the first question on, follow the changes of files."""
        self._workplaces = workplaces
        self._known: dict[Path, NameList] = {}
        self._locks: dict[Path, asyncio.Lock] = {}
        self._n_changes = 0
        self._is_following = False

    async def find(self, place: Workplace, typed: str, limit: int) -> list[str]:
        """Give at most `limit` names from the root that go with what was typed, best first.

        Ignored files are left out; files that are not saved yet, or only proposed, are not.
        """
        names = await self._names(place.root)
        return await asyncio.to_thread(_found, place, names, typed, limit)

    async def _names(self, root: Path) -> NameList:
        if not self._is_following:
            self._is_following = True
            self._workplaces.follow(self._changed)
        async with self._locks.setdefault(root, asyncio.Lock()):
            names = self._known.get(root)
            if names is None:
                n_changes = self._n_changes
                names = await asyncio.to_thread(_listed, root)
                if n_changes == self._n_changes:
                    self._known[root] = names
            return names

    def _changed(self, root: Path, paths: frozenset[Path]) -> None:
        names = self._known.get(root)
        # What was removed, but is still listed, is found out when the list is made anew.
        if names is None or any(_name(root, path) not in names.all for path in paths):
            self._n_changes += 1
            self._known.pop(root, None)


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else ""


def _listed(root: Path) -> NameList:
    files = (name for name in walk(root, is_writable_name).files if is_writable_name(name))
    return NameList(sorted(files)[:MAX_FILES])


def _found(place: Workplace, names: NameList, typed: str, limit: int) -> list[str]:
    typed = typed.removeprefix("./").replace("\n", "")
    snapshot = place.snapshot()
    changed = [_name(place.root, path) for path in changed_files(snapshot)]
    unsaved = NameList([name for name in changed if name not in names.all])
    hidden = {_name(place.root, path) for path in snapshot.removed()}
    found: dict[str, None] = {}
    for source in (unsaved, names):
        for name in source.matches(typed, limit):
            if len(found) >= limit:
                return list(found)
            if name not in hidden:
                found[name] = None
    return list(found)
