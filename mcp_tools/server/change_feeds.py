"""Who waits for which changes: many changes that come close together are told once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mcp_tools.server.addresses import Spot

TOGETHER_S = 0.1
"""Changes that come within this time are told at once."""

_MANY = 2_000
"""More paths at once than this count as a change of everything below the root."""
_CHECKER_SETTINGS = frozenset({"pyproject.toml", "ruff.toml", ".ruff.toml"})
"""Files that change which problems there are in others."""

TellUpdated: TypeAlias = Callable[[str], Awaitable[None]]
"""Takes the URI of a resource that may have changed; may wait for a slow reader."""

TellListChanged: TypeAlias = Callable[[], Awaitable[None]]
ReadList: TypeAlias = Callable[[], Awaitable[frozenset[str]]]
"""Gives the URIs that stand in the list of resources now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed below a root at one moment."""

    root: Path
    paths: frozenset[Path]
    """What changed, and all folders around it."""
    changed: frozenset[Path]
    has_settings: bool
    """Among them are settings of a checker."""

    @classmethod
    def of(cls, root: Path, changed: frozenset[Path]) -> "Changes":
        """Take what a watch tells; of a folder, anything in it may have changed."""
        if len(changed) > _MANY:
            changed = frozenset({root})
        around = frozenset(folder for path in changed for folder in path.parents)
        has_settings = root in changed or any(path.name in _CHECKER_SETTINGS for path in changed)
        return cls(root=root, paths=changed | around, changed=changed, has_settings=has_settings)

    def concern(self, spot: Spot) -> bool:
        """Tell whether what is at a spot may have changed: it, what is in it, or all around it."""
        if spot.root != self.root:
            return False
        return spot.path in self.paths or not self.changed.isdisjoint(spot.path.parents)


class Feed:
    """One receiver of notices, with what it waits for."""

    def __init__(self, updated: TellUpdated, list_changed: TellListChanged, caller_id: str) -> None:
        """Tell a receiver in these ways; so far it waits for nothing."""
        self.updated = updated
        self.list_changed = list_changed
        self.caller_id = caller_id
        self.spots: dict[str, Spot | None] = {}
        """By URI as the receiver wrote it; None for what no change of a file concerns."""
        self._list: ReadList | None = None
        self._list_root: Path | None = None
        self._listed: frozenset[str] = frozenset()
        self._dirty: dict[str, None] = {}
        self._is_list_dirty = False
        self._wake = asyncio.Event()

    @property
    def follows_list(self) -> bool:
        """The receiver waits for changes of the list, too."""
        return self._list is not None

    async def follow_list(self, root: Path, read_list: ReadList) -> None:
        """Wait for changes of the list of a root, from what it is now."""
        self._listed = await read_list()
        self._list, self._list_root = read_list, root

    def take(self, changes: Changes) -> None:
        """Note what the receiver is to be told; it is told by `run`."""
        for uri, spot in self.spots.items():
            if spot is not None and (changes.concern(spot) or _is_rechecked(uri, spot, changes)):
                self._dirty[uri] = None
        if self._list is not None and self._list_root == changes.root:
            self._is_list_dirty = True
        if self._dirty or self._is_list_dirty:
            self._wake.set()

    async def run(self) -> None:
        """Tell the receiver, until cancelled. A slow one holds up nobody but itself."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(TOGETHER_S)
            self._wake.clear()
            dirty, self._dirty = self._dirty, {}
            is_list_dirty, self._is_list_dirty = self._is_list_dirty, False
            await self._tell(dirty, is_list_dirty=is_list_dirty)

    async def _tell(self, dirty: Mapping[str, None], *, is_list_dirty: bool) -> None:
        if is_list_dirty and self._list is not None:
            before, self._listed = self._listed, await self._list()
            if before != self._listed:
                await self.list_changed()
        for uri in dirty:
            if uri in self.spots:
                await self.updated(uri)


def _is_rechecked(uri: str, spot: Spot, changes: Changes) -> bool:
    is_checked = uri.lower().startswith("diagnostics:")
    return changes.has_settings and is_checked and spot.root == changes.root
