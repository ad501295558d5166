"""Hosts of addresses, and patterns of them.

They are compared by whole labels, in the form in which they are called.
"""

import importlib
from typing import Protocol, cast

from mcp_tools.types.errors import ExpectedError

ANY_HOST = "*"
_BELOW = "*."


class _Target(Protocol):
    @property
    def host(self) -> str: ...


class _Targets(Protocol):
    def target_of(self, url: str) -> _Target: ...


def host_of(url: str) -> str | None:
    """Give the host that a request for an address goes to; None if it is not clear."""
    # Loaded on first use: reading addresses takes the library that fetches them.
    targets = cast(_Targets, importlib.import_module("mcp_tools.web.targets"))
    try:
        return targets.target_of(url).host
    except ExpectedError:
        return None


def host_pattern(text: str) -> str:
    """Give a pattern in the form in which it is compared.

    `*` is any host, `*.example.com` all below that one, and `example.com` that one alone.
    Raises: ExpectedError.
    """
    if text == ANY_HOST:
        return text
    below = _BELOW if text.startswith(_BELOW) else ""
    host = text.removeprefix(below)
    bracketed = f"[{host}]" if host.count(":") > 1 else host
    found = None if any(char in host for char in "*/?#@%") else host_of(f"http://{bracketed}/")
    if found is None or (":" in host and ":" not in found):
        raise ExpectedError(
            f"expected the name of a host, such as `example.com` or `*.example.com`, got {text!r}"
        )
    return below + found


def covers_host(pattern: str, host: str) -> bool:
    """Whether a pattern, read by `host_pattern`, stands for a host."""
    if pattern == ANY_HOST:
        return True
    if pattern.startswith(_BELOW):
        return host.endswith(pattern.removeprefix("*"))
    return host == pattern
