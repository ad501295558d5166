"""What may be reached: a choice that no page, and no model, has a say in."""

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from mcp_tools.web.addresses import Address, is_public

Resolve: TypeAlias = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""Gives the addresses of a host; raises OSError if it has none."""

_USUAL_PORTS = frozenset({80, 443, 8000, 8080, 8443})


def _is_usual(port: int) -> bool:
    return port in _USUAL_PORTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which addresses and ports may be called, and how names are resolved."""

    is_allowed: Callable[[Address], bool] = is_public
    is_allowed_port: Callable[[int], bool] = _is_usual
    resolve: Resolve | None = None
    """None: as the system does it."""
    trust: Callable[[], ssl.SSLContext] | None = None
    """Which certificates are trusted; None: those that the system trusts."""
    max_redirects: int = 5


PUBLIC = Reach()
"""The public internet, at the ports of web servers."""
