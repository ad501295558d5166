"""Which names a request may use for us, and which web pages may call.

A page of the open web can make the user's browser call us: under its own name once that name
leads here (DNS rebinding, caught by the Host header), or under ours (caught by the Origin header).
"""

from dataclasses import dataclass

from mcp_tools.server.http.addresses import LOOPBACK_NAMES, is_loopback
from mcp_tools.server.http.options import HttpOptions


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The names of this server, and the origins besides its own that may call."""

    hosts: frozenset[str]
    """In lower case: `name` for any port, or `name:port`."""
    origins: frozenset[str]

    def is_host(self, host: str) -> bool:
        """Tell whether a Host header names this server."""
        host = host.lower()
        name, separator, port = host.rpartition(":")
        if not separator or host.endswith("]"):
            return host in self.hosts
        return port.isascii() and port.isdigit() and (name in self.hosts or host in self.hosts)

    def is_origin(self, origin: str, *, host: str, scheme: str) -> bool:
        """Tell whether an Origin header names this server, as in `host`, or an allowed page."""
        origin = origin.lower()
        return origin in (f"{scheme}://{host.lower()}", *self.origins)


def allowed_hosts(options: HttpOptions) -> AllowedHosts:
    """Give the names that follow from where the server listens, and those allowed besides."""
    own = f"[{options.host}]" if ":" in options.host else options.host
    names = {own, *options.hosts}
    if is_loopback(options.host):
        names.update(LOOPBACK_NAMES)
    return AllowedHosts(
        hosts=frozenset(name.lower() for name in names),
        origins=frozenset(origin.lower().rstrip("/") for origin in options.origins),
    )
