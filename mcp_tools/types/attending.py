"""Who waits for a call: hears how far it is, and can be asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a call is."""

    done: float
    """Grows with each report of the same call."""
    total: float | None = None
    """In the unit of `done`; None if nobody knows."""
    message: str = ""


Report: TypeAlias = Callable[[Progress], None]
"""Takes a report at once; never blocks and never raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person is asked."""

    text: str
    """One or two lines: what is asked, or what would happen."""
    detail: str = ""
    """The real change, command or arguments, for those who want to look."""
    choices: tuple[str, ...] = ()
    """The answers to choose from; empty for one in free words."""
    takes_word: bool = False
    """A few free words can go with the choice, as for a denial what to do instead."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person answered."""

    text: str
    """One of the choices, or free words."""
    word: str = ""
    """What the person wrote beside the choice."""


class Person(Protocol):
    """Someone who can be asked while a call runs."""

    async def ask(self, question: Question) -> Reply | None:
        """Ask and wait; None if it was declined, cancelled, or there is no way to ask."""
        ...


class _Nobody:
    async def ask(self, question: Question) -> Reply | None:
        del question
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendant:
    """What a call can turn to while it runs."""

    report: Report
    person: Person
    can_ask: bool
    """There is a way to ask; if not, `person` never answers."""


def _ignored(progress: Progress) -> None:
    del progress


NOBODY = Attendant(report=_ignored, person=_Nobody(), can_ask=False)
"""Nobody waits, or can be asked."""
