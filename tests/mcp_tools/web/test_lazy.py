"""The ports to the network, before and after their first use."""

import json
import subprocess
import sys

import pytest

from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.web import FetchRequest
from mcp_tools.web.lazy import LazyFetcher, LazySearcher
from tests.support.web import answer, local_site

pytestmark = pytest.mark.asyncio


async def test_what_is_fetched_is_at_a_public_address() -> None:
    fetcher = LazyFetcher()
    for _ in range(2):
        with pytest.raises(ExpectedError, match="public"):
            await fetcher.fetch(FetchRequest(url="http://127.0.0.1/"))


async def test_the_engine_that_is_named_is_asked() -> None:
    async with local_site() as site:
        found = {"results": [{"title": "One", "url": "https://one.example/"}]}
        site.pages["/search?q=a&format=json"] = answer(json.dumps(found).encode("utf-8"))
        searcher = LazySearcher(f"http://127.0.0.1:{site.port}/search")
        for _ in range(2):
            (hit,) = await searcher.search("a", n_hits=5)
            assert hit.url == "https://one.example/"


async def test_nothing_is_loaded_before_it_is_needed() -> None:
    program = "import sys, mcp_tools.web.lazy; print([m for m in sys.modules if 'httpcore2' in m])"
    done = subprocess.run(  # noqa: ASYNC221 - short, and nothing else runs
        [sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout == "[]\n"
