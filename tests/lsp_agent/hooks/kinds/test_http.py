"""An address answers with JSON; nothing else is asked, followed or told."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from lsp_agent.hooks.answers import NOTHING, Answer, HookFailed
from lsp_agent.hooks.kinds.http import MAX_ANSWER_BYTES, HttpFields, make
from tests.lsp_agent.hooks.listener import Listener, listening
from tests.lsp_agent.hooks.occasions import LIMIT_S, occasion, place

pytestmark = pytest.mark.asyncio


async def answer(folder: Path, url: str, variables: Mapping[str, str] | None = None) -> Answer:
    """Ask an address."""
    fields = HttpFields(url=url, header_variables=variables or {})
    async with asyncio.timeout(LIMIT_S):
        return await make(fields, place(folder))(occasion())


async def test_the_occasion_is_posted_and_the_answer_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK_TOKEN", "Bearer 4711")
    async with listening(Listener(body=b'{"decision": "deny", "reason": "no"}')) as listener:
        found = await answer(tmp_path, listener.url, {"Authorization": "HOOK_TOKEN"})
    assert found == Answer(decision="deny", reason="no")
    (request,) = listener.requests
    assert request.line == "POST /check HTTP/1.1"
    assert request.headers["authorization"] == "Bearer 4711"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body)["event"] == "before_tool"


async def test_204_is_the_empty_answer(tmp_path: Path) -> None:
    async with listening(Listener(status="204 No Content")) as listener:
        assert await answer(tmp_path, listener.url) == NOTHING


@pytest.mark.parametrize(
    ("listener", "reason"),
    [
        (Listener(status="500 Oops"), "expected the status 200 or 204, got 500"),
        (
            Listener(status="302 Found", headers="Location: http://127.0.0.1:9/\r\n"),
            "expected the status 200 or 204, got 302",
        ),
        (Listener(body=b"fine"), "not what the schema says"),
        (Listener(body=b" " * (MAX_ANSWER_BYTES + 1)), "more than 256 KiB"),
        (Listener(is_garbage=True), "cannot be reached"),
    ],
)
async def test_any_other_answer_is_a_failure(
    tmp_path: Path, listener: Listener, reason: str
) -> None:
    async with listening(listener):
        with pytest.raises(HookFailed, match=reason):
            await answer(tmp_path, listener.url)


async def test_nobody_at_the_address_is_a_failure(tmp_path: Path) -> None:
    async with listening(Listener()) as listener:
        pass
    with pytest.raises(HookFailed, match="cannot be reached"):
        await answer(tmp_path, listener.url)


async def test_a_key_that_is_not_set_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(HookFailed, match="NO_SUCH_KEY is not set"):
        await answer(tmp_path, "http://127.0.0.1:9/", {"X-Key": "NO_SUCH_KEY"})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "http://127.0.0.1.example.org/",
        "http://localhost.example.org/",
        "http://10.0.0.1/",
        "http://2130706433/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://user:password@example.org/",
        "https://example.org\\@127.0.0.1/",
        "",
    ],
)
async def test_only_https_or_this_machine_is_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(HookFailed):
        make(HttpFields(url=url), place(tmp_path))


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a?b", "http://localhost:8000/", "http://[::1]/", "http://127.0.0.9/"],
)
async def test_these_may_be_asked(tmp_path: Path, url: str) -> None:
    assert make(HttpFields(url=url), place(tmp_path)) is not None
