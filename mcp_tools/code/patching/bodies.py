"""The lines of a hunk, which are alike in all formats."""

from collections.abc import Sequence

from mcp_tools.code.patching.patches import HunkLine, Mark


def hunk_line(line: str) -> HunkLine | None:
    """Read one line with its mark; None if it has none.

    A line without anything is a kept blank one, whose mark an editor or a model took away.
    """
    if not line:
        return HunkLine(Mark.KEPT, "")
    if line[0] not in {" ", "+", "-"}:
        return None
    return HunkLine(Mark(line[0]), line[1:])


def without_blank_end(lines: Sequence[HunkLine]) -> tuple[HunkLine, ...]:
    """Leave out blank kept lines at the end: often they only part a hunk from what follows."""
    blank = HunkLine(Mark.KEPT, "")
    kept = list(lines)
    while kept and kept[-1] == blank:
        kept.pop()
    return tuple(kept)
