"""Asking a search engine that speaks as SearXNG does."""

import json

import pytest

from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.web import SearchHit
from mcp_tools.web.searcher import WebSearcher
from tests.support.web import LOCAL_FETCHER, answer, local_site, redirect

pytestmark = pytest.mark.asyncio

RESULTS = {
    "query": "q",
    "results": [
        {
            "title": "One",
            "url": "https://one.example/",
            "content": "First\n \u202eline",
            "score": 1,
        },
        {"title": "Two", "url": "https://two.example/", "content": None},
        {"title": "Three", "url": "https://three.example/"},
    ],
    "answers": [],
}


async def test_the_engine_that_the_user_names_may_be_on_this_machine() -> None:
    async with local_site() as site:
        path = "/search?language=en&q=a+%26+b%C3%A9&format=json"
        site.pages[path] = answer(json.dumps(RESULTS).encode("utf-8"))
        searcher = WebSearcher(f"http://127.0.0.1:{site.port}/search?language=en#x")
        hits = await searcher.search("a & b\u00e9", n_hits=2)
    assert hits == (
        SearchHit(title="One", url="https://one.example/", excerpt="First line"),
        SearchHit(title="Two", url="https://two.example/", excerpt=""),
    )


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (answer(b"<html>"), "did not answer as SearXNG does"),
        (answer(b'{"results": [{"title": 1}]}'), "did not answer as SearXNG does"),
        (answer(b"", status="403 Forbidden"), "status 403; its settings must list"),
        (answer(b"", status="500 Oops"), "status 500"),
        (redirect("http://site.test/elsewhere"), "redirects more than 0 times"),
    ],
)
async def test_what_is_no_answer_is_told(page: bytes, message: str) -> None:
    async with local_site() as site:
        site.pages["/?q=x&format=json"] = page
        with pytest.raises(ExpectedError, match=message):
            await WebSearcher(f"http://127.0.0.1:{site.port}/").search("x", n_hits=1)


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "http://[", "nonsense"])
async def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(ExpectedError):
        await WebSearcher(url, fetcher=LOCAL_FETCHER).search("x", n_hits=1)


async def test_a_query_that_cannot_be_sent_is_told() -> None:
    with pytest.raises(ExpectedError, match="cannot be searched for"):
        await WebSearcher("http://site.test/").search("\ud800", n_hits=1)
