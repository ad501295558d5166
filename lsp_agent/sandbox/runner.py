"""The Runner: a view of the workspace for each command, and walls around it."""

import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from lsp_agent.config.settings import SettingsError, settings_file
from lsp_agent.sandbox.confining.around import Surroundings, Walls
from lsp_agent.sandbox.confining.choosing import confinements
from lsp_agent.sandbox.confining.hosts import AllowedHosts, BadHost, allowed_hosts
from lsp_agent.sandbox.confining.proving import RunInside
from lsp_agent.sandbox.confining.scope import Confinement
from lsp_agent.sandbox.confining.walled import Chosen, WallChoice
from lsp_agent.sandbox.copying import CopyLimits
from lsp_agent.sandbox.viewing import Views
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.jobs import OnOutput

_NO_NETWORK = re.compile(
    r"could not resolve|temporary failure in name resolution|name or service not known"
    r"|network is unreachable|enotfound|eai_again|no such host|failed to lookup address"
    r"|unable to resolve|unknown host|not one of allowed_hosts|nodename nor servname",
    re.IGNORECASE,
)
"""What programs print that miss the network, as curl, pip, npm, cargo, go, git, Java and macOS."""


def make_runner(
    cache_folder: Path,
    *,
    hosts: tuple[str, ...] = (),
    walls: tuple[Confinement, ...] | None = None,
) -> "ViewRunner":
    """Give a runner whose private folders are in `cache_folder`, or else with temporary files.

    Commands reach these `hosts`, and no others; the kinds of `walls` are those of this system if
    not given.
    Raises: SettingsError if one of the hosts is no name of a host.
    """
    try:
        reached = allowed_hosts(hosts)
    except BadHost as error:
        raise SettingsError(f"setting 'allowed_hosts': {error}") from error
    places = (cache_folder / "views", scratch_place())
    choice = WallChoice(confinements() if walls is None else walls, scratch_place(), reached)
    return ViewRunner(places, choice=choice, hosts=reached)


def scratch_place() -> Path:
    """Give the user's place for private folders where temporary files are."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"lsp-agent-views-{user}"


class ViewRunner:
    """Runs commands in views of the workspace; implements Runner.

    Nothing is looked at or made before the first question.
    """

    def __init__(
        self,
        places: tuple[Path, ...],
        *,
        limits: CopyLimits | None = None,
        choice: WallChoice | None = None,
        hosts: AllowedHosts | None = None,
    ) -> None:
        """Take the places for private folders, the best one first."""
        self._views = Views(places, limits or CopyLimits())
        self._hosts = hosts or AllowedHosts()
        self._choice = choice or WallChoice(confinements(), scratch_place(), self._hosts)

    async def run(
        self, command: ShellCommand, snapshot: SnapshotView, on_output: OnOutput | None = None
    ) -> CommandResult:
        """Run to the end, inside walls where this system has some that hold.

        A command that the user typed runs without them, as in any terminal.
        Raises: ProgramFailed if it cannot be started, exceeds its time, or changes too much;
            CannotShow, naming the files, if there is no way to show what the snapshot shows;
            OutsideWorkspace if it is to run in a folder that is not of the workspace.
        """
        command = replace(command, cwd=snapshot.resolve(command.cwd))
        views = self._views.beside(snapshot.root)
        if command.is_typed_by_user:
            return await views.run(command, snapshot, Surroundings(on_output=on_output))
        chosen = await self._choice.chosen(_inside(views))
        surroundings = Surroundings(enclosure=chosen.enclosure, on_output=on_output)
        result = await views.run(command, snapshot, surroundings)
        return replace(result, notes=(*self._notes(chosen, result), *result.notes))

    async def describe(self) -> str:
        """Say in one line which way is used here, and why not the better one."""
        return await self._views.describe()

    async def sandbox(self) -> Chosen:
        """Give the walls that commands get here; they are tried before this answers."""
        return await self._choice.chosen(_inside(self._views))

    async def unconfined_reason(self) -> str:
        """Say why commands do not run inside a working sandbox; empty where they do."""
        return (await self.sandbox()).reason

    def _notes(self, chosen: Chosen, result: CommandResult) -> tuple[str, ...]:
        if chosen.reason:
            return (f"the command ran without a sandbox, since {chosen.reason}",)
        if result.exit_code == 0 or not _NO_NETWORK.search(result.output):
            return ()
        reached = ", ".join(self._hosts.patterns)
        which = f"only these hosts: {reached}" if reached else "no network"
        return (
            f"commands reach {which}; the user can let them reach a host by its name in "
            f'allowed_hosts in {str(settings_file())!r}, such as allowed_hosts = ["pypi.org"]',
        )


def _inside(views: Views) -> RunInside:
    """Give how a command runs in one of these views inside walls."""

    async def run(command: ShellCommand, snapshot: SnapshotView, walls: Walls) -> CommandResult:
        return await views.run(command, snapshot, Surroundings(enclosure=walls))

    return run
