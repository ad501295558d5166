"""Output of a command as a model should read it: no colours, no progress bars, not too much."""

import re
from collections.abc import Callable

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])"
)
"""Source: ECMA-48, control sequences, control strings and other escape sequences."""

_BACKSPACE = re.compile(r"[^\x08\n]\x08")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_TAIL_SHARE = 2 / 3
"""The end of an output tells more than its start."""


def plain(text: str) -> str:
    """Give a text as it would stand on a terminal in the end, with plain line ends."""
    text = _ESCAPES.sub("", text).replace("\r\n", "\n")
    if "\b" in text:
        text = _BACKSPACE.sub("", text)
    if "\r" in text:
        text = "\n".join(_left_standing(line) for line in text.split("\n"))
    return _CONTROLS.sub("", text)


def shortened(text: str, n_chars: int, *, hint: Callable[[int], str]) -> str:
    """Give raw output of a bounded length, plain.

    `hint` says what to do for what is left out after so many characters.
    """
    if len(text) <= n_chars:
        return plain(text)
    n_tail = int(n_chars * _TAIL_SHARE)
    head, start = text[: n_chars - n_tail], len(text) - n_tail
    head = head[: head.rfind("\n") + 1] or head
    line_start = text.find("\n", start - 1) + 1
    tail = text[line_start if 0 < line_start < len(text) else start :]
    n_left_out = len(text) - len(head) - len(tail)
    newline = "" if head.endswith("\n") else "\n"
    mark = f"[... {n_left_out} characters left out; {hint(len(head))} ...]"
    return f"{plain(head)}{newline}{mark}\n{plain(tail)}"


def last_line(text: str, n_chars: int) -> str:
    """Give the last line that has anything in it, shortened; empty if there is none."""
    lines = plain(text).rstrip().rsplit("\n", 1)
    line = lines[-1].strip()
    return line if len(line) <= n_chars else f"{line[: n_chars - 3]}..."


def _left_standing(line: str) -> str:
    """Give what stands on a line in the end, after it was written over from its start."""
    return line.rstrip("\r").rpartition("\r")[2]
