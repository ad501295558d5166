"""What a rule sees and what it answers.

A rule is a pure function from a `Problem` to `Candidate`s. What it cannot know from the file, it
asks for: it returns a `NeedsSearch`, and is called again with the answer among the facts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

from lsp_agent.models.offline.source import Source, source_of
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.edits import TextEdit


class Evidence(IntEnum):
    """How much speaks for a candidate; the highest is tried first.

    Two different candidates of the same evidence are a guess, so neither is tried.
    """

    FALLBACK = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One repair of the problem, computed from the problem's text."""

    title: str
    """An imperative without a final stop, such as `Rename 'lenght' to 'length'`."""
    edits: tuple[TextEdit, ...]
    """Sorted by start, never overlapping."""
    evidence: Evidence = Evidence.LIKELY
    is_proven: bool = False
    """True if the repair is right even when no checker of ours sees the problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsSearch:
    """A rule asks for the lines of the workspace that match a regular expression."""

    pattern: str
    glob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsFiles:
    """A rule asks for the files of the workspace whose path matches a glob."""

    glob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One line that a search found, or only a file when names were asked for."""

    path: str
    """Relative to the workspace root, with `/`."""
    text: str = ""


Need: TypeAlias = NeedsSearch | NeedsFiles

Facts: TypeAlias = Mapping[Need, tuple[Hit, ...] | None]
"""Answers so far; None where the search failed or was cut, so that nothing can be concluded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One diagnostic in one text, with everything known around it."""

    path: str
    """Relative to the workspace root, with `/`."""
    text: str
    diagnostic: Diagnostic
    others: tuple[Diagnostic, ...] = ()
    """What else the checkers say of the same text."""
    facts: Facts = field(default_factory=dict[Need, tuple[Hit, ...] | None])

    @property
    def source(self) -> Source | None:
        """The parsed text; None if it is not valid Python."""
        return source_of(self.text)

    @property
    def code(self) -> str:
        """The rule's code, empty if the source has none."""
        return self.diagnostic.code or ""

    @property
    def marked(self) -> str:
        """The text that the diagnostic points at."""
        span = self.diagnostic.span
        return self.text[span.start : span.end]


Candidates: TypeAlias = tuple[Candidate, ...] | Need

NONE: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way to repair one kind of problem."""

    name: str
    """The same as the file's name."""
    applies: Callable[[Problem], bool]
    """Cheap: by the diagnostic alone."""
    candidates: Callable[[Problem], Candidates]
    """Pure, and empty when in doubt."""
