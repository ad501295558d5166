"""Words for a model whose old text is not there, or is there too often."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from mcp_tools.code.numbered import bare, numbered
from mcp_tools.types.text import LineIndex, Span, split_lines

_MIN_SIMILARITY = 60
"""In percent; what is less alike would only lead astray."""
_MAX_SHOWN_LINES = 8
_MAX_NAMED_PLACES = 10
_NUMBER_COLUMN = re.compile(r"\s*\d+\t")


def explain_missing(text: str, old: str) -> str:
    """Say that `old` is not in `text`, with the lines of it that are most like it."""
    if not text:
        return "old_string was not found, because the file is empty; use write_file to fill it"
    wanted = [bare(line) for line in split_lines(old)]
    if all(_NUMBER_COLUMN.match(line) for line in wanted):
        return (
            "old_string was not found: it starts with line numbers, which are not in the file; "
            "leave out each number and the tab behind it"
        )
    nearest = nearest_lines(text, wanted)
    if not nearest:
        return (
            "old_string was not found, and no line is similar; "
            "read the file again with read_file and copy the text from there"
        )
    return f"old_string was not found; {nearest}\nCopy it from there, without the numbers"


def nearest_lines(text: str, wanted: Sequence[str]) -> str:
    """Give the lines of `text` that are most like `wanted`, with their numbers.

    Before them stands what they are; empty if none is similar.
    """
    lines = [bare(line) for line in split_lines(text)]
    first = _most_similar(lines, wanted)
    if first is None:
        return ""
    count = min(len(wanted), _MAX_SHOWN_LINES)
    shown = numbered(lines[first : first + count], first_number=first + 1)
    hint = _difference([line.strip() for line in wanted], lines[first : first + len(wanted)])
    return f"{hint}:\n{shown}"


def explain_many(text: str, places: Sequence[Span]) -> str:
    """Say that old text is in `text` at several places, and on which lines."""
    index = LineIndex(text)
    numbers = [str(index.place(span.start).line + 1) for span in places[:_MAX_NAMED_PLACES]]
    more = ", ..." if len(places) > _MAX_NAMED_PLACES else ""
    return (
        f"old_string was found {len(places)} times, on lines {', '.join(numbers)}{more}; "
        "add lines around it until it is the only one, or pass replace_all=true"
    )


def _most_similar(lines: Sequence[str], wanted: Sequence[str]) -> int | None:
    """Give the index of the line where text like `wanted` starts.

    Its longest line is looked for, because short ones such as `else:` are everywhere.
    """
    key_index = max(range(len(wanted)), key=lambda index: len(wanted[index].strip()))
    key = wanted[key_index].strip()
    stripped = [line.strip() for line in lines]
    best = process.extractOne(key, stripped, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY)
    return None if best is None else max(0, best[2] - key_index)


def _difference(wanted: Sequence[str], found: Sequence[str]) -> str:
    if list(wanted) == [line.strip() for line in found]:
        return "these lines differ from it only in white space"
    return "the most similar lines are"
