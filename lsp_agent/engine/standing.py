"""What the user has chosen for one folder, as it is at this moment.

Rules and trust are read again when their files change, so a choice counts from the next
decision on. Only the user's own files, settings and answers come in here.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from lsp_agent.permissions.levels import Level, Trust
from lsp_agent.permissions.policy import Policy
from lsp_agent.permissions.rule_files import RuleBook
from lsp_agent.permissions.rules import Do, Rule, Scope, Subject
from lsp_agent.trust.powers import Power
from lsp_agent.trust.store import TrustStore, TrustView
from mcp_tools.types.errors import ExpectedError

_LEVELS_IN_A_SANDBOX = frozenset({Level.AUTO, Level.UNATTENDED})
"""Where it counts whether commands are confined."""

logger = logging.getLogger(__name__)


class Confined(Protocol):
    """Tells whether commands run inside a working sandbox."""

    async def unconfined_reason(self) -> str:
        """Say why they do not; empty if they do."""
        ...


def _is_here() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where what the user has chosen comes from."""

    root: Path
    level: Level
    allow: Sequence[str] = ()
    """Names of tools that run without a question, from the settings or the command line."""
    book: RuleBook
    trust: TrustStore
    confined: Confined
    is_away: Callable[[], bool] = _is_here
    """Tells whether the user has left: then nobody is asked."""


class Standing:
    """The live policy of a session, with what its person has allowed meanwhile."""

    def __init__(self, sources: Sources) -> None:
        """Begin with no answers."""
        self._sources = sources
        self._granted: tuple[Rule, ...] = ()
        self._is_confined: bool | None = None
        """None as long as it was not tried."""
        self._trying = asyncio.Lock()
        self._offers_trust = True

    def apart(self) -> "Standing":
        """Give one of the same folder for somebody else, whose answers are their own."""
        return Standing(self._sources)

    @property
    def is_attended(self) -> bool:
        """Somebody may be asked."""
        return not self._sources.is_away() and self._sources.level is not Level.UNATTENDED

    @property
    def is_trusted(self) -> bool:
        """The folder is trusted at this moment."""
        return self._trust() is Trust.TRUSTED

    def now(self) -> Policy:
        """Give the policy of this moment."""
        named = (
            Rule(do=Do.ALLOW, subject=Subject.TOOL, pattern=name, scope=Scope.USER)
            for name in self._sources.allow
        )
        return Policy(
            level=self._level(),
            trust=self._trust(),
            rules=(*self._granted, *self._sources.book.rules(), *named),
            is_confined=self._is_confined is True,
        )

    async def with_sandbox(self) -> Policy:
        """Give the policy of this moment, with whether there is a sandbox, if that counts.

        It is found out once; a sandbox that cannot be tried is none.
        """
        if self._level() in _LEVELS_IN_A_SANDBOX:
            async with self._trying:
                if self._is_confined is None:
                    self._is_confined = await self._try_sandbox()
        return self.now()

    def grant(self, rule: Rule) -> None:
        """Keep a rule that a person has agreed to, for as long as its scope says.

        Raises: ExpectedError if it cannot be saved; it holds in this session all the same.
        """
        for_session = replace(rule, scope=Scope.SESSION)
        if rule.scope is Scope.USER:
            try:
                self._sources.book.add(rule)
            except ExpectedError:
                self._granted = (*self._granted, for_session)
                raise
        else:
            self._granted = (*self._granted, for_session)

    def view_of_trust(self) -> TrustView | None:
        """Give what to show to a person who may trust the folder; None if not to be asked.

        It is offered until it was answered once.
        """
        if self.is_trusted or not self._offers_trust:
            return None
        return self._sources.trust.look(self._sources.root)

    def trust_answered(self) -> None:
        """Take it that the person has decided about trust, for this session."""
        self._offers_trust = False

    def trust_folder(self, powers: tuple[Power, ...]) -> None:
        """Trust the folder from now on, with the powers that the person was shown.

        Raises: ExpectedError if it cannot be trusted, or that cannot be kept.
        """
        self._sources.trust.grant(self._sources.root, powers)

    async def _try_sandbox(self) -> bool:
        try:
            return not await self._sources.confined.unconfined_reason()
        except Exception:
            # What cannot be tried must not count, and a fault there must stop nothing else.
            logger.exception("the sandbox cannot be tried")
            return False

    def _trust(self) -> Trust:
        return self._sources.trust.trust_of(self._sources.root)

    def _level(self) -> Level:
        """Give the level; who is away is not asked, so what would ask is denied."""
        is_auto = self._sources.level is Level.AUTO
        return Level.UNATTENDED if is_auto and self._sources.is_away() else self._sources.level
