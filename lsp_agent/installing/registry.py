"""Which clients there are: those that have a file in the folder `clients`."""

import importlib
import pkgutil
from collections.abc import Sequence

import lsp_agent.installing.clients
from lsp_agent.installing.client import Client


def client_names() -> Sequence[str]:
    """Give the names of all clients, sorted; `claude-code` lies in `claude_code.py`.

    Nothing is imported for it: most commands need no client.
    """
    modules = pkgutil.iter_modules(lsp_agent.installing.clients.__path__)
    return sorted(module.name.replace("_", "-") for module in modules)


def client_of(name: str) -> Client:
    """Give the client of a name that is among `client_names`."""
    package = lsp_agent.installing.clients.__name__
    module = importlib.import_module(f"{package}.{name.replace('-', '_')}")
    client: object = getattr(module, "CLIENT", None)
    if not isinstance(client, Client) or client.name != name:
        raise ImportError(f"expected {module.__name__} to end in CLIENT = Client(name={name!r})")
    return client
