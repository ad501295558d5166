"""Finding files, and lines in them, with unsaved text in place of the saved."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mcp_tools.code.globbing import compile_glob
from mcp_tools.code.mirror import mirrored
from mcp_tools.code.ripgrep import Hit, Query, count_hits, find_hits, list_files
from mcp_tools.types.calls import ToolContext
from mcp_tools.types.documents import Document, SnapshotView
from mcp_tools.types.errors import NotFound, NotText
from mcp_tools.workspace.ignore import RULE_FILES

# What ripgrep finds without a glob; given as one it would override the ignore rules.
_EVERY_FILE = frozenset({"*", "**", "**/*"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a query."""

    counts: dict[Path, int]
    """Number of matching lines of each file that has any; sorted by path."""
    hits: tuple[Hit, ...]
    """At most as many as were asked for; sorted by path and line."""

    @property
    def n_hits(self) -> int:
        """How many lines match in all."""
        return sum(self.counts.values())


async def find_files(context: ToolContext, below: Path, glob: str) -> tuple[Path, ...]:
    """Give the files whose path below a folder matches a glob, sorted by path.

    Raises: NotFound if there is no such folder; NotText for a pipe or device; InvalidEdit if the
        glob is not valid.
    """
    pattern = compile_glob(glob)
    scope = await asyncio.to_thread(_scope, context.snapshot, below)
    listed = await list_files(context.programs, context.root, scope.name, *scope.options)
    return await asyncio.to_thread(_matching, scope, listed, pattern)


async def search(context: ToolContext, query: Query, below: Path, *, max_hits: int) -> Found:
    """Give what matches below a folder or in a file; `max_hits` bounds the lines.

    Two passes keep the output small however much matches: counts of every file, and then the
    lines of the first files only.
    Raises: NotFound, NotText for a pipe or device, ProgramFailed if the pattern is not valid.
    """
    if query.glob in _EVERY_FILE:
        query = replace(query, glob=None)
    scope = await asyncio.to_thread(_scope, context.snapshot, below)
    # A glob makes ripgrep forget the ignore rules.
    scope = replace(scope, has_other_rules=scope.has_other_rules or query.glob is not None)
    counts = await count_hits(context.programs, query, context.root, scope.name, *scope.options)
    saved = await asyncio.to_thread(_saved, scope, counts)
    if not scope.upper:
        chosen = _first_files(saved, max_hits)
        hits = await _hits(context, query, {context.root: chosen}, max_hits)
        return _found(saved, hits, max_hits)
    async with mirrored(context.root, scope.upper) as folder:
        # What is in the mirror was chosen by the ignore rules already.
        counts = await count_hits(context.programs, query, folder, "", "--no-ignore")
        unsaved = {context.root / path.relative_to(folder): n for path, n in counts.items()}
        chosen = _first_files(saved | unsaved, max_hits)
        places = {
            context.root: [path for path in chosen if path in saved],
            folder: [folder / path.relative_to(context.root) for path in chosen if path in unsaved],
        }
        hits = await _hits(context, query, places, max_hits)
    return _found(saved | unsaved, hits, max_hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """What a search covers."""

    snapshot: SnapshotView
    below: Path
    name: str
    """Of `below`, relative to the root; empty for the root."""
    options: tuple[str, ...]
    upper: tuple[Document, ...]
    """The documents in it whose text is not, or may not be, the one on disk."""
    hidden: frozenset[Path]
    """Paths whose text on disk does not count."""
    has_other_rules: bool
    """Ignore rules count that ripgrep does not see, so that what it finds is judged again."""

    def has(self, path: Path) -> bool:
        """Tell whether what ripgrep found on disk is part of the search."""
        return path not in self.hidden and (not self.has_other_rules or self.is_wanted(path))

    def is_wanted(self, path: Path) -> bool:
        """Tell whether a path lies below and no ignore rule leaves it out.

        An ignored file or folder that is named itself is searched all the same.
        """
        if path == self.below:
            return True
        is_below = self.below in path.parents
        return is_below and ("--no-ignore" in self.options or not self.snapshot.is_ignored(path))


def _scope(snapshot: SnapshotView, below: Path) -> _Scope:
    is_file = is_file_entry(snapshot, below)
    if is_file and below.exists() and not below.is_file():
        # Ripgrep would wait for what somebody writes into a pipe.
        raise NotText(f"{below.name!r} is a pipe or device, not a file")
    if not is_file:
        # Raises NotFound, in words that fit a folder.
        snapshot.entries(below)
    is_ignored = below != snapshot.root and is_ignored_entry(snapshot, below, is_dir=not is_file)
    name = below.relative_to(snapshot.root).as_posix() if below != snapshot.root else ""
    options = ("--no-ignore",) if is_ignored else _rule_files(snapshot)
    covered = snapshot.covered()
    hidden = frozenset({document.path for document in covered}) | snapshot.removed()
    scope = _Scope(
        snapshot=snapshot,
        below=below,
        name=name,
        options=options,
        upper=(),
        hidden=hidden,
        has_other_rules=_has_other_rules(snapshot, below, hidden),
    )
    return replace(scope, upper=tuple(d for d in covered if scope.is_wanted(d.path)))


def _matching(scope: _Scope, listed: Sequence[Path], pattern: re.Pattern[str]) -> tuple[Path, ...]:
    # The glob first: it is the cheaper question, and most files are not asked the other then.
    paths = {path for path in listed if _fits(scope, pattern, path) and scope.has(path)}
    paths |= {d.path for d in scope.upper if _fits(scope, pattern, d.path)}
    return tuple(sorted(paths))


def _fits(scope: _Scope, pattern: re.Pattern[str], path: Path) -> bool:
    return pattern.fullmatch(path.relative_to(scope.below).as_posix()) is not None


def _saved(scope: _Scope, counts: Mapping[Path, int]) -> dict[Path, int]:
    return {path: count for path, count in counts.items() if scope.has(path)}


def is_file_entry(snapshot: SnapshotView, path: Path) -> bool:
    """Tell whether there is a file at a path, text or not."""
    if path == snapshot.root:
        return False
    try:
        entries = snapshot.entries(path.parent)
    except NotFound:
        return False
    return any(entry.path == path and not entry.is_dir for entry in entries)


def is_ignored_entry(snapshot: SnapshotView, path: Path, *, is_dir: bool) -> bool:
    """Tell whether a file is ignored, or whether all that a folder could hold is."""
    return snapshot.is_ignored(path / "anything" if is_dir else path)


def _has_other_rules(snapshot: SnapshotView, below: Path, hidden: frozenset[Path]) -> bool:
    """Tell whether rules are not saved, or stand between the root and the folder searched."""
    if any(path.name in RULE_FILES for path in hidden):
        return True
    between = [folder for folder in below.parents if snapshot.root in folder.parents]
    return any(snapshot.exists(folder / name) for folder in between for name in RULE_FILES)


def _rule_files(snapshot: SnapshotView) -> tuple[str, ...]:
    """Let a search below a folder know the root's rules, so that it skips what they name."""
    names = (name for name in RULE_FILES if snapshot.exists(snapshot.root / name))
    return tuple(f"--ignore-file={name}" for name in names)


def _first_files(counts: dict[Path, int], max_hits: int) -> list[Path]:
    """Give as many files, in order, as `max_hits` lines can come from."""
    chosen: list[Path] = []
    n_hits = 0
    for path in sorted(counts):
        if n_hits >= max_hits:
            break
        chosen.append(path)
        n_hits += counts[path]
    return chosen


async def _hits(
    context: ToolContext, query: Query, places: dict[Path, list[Path]], max_hits: int
) -> list[Hit]:
    found: list[Hit] = []
    for folder, paths in places.items():
        if paths:
            hits = await find_hits(context.programs, query, folder, paths, max_hits=max_hits)
            found += [_in_root(hit, folder, context.root) for hit in hits]
    return found


def _in_root(hit: Hit, folder: Path, root: Path) -> Hit:
    return replace(hit, path=root / hit.path.relative_to(folder))


def _found(counts: dict[Path, int], hits: Sequence[Hit], max_hits: int) -> Found:
    ordered = sorted(hits, key=lambda hit: (hit.path, hit.line_number))
    return Found(counts=dict(sorted(counts.items())), hits=tuple(ordered[:max_hits]))
