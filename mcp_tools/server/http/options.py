"""How HTTP is served, and what is refused before anything listens."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from mcp_tools.server.http.access import Verifier
from mcp_tools.server.http.addresses import is_loopback, is_wildcard
from mcp_tools.server.http.issuers import is_trustworthy_url
from mcp_tools.types.errors import Denied

MCP_PATH = "/mcp"

_SCOPE = re.compile(r"[!#-\[\]-~]+")
"""Source: RFC 6749, section 3.3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """What one client, and all together, may take; times in seconds."""

    connections: int = 256
    unproven_connections: int = 64
    """Of these, at most so many that have not shown a good token."""
    head_s: float = 10.0
    """From the first byte of a request, or from connecting, to the end of its headers."""
    body_s: float = 30.0
    idle_s: float = 75.0
    """Between two requests of a connection."""
    stall_s: float = 30.0
    """How long a client may leave an answer unread."""
    linger_s: float = 2.0
    """How long a body is still taken, and dropped, after its request was refused."""
    close_s: float = 1.0
    """How long running answers may take once the server stops."""
    head_bytes: int = 16 * 1024
    head_fields: int = 64
    body_bytes: int = 4 * 1024 * 1024
    bodies_bytes: int = 64 * 1024 * 1024
    """All bodies together that are being received."""
    json_depth: int = 64
    requests_per_s: float = 2000.0
    """For one principal, in the long run: what only a client that runs away would send."""
    burst: int = 5000
    """Requests that one principal may send at once after a pause."""
    sessions: int = 1000
    """Of the handshake era, of all principals together; beyond that nobody gets a new one."""
    sessions_each: int = 200
    """Of one principal; beyond that it loses the one that it has not used for longest."""
    session_idle_s: float = 30 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """A certificate chain and its private key, both as PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedResource:
    """What a client must know to get a token for us from an authorization server.

    Source: RFC 9728.
    """

    url: str
    """Our own URL as clients use it, with the path: the audience of a good token."""
    issuer: str
    scopes: tuple[str, ...] = ()
    """A token must grant all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    """Where and for whom to serve; `checked` tells whether that is safe."""

    host: str = "127.0.0.1"
    port: int = 8765
    """0 takes any free port."""
    verifier: Verifier | None = None
    """Needed unless `is_open`."""
    is_open: bool = False
    """Nobody has to show a token; for tests on loopback, and refused elsewhere."""
    resource: ProtectedResource | None = None
    """Set if an authorization server gives out the tokens."""
    tls: TlsFiles | None = None
    allows_plain: bool = False
    """Listens beyond loopback without TLS, where something in front of it does that part."""
    hosts: frozenset[str] = frozenset()
    """Values of the Host header to take besides those of loopback: `name` or `name:port`."""
    origins: frozenset[str] = frozenset()
    """Origins of web pages that may call: `https://name:port`."""
    limits: HttpLimits = field(default_factory=HttpLimits)


def checked(options: HttpOptions) -> HttpOptions:
    """Give the options if they are safe to serve with.

    Raises: Denied, saying what to change.
    """
    if options.is_open and options.verifier is not None:
        raise Denied("Serving without tokens excludes tokens: choose one")
    if not options.is_open and options.verifier is None:
        raise Denied("HTTP needs tokens: make one first, or name an authorization server")
    if options.resource is not None:
        _check_resource(options.resource)
    if is_loopback(options.host):
        return options
    if options.is_open:
        raise Denied(
            f"Without tokens the server listens on loopback only, not on {options.host!r}:"
            " use 127.0.0.1, or serve with tokens"
        )
    if options.tls is None and not options.allows_plain:
        raise Denied(
            f"Listening on {options.host!r} without TLS would send tokens and code in the clear:"
            " give a certificate and a key, or allow it explicitly where a proxy in front of"
            " it speaks TLS"
        )
    if not options.hosts and is_wildcard(options.host):
        raise Denied(
            f"Listening on {options.host!r} needs the names by which clients call this machine:"
            " allow each host"
        )
    return options


def _check_resource(resource: ProtectedResource) -> None:
    for name, url in (("resource", resource.url), ("issuer", resource.issuer)):
        if not is_trustworthy_url(url) or '"' in url:
            raise Denied(f"The URL of the {name} must begin with https://, got {url!r}")
    for scope in resource.scopes:
        if not _SCOPE.fullmatch(scope):
            raise Denied(f"{scope!r} cannot be a scope: it has spaces or quotes")
