"""Commands without walls, for tests that meet them by a pipe with a name."""

from pathlib import Path

from lsp_agent.sandbox.confining.around import NO_WALLS
from lsp_agent.sandbox.confining.hosts import AllowedHosts
from lsp_agent.sandbox.confining.proving import RunInside
from lsp_agent.sandbox.confining.walled import Chosen, WallChoice
from lsp_agent.sandbox.runner import ViewRunner


class Unwalled(WallChoice):
    """Chooses no walls, and finds that as it should be."""

    def __init__(self) -> None:
        """Take nothing."""
        super().__init__((), Path(), AllowedHosts())

    async def chosen(self, run: RunInside) -> Chosen:
        """Give none."""
        del run
        return Chosen(enclosure=NO_WALLS, reason="")


def unwalled_runner(cache_folder: Path) -> ViewRunner:
    """Give a runner of the product that puts no walls around commands."""
    return ViewRunner((cache_folder / "views",), choice=Unwalled())
