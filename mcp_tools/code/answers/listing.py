"""Long answers in bounded text: shortened as a whole, never cut in the middle.

An answer that does not fit is given shorter, in this order, as the first of these that fits: the
first line of each entry, the places alone, the number of entries in each file. A cursor then gives
all entries in full, as many at a time as fit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Generic, TypeVar

from mcp_tools.code.answers.cursor import cursor_at, fingerprint, start_of
from mcp_tools.code.answers.data import CountData

DataT = TypeVar("DataT")

TOP = "module"
"""What the top of a file is called, where it is no name path's beginning."""

CHARS_PER_TOKEN = 4
"""An estimate for code and paths in English."""


_NOTE_CHARS = 90
"""What the note on how to go on takes."""


class Detail(StrEnum):
    """How much of each entry is given."""

    FULL = "full"
    FIRST_LINES = "first_lines"
    PLACES = "places"
    COUNTS = "counts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[DataT]):
    """One thing in a list. What costs time is computed only where it is shown."""

    file: str
    """The heading that it stands under, once for all entries in a row that share it."""
    place: str
    """Where it is, such as `12:7`."""
    full: Callable[[], str]
    """What else is told of it; may have several lines."""
    first_line: Callable[[], str]
    data: Callable[[Detail], DataT]
    short: str = ""
    """What it is called where only places are given."""
    within: str = ""
    """Name path of what it lies in; shown in brackets where it is another than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[DataT]):
    """A whole answer."""

    head: str
    """What was found, in one line."""
    entries: Sequence[Entry[DataT]]
    notes: Sequence[str] = ()
    """What a reader has to know of it, such as what marks mean, each in a line."""
    stamps: Sequence[str] = ()
    """Digests of the texts that it was computed from, as far as entries do not tell."""
    overview: Callable[[], str] | None = None
    """A text to be given instead, if the entries do not fit in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How much of an answer is wanted."""

    query: str
    """The question in full; a cursor is good for the same one only."""
    max_tokens: int
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[DataT]):
    """The part of an answer that is given."""

    text: str
    detail: Detail
    data: tuple[DataT, ...]
    counts: tuple[CountData, ...] = field(default=())
    n_total: int
    n_shown: int
    cursor: str | None


def page_of(listing: Listing[DataT], wish: Wish) -> Page[DataT]:
    """Give an answer, or the part of it that a cursor asks for, within the wished length.

    Raises: InvalidEdit if the cursor is not one of this question; StaleEdit if the answer has
        changed since.
    """
    query = fingerprint([wish.query])
    answer = fingerprint(_identity(listing))
    max_chars = wish.max_tokens * CHARS_PER_TOKEN
    if wish.cursor is not None:
        start = start_of(wish.cursor, query, answer)
        return _part(listing, start, max_chars, lambda end: cursor_at(end, query, answer))
    for detail in (Detail.FULL, Detail.FIRST_LINES, Detail.PLACES):
        if listing.overview is not None and detail is not Detail.FULL:
            continue
        lines = _fitting(listing, detail, max_chars)
        if lines is not None:
            cursor = None if detail is Detail.FULL else cursor_at(0, query, answer)
            return _whole(listing, detail, lines, cursor)
    cursor = cursor_at(0, query, answer)
    if listing.overview is not None:
        return _overview(listing, listing.overview(), cursor)
    return _counted(listing, max_chars, cursor)


def whole_text(listing: Listing[DataT]) -> str:
    """Give an answer in full, however long."""
    lines = _lines(listing.entries, Detail.FULL)
    return "\n".join([listing.head, *lines, *listing.notes])


def whole_data(listing: Listing[DataT]) -> list[DataT]:
    """Give all data of an answer."""
    return [entry.data(Detail.FULL) for entry in listing.entries]


def _identity(listing: Listing[DataT]) -> Iterator[str]:
    yield from listing.stamps
    for entry in listing.entries:
        yield entry.file
        yield entry.place
        yield entry.short


def _frame_chars(listing: Listing[DataT]) -> int:
    return len(listing.head) + sum(len(note) + 1 for note in listing.notes)


def _fitting(listing: Listing[DataT], detail: Detail, max_chars: int) -> list[str] | None:
    """Give all lines at some detail; None, as soon as that is known, if they do not fit."""
    n_chars = _frame_chars(listing) + (0 if detail is Detail.FULL else _NOTE_CHARS)
    found: list[str] = []
    for line in _lines(listing.entries, detail):
        n_chars += len(line) + 1
        if n_chars > max_chars:
            return None
        found.append(line)
    return found


def _lines(entries: Sequence[Entry[DataT]], detail: Detail) -> Iterator[str]:
    for file, group in groupby(entries, key=lambda entry: entry.file):
        members = list(group)
        texts = _texts(members, detail)
        if detail is Detail.PLACES:
            places = ", ".join(texts)
            yield f"{file}: {places}" if file else places
        elif file and len(members) == 1:
            yield f"{file if file.endswith('/') else f'{file}:'}{next(texts)}"
        else:
            if file:
                yield file
            for text in texts:
                yield f"{' ' if file else ''}{text}"


def _texts(members: Sequence[Entry[DataT]], detail: Detail) -> Iterator[str]:
    within = ""
    for entry in members:
        parts = [entry.place]
        if entry.within != within:
            within = entry.within
            parts.append(f"[{within or TOP}]")
        place = " ".join(part for part in parts if part)
        said = _said(entry, detail)
        # What begins in the next line needs no gap.
        yield f"{place} {said}" if place and said and not said.startswith("\n") else place + said


def _said(entry: Entry[DataT], detail: Detail) -> str:
    if detail is Detail.PLACES:
        return entry.short
    return entry.full() if detail is Detail.FULL else entry.first_line()


def _whole(
    listing: Listing[DataT], detail: Detail, lines: list[str], cursor: str | None
) -> Page[DataT]:
    n_entries = len(listing.entries)
    more = [_shortened_note(detail, cursor)] if cursor else []
    return Page(
        text="\n".join([listing.head, *lines, *listing.notes, *more]),
        detail=detail,
        data=tuple(entry.data(detail) for entry in listing.entries),
        n_total=n_entries,
        n_shown=n_entries,
        cursor=cursor,
    )


def _overview(listing: Listing[DataT], text: str, cursor: str) -> Page[DataT]:
    note = _shortened_note(Detail.FIRST_LINES, cursor)
    return Page(
        text="\n".join([listing.head, text, *listing.notes, note]),
        detail=Detail.FIRST_LINES,
        data=(),
        n_total=len(listing.entries),
        n_shown=0,
        cursor=cursor,
    )


def _counted(listing: Listing[DataT], max_chars: int, cursor: str) -> Page[DataT]:
    """Give how many entries each file has, or each folder where that is too much as well."""
    room = max_chars - _frame_chars(listing) - _NOTE_CHARS
    counts = _counts(listing.entries, None)
    n_levels = max((count.path.count("/") for count in counts), default=0)
    while n_levels > 0 and sum(map(_count_chars, counts)) > room:
        counts = _counts(listing.entries, n_levels)
        n_levels -= 1
    shown: list[CountData] = []
    for count in counts:
        room -= _count_chars(count)
        if room < 0 and shown:
            break
        shown.append(count)
    lines = [f"{count.path} {count.n_entries}" for count in shown]
    if len(shown) < len(counts):
        lines.append(f"and {len(counts) - len(shown)} more places")
    note = _shortened_note(Detail.COUNTS, cursor)
    return Page(
        text="\n".join([listing.head, *lines, *listing.notes, note]),
        detail=Detail.COUNTS,
        data=(),
        counts=tuple(shown),
        n_total=len(listing.entries),
        n_shown=0,
        cursor=cursor,
    )


def _counts(entries: Sequence[Entry[DataT]], n_levels: int | None) -> list[CountData]:
    """Count by file; with `n_levels`, what lies deeper by its folder on that level."""
    counts: dict[str, int] = {}
    for entry in entries:
        path = entry.file
        parts = path.split("/")
        if n_levels is not None and len(parts) > n_levels:
            path = "/".join(parts[:n_levels]) + "/"
        counts[path] = counts.get(path, 0) + 1
    return [CountData(path=path, n_entries=n_entries) for path, n_entries in counts.items()]


def _count_chars(count: CountData) -> int:
    return len(f"{count.path} {count.n_entries}") + 1


def _part(
    listing: Listing[DataT], start: int, max_chars: int, cursor_for: Callable[[int], str]
) -> Page[DataT]:
    """Give as many entries in full as fit, one at least."""
    entries = listing.entries
    end, n_chars, file = start, _frame_chars(listing) + _NOTE_CHARS, ""
    while end < len(entries):
        entry = entries[end]
        n_chars += len(entry.place) + len(entry.within) + len(entry.full()) + 5
        n_chars += len(entry.file) + 1 if entry.file != file else 0
        if n_chars > max_chars and end > start:
            break
        end, file = end + 1, entry.file
    part = entries[start:end]
    cursor = cursor_for(end) if end < len(entries) else None
    more = f"; go on with cursor={cursor}" if cursor else ""
    note = f"[{start + 1}-{end} of {len(entries)}{more}]"
    lines = _lines(part, Detail.FULL)
    return Page(
        text="\n".join([listing.head, *lines, *listing.notes, note]),
        detail=Detail.FULL,
        data=tuple(entry.data(Detail.FULL) for entry in part),
        n_total=len(entries),
        n_shown=len(part),
        cursor=cursor,
    )


_SHORTENED = {
    Detail.FIRST_LINES: "first lines only",
    Detail.PLACES: "places only",
    Detail.COUNTS: "numbers only",
}


def _shortened_note(detail: Detail, cursor: str) -> str:
    return f"[{_SHORTENED[detail]}; cursor={cursor} gives it in full, in parts]"
