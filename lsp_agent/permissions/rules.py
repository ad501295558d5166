"""Rules: what the user, a project or a session lets happen, asks about, or forbids."""

from dataclasses import dataclass
from enum import StrEnum


class Do(StrEnum):
    """What a rule does; a denial wins over a question, and that over a permission."""

    DENY = "deny"
    ASK = "ask"
    ALLOW = "allow"


class Subject(StrEnum):
    """What a rule is about."""

    TOOL = "tool"
    """The name of a tool, with `*` for any part of it.

    `*` alone is every tool that does more than read and propose edits.
    """
    PATH = "path"
    """A file that an edit changes, as a glob from the root; with `/` at its end, a folder."""
    COMMAND = "command"
    """A simple command: its words, each a glob; see `command_patterns`."""
    HOST = "host"
    """The host of an address, or `*.` before the labels that it ends in."""


class Scope(StrEnum):
    """Who has made a rule."""

    USER = "user"
    PROJECT = "project"
    """A file of the workspace: it may only make things stricter."""
    SESSION = "session"
    """An answer of the user that holds until the session ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule."""

    do: Do
    subject: Subject
    pattern: str
    scope: Scope

    @property
    def text(self) -> str:
        """The rule as it is written in a file and shown to a person: `allow command npm test`."""
        return f"{self.do} {self.subject} {self.pattern}"
