"""A function of an installed Python package, named in the user's own file.

It is imported at its first use, and runs in a thread of its own. A thread cannot be ended: one
that hangs is left alone, and until it has returned the hook fails at once.
"""

import asyncio
import importlib
import importlib.util
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, cast

import msgspec
from msgspec import Meta

from lsp_agent.hooks.answers import NOTHING, Answer, HookFailed
from lsp_agent.hooks.hook import Fields, Kind, Occasion, Place, RunHook

_PATH = r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$"


class FunctionFields(Fields, frozen=True, kw_only=True):
    """Which function."""

    function: Annotated[
        str,
        Meta(
            pattern=_PATH,
            description="`package.module:function`. It is given the JSON object that a command "
            "would read, and gives an answer as a dict, or None.",
        ),
    ]


class _Caller:
    """Calls one function, once at a time."""

    def __init__(self, path: str, root: Path) -> None:
        self._path = path
        self._root = root
        self._is_running = False

    async def __call__(self, occasion: Occasion) -> Answer:
        if self._is_running:
            raise HookFailed(f"{self._path!r} has not come back from an earlier call")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[object] = loop.create_future()

        def settle(value: object, error: Exception | None) -> None:
            self._is_running = False
            if answer.done():
                return
            if error is None:
                answer.set_result(value)
            else:
                answer.set_exception(error)

        def work() -> None:
            value, error = self._called(occasion.as_json())
            loop.call_soon_threadsafe(settle, value, error)

        self._is_running = True
        # Not a thread of the pool: those are waited for when the process ends.
        threading.Thread(target=work, name=f"hook {self._path}", daemon=True).start()
        return _as_answer(await answer)

    def _called(self, told: bytes) -> tuple[object, Exception | None]:
        """Call the function; whatever it raises is given, for the one who waits."""
        try:
            function = _imported(self._path, self._root)
            return function(msgspec.json.decode(told)), None
        except Exception as error:
            return None, error


def _imported(path: str, root: Path) -> Callable[[object], object]:
    """Import the function; never from the workspace, which may lie on Python's own path.

    Raises: HookFailed.
    """
    module, _, name = path.partition(":")
    package = module.partition(".")[0]
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise HookFailed(f"the package {package!r} is not installed beside lsp-agent")
    places = [spec.origin, *(spec.submodule_search_locations or ())]
    if any(root in Path(place).resolve().parents for place in places if place):
        raise HookFailed(f"the package {package!r} lies in the workspace, so it is not loaded")
    function = getattr(importlib.import_module(module), name, None)
    if not callable(function):
        raise HookFailed(f"there is no function {name!r} in {module!r}")
    return cast(Callable[[object], object], function)


def _as_answer(value: object) -> Answer:
    if value is None:
        return NOTHING
    try:
        return msgspec.convert(value, Answer)
    except msgspec.ValidationError as error:
        raise HookFailed(f"its answer is not what the schema says: {error}") from error


def make(fields: FunctionFields, place: Place) -> RunHook:
    """Give what calls the function."""
    return _Caller(fields.function, place.root)


KIND = Kind(
    name="function",
    summary="a function of an installed Python package; only of the user's own file",
    fields=FunctionFields,
    make=make,
    is_for_projects=False,
)
