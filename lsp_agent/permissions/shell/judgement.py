"""What was found in a shell line, as values."""

from dataclasses import dataclass
from pathlib import Path

from mcp_tools.types.calls import Risk

_ORDER = (Risk.LOW, Risk.MEDIUM, Risk.HIGH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A reason for which a line, or a part of it, is more than reading the workspace."""

    check: str
    """The check that found it, such as `substitution`; documented with the check."""
    risk: Risk
    """MEDIUM or HIGH: what is LOW is no finding."""
    detail: str
    """One line for a person, with the text that it is about; nothing in it is hidden."""
    paths: tuple[Path, ...] = ()
    """The files that it is about, absolute and canonical, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartJudgement:
    """One simple command of a line."""

    words: tuple[str, ...]
    """Program and arguments as it gets them; empty where they are not literal."""
    findings: tuple[Finding, ...] = ()
    """About this program and these words; a rule of the user can outweigh them."""

    @property
    def risk(self) -> Risk:
        """The risk of this part."""
        return _highest(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineJudgement:
    """A whole line."""

    line: str
    parts: tuple[PartJudgement, ...]
    """In the order in which they stand; all simple commands of the tree, at whatever depth."""
    structure: tuple[Finding, ...] = ()
    """About how the line is made, and its redirections; no rule outweighs them."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, those about the structure first."""
        return (*self.structure, *(found for part in self.parts for found in part.findings))

    @property
    def risk(self) -> Risk:
        """The risk of the line: LOW where nothing was found."""
        return _highest(self.findings)


def _highest(findings: tuple[Finding, ...]) -> Risk:
    return max((found.risk for found in findings), key=_ORDER.index, default=Risk.LOW)
