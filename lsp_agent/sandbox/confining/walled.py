"""The walls that commands of one runner get: the first that were proven here, or a reason."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from lsp_agent.sandbox.confining.around import NO_WALLS, Enclosure, Walls
from lsp_agent.sandbox.confining.hosts import AllowedHosts
from lsp_agent.sandbox.confining.proving import RunInside, prove
from lsp_agent.sandbox.confining.scope import Confinement


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What came of the choice."""

    enclosure: Enclosure
    reason: str
    """Why there are no walls; empty if there are."""
    name: str = ""
    n_tried: int = 0
    """How many ways out were tried."""


class WallChoice:
    """Chooses once, when first asked."""

    def __init__(
        self, confinements: tuple[Confinement, ...], scratch: Path, hosts: AllowedHosts
    ) -> None:
        """Take the candidates, the best one first, and a place for private folders."""
        self._confinements = confinements
        self._scratch = scratch
        self._hosts = hosts
        self._lock = asyncio.Lock()
        self._chosen: Chosen | None = None

    async def chosen(self, run: RunInside) -> Chosen:
        """Give the walls, or the reason why there are none."""
        async with self._lock:
            if self._chosen is None:
                self._chosen = await self._choose(run)
            return self._chosen

    async def _choose(self, run: RunInside) -> Chosen:
        reasons: list[str] = []
        for confinement in self._confinements:
            problem = confinement.missing()
            if not problem:
                walls = Walls(confinement=confinement, scratch=self._scratch)
                proof = await prove(walls, run)
                if not proof.problem:
                    walls = replace(walls, hosts=self._hosts)
                    name, n_tried = confinement.name, proof.n_tried
                    return Chosen(enclosure=walls, reason="", name=name, n_tried=n_tried)
                problem = f"{confinement.name}: {proof.problem}"
            reasons.append(problem)
        reason = "; ".join(reasons) or "there is no sandbox for this system"
        return Chosen(enclosure=NO_WALLS, reason=reason)
