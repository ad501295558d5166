"""Which kinds of hooks there are: one for each file of the folder `kinds`."""

import importlib
import pkgutil
from functools import cache

import lsp_agent.hooks.kinds
from lsp_agent.hooks.hook import Kind


@cache
def kind_names() -> tuple[str, ...]:
    """Give the names of all kinds; nothing of them is loaded."""
    return tuple(sorted(each.name for each in pkgutil.iter_modules(lsp_agent.hooks.kinds.__path__)))


def kind_of(name: str) -> Kind:
    """Load the kind of that name, which must be one of `kind_names`."""
    kind = importlib.import_module(f"lsp_agent.hooks.kinds.{name}").KIND
    assert isinstance(kind, Kind)
    assert kind.name == name
    return kind
