"""URLs to which trust is given: of authorization servers, and of ourselves."""

from urllib.parse import urlsplit

from mcp_tools.server.http.addresses import is_loopback


def is_trustworthy_url(url: str) -> bool:
    """Tell whether what is fetched from a URL is what its owner sent: https, or loopback."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # raises if it is none
    except ValueError:
        return False
    if "@" in parts.netloc or parts.fragment or not host or not url.isprintable():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def origin_of(url: str) -> str:
    """Give scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"
