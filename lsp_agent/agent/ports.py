"""What the loop needs from outside, besides a model and the tools."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalState:
    """How far the goal of a turn is reached."""

    is_met: bool
    is_progress: bool
    """The edits so far are an improvement that does no harm, even if more is left to do."""
    detail: str
    """What is left, or what was reached; one line for a person and for the model."""


class Goal(Protocol):
    """What must hold when a turn is over; checked by measurement, not by the model's word."""

    async def check(self) -> GoalState:
        """Measure.

        Raises: ExpectedError if it cannot be measured.
        """
        ...
