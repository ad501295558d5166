"""Lines of a document with their numbers, as models and people read them."""

from collections.abc import Sequence

MAX_LINE_CHARS = 2000
"""What is longer, such as generated code, is cut: it would crowd out everything else."""


def numbered(lines: Sequence[str], *, first_number: int) -> str:
    """Give `lines` (without their ends), each behind its number and a tab."""
    return "\n".join(
        f"{number:>6}\t{shortened(line)}" for number, line in enumerate(lines, first_number)
    )


def shortened(line: str, max_chars: int = MAX_LINE_CHARS) -> str:
    """Give the line, cut at `max_chars` with a mark that says how much is missing."""
    if len(line) <= max_chars:
        return line
    return f"{line[:max_chars]} [{len(line) - max_chars} more characters in this line]"


def bare(line: str) -> str:
    """Give a line without its line end."""
    return line.rstrip("\r\n")


def has_end(line: str) -> bool:
    """Tell whether a line ends in a line end."""
    return line.endswith(("\n", "\r"))
