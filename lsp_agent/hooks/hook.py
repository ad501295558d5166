"""A hook, and what a kind of hooks is."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import msgspec

from lsp_agent.hooks.answers import Answer
from lsp_agent.hooks.events import EVENTS, EventSpec, HookEvent, May
from lsp_agent.hooks.matching import ALL, Matcher
from lsp_agent.hooks.payloads import Payload

SCHEMA = 1
DEFAULT_TIMEOUT_S = 10.0


class Judges(Protocol):
    """Those who can be asked for a judgement in words."""

    async def ask_model(self, instructions: str, question: str) -> str:
        """Give the words of the configured model.

        Raises: HookFailed if there is none, or it gives no whole answer.
        """
        ...

    async def ask_agent(self, instructions: str, question: str, *, max_steps: int) -> str:
        """Give the last words of an agent that may read the workspace, and do nothing else.

        Raises: HookFailed as `ask_model`, and after so many requests to the model.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An event that has happened, with all that a hook is told of it."""

    event: HookEvent
    payload: Payload
    session_id: str
    root: Path
    """The workspace."""
    judges: Judges

    @property
    def spec(self) -> EventSpec:
        """What is to be known about its event."""
        return EVENTS[self.event]

    def as_json(self) -> bytes:
        """Give it as hooks outside of this process read it."""
        told = HookInput(
            schema=SCHEMA,
            event=self.event,
            session_id=self.session_id,
            root=str(self.root),
            payload=msgspec.to_builtins(self.payload),
        )
        # In ASCII, since the name of a file may have what UTF-8 does not.
        return json.dumps(msgspec.to_builtins(told), separators=(",", ":")).encode("ascii")


class HookInput(msgspec.Struct, frozen=True, kw_only=True):
    """What a hook is given: one JSON object."""

    schema: int
    event: HookEvent
    session_id: str
    root: str
    """The workspace, as an absolute path."""
    payload: Any
    """An object whose shape depends on the event."""


RunHook: TypeAlias = Callable[[Occasion], Awaitable[Answer]]
"""Gives the answer of a hook. Raises: HookFailed; anything else is a fault, and logged."""


class OnFailure(StrEnum):
    """What follows from a hook that hangs, crashes, or answers what it must not."""

    OPEN = "open"
    """It is reported, and things go on without it."""
    CLOSED = "closed"
    """It counts as a denial, where its event can be denied."""


class Maker(StrEnum):
    """Who has made a hook."""

    USER = "user"
    PROJECT = "project"
    """A file of the workspace, which the user has agreed to as it is."""
    PLUGIN = "plugin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One hook, ready to run."""

    name: str
    kind: str
    maker: Maker
    events: frozenset[HookEvent]
    run: RunHook
    matcher: Matcher = ALL
    timeout_s: float = DEFAULT_TIMEOUT_S
    on_failure: OnFailure | None = None
    """None for the default: closed where the event can be denied."""
    may_change: bool = False
    """It runs before those that may not, so that they see what it has made."""

    def is_for(self, occasion: Occasion) -> bool:
        """Tell whether it is to be run."""
        return occasion.event in self.events and self.matcher.matches(occasion.payload)

    def denies_when_failing(self, event: HookEvent) -> bool:
        """Tell whether its failure at this event is a denial."""
        return May.DENY in EVENTS[event].may and self.on_failure is not OnFailure.OPEN


class Fields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry of a file may say beside what all kinds have in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry comes from, and so what it may start."""

    maker: Maker
    folder: Path
    """Where its programs run: never in a workspace, unless the entry comes from there."""
    root: Path
    """The workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of hooks."""

    name: str
    summary: str
    fields: type[Fields] | None
    """What an entry of this kind says; None if no file can have one."""
    make: Callable[[Any, Place], RunHook]
    """Makes what runs out of checked fields. Raises: HookFailed if they cannot be meant."""
    is_for_projects: bool = True
    """The file of a project may have entries of this kind."""
    needs_denial: bool = False
    """It can only say yes or no, so its events must be such that can be denied."""
