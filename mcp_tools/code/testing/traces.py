"""Making tracebacks short, and finding out where they end."""

import re
from collections.abc import Iterable

MAX_MESSAGE_CHARS = 400
MAX_TRACE_CHARS = 1500
_MAX_TRACE_LINES = 25

CUT_MARK = re.compile(r"^\[\.\.\. \d+ bytes left out \.\.\.\]$", re.M)
"""What stands in an output that was too long to be kept."""

_FOREIGN = ("site-packages/", "dist-packages/", "/lib/python", "node_modules/", "/rustc/")


def short_message(text: str) -> str:
    """Give the first lines of a message, on one line."""
    line = " ".join(text.split())
    if len(line) <= MAX_MESSAGE_CHARS:
        return line
    return f"{line[: MAX_MESSAGE_CHARS - 3]}..."


def short_trace(text: str) -> str:
    """Give the end of a traceback, in whole lines."""
    lines = text.strip("\n").splitlines()[-_MAX_TRACE_LINES:]
    while len(lines) > 1 and sum(map(len, lines)) > MAX_TRACE_CHARS:
        lines.pop(0)
    return "\n".join(lines)[-MAX_TRACE_CHARS:]


def own_place(places: Iterable[tuple[str, str]]) -> tuple[str, int | None]:
    """Give the last file and line number that lie in the project itself.

    The files are relative to the project or absolute; those that are not, or lie with installed
    packages, are passed over.
    """
    found: tuple[str, int | None] = ("", None)
    for file, line in places:
        is_ours = not file.startswith(("..", "<")) and not any(part in file for part in _FOREIGN)
        if is_ours:
            found = (file, int(line))
    return found


def relative(file: str, folder: str) -> str:
    """Give a file's path relative to a folder, if it lies in it."""
    return file.removeprefix(f"{folder}/")
