"""The list of what is to be done, as a session keeps it for itself."""

from dataclasses import dataclass
from enum import StrEnum


class TodoState(StrEnum):
    """Where one thing stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing to do."""

    text: str
    state: TodoState


class TodoList:
    """What a session has to do; each write replaces it whole."""

    def __init__(self) -> None:
        """Start with nothing to do."""
        self._todos: tuple[Todo, ...] = ()

    @property
    def todos(self) -> tuple[Todo, ...]:
        """What there is to do, in order."""
        return self._todos

    def write(self, todos: tuple[Todo, ...]) -> None:
        """Replace the list."""
        self._todos = todos
