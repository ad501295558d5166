"""Putting walls around one command, and hearing how it went inside."""

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lsp_agent.config.settings import SettingsError
from lsp_agent.sandbox.confining.channel import Channel
from lsp_agent.sandbox.confining.hosts import AllowedHosts
from lsp_agent.sandbox.confining.places import places_of
from lsp_agent.sandbox.confining.proxy import Proxy
from lsp_agent.sandbox.confining.scope import Confinement, Limits, Scope
from lsp_agent.sandbox.private import private_folder
from lsp_agent.sandbox.reports import ended_by, problem_of
from lsp_agent.sandbox.running import Ended
from mcp_tools.types.errors import CannotShow
from mcp_tools.types.jobs import OnOutput


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where a command runs, and what it finds there."""

    root: Path
    shown: Path
    """What is shown at the root."""
    cwd: Path


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A command with walls around it, or without any."""

    argv: tuple[str, ...]
    channel: Channel | None = None

    @property
    def fds(self) -> tuple[int, ...]:
        """Give the descriptors that it must inherit."""
        return () if self.channel is None else (self.channel.fd,)

    def ended(self, ended: Ended, name: str) -> Ended:
        """Give how the command ended; `ended` is how its walls did.

        Raises: CannotShow if they could not be built; ProgramFailed if it could not be started.
        """
        if self.channel is None:
            return ended
        report = self.channel.report()
        if (problem := problem_of(report)) is not None:
            raise CannotShow(f"the sandbox could not be built: {problem}")
        return ended_by(report, name, ended)


@dataclass(frozen=True, slots=True)
class NoWalls:
    """Runs commands as they are."""

    @asynccontextmanager
    async def around(self, argv: tuple[str, ...], view: View) -> AsyncGenerator[Wrapped]:
        """Give the command as it is."""
        del view
        yield Wrapped(argv)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """Runs commands inside the walls that a confinement builds."""

    confinement: Confinement
    scratch: Path
    """A place for private folders: for scratch files, and what is written to caches."""
    hosts: AllowedHosts = field(default_factory=AllowedHosts)
    limits: Limits = field(default_factory=Limits)
    also_hidden: tuple[Path, ...] = ()
    """Folders that are hidden beside those of `places.py`."""

    @asynccontextmanager
    async def around(self, argv: tuple[str, ...], view: View) -> AsyncGenerator[Wrapped]:
        """Give the command with walls; what they need is there until this is left.

        Raises: CannotShow.
        """
        channel = Channel()
        try:
            async with private_folder(self.scratch) as folder, _proxying(channel, self.hosts):
                scope = await asyncio.to_thread(self._scope, view, folder, channel)
                yield Wrapped(self.confinement.wrap(argv, scope), channel)
        except ValueError as error:
            raise CannotShow(f"the sandbox could not be built: {error}") from error
        finally:
            channel.close()

    def _scope(self, view: View, private: Path, channel: Channel) -> Scope:
        try:
            is_of_others = os.geteuid() == 0 and os.stat(view.root).st_uid != 0
            return Scope(
                root=view.root,
                shown=view.shown,
                cwd=view.cwd,
                private=private,
                places=places_of(view.root, also_hidden=self.also_hidden),
                limits=self.limits,
                channel_fd=channel.fd,
                has_proxy=bool(self.hosts),
                keeps_file_rights=is_of_others,
            )
        except (OSError, SettingsError) as error:
            raise CannotShow(f"the sandbox could not be built: {error}") from error


Enclosure = Walls | NoWalls

NO_WALLS = NoWalls()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is around a command, whatever view it gets."""

    enclosure: Enclosure = NO_WALLS
    on_output: OnOutput | None = None
    """Is given what the command prints as it comes."""

    @property
    def has_walls(self) -> bool:
        """Tell whether there are walls."""
        return isinstance(self.enclosure, Walls)


PLAIN = Surroundings()


@asynccontextmanager
async def _proxying(channel: Channel, hosts: AllowedHosts) -> AsyncGenerator[None]:
    """Answer inside for the hosts that may be reached, once a port there is given to us."""
    if not hosts:
        yield
        return
    proxy = Proxy(hosts)
    loop = asyncio.get_running_loop()

    def take(listener: socket.socket) -> None:
        loop.remove_reader(channel.our_fd)
        proxy.start(listener)

    loop.add_reader(channel.our_fd, channel.receive, take)
    try:
        yield
    finally:
        loop.remove_reader(channel.our_fd)
        await proxy.close()
