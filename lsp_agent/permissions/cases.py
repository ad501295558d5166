"""What a decision rests on: the effect, where it happens, what the user has chosen."""

from dataclasses import dataclass
from pathlib import Path

from lsp_agent.permissions.policy import Policy
from lsp_agent.permissions.protected import protection_of
from lsp_agent.permissions.protected_edits import ProtectedFile, protected_files
from lsp_agent.permissions.shell.judgement import LineJudgement
from mcp_tools.types.calls import CallEffect, EditEffect, Effect, Risk, Tool
from mcp_tools.types.demands import Demand, Fetch, LineRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One effect to decide about."""

    effect: Effect
    root: Path
    policy: Policy
    judgement: LineJudgement | None
    """Of a shell line; None if it was not judged."""

    @property
    def tool(self) -> Tool:
        """The tool that makes the call, or has computed the edit."""
        return self.effect.tool

    @property
    def run(self) -> LineRun | None:
        """The shell line that the call would run."""
        return demand if isinstance(demand := self._demand, LineRun) else None

    @property
    def line(self) -> LineJudgement | None:
        """The judgement of that line."""
        return None if self.run is None else self.judgement

    @property
    def url(self) -> str | None:
        """The address that the call would fetch."""
        return demand.url if isinstance(demand := self._demand, Fetch) else None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that the edit touches, or that were found in the line."""
        if isinstance(self.effect, EditEffect):
            return self.effect.changes.paths
        findings = () if self.line is None else self.line.findings
        return tuple(dict.fromkeys(path for found in findings for path in found.paths))

    @property
    def protected(self) -> tuple[ProtectedFile, ...]:
        """Those of the files that are protected."""
        if isinstance(self.effect, EditEffect):
            return protected_files(self.effect, self.root)
        return tuple(
            ProtectedFile(path=path, protection=protection)
            for path in self.paths
            if (protection := protection_of(path, self.root))
        )

    @property
    def risk(self) -> Risk:
        """How much harm the effect can do."""
        if isinstance(self.effect, EditEffect):
            return Risk.HIGH if self.protected else Risk.MEDIUM
        return self.tool.risk if self.line is None else self.line.risk

    @property
    def is_free(self) -> bool:
        """It only reads the workspace, or computes an edit that is judged by itself."""
        is_call = isinstance(self.effect, CallEffect)
        return is_call and self.tool.is_pure and not self.tool.is_open_world

    @property
    def _demand(self) -> Demand | None:
        return self.effect.demand if isinstance(self.effect, CallEffect) else None
