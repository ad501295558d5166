"""A review as a document: a unified diff, with what is needed to decide from inside of it.

Each file begins with a line `Index: NAME`, and each hunk with a line that has the hunk's id in
brackets. No line of a file's text can look like one of these, whatever is in the file, since
lines of text begin with a space, plus or minus. So the place of a cursor or of a comment is
found from the text alone, also after a person has written into it.
"""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.text import newline_of, split_lines
from mcp_tools.workspace.hunks import Hunk, HunkKind, LineRange
from mcp_tools.workspace.review import Review, ReviewedFile, StaleHunk

FILE_MARK = "Index: "
N_CONTEXT_LINES = 3
MAX_LINES = 5_000
"""More lines of one side of a hunk are counted and not shown; no person would read them."""
MAX_COLUMNS = 2_000

SETTLED = "# Nothing of this proposal waits for review any more; this document can be closed.\n"
IN_A_FILE = (
    "# To comment, write lines that begin with > below a hunk, below a file name, or here for all",
    '# of it; then choose the code action "Send review". The agent answers with a new proposal.',
)
VIRTUAL = (
    '# To comment, choose the code action "Comment in a file": this document is only shown.',
)
_HOW_TO = (
    "# Nothing is changed until you accept. The code actions of your editor, on a hunk, on a file",
    "# name or here, accept, reject or explain it, or ask for another; and lspAgent.undo takes",
    "# back what was accepted.",
)


def rendered(review: Review, root: Path, how_to_comment: tuple[str, ...]) -> str:
    """Give a review as a document; every line of it ends in a line feed."""
    files = [file for file in review.files if file.hunks or file.stale_hunks]
    if not files:
        return SETTLED
    label = " ".join(review.proposal.label.split())
    lines = [f"# Proposed: {_harmless(label)}", f"# {counted(review)}.", *_HOW_TO, *how_to_comment]
    lines.append("")
    for file in files:
        lines += _file_lines(file, file.path.relative_to(root).as_posix())
    return "".join(f"{line}\n" for line in lines)


def counted(review: Review) -> str:
    """Say how much of a review waits: "3 hunks in 2 files wait for your decision"."""
    n_hunks = sum(len(file.hunks) + len(file.stale_hunks) for file in review.files)
    n_files = sum(1 for file in review.files if file.hunks or file.stale_hunks)
    hunks = "1 hunk" if n_hunks == 1 else f"{n_hunks} hunks"
    files = "1 file" if n_files == 1 else f"{n_files} files"
    return f"{hunks} in {files} {'waits' if n_hunks == 1 else 'wait'} for your decision"


def file_mark(name: str) -> str:
    """Give the line that begins a file; a name that could be misread is a JSON string."""
    is_plain = name.isprintable() and name == name.strip() and not name.startswith('"')
    return FILE_MARK + (name if is_plain else json.dumps(name))


def _file_lines(file: ReviewedFile, name: str) -> Iterator[str]:
    yield file_mark(name)
    shown = _harmless(name)
    yield "--- /dev/null" if file.below is None else f"--- a/{shown}"
    yield "+++ /dev/null" if file.wanted is None else f"+++ b/{shown}"
    below = file.below.content if file.below is not None else None
    old_lines = split_lines(below) if isinstance(below, str) else []
    usual = newline_of(below) if isinstance(below, str) else "\n"
    by_line = [hunk for hunk in file.hunks if hunk.kind is HunkKind.LINES]
    for hunk, context in zip(by_line, _contexts(by_line, len(old_lines)), strict=True):
        yield from _line_hunk(hunk, old_lines, context, usual)
    for hunk in file.hunks:
        if hunk.kind is not HunkKind.LINES:
            yield from _other_hunk(hunk, file.below, usual)
    for stale in file.stale_hunks:
        yield from _stale_hunk(stale, usual)


def _contexts(hunks: list[Hunk], n_lines: int) -> Iterator[tuple[int, int]]:
    """Give how many lines to show before and after each hunk, so that none is shown twice."""
    gaps = [b.old_lines.first - a.old_lines.end for a, b in pairwise(hunks)]
    before = hunks[0].old_lines.first if hunks else 0
    for index, hunk in enumerate(hunks):
        is_last = index == len(gaps)
        room = n_lines - hunk.old_lines.end if is_last else (gaps[index] + 1) // 2
        after = max(0, min(N_CONTEXT_LINES, room))
        yield max(0, min(N_CONTEXT_LINES, before)), after
        before = 0 if is_last else gaps[index] - after


def _line_hunk(
    hunk: Hunk, old_lines: list[str], context: tuple[int, int], usual: str
) -> Iterator[str]:
    n_before, n_after = context
    old, new = hunk.old_lines, hunk.new_lines
    first_old, first_new = old.first - n_before, new.first - n_before
    sides = (
        f"-{_range(LineRange(first_old, old.end + n_after))} "
        f"+{_range(LineRange(first_new, new.end + n_after))}"
    )
    yield f"@@ {sides} @@ [{hunk.id}]"
    yield from _side(" ", old_lines[first_old : old.first], usual)
    yield from _side("-", split_lines(hunk.old_text), usual)
    yield from _side("+", split_lines(hunk.new_text), usual)
    yield from _side(" ", old_lines[old.end : old.end + n_after], usual)


def _other_hunk(hunk: Hunk, below: State | None, usual: str) -> Iterator[str]:
    after = hunk.after
    if hunk.kind is HunkKind.MODE and after is not None:
        old_mode = None if below is None else below.mode
        yield f"@@ mode {_octal(old_mode)} -> {_octal(after.mode)} @@ [{hunk.id}]"
        return
    old, new = _what(below), _what(after)
    yield f"@@ -{_range(hunk.old_lines)} +{_range(hunk.new_lines)} @@ [{hunk.id}] {old} -> {new}"
    if below is None or after is None or below.content != after.content:
        yield from _side("-", split_lines(hunk.old_text), usual)
        yield from _side("+", split_lines(hunk.new_text), usual)


def _stale_hunk(stale: StaleHunk, usual: str) -> Iterator[str]:
    reason = _harmless(" ".join(stale.reason.split()))
    yield f"@@ stale @@ [{stale.hunk.id}] it cannot be accepted now: {reason}"
    yield from _side("-", split_lines(stale.hunk.old_text), usual)
    yield from _side("+", split_lines(stale.hunk.new_text), usual)


def _side(sign: str, lines: list[str], usual: str) -> Iterator[str]:
    for line in lines[:MAX_LINES]:
        text = line.rstrip("\r\n")
        end = line[len(text) :]
        yield sign + _cut(text) + ("" if end == usual else _visible(end))
        if not end:
            yield "\\ No newline at end of file"
    if len(lines) > MAX_LINES:
        yield f"\\ {len(lines) - MAX_LINES} more lines"


def _visible(end: str) -> str:
    """Give a line end that is not the file's usual one as something that a person sees."""
    return end.replace("\r", "␍").replace("\n", "␊")


def _cut(text: str) -> str:
    n_more = len(text) - MAX_COLUMNS
    return text if n_more <= 0 else f"{text[:MAX_COLUMNS]}… ({n_more} more characters)"


def _range(lines: LineRange) -> str:
    # As in every unified diff: an empty range names the line before it.
    n_lines = lines.end - lines.first
    first = lines.first + 1 if n_lines else lines.first
    return f"{first},{n_lines}"


def _octal(mode: int | None) -> str:
    return "?" if mode is None else f"{mode:04o}"


def _what(state: State | None) -> str:
    match None if state is None else state.content:
        case None:
            return "nothing"
        case Folder():
            return "folder"
        case Link(target=target):
            return f"link to {_harmless(target)!r}"
        case Binary(data=data):
            return f"{len(data)} bytes"
        case _:
            return "text with byte order mark" if state and state.has_bom else "text"


def _harmless(text: str) -> str:
    """Give a name for a heading: it stays on its line."""
    return "".join(char if char.isprintable() else "?" for char in text)
