"""Fetching from the web, as values."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """What to fetch by GET; nothing is sent but the address."""

    url: str
    max_bytes: int = 5_000_000
    timeout_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back."""

    url: str
    """The address after all redirections."""
    status: int
    content_type: str
    """In small letters, without parameters; empty if the server named none."""
    charset: str
    """As the server named it; empty if it did not."""
    body: bytes
    is_cut: bool
    """The body is longer than was asked for."""


class Fetcher(Protocol):
    """The one way to the network. It reaches public addresses only."""

    async def fetch(self, request: FetchRequest) -> Fetched:
        """Fetch one page.

        Raises: ExpectedError if the address is refused or cannot be reached; it says which.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One page that a search engine found."""

    title: str
    url: str
    excerpt: str
    """What the engine shows of it; may be empty."""


class Searcher(Protocol):
    """The search engine that the user has named."""

    async def search(self, query: str, *, n_hits: int) -> tuple[SearchHit, ...]:
        """Search the web; the best come first.

        Raises: ExpectedError if the engine cannot be reached, or answers something else.
        """
        ...
