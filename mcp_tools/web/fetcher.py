"""The fetcher that tools are given. It loads what speaks HTTP at its first use."""

import importlib
from typing import Protocol, cast

from mcp_tools.types.web import Fetched, FetchRequest
from mcp_tools.web.reach import PUBLIC, Reach


class _Exchange(Protocol):
    async def fetch_within(self, request: FetchRequest, reach: Reach) -> Fetched: ...


class WebFetcher:
    """Fetches pages by GET within a reach; implements Fetcher.

    Nothing is kept between two fetches: no connection, no cookie, no page. A proxy of the
    environment is not used, since it would resolve names by itself.
    """

    def __init__(self, reach: Reach = PUBLIC) -> None:
        """Reach public addresses, or what else `reach` says."""
        self._reach = reach

    async def fetch(self, request: FetchRequest) -> Fetched:
        """Fetch one page, after all its redirections.

        Raises: ExpectedError if an address is refused or cannot be reached; it says which.
        """
        exchange = cast(_Exchange, importlib.import_module("mcp_tools.web.exchange"))
        return await exchange.fetch_within(request, self._reach)
