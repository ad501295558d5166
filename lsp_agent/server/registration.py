"""How a feature file says what it handles, and how the server finds it.

A handler takes the server and the request's params. `initialize` must be answered before
anything heavy is loaded, so these files import only the protocol and light modules.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

Handler = Callable[..., Any]
"""`def` for notifications that must run in the order of arrival, `async def` for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What a handler is for."""

    method: str
    """An LSP method, or the name of a command."""
    options: object | None
    is_command: bool


def feature(method: str, options: object | None = None) -> Callable[[Handler], Handler]:
    """Mark a function as the handler of an LSP method; `options` go into the capabilities."""
    return _marker(Registered(method=method, options=options, is_command=False))


def command(name: str) -> Callable[[Handler], Handler]:
    """Mark a function as the handler of a command; it takes the server and one argument."""
    return _marker(Registered(method=name, options=None, is_command=True))


def registered_handlers(package: ModuleType) -> list[tuple[Registered, Handler]]:
    """Give the marked functions of every module of a package, in the order of their names."""
    found: list[tuple[Registered, Handler]] = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for value in vars(module).values():
            mark = getattr(value, "registered", None)
            if isinstance(mark, Registered):
                found.append((mark, value))
    return found


def _marker(mark: Registered) -> Callable[[Handler], Handler]:
    def attach(handler: Handler) -> Handler:
        vars(handler)["registered"] = mark
        return handler

    return attach
