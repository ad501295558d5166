"""Where the hunks of a patch belong in a text, and the text that they make of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from mcp_tools.code.not_found import nearest_lines
from mcp_tools.code.numbered import bare, has_end, numbered
from mcp_tools.code.patching.patches import Hunk, Mark
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.text import newline_of, split_lines

_MAX_NAMED_PLACES = 10
_MAX_SHOWN_LINES = 8
_MAX_COMPARED = 2_000_000
"""Places that are compared in all: a second or two. Only a text of equal lines needs more."""


def text_after(text: str, hunks: Sequence[Hunk]) -> str:
    """Give the text that all hunks make.

    The lines of a hunk must stand there exactly, and it must be clear where: once in the text, or
    below the lines that `@@` names, or at the very line that the header says, or once after the
    hunk before. Line ends of any kind are alike; new lines take that of their place.
    Raises: InvalidEdit, with the number of the hunk and what stands there instead.
    """
    lines = split_lines(text)
    finder = _Finder([bare(line) for line in lines], text)
    places: list[_Place] = []
    for number, hunk in enumerate(hunks, 1):
        try:
            start = finder.find(hunk)
        except InvalidEdit as error:
            raise InvalidEdit(f"hunk {number} of {len(hunks)}: {error}") from error
        places.append(_Place(start, start + len(hunk.old), hunk))
        finder.found(hunk, start)
    return _replaced(lines, text, sorted(places, key=lambda place: (place.start, place.end)))


@dataclass(frozen=True, slots=True)
class _Place:
    """The lines of the text that a hunk is about, the last not included."""

    start: int
    end: int
    hunk: Hunk


class _Finder:
    """Finds one hunk after the other in the lines of a text."""

    def __init__(self, lines: Sequence[str], text: str) -> None:
        self._lines = lines
        self._text = text
        self._n_compared = 0
        self._where: dict[str, list[int]] = {}
        for at, line in enumerate(lines):
            self._where.setdefault(line, []).append(at)
        self._shift = 0
        self._done = 0

    def found(self, hunk: Hunk, start: int) -> None:
        """Remember where a hunk is, since the next ones are likely moved as far."""
        self._done = start + len(hunk.old)
        if hunk.first_line:
            self._shift = start - (hunk.first_line - 1)

    def find(self, hunk: Hunk) -> int:
        """Give the index of the line where a hunk starts. Raises: InvalidEdit."""
        old = hunk.old
        if not old:
            return self._without_context(hunk)
        found = self._places(old)
        if not found:
            raise InvalidEdit(self._explain_missing(hunk))
        if hunk.is_at_end and found[-1] + len(old) == len(self._lines):
            return found[-1]
        if hunk.anchors:
            found = self._below_anchors(hunk, found)
        if len(found) > 1:
            found = self._narrowed(hunk, found)
        if len(found) > 1:
            raise InvalidEdit(_explain_many(found))
        return found[0]

    def _without_context(self, hunk: Hunk) -> int:
        if hunk.is_at_end or not self._lines:
            return len(self._lines)
        raise InvalidEdit(
            "it has only new lines, so nobody can know where they go; put a line that stands in "
            "the file before or after them, or end it with `*** End of File`"
        )

    def _places(self, old: list[str]) -> list[int]:
        """Give all places where these lines stand."""
        rarest = min(range(len(old)), key=lambda n: len(self._where.get(old[n], ())))
        starts = [at - rarest for at in self._where.get(old[rarest], ()) if at >= rarest]
        self._spend(len(starts))
        return [at for at in starts if self._lines[at : at + len(old)] == old]

    def _spend(self, n_places: int) -> None:
        self._n_compared += n_places
        if self._n_compared > _MAX_COMPARED:
            raise InvalidEdit(
                "the file has too many equal lines for so many hunks; make it a few patches, or "
                "use edit_file"
            )

    def _narrowed(self, hunk: Hunk, found: list[int]) -> list[int]:
        """Give the one place that the header's line, or the order of the hunks, tells."""
        said = hunk.first_line - 1
        if hunk.first_line:
            exact = [at for at in (said + self._shift, said) if at in found]
            return exact[:1] or found
        later = [at for at in found if at >= self._done] if self._done else []
        return later if len(later) == 1 else found

    def _below_anchors(self, hunk: Hunk, found: list[int]) -> list[int]:
        """Give the places in the block that the anchors open, or else anywhere below it."""
        blocks = [(0, len(self._lines))]
        for anchor in hunk.anchors:
            self._spend(sum(end - start for start, end in blocks))
            inner = [block for start, end in blocks for block in self._blocks(anchor, start, end)]
            if not inner:
                nearest = nearest_lines(self._text, [anchor])
                raise InvalidEdit(f"there is no line {anchor!r}, which its `@@` names; {nearest}")
            blocks = inner
        within = [at for at in found if any(start <= at < end for start, end in blocks)]
        below = [at for at in found if at >= blocks[0][0]]
        if not within and not below:
            raise InvalidEdit(
                f"its lines stand on line {found[0] + 1}, above the line that its `@@` names; "
                "leave the name out, or correct it"
            )
        return within or below

    def _blocks(self, anchor: str, start: int, end: int) -> list[tuple[int, int]]:
        """Give the lines from each that an anchor means to the last that is indented below it."""
        stripped = [line.strip() for line in self._lines[start:end]]
        wanted = anchor.strip()
        opening = [n for n, line in enumerate(stripped, start) if line == wanted]
        # The name that git puts there is cut when it is long.
        opening = opening or [n for n, line in enumerate(stripped, start) if wanted in line]
        return [(n, self._end_of_block(n, end)) for n in opening]

    def _end_of_block(self, start: int, end: int) -> int:
        depth = _indent(self._lines[start])
        for at in range(start + 1, end):
            if self._lines[at].strip() and _indent(self._lines[at]) <= depth:
                return at
        return end

    def _explain_missing(self, hunk: Hunk) -> str:
        old, new = hunk.old, hunk.new
        loose = [" ".join(line.split()) for line in self._lines]
        wanted = [" ".join(line.split()) for line in old]
        for at in range(len(loose) - len(wanted) + 1):
            if loose[at] == wanted[0] and loose[at : at + len(wanted)] == wanted:
                there = self._lines[at : at + min(len(wanted), _MAX_SHOWN_LINES)]
                shown = numbered(there, first_number=at + 1)
                return (
                    "its lines are in the file only with other white space; "
                    f"copy them exactly, without the numbers:\n{shown}"
                )
        if new and new != old and self._places(new):
            return "the file has its new lines already; leave the hunk out"
        nearest = nearest_lines(self._text, old)
        if not nearest:
            return "no line of the file is like its lines; read the file again with read_file"
        return f"its lines are not in the file; {nearest}"


def _explain_many(found: Sequence[int]) -> str:
    numbers = ", ".join(str(at + 1) for at in found[:_MAX_NAMED_PLACES])
    more = ", ..." if len(found) > _MAX_NAMED_PLACES else ""
    return (
        f"its lines stand {len(found)} times in the file, from the lines {numbers}{more}; give "
        "more lines around the change, or name what it is in behind `@@`"
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _replaced(lines: Sequence[str], text: str, places: Sequence[_Place]) -> str:
    """Give the text with all hunks made. Raises: InvalidEdit if two are about the same lines."""
    parts: list[str] = []
    done = 0
    for place in places:
        if place.start < done:
            raise InvalidEdit(
                f"two hunks change the same lines, near line {place.start + 1}; make them one"
            )
        parts += lines[done : place.start]
        parts += _new_lines(lines[place.start : place.end], place.hunk, newline_of(text))
        done = place.end
    parts += lines[done:]
    newline = newline_of(text)
    # A last line without an end is no longer the last one when others follow.
    whole = [part if has_end(part) else part + newline for part in parts[:-1]]
    if done < len(lines) or not places:
        return "".join([*whole, *parts[-1:]])
    return "".join([*whole, *(_ended(part, text, places[-1].hunk) for part in parts[-1:])])


def _new_lines(old: Sequence[str], hunk: Hunk, newline: str) -> list[str]:
    """Give the lines that a hunk makes of those that it is about; kept ones stay as they are."""
    own = "".join(old)
    newline = newline_of(own) if any(map(has_end, old)) else newline
    found: list[str] = []
    at = 0
    for line in hunk.lines:
        if line.mark is Mark.KEPT:
            found.append(old[at])
        elif line.mark is Mark.ADDED:
            found.append(line.text + newline)
        at += line.mark is not Mark.ADDED
    return found


def _ended(line: str, text: str, hunk: Hunk) -> str:
    """Give the last line with or without its end, as the hunk says or as it was."""
    if not hunk.lines or hunk.lines[-1].mark is not Mark.ADDED:
        return line
    if hunk.new_last_line_has_end is None:
        return line if not text or has_end(text) else bare(line)
    return line if hunk.new_last_line_has_end else bare(line)
