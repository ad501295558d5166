"""What was accepted, so that it can be taken back; kept in memory, newest last."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mcp_tools.types.edits import ChangeSet
from mcp_tools.types.errors import NotFound
from mcp_tools.workspace.changes import Read, change_between, current_text, texts_after
from mcp_tools.workspace.proposals import ProposedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedChange:
    """One accepted change, as the texts before and after it; None is no file."""

    label: str
    before: Mapping[Path, str | None]
    after: Mapping[Path, str | None]


def applied_change(changes: ChangeSet, read: Read) -> AppliedChange:
    """Note a change that is about to be applied; `read` gives the texts of now.

    Raises: StaleEdit, InvalidEdit, NotFound if it does not fit them.
    """
    after = texts_after(changes, read)
    before = {path: current_text(path, read) for path in after}
    return AppliedChange(label=changes.label, before=before, after=after)


class UndoStack:
    """Accepted changes of one workspace."""

    def __init__(self) -> None:
        """Start with nothing to undo."""
        self._applied: list[AppliedChange] = []

    def push(self, applied: AppliedChange) -> None:
        """Note a change that was applied."""
        self._applied.append(applied)

    def newest(self, path: Path | None) -> AppliedChange:
        """Give the newest change, or the newest that touched `path`.

        Raises: NotFound.
        """
        for applied in reversed(self._applied):
            if path is None or path in applied.after:
                return applied
        raise NotFound("there is nothing to undo" + (f" in {path.name!r}" if path else ""))

    def remove(self, applied: AppliedChange) -> None:
        """Forget a change: it was undone."""
        self._applied.remove(applied)


def undo_changes(applied: AppliedChange, read: Read) -> ChangeSet:
    """Give the change that takes `applied` back and keeps what was typed since.

    Empty when the texts are already as before.
    Raises: StaleEdit if the same lines were changed since.
    """
    now = {path: current_text(path, read) for path in applied.after}
    wanted = {
        path: ProposedFile(base=applied.after[path], text=applied.before[path]).over(
            now[path], name=path.name
        )
        for path in applied.after
    }
    return change_between(f"Undo: {applied.label}", now, wanted)
