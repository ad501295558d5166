"""No edit is made blind: the session must have seen the text that it changes."""

from collections.abc import Callable
from typing import TypeAlias

from mcp_tools.types.calls import ToolContext
from mcp_tools.types.documents import Document
from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit, StaleEdit
from mcp_tools.workspace.diffs import unified_diff
from mcp_tools.workspace.merging import rebase_edits

_MAX_DIFF_LINES = 40

EditsOf: TypeAlias = Callable[[str], tuple[TextEdit, ...]]
"""Computes edits of a text. Raises: InvalidEdit if they cannot be made in it."""


def check_seen(context: ToolContext, document: Document) -> None:
    """Pass if the session knows the document's current text.

    Raises: InvalidEdit if it never read the file; StaleEdit, with what changed, if the text is
        not the one that it read.
    """
    name = context.display(document.path)
    seen = context.reads.last_seen(document.path)
    if seen is None:
        raise InvalidEdit(f"{name!r} was not read yet; read it first with read_file")
    if seen != document.text:
        changed = shortened_diff(name, seen, document.text)
        raise StaleEdit(
            f"{name!r} changed since it was read; read it again with read_file, then repeat the "
            f"edit on the new text. What changed:\n{changed}"
        )


def carried_over(
    context: ToolContext, document: Document, edits_of: EditsOf
) -> tuple[tuple[TextEdit, ...], str]:
    """Give edits that are computed on the text that the session knows, for the text of now.

    A person may type while an agent works: edits elsewhere are kept and the answer's second part
    tells what they were (empty when there were none).
    Raises: InvalidEdit if the session never read the file, and what `edits_of` raises;
        StaleEdit, with what changed, if an edit touches a line that was changed since.
    """
    seen = context.reads.last_seen(document.path)
    if seen is None or seen == document.text:
        check_seen(context, document)
        return edits_of(document.text), ""
    name = context.display(document.path)
    changed = shortened_diff(name, seen, document.text)
    edits = edits_of(seen)
    try:
        carried = rebase_edits(edits, seen, document.text, name=name)
    except StaleEdit as error:
        raise StaleEdit(
            f"{name!r} changed since it was read, also where the edit is; read it again with "
            f"read_file, then repeat the edit on the new text. What changed:\n{changed}"
        ) from error
    return carried, (
        f"The file also changed since you read it, elsewhere; these changes were kept:\n{changed}"
    )


def shortened_diff(name: str, old: str | None, new: str | None) -> str:
    """Give a unified diff of at most 40 lines, and how many more there are."""
    lines = unified_diff(name, old, new).split("\n")
    while lines and not lines[-1]:
        lines.pop()
    # The two header lines only repeat the name, which stands in the text around it.
    lines = lines[2:]
    n_more = len(lines) - _MAX_DIFF_LINES
    more = [f"[{n_more} more lines of this diff]"] if n_more > 0 else []
    return "\n".join([*lines[:_MAX_DIFF_LINES], *more])
