"""The hooks that count now: of the user, of an agreed project, of plugins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.hooks.answers import Answer, HookFailed
from lsp_agent.hooks.events import EVENTS, HookEvent, May
from lsp_agent.hooks.files import FileState, NotOwn, read_own, state_of
from lsp_agent.hooks.hook import Hook, Maker, Occasion, OnFailure, Place
from lsp_agent.hooks.kinds.callback import HookRegistry
from lsp_agent.hooks.reading import WrongFile, hooks_in

FILE_NAME = "hooks.toml"
REFUSED = "refused"
"""The kind of what stands for a file that is wrong."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """The hooks of a project: only a text that the user has agreed to is ever read."""

    text: str = ""
    """Empty if there is none, or nobody has agreed to it."""
    pending: str = ""
    """Why the hooks that are there do not count; empty if there are none, or they do."""


NO_PROJECT = Agreed()


@dataclass(frozen=True, slots=True, kw_only=True)
class HookSources:
    """Where hooks come from."""

    user_file: Path
    root: Path
    agreed: Callable[[], Agreed] = lambda: NO_PROJECT
    """Gives those of the project, as it is at this moment."""


class Hooks:
    """The hooks of one workspace. Files are read again when they have changed."""

    def __init__(self, sources: HookSources) -> None:
        """Begin with none; `refresh` reads them."""
        self.registry = HookRegistry()
        """Where plugins put theirs."""
        self._sources = sources
        self._state: tuple[FileState, Agreed] | None = None
        self._of_files: tuple[Hook, ...] = ()
        self._problems: tuple[str, ...] = ()
        self._by_event: dict[HookEvent, tuple[Hook, ...]] = {}
        self._counted: tuple[tuple[Hook, ...], tuple[Hook, ...]] = ((), ())

    def of(self, event: HookEvent) -> tuple[Hook, ...]:
        """Give the hooks for an event; where there is none, this costs nothing."""
        registered = self.registry.hooks
        if self._counted[1] is not registered:
            self._count(registered)
        return self._by_event.get(event, ())

    def all(self) -> tuple[Hook, ...]:
        """Give every hook that counts."""
        return (*self._of_files, *self.registry.hooks)

    def problems(self) -> tuple[str, ...]:
        """Say which files do not count, and why, one line each."""
        return self._problems

    def refresh(self) -> None:
        """Read what has changed; never raises for what is in a file.

        A file that is wrong is refused whole. Whoever wrote it wanted something to be denied, and
        nobody knows what: until it is mended, everything is that can be.
        """
        agreed = self._sources.agreed()
        state = (state_of(self._sources.user_file), agreed)
        if state == self._state:
            return
        self._state = state
        self._problems = (agreed.pending,) if agreed.pending else ()
        self._of_files = (*self._of_user(), *self._of_project(agreed))
        self._count(self.registry.hooks)

    def _of_user(self) -> tuple[Hook, ...]:
        path = self._sources.user_file
        place = Place(maker=Maker.USER, folder=path.parent, root=self._sources.root)
        try:
            text = read_own(path)
            return () if text is None else hooks_in(text, place)
        except NotOwn as error:
            self._problems = (*self._problems, str(error))
            return ()
        except (WrongFile, OSError, ValueError) as error:
            return (self._refused(str(path), str(error), Maker.USER),)

    def _of_project(self, agreed: Agreed) -> tuple[Hook, ...]:
        root = self._sources.root
        place = Place(maker=Maker.PROJECT, folder=root, root=root)
        try:
            return hooks_in(agreed.text, place) if agreed.text else ()
        except WrongFile as error:
            return (self._refused(f".lsp-agent/{FILE_NAME}", str(error), Maker.PROJECT),)

    def _refused(self, name: str, reason: str, maker: Maker) -> Hook:
        """Note a file that cannot be used, and give a hook that fails in the place of all of it."""
        text = f"no hook of {name} is used until it is mended: {reason}"
        self._problems = (*self._problems, text)

        async def run(occasion: Occasion) -> Answer:
            del occasion
            raise HookFailed(text)

        deniable = frozenset(event for event, spec in EVENTS.items() if May.DENY in spec.may)
        return Hook(
            name=FILE_NAME,
            kind=REFUSED,
            maker=maker,
            events=deniable,
            run=run,
            on_failure=OnFailure.CLOSED,
        )

    def _count(self, registered: tuple[Hook, ...]) -> None:
        self._counted = (self._of_files, registered)
        self._by_event = _by_event((*self._of_files, *registered))


def _by_event(hooks: Iterable[Hook]) -> dict[HookEvent, tuple[Hook, ...]]:
    found: dict[HookEvent, tuple[Hook, ...]] = {}
    for hook in hooks:
        for event in hook.events:
            found[event] = (*found.get(event, ()), hook)
    return found
