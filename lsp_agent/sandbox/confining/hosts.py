"""Which hosts commands may reach: a list of the user's own, compared by whole labels."""

import re
from dataclasses import dataclass

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_MAX_CHARS = 253
_MIN_LABELS = 2
_ANY = "*"


class BadHost(ValueError):
    """A name is none of a host; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """A list of hosts, each as `host_of` gives it; `*.` before one stands for all below it."""

    patterns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether any host may be reached."""
        return bool(self.patterns)

    def allows(self, host: str) -> bool:
        """Tell whether a host may be reached; `host` is what `host_of` gave."""
        return any(_fits(host, pattern) for pattern in self.patterns)


def allowed_hosts(patterns: tuple[str, ...]) -> AllowedHosts:
    """Read a list as the user wrote it.

    Raises: BadHost that names the one that is wrong.
    """
    return AllowedHosts(tuple(_pattern_of(pattern) for pattern in patterns))


def host_of(text: str) -> str:
    """Give the one spelling of a host that is compared and called: small letters, ASCII.

    Addresses in numbers are no hosts here, because a list of names says nothing about them.
    Raises: BadHost.
    """
    try:
        host = text.encode("idna").decode("ascii").lower() if not text.isascii() else text.lower()
    except UnicodeError as error:
        raise BadHost(f"expected the name of a host, got {text!r}") from error
    labels = host.removesuffix(".").split(".")
    if len(host) > _MAX_CHARS or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadHost(f"expected the name of a host, got {text!r}")
    if len(labels) < _MIN_LABELS or labels[-1].isdigit() or labels[-1].startswith("0x"):
        raise BadHost(f"expected a host with a domain, such as pypi.org, got {text!r}")
    return ".".join(labels)


def _pattern_of(pattern: str) -> str:
    first, dot, rest = pattern.partition(".")
    if first == _ANY and dot:
        return f"{_ANY}.{host_of(rest)}"
    return host_of(pattern)


def _fits(host: str, pattern: str) -> bool:
    labels, wanted = host.split("."), pattern.split(".")
    if wanted[0] == _ANY:
        wanted = wanted[1:]
        return len(labels) > len(wanted) and labels[-len(wanted) :] == wanted
    return labels == wanted
