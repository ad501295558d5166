"""What the user has chosen for a workspace, as a decision needs it."""

from dataclasses import dataclass

from lsp_agent.permissions.levels import Level, Trust
from lsp_agent.permissions.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the user has chosen; nothing in a workspace, and no client, can make it wider."""

    level: Level = Level.SUGGEST
    trust: Trust = Trust.UNTRUSTED
    rules: tuple[Rule, ...] = ()
    is_confined: bool = False
    """Commands run inside a working sandbox."""

    @property
    def holds_edits(self) -> bool:
        """Edits wait for review, also those that a person has allowed."""
        return self.level in (Level.OBSERVE, Level.SUGGEST) or self.trust is Trust.UNTRUSTED


DEFAULT_POLICY = Policy()
