"""The address of a page, taken apart once, so that what is checked is what is called."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from mcp_tools.types.errors import ExpectedError

MAX_URL_CHARS = 4000

_REFUSED = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f.]*:[0-9a-f:.]*")
_MAX_PORT = 0xFFFF
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a request goes, and what it asks for."""

    scheme: str
    host: str
    """In small letters and ASCII; an IPv6 address without brackets."""
    port: int
    path: str
    """With the query; in ASCII."""

    @property
    def authority(self) -> str:
        """Give the host and the port as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Give the whole address."""
        return f"{self.scheme}://{self.authority}{self.path}"


def target_of(url: str) -> Target:
    """Take an address apart.

    Raises: ExpectedError that says what is wrong with it.
    """
    if len(url) > MAX_URL_CHARS:
        raise ExpectedError(f"expected an address of at most {MAX_URL_CHARS} characters")
    if _REFUSED.search(url):
        raise ExpectedError(
            f"expected an address without blanks, control characters and backslashes, got {url!r}"
        )
    try:
        parsed = httpx2.URL(url)
        host, path = parsed.raw_host.decode("ascii"), parsed.raw_path.decode("ascii")
        # Another reader of addresses must see the same host, or one of the two is fooled.
        parts = urlsplit(url)
        seen = httpx2.URL(f"http://{_bracketed(parts.hostname or '')}/").raw_host
    except (httpx2.InvalidURL, ValueError) as error:
        raise ExpectedError(f"{url!r} is no address of a page: {error}") from error
    if parsed.scheme not in _PORTS:
        raise ExpectedError(f"expected an address with http or https, got {url!r}")
    if parsed.userinfo or "@" in parts.netloc:
        raise ExpectedError("addresses with a user name or password in them are not fetched")
    if seen != parsed.raw_host or not host:
        raise ExpectedError(f"the host in {url!r} is not clear")
    host = host.lower().removesuffix(".")
    if _HOST.fullmatch(host) is None or ".." in host:
        raise ExpectedError(f"expected the name of a host, got {host!r}")
    port = _PORTS[parsed.scheme] if parsed.port is None else parsed.port
    if not 0 < port <= _MAX_PORT:
        raise ExpectedError(f"{port} is no port")
    return Target(scheme=parsed.scheme, host=host, port=port, path=path)


def joined(target: Target, location: str) -> Target:
    """Give where a redirection leads to.

    Raises: ExpectedError as `target_of`, and if it leads from https to http.
    """
    try:
        url = str(httpx2.URL(target.url).join(location))
    except (httpx2.InvalidURL, ValueError) as error:
        raise ExpectedError(f"{target.url} redirects to no address: {location[:200]!r}") from error
    found = target_of(url)
    if target.scheme == "https" and found.scheme == "http":
        raise ExpectedError(f"{target.url} redirects from https to {found.url}, which is not safe")
    return found


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
