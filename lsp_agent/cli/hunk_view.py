"""One hunk as a person reads it: where it is, its id, and its lines as a diff."""

from pathlib import Path

from lsp_agent.cli.beside_diff import line_of_folder, line_of_mode
from mcp_tools.types.contents import Folder, State
from mcp_tools.types.text import split_lines
from mcp_tools.workspace.changes import diff_between
from mcp_tools.workspace.hunks import Hunk, HunkKind

N_CONTEXT_LINES = 3


def hunk_place(hunk: Hunk, root: Path) -> str:
    """Give where a hunk is: the path from the root, and for lines the first one, from 1."""
    name = hunk.path.relative_to(root).as_posix()
    return f"{name}:{hunk.old_lines.first + 1}" if hunk.kind is HunkKind.LINES else name


def hunk_diff(hunk: Hunk, before: State | None, root: Path) -> str:
    """Give what a hunk does as a unified diff.

    `before` is the state that its lines are counted in; with None there are no lines around it.
    """
    match hunk.kind:
        case HunkKind.LINES:
            return _lines_diff(hunk, before)
        case HunkKind.WHOLE:
            return _whole_diff(hunk, before, root)
        case HunkKind.MODE:
            name = hunk.path.relative_to(root).as_posix()
            return line_of_mode(name, hunk.after and hunk.after.mode)


def hunk_json(hunk: Hunk, before: State | None, root: Path) -> dict[str, object]:
    """Give a hunk as the README documents it; lines count from 1."""
    return {
        "id": hunk.id,
        "kind": hunk.kind.value,
        "line": hunk.old_lines.first + 1 if hunk.kind is HunkKind.LINES else None,
        "removed": len(split_lines(hunk.old_text)),
        "added": len(split_lines(hunk.new_text)),
        "diff": hunk_diff(hunk, before, root),
    }


def _lines_diff(hunk: Hunk, before: State | None) -> str:
    """Give the lines of a hunk with a few around it, which are those of the text before."""
    text = before.content if before is not None and isinstance(before.content, str) else None
    lines = [] if text is None else split_lines(text)
    first, end = hunk.old_lines.first, hunk.old_lines.end
    start = first if text is None else max(0, first - N_CONTEXT_LINES)
    above, below = lines[start:first], lines[end : end + N_CONTEXT_LINES]
    removed, added = split_lines(hunk.old_text), split_lines(hunk.new_text)
    n_around = len(above) + len(below)
    old = _range(start, len(removed) + n_around)
    new = _range(hunk.new_lines.first - len(above), len(added) + n_around)
    marked = (
        *(f" {line}" for line in above),
        *(f"-{line}" for line in removed),
        *(f"+{line}" for line in added),
        *(f" {line}" for line in below),
    )
    return f"@@ -{old} +{new} @@\n" + "".join(_terminated(line) for line in marked)


def _whole_diff(hunk: Hunk, before: State | None, root: Path) -> str:
    name = hunk.path.relative_to(root).as_posix()
    parts = [diff_between({hunk.path: before}, {hunk.path: hunk.after}, root)]
    if before is not None and isinstance(before.content, Folder):
        parts.insert(0, line_of_folder("deleted", name))
    if hunk.after is not None and isinstance(hunk.after.content, Folder):
        parts.append(line_of_folder("new", name))
    return "".join(parts)


def _range(start: int, n_lines: int) -> str:
    # As in all unified diffs: without a line, the number is that of the line before.
    return f"{start + 1 if n_lines else start},{n_lines}"


def _terminated(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
