"""Connecting to addresses that were checked, and to no other.

A name is resolved once for a connection; every address of it is judged, and one of those very
addresses is called. A name that changes its mind in between gains nothing.
"""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import ip_address
from typing import cast

import httpcore2

from mcp_tools.types.errors import ExpectedError
from mcp_tools.web.reach import Reach

_MAX_TRIED = 4


class CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Opens connections within a reach."""

    def __init__(self, reach: Reach) -> None:
        """Connect to what `reach` allows."""
        self._reach = reach
        # Where anyio is missing, the library has another class by this name.
        self._sockets = cast(httpcore2.AsyncNetworkBackend, httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to a host.

        Raises: ExpectedError if it may not be called, or has no address; ConnectError.
        """
        if not self._reach.is_allowed_port(port):
            raise ExpectedError(f"port {port} of {host} is not called; web pages have usual ports")
        addresses = await self._addresses(host, port)
        failure: Exception = httpcore2.ConnectError("no address")
        for address in addresses[:_MAX_TRIED]:
            try:
                return await self._sockets.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: no page is at a socket of this machine.

        Raises: ExpectedError.
        """
        del path, timeout, socket_options
        raise ExpectedError("sockets of this machine are not called")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        resolve = self._reach.resolve or resolved
        try:
            found = await resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise ExpectedError(f"the host {host!r} was not found") from error
        for text in found:
            if not _is_allowed(self._reach, text):
                raise ExpectedError(
                    f"{host!r} is not called: its address {text} is not on the public internet"
                )
        if not found:
            raise ExpectedError(f"the host {host!r} has no address")
        return found


async def resolved(host: str, port: int) -> tuple[str, ...]:
    """Give the addresses of a host as the system resolves it, each once.

    Raises: OSError if it is not found.
    """
    loop = asyncio.get_running_loop()
    entries = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in entries))


def _is_allowed(reach: Reach, text: str) -> bool:
    try:
        return reach.is_allowed(ip_address(text))
    except ValueError:
        return False
