"""What of each recorded change still stands, and what was taken back, at any depth.

An undo or a redo takes back parts of older entries. One that is taken back itself gives them
free again, and so on. This follows the entries in the order in which they were made, since what
an undo took depends on what was taken before it: of two that overlap, the second one took the
rest only, and gives back no more than that.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mcp_tools.types.journal import Entry, EntryKind, EntryState, Target


class Status(StrEnum):
    """What became of a recorded change."""

    APPLIED = "applied"
    UNDONE = "undone"
    PARTLY_UNDONE = "partly undone"
    NOTHING = "nothing"
    """It failed, was interrupted or is not finished."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some hunks of one path: those with an id in `ids`, or with `is_others` all but those."""

    ids: frozenset[str] = frozenset()
    is_others: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether there is no hunk in it."""
        return not self.ids and not self.is_others

    @property
    def is_all(self) -> bool:
        """Whether each hunk is in it, whatever their ids are."""
        return not self.ids and self.is_others

    def __contains__(self, hunk_id: str) -> bool:
        return (hunk_id in self.ids) is not self.is_others

    def __or__(self, other: "Part") -> "Part":
        match self.is_others, other.is_others:
            case False, False:
                return Part(self.ids | other.ids)
            case True, True:
                return Part(self.ids & other.ids, is_others=True)
            case True, False:
                return Part(self.ids - other.ids, is_others=True)
            case _:
                return Part(other.ids - self.ids, is_others=True)

    def __sub__(self, other: "Part") -> "Part":
        return (self._complement() | other)._complement()

    def _complement(self) -> "Part":
        return Part(self.ids, is_others=not self.is_others)


NOTHING = Part()


@dataclass(frozen=True, slots=True)
class _Taken:
    """What an undo or redo took of one path of an older entry, beyond what was taken before."""

    entry_id: str
    part: Part


class Standing:
    """What was taken back of each path of each entry."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Follow entries, in any order; those that were not made to the end count for nothing."""
        self._entries = {entry.id: entry for entry in entries}
        self._parts: dict[tuple[str, str], Part] = {}
        self._took: defaultdict[str, dict[str, list[_Taken]]] = defaultdict(dict)
        self._takers: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._partly_taken: defaultdict[str, set[str]] = defaultdict(set)
        for entry in sorted(self._entries.values(), key=lambda entry: entry.number):
            if entry.state is EntryState.DONE:
                for target in entry.targets:
                    self.take(entry.id, target)

    def take(self, taker_id: str, target: Target) -> None:
        """Follow one more undo or redo; it is younger than all before it."""
        paths = self.paths(target.entry_id) if target.path is None else (target.path,)
        for path in paths:
            taken = self.taken(target.entry_id, path)
            wanted = Part(frozenset(target.hunk_ids), is_others=not target.hunk_ids)
            new = _Taken(target.entry_id, wanted - taken)
            self._took[taker_id].setdefault(path, []).append(new)
            if not new.part.is_nothing:
                self._takers[target.entry_id, path].append(taker_id)
                self._follow(path, new)

    def taken(self, entry_id: str, path: str) -> Part:
        """Give what was taken back of a path of an entry."""
        return self._parts.get((entry_id, path), NOTHING)

    def paths(self, entry_id: str) -> tuple[str, ...]:
        """Give the paths of an entry, and those of which it took what was gone by then."""
        entry = self._entries.get(entry_id)
        own = () if entry is None else tuple(file.path for file in entry.files)
        return tuple(dict.fromkeys((*own, *self._took.get(entry_id, ()))))

    def status(self, entry: Entry) -> Status:
        """Tell what became of an entry."""
        if entry.state is not EntryState.DONE:
            return Status.NOTHING
        paths = self.paths(entry.id)
        if paths and not any(self.stands(entry.id, path) for path in paths):
            return Status.UNDONE
        is_applied = all(
            self.taken(entry.id, path).is_nothing and not self._is_blurred(entry.id, path)
            for path in paths
        )
        return Status.APPLIED if is_applied else Status.PARTLY_UNDONE

    def gone(self, entry_id: str, path: str) -> Part:
        """Give what cannot be taken back out of this entry itself.

        An undo or redo that was itself taken back in part has hunks of its own: nobody knows
        which of the entry's hunks are there again. They are taken back out of the newer one.
        """
        gone = self.taken(entry_id, path)
        if self._is_blurred(entry_id, path):
            for taker_id in self._takers[entry_id, path]:
                for taken in self._took[taker_id][path]:
                    gone = gone | taken.part if taken.entry_id == entry_id else gone
        return gone

    def is_open(self, entry_id: str, path: str) -> bool:
        """Tell whether some of a path may be taken back out of this entry itself."""
        is_gone = self.gone(entry_id, path).is_all
        return not is_gone and self.overtaken_by(entry_id, path) is None

    def stands(self, entry_id: str, path: str) -> bool:
        """Tell whether some of what an entry did to a path is in force."""
        return not self.taken(entry_id, path).is_all or self._is_blurred(entry_id, path)

    def undone_by(self, entry: Entry) -> Entry | None:
        """Give the newest undo or redo that took back something of an entry, and stands."""
        ids = {key for path in self.paths(entry.id) for key in self._takers[entry.id, path]}
        takers = [self._entries[key] for key in ids if key in self._entries]
        standing = [taker for taker in takers if self.status(taker) is not Status.UNDONE]
        return max(standing, key=lambda taker: taker.number, default=None)

    def roots(self, entry_id: str, path: str) -> frozenset[str]:
        """Give the ids of the changes of a path that an undo or redo is about in the end."""
        chain = self._chain(entry_id, path)
        return frozenset(e.id for e in chain if e.kind is EntryKind.CHANGE)

    def overtaken_by(self, entry_id: str, path: str) -> Entry | None:
        """Give what took back, past a newer undo or redo, something that this one is about.

        It is not known what is left to that one then, so it is the older ones' turn.
        """
        entry = self._entries.get(entry_id)
        takers = (
            self._entries[taker_id]
            for link in self._chain(entry_id, path)
            for taker_id in self._takers[link.id, path]
            if link.id != entry_id and taker_id in self._entries
        )
        newer = (
            taker
            for taker in takers
            if entry and taker.number > entry.number and not self.taken(taker.id, path).is_all
        )
        return max(newer, key=lambda taker: taker.number, default=None)

    def _chain(self, entry_id: str, path: str) -> tuple[Entry, ...]:
        """Give an entry, those of which it took some of a path, and so on."""
        found: dict[str, Entry] = {}
        ahead = [entry_id]
        while ahead:
            key = ahead.pop()
            if key in self._entries and key not in found:
                found[key] = self._entries[key]
                takens = self._took[key].get(path, ())
                ahead += [taken.entry_id for taken in takens if not taken.part.is_nothing]
        return tuple(found.values())

    def _is_blurred(self, entry_id: str, path: str) -> bool:
        """Tell whether an undo or redo of it, at any depth, was taken back in part."""
        if not self._partly_taken[path]:
            return False
        seen: set[str] = set()
        ahead = list(self._takers[entry_id, path])
        while ahead:
            key = ahead.pop()
            if key in self._partly_taken[path]:
                return True
            if key not in seen:
                seen.add(key)
                ahead += self._takers[key, path]
        return False

    def _follow(self, path: str, first: _Taken) -> None:
        """Note what was taken; an undo that is gone whole by that gives free what it took."""
        # Not by recursion: whoever goes back and forth hundreds of times makes a deep chain.
        ahead = [(first, True)]
        while ahead:
            change, is_taken = ahead.pop()
            before = self.taken(change.entry_id, path)
            if change.part.is_all:
                after = change.part if is_taken else NOTHING
            else:
                after = before | change.part if is_taken else before - change.part
            self._parts[change.entry_id, path] = after
            if after.is_all or after.is_nothing:
                self._partly_taken[path].discard(change.entry_id)
            else:
                self._partly_taken[path].add(change.entry_id)
            if after.is_all is not before.is_all:
                # What was taken last is given back first: each finds things as it left them.
                takens = self._took[change.entry_id].get(path, [])
                in_turn = takens if after.is_all else takens[::-1]
                ahead += [(taken, not after.is_all) for taken in in_turn]
