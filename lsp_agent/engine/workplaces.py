"""The roots that are served to guests: each opened once, each guest with a place of its own."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.engine.engine import Engine
from lsp_agent.engine.guests import Guest
from mcp_tools.server.ports import Caller, OnChange
from mcp_tools.types.calls import Tool
from mcp_tools.types.errors import Denied, OutsideWorkspace
from mcp_tools.types.json import JsonObject
from mcp_tools.workspace.watching import Watch
from mcp_tools.workspace.workspace import (
    CloseBuffer,
    DiskChanged,
    Hold,
    Modification,
    SetBuffer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLimits:
    """How many guests there may be, and for how long one may do nothing."""

    n_guests: int = 256
    """One more takes the place of who has done nothing for the longest time."""
    idle_s: float = 1800.0
    sweep_s: float = 60.0
    """How often those that do nothing are looked for."""


DEFAULT_LIMITS = GuestLimits()


@dataclass(frozen=True, slots=True)
class _Teller:
    """Passes on what a watch sees; implements WatchListener."""

    changed: Callable[[tuple[Path, ...]], None]

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        """Pass it on."""
        self.changed(paths)

    def watch_began(self) -> None:
        """Nothing to do."""

    def watch_ended(self) -> None:
        """Nothing to do."""


class _Stay:
    """A guest, and when it was last there."""

    def __init__(self, guest: Guest) -> None:
        self.guest = guest
        self.seen_at = _now()


class AgentWorkplaces:
    """All roots, to all guests; implements Workplaces. It belongs to one event loop."""

    def __init__(
        self,
        roots: Sequence[Path],
        tools: Sequence[Tool],
        open_engine: Callable[[Path], Engine],
        limits: GuestLimits = DEFAULT_LIMITS,
    ) -> None:
        """Serve roots, at least one; each is opened on a thread by `open_engine`, when needed."""
        self._roots = tuple(roots)
        self._tools = tools
        self._open_engine = open_engine
        self._limits = limits
        self._engines: dict[Path, asyncio.Task[Engine]] = {}
        self._stays: OrderedDict[tuple[str, Path], _Stay] = OrderedDict()
        """The one that was seen last is the last."""
        self._watches: list[Watch] = []
        """Of roots whose index does not watch by itself."""
        self._listeners: list[OnChange] = []
        self._sweeping: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()
        self._is_closed = False

    @property
    def roots(self) -> tuple[Path, ...]:
        """The roots."""
        return self._roots

    @property
    def tools(self) -> Sequence[Tool]:
        """All tools, sorted by name."""
        return self._tools

    @property
    def n_guests(self) -> int:
        """How many guests there are now."""
        return len(self._stays)

    async def at(self, caller: Caller, root: Path) -> Guest:
        """Give a caller its place at a root; the same one until it leaves.

        Raises: OutsideWorkspace if it is none of the roots; Denied if there are too many callers,
            or the root cannot be opened; ExpectedError.
        """
        if root not in self._roots:
            names = ", ".join(map(str, self._roots))
            raise OutsideWorkspace(f"{str(root)!r} is not served; the roots are: {names}")
        key = (caller.id, root)
        if key not in self._stays:
            engine = await self._engine(root)
            # Another call of the same caller may have been quicker.
            if key not in self._stays:
                self._make_room()
                self._stays[key] = _Stay(Guest(engine, caller))
        self._sweep_from_now_on()
        stay = self._stays[key]
        stay.seen_at = _now()
        self._stays.move_to_end(key)
        return stay.guest

    async def leave(self, caller: Caller) -> None:
        """Forget a caller, and end all that it has started."""
        keys = [key for key in self._stays if key[0] == caller.id]
        guests = [self._stays.pop(key).guest for key in keys]
        await asyncio.gather(*(guest.close() for guest in guests))

    async def cut_off(self, caller: Caller, reason: str) -> None:
        """Forget a caller who is served no more, and write down why."""
        own = [root for caller_id, root in self._stays if caller_id == caller.id]
        for root in own or self._roots[:1]:
            engine = await self._engine(root)
            fields: JsonObject = {
                "who": caller.name,
                "root": str(root),
                "kind": "cut_off",
                "reason": reason,
            }
            engine.audit.note(fields, {})
        await self.leave(caller)

    def follow(self, on_change: OnChange) -> Callable[[], None]:
        """Tell of changes of files from now on; gives a function that ends it."""
        self._listeners.append(on_change)

        def end() -> None:
            with suppress(ValueError):
                self._listeners.remove(on_change)

        return end

    async def close(self) -> None:
        """Forget all callers, and let go of all roots."""
        self._is_closed = True
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.wait({self._sweeping})
        guests = [stay.guest for stay in self._stays.values()]
        self._stays.clear()
        await asyncio.gather(*(guest.close() for guest in guests), *self._leaving)
        opened = await asyncio.gather(*self._engines.values(), return_exceptions=True)
        for engine in opened:
            if isinstance(engine, Engine):  # Why another one was not opened, was told.
                await asyncio.to_thread(engine.close)
        for watch in self._watches:
            await asyncio.to_thread(watch.close)
        self._engines.clear()
        self._watches.clear()

    async def _engine(self, root: Path) -> Engine:
        """Give the engine of a root; whoever comes first has it opened, the others wait."""
        if self._is_closed:
            raise Denied("the server is about to end")
        opening = self._engines.get(root)
        if opening is None or (opening.done() and opening.exception() is not None):
            opening = self._engines[root] = asyncio.create_task(self._open(root))
        # Who gives up waiting does not stop it for the others.
        engine = await asyncio.shield(opening)
        if self._is_closed:
            raise Denied("the server is about to end")
        return engine

    async def _open(self, root: Path) -> Engine:
        engine = await asyncio.to_thread(self._open_engine, root)
        loop = asyncio.get_running_loop()

        def changed(paths: tuple[Path, ...]) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(engine.workspace.apply, DiskChanged(paths))

        engine.workspace.subscribe(lambda modification, _: self._tell(root, modification))
        if engine.reads_ahead:
            await asyncio.to_thread(engine.index.start, changed)
        else:
            self._watches.append(await asyncio.to_thread(Watch, root, _Teller(changed)))
        return engine

    def _tell(self, root: Path, modification: Modification) -> None:
        paths = _paths_of(modification)
        if not paths:
            return
        for listener in tuple(self._listeners):
            listener(root, paths)

    def _make_room(self) -> None:
        """Let the guest go that has done nothing for the longest time, if there are too many."""
        if len(self._stays) < self._limits.n_guests:
            return
        for key, stay in self._stays.items():
            if not stay.guest.is_busy:
                self._let_go(key)
                return
        raise Denied(
            f"{len(self._stays)} clients are at work here, which is the limit; try again later"
        )

    def _let_go(self, key: tuple[str, Path]) -> None:
        leaving = asyncio.create_task(self._stays.pop(key).guest.close())
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    def _sweep_from_now_on(self) -> None:
        if self._sweeping is None or self._sweeping.done():
            self._sweeping = asyncio.create_task(self._sweep())

    async def _sweep(self) -> None:
        """Let go of those that have done nothing for long, until nobody is left."""
        while self._stays:
            await asyncio.sleep(self._limits.sweep_s)
            now = _now()
            for key, stay in tuple(self._stays.items()):
                if stay.guest.is_busy:
                    stay.seen_at = now
                elif now - stay.seen_at >= self._limits.idle_s:
                    self._let_go(key)


def _paths_of(modification: Modification) -> frozenset[Path]:
    """Give the files whose text is another one now, for somebody at least."""
    match modification:
        case DiskChanged(paths=paths):
            return frozenset(paths)
        case Hold(changes=changes):
            return frozenset(changes.paths)
        case SetBuffer(path=path) | CloseBuffer(path=path):
            return frozenset({path})
        case _:
            return frozenset()


def _now() -> float:
    return asyncio.get_running_loop().time()
