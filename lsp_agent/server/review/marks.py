"""Reading a document for review again: its places, its comments, and what a person typed."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lsp_agent.server.review.document import FILE_MARK
from mcp_tools.types.text import newline_of, split_lines
from mcp_tools.workspace.diffs import line_regions

COMMENT_MARK = ">"
_END = 1 << 30
"""Before no line of a section: at its end."""
_HUNK_MARK = re.compile(r"@@ .*?@@ \[([0-9a-f]+)\]")
_OF_A_DIFF = (" ", "+", "-", "\\", "@@", "#")


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the document: one hunk of a file, a file, or all of it."""

    name: str | None = None
    """The file's path from the root, with `/`."""
    hunk_id: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one place, up to the next one."""

    place: Place
    first_line: int
    lines: tuple[str, ...]
    """Without their ends."""

    @property
    def comment(self) -> str:
        """What a person wrote there; empty if nothing."""
        written = (line.removeprefix(COMMENT_MARK) for line in self.lines if _is_comment(line))
        return "\n".join(line.removeprefix(" ").rstrip() for line in written).strip("\n")


@dataclass(frozen=True, slots=True)
class Note:
    """A comment, and what it is about."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class _Typed:
    """A line that a person wrote, and the line of the rendering that it stands before."""

    at: int
    line: str


def sections_of(text: str) -> tuple[Section, ...]:
    """Give the parts of a document from the top down; the first one is about all of it."""
    place, first, lines = Place(), 0, list[str]()
    found: list[Section] = []
    for number, line in enumerate(_lines(text)):
        new = _place_of(line, place)
        if new is not None:
            found.append(Section(place, first, tuple(lines)))
            place, first, lines = new, number, []
        lines.append(line)
    found.append(Section(place, first, tuple(lines)))
    return tuple(found)


def notes_in(text: str) -> tuple[Note, ...]:
    """Give all comments of a document, from the top down."""
    return tuple(Note(s.place, s.comment) for s in sections_of(text) if s.comment)


def carried(old: str, shown: str, new: str, sent: Collection[Note] = ()) -> str:
    """Give the rendering `new` with what a person has typed into the rendering `old`.

    `shown` is what the document is now. What was written below a hunk that is gone moves up, to
    its file or to the top, as a comment. Comments in `sent` are left out: they were delivered.
    """
    # Without a rendering it is not known what was typed, but what looks like a comment.
    before = {section.place: section.lines for section in sections_of(old)} if old else {}
    after = {section.place: section.lines for section in sections_of(new)}
    kept: dict[Place, list[_Typed]] = {}
    for section in sections_of(shown):
        is_sent = Note(section.place, section.comment) in sent
        rendered = before.get(section.place)
        typed = [t for t in _typed(section, rendered) if not (is_sent and _is_comment(t.line))]
        place = _home(section.place, after)
        if place != section.place:
            typed = [_Typed(_END, _as_comment(t.line)) for t in typed if t.line.strip()]
        elif rendered is not None:
            typed = [_Typed(_moved(t.at, rendered, after[place]), t.line) for t in typed]
        kept.setdefault(place, []).extend(typed)
    return newline_of(shown).join((*_woven(new, kept), ""))


def _woven(new: str, kept: Mapping[Place, list[_Typed]]) -> Iterator[str]:
    for section in sections_of(new):
        typed = kept.get(section.place, ())
        for at, line in enumerate(section.lines):
            yield from (item.line for item in typed if item.at == at)
            yield line
        yield from (item.line for item in typed if item.at >= len(section.lines))


def _typed(section: Section, rendered: tuple[str, ...] | None) -> list[_Typed]:
    """Give the lines that a person wrote; without a rendering, those that look like it."""
    if rendered is None:
        lines = section.lines if section.place == Place() else section.lines[1:]
        return [_Typed(_END, line) for line in lines if line and not line.startswith(_OF_A_DIFF)]
    regions = line_regions(_joined(rendered), _joined(section.lines))
    return [
        _Typed(old_to, line)
        for _, old_to, new_from, new_to in regions
        for line in section.lines[new_from:new_to]
    ]


def _moved(at: int, old: tuple[str, ...], new: tuple[str, ...]) -> int:
    """Give where a line is to stand in `new` that stood before line `at` of `old`.

    That is below the line that it stood below, or below what took the place of that.
    """
    # The first line, which names the place, is the same one though its numbers may differ.
    regions = line_regions(_joined(old[1:]), _joined(new[1:]))
    shift = 1
    for old_from, old_to, _, new_to in regions:
        if at - 1 <= old_from:
            break
        if at - 1 <= old_to:
            return new_to + 1
        shift = new_to - old_to + 1
    return at - 1 + shift


def _home(place: Place, places: Collection[Place]) -> Place:
    """Give where to put what was written at a place: there, or the nearest thing around it."""
    candidates = (place, Place(place.name), Place())
    return next(candidate for candidate in candidates if candidate in places)


def _place_of(line: str, current: Place) -> Place | None:
    """Give the place that a line begins, None for any other line."""
    if line.startswith(FILE_MARK):
        return Place(_name_in(line.removeprefix(FILE_MARK)))
    match = _HUNK_MARK.match(line)
    return Place(current.name, match[1]) if match else None


def _name_in(mark: str) -> str:
    if mark.startswith('"'):
        try:
            return str(json.loads(mark))
        except ValueError:
            pass  # A person has changed the line; it names no file of ours then.
    return mark


def _is_comment(line: str) -> bool:
    return line.startswith(COMMENT_MARK)


def _as_comment(line: str) -> str:
    return line if _is_comment(line) else f"{COMMENT_MARK} {line}"


def _lines(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in split_lines(text)]


def _joined(lines: tuple[str, ...]) -> str:
    return "".join(f"{line}\n" for line in lines)
