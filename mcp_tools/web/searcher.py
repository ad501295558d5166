"""Web searches by an engine that speaks as SearXNG does, at the address that the user names.

Source: https://docs.searxng.org/dev/search_api.html, read in November 2026.
"""

from urllib.parse import urlencode, urlsplit, urlunsplit

from pydantic import BaseModel, ValidationError

from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.web import Fetcher, FetchRequest, SearchHit
from mcp_tools.web.addresses import Address
from mcp_tools.web.fetcher import WebFetcher
from mcp_tools.web.reach import Reach
from mcp_tools.web.reading import visible

_TIMEOUT_S = 20.0
_MAX_BYTES = 2_000_000
_MAX_TITLE_CHARS = 200
_MAX_URL_CHARS = 1000
_MAX_EXCERPT_CHARS = 500
_FORBIDDEN = 403
_OK = 200


def _any_address(address: Address) -> bool:
    del address
    return True


def _any_port(port: int) -> bool:
    del port
    return True


_ANYWHERE = Reach(is_allowed=_any_address, is_allowed_port=_any_port, max_redirects=0)
"""The user has named the engine, and most people run one at home. It leads nowhere else."""


class _Result(BaseModel):
    title: str = ""
    url: str
    content: str | None = ""


class _Results(BaseModel):
    results: list[_Result]


class WebSearcher:
    """Asks one search engine; implements Searcher."""

    def __init__(self, search_url: str, *, fetcher: Fetcher | None = None) -> None:
        """Ask the engine at `search_url`, which comes from the user and from nobody else."""
        self._search_url = search_url
        self._fetcher = fetcher or WebFetcher(_ANYWHERE)

    async def search(self, query: str, *, n_hits: int) -> tuple[SearchHit, ...]:
        """Search the web; the best come first.

        Raises: ExpectedError if the engine cannot be reached, or answers something else.
        """
        request = FetchRequest(
            url=_with_query(self._search_url, query), max_bytes=_MAX_BYTES, timeout_s=_TIMEOUT_S
        )
        fetched = await self._fetcher.fetch(request)
        if fetched.status != _OK:
            hint = (
                "; its settings must list the format json" if fetched.status == _FORBIDDEN else ""
            )
            raise ExpectedError(f"the search engine answered with status {fetched.status}{hint}")
        try:
            found = _Results.model_validate_json(fetched.body)
        except ValidationError as error:
            raise ExpectedError(
                "the search engine did not answer as SearXNG does in the format json; see the "
                "setting search_url"
            ) from error
        return tuple(_hit(result) for result in found.results[:n_hits])


def _with_query(search_url: str, query: str) -> str:
    try:
        parts = urlsplit(search_url)
        asked = urlencode({"q": query, "format": "json"})
    except (ValueError, UnicodeError) as error:
        raise ExpectedError(f"this cannot be searched for: {error}") from error
    return urlunsplit(parts._replace(query=f"{parts.query}&{asked}".lstrip("&"), fragment=""))


def _hit(result: _Result) -> SearchHit:
    return SearchHit(
        title=visible(result.title)[:_MAX_TITLE_CHARS],
        url=visible(result.url)[:_MAX_URL_CHARS],
        excerpt=visible(result.content or "")[:_MAX_EXCERPT_CHARS],
    )
