"""The ports to the network, loaded at their first use: few sessions ever have one."""

import importlib

from mcp_tools.types.web import Fetched, Fetcher, FetchRequest, Searcher, SearchHit


class LazyFetcher:
    """A `WebFetcher` that is loaded when something is fetched; implements Fetcher."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._fetcher: Fetcher | None = None

    async def fetch(self, request: FetchRequest) -> Fetched:
        """Fetch one page.

        Raises: ExpectedError if the address is refused or cannot be reached; it says which.
        """
        if self._fetcher is None:
            self._fetcher = importlib.import_module("mcp_tools.web.fetcher").WebFetcher()
        assert self._fetcher is not None
        return await self._fetcher.fetch(request)


class LazySearcher:
    """A `WebSearcher` that is loaded when something is searched for; implements Searcher."""

    def __init__(self, search_url: str) -> None:
        """Load nothing yet."""
        self._search_url = search_url
        self._searcher: Searcher | None = None

    async def search(self, query: str, *, n_hits: int) -> tuple[SearchHit, ...]:
        """Search the web; the best come first.

        Raises: ExpectedError if the engine cannot be reached, or answers something else.
        """
        if self._searcher is None:
            module = importlib.import_module("mcp_tools.web.searcher")
            self._searcher = module.WebSearcher(self._search_url)
        assert self._searcher is not None
        return await self._searcher.search(query, n_hits=n_hits)
