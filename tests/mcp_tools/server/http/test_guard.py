"""What is let in, what is refused, and in which order that is decided."""

import json
from typing import Any

import pytest

from mcp_tools.server.http.options import HttpLimits, HttpOptions
from tests.mcp_tools.server.http.serving import (
    INITIALIZE,
    TOKEN,
    Answer,
    OneToken,
    connected,
    echo,
    message,
    modern,
    read_answer,
    request,
    serving,
)

pytestmark = pytest.mark.asyncio

LIST = message("tools/list")


async def _answer(data: bytes, options: HttpOptions | None = None) -> Answer:
    async with serving(options) as served:
        answer = await served.ask(data)
        assert (answer.status < 400) == (served.tiny.n_calls > 0)
        return answer


@pytest.mark.protocol("http-post", "http-token")
async def test_a_call_with_the_token_is_served() -> None:
    answer = await _answer(echo(text="hello"))

    assert answer.status == 200
    assert json.loads(answer.message["result"]["content"][0]["text"]) == {"text": "hello"}


@pytest.mark.protocol("eras-side-by-side")
async def test_both_eras_are_served_at_one_path() -> None:
    async with serving() as served:
        opened = await served.ask(request(body=message("initialize", INITIALIZE)))
        session = opened.headers["mcp-session-id"]
        call = message("tools/call", {"name": "echo", "arguments": {"a": 1}})
        old = await served.ask(request(body=call, mcp_session_id=session))
        new = await served.ask(echo(a=1))

    assert opened.message["result"]["protocolVersion"] == "2025-11-25"
    assert old.message["result"]["content"] == new.message["result"]["content"]


@pytest.mark.protocol("http-post", "http-body", "http-origin", "http-token")
@pytest.mark.parametrize(
    ("status", "data"),
    [
        (404, request(target="/", body=LIST)),
        (404, request(target="http://evil.example/mcp", body=LIST)),
        (404, request("GET", "/.well-known/oauth-protected-resource")),
        (405, request("OPTIONS", origin="http://localhost")),
        (405, request("PUT", body=LIST)),
        (400, request(target="/mcp?access_token=abc", body=LIST)),
        (400, request(target="/mcp?t=lspa_abc", body=LIST)),
        (400, request(body=LIST, transfer_encoding="chunked")),
        (421, request(body=LIST, host="evil.example")),
        (421, request(body=LIST, host="localhost.evil.example:80")),
        (421, request(body=LIST, host="localhost:80:80")),
        (403, request(body=LIST, origin="http://evil.example")),
        (403, request(body=LIST, origin="http://localhost:1234")),
        (403, request(body=LIST, origin="null")),
        (401, request(body=LIST, authorization=None)),
        (401, request(body=LIST, authorization="Bearer nonsense")),
        (401, request(body=LIST, authorization=f"Basic {TOKEN}")),
        (401, request(body=LIST, authorization=f"Bearer {TOKEN} {TOKEN}")),
        (415, request(body=LIST, content_type=None)),
        (415, request(body=LIST, content_type="text/plain")),
        (415, request(body=LIST, content_type="application/json, text/plain")),
        (415, request(body=LIST, content_type="application/json; a=b")),
        (415, request(body=LIST, content_encoding="gzip")),
        (413, request(content_length=str(10**10))),
        (400, request("GET", body=LIST)),
        (400, request(body=b"{")),
        (400, request(body=b'{"id": 1, "id": 2}')),
        (400, request(body=b"[" * 10_000)),
        (400, request(body=b'"\xff"')),
        (431, request(body=LIST, **{f"x{n}": "1" for n in range(100)})),
    ],
)
async def test_a_request_is_refused(status: int, data: bytes) -> None:
    answer = await _answer(data)

    assert answer.status == status
    assert answer.headers["connection"] == "close"
    assert answer.message["id"] is None
    assert "access-control-allow-origin" not in answer.headers


async def test_a_field_that_comes_twice_is_refused() -> None:
    twice = request(body=LIST).replace(b"host:", b"authorization: Bearer a\r\nhost:")

    assert (await _answer(twice)).status == 400


async def test_checks_come_in_order_and_each_hides_the_next() -> None:
    wrong: dict[str, Any] = {
        "host": "evil.example",
        "origin": "http://evil.example",
        "authorization": None,
        "content_type": "text/plain",
        "content_length": str(10**10),
    }
    right: dict[str, Any] = {
        "host": "localhost",
        "origin": None,
        "authorization": f"Bearer {TOKEN}",
        "content_type": "application/json",
        "content_length": None,
    }
    seen: list[int] = []
    async with serving(HttpOptions(verifier=OneToken(), limits=HttpLimits(burst=0))) as served:
        seen.append((await served.ask(request("PUT", "/x", **wrong))).status)
        seen.append((await served.ask(request("PUT", **wrong))).status)
        for name in tuple(wrong):
            seen.append((await served.ask(request(**wrong))).status)
            wrong[name] = right[name]
        seen.append((await served.ask(request(**wrong))).status)

    assert seen == [404, 405, 421, 403, 401, 415, 413, 429]


async def test_without_a_token_not_a_byte_of_a_large_body_is_awaited() -> None:
    announced = request(authorization=None, content_length=str(10**9), expect="100-continue")

    answer = await _answer(announced)

    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_client_that_sends_on_still_gets_the_refusal() -> None:
    async with serving() as served, connected(served.port) as (reader, writer):
        writer.write(request(authorization=None, content_length=str(10**6)) + b"x" * 1_000_000)
        answer = await read_answer(reader)

    assert answer.status == 401


async def test_a_body_longer_than_allowed_is_refused_while_it_comes() -> None:
    limits = HttpLimits(body_bytes=1000)
    chunk = b"ff\r\n" + b" " * 255 + b"\r\n"
    data = request(transfer_encoding="chunked", content_length=None) + chunk * 5

    answer = await _answer(data, HttpOptions(verifier=OneToken(), limits=limits))

    assert answer.status == 413


async def test_bodies_that_together_are_too_large_are_refused() -> None:
    limits = HttpLimits(bodies_bytes=100)

    answer = await _answer(echo(text="x" * 200), HttpOptions(verifier=OneToken(), limits=limits))

    assert answer.status == 503


async def test_a_slow_body_runs_out_of_time() -> None:
    limits = HttpLimits(body_s=0.1)

    answer = await _answer(
        request(content_length="100"), HttpOptions(verifier=OneToken(), limits=limits)
    )

    assert answer.status == 408


async def test_too_many_requests_are_told_when_to_come_back() -> None:
    limits = HttpLimits(burst=2, requests_per_s=0.1)
    async with serving(HttpOptions(verifier=OneToken(), limits=limits)) as served:
        answers = [await served.ask(echo()) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10


async def test_names_and_pages_can_be_allowed() -> None:
    options = HttpOptions(
        verifier=OneToken(),
        hosts=frozenset({"code.example:8443"}),
        origins=frozenset({"https://page.example"}),
    )

    data = modern("tools/call", {"name": "echo"}, host="code.example:8443")
    assert (await _answer(data, options)).status == 200
    data = modern("tools/call", {"name": "echo"}, origin="https://page.example")
    assert (await _answer(data, options)).status == 200
    data = modern("tools/call", {"name": "echo"}, host="code.example")
    assert (await _answer(data, options)).status == 421


async def test_our_own_origin_may_call() -> None:
    data = modern("tools/call", {"name": "echo"}, host="localhost:1", origin="http://localhost:1")

    assert (await _answer(data)).status == 200


async def test_a_body_may_say_that_it_is_utf_8() -> None:
    data = modern("tools/call", {"name": "echo"}, content_type="application/json; charset=UTF-8")

    assert (await _answer(data)).status == 200


async def test_an_open_server_serves_without_a_token() -> None:
    data = modern("tools/call", {"name": "echo"}, authorization=None)

    assert (await _answer(data, HttpOptions(is_open=True))).status == 200


@pytest.mark.protocol("http-origin")
@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (421, {"host": "evil.example"}),  # DNS rebinding
        (403, {"origin": "http://evil.example"}),
        (415, {"content_type": "text/plain"}),  # what a page may send without asking first
    ],
)
async def test_not_even_an_open_server_serves_web_pages(
    status: int, fields: dict[str, str]
) -> None:
    data = modern("tools/call", {"name": "echo"}, authorization=None, **fields)

    assert (await _answer(data, HttpOptions(is_open=True))).status == status


@pytest.mark.protocol("http-session-owner")
async def test_a_session_belongs_to_the_token_that_opened_it() -> None:
    verifier = OneToken()
    async with serving(HttpOptions(verifier=verifier)) as served:
        opened = await served.ask(request(body=message("initialize", INITIALIZE)))
        verifier.token = "another"
        fields = {"mcp_session_id": opened.headers["mcp-session-id"]}
        answer = await served.ask(request(body=LIST, authorization="Bearer another", **fields))

    assert answer.status == 404


async def test_a_stream_ends_when_its_token_is_replaced() -> None:
    verifier = OneToken()
    call = modern("tools/call", {"name": "steps", "_meta": {"progressToken": 1}})
    async with serving(HttpOptions(verifier=verifier)) as served:
        async with connected(served.port) as (reader, writer):
            writer.write(call)
            first = await reader.readuntil(b"step 1")
            verifier.token = "another"
            served.tiny.go.set()
            rest = await reader.read()

        assert b"text/event-stream" in first
        assert b"step 2" not in rest
        await served.tiny.ended.wait()


@pytest.mark.protocol("jsonrpc-ids-in-use")
async def test_an_id_that_is_running_may_not_come_again() -> None:
    async with serving() as served:
        opened = await served.ask(request(body=message("initialize", INITIALIZE)))
        session = opened.headers["mcp-session-id"]
        wait = message("tools/call", {"name": "wait"}, request_id=7)
        again = message("tools/call", {"name": "echo"}, request_id="7")
        async with connected(served.port) as (reader, writer):
            writer.write(request(body=wait, mcp_session_id=session))
            await reader.readuntil(b"\r\n\r\n")
            await served.tiny.started.wait()
            answer = await served.ask(request(body=again, mcp_session_id=session))

    assert answer.status == 400
    assert answer.message["id"] == "7"


@pytest.mark.parametrize("era", ["handshake", "modern"])
async def test_handlers_learn_who_calls_but_not_the_token(era: str) -> None:
    async with serving() as served:
        if era == "modern":
            answer = await served.ask(modern("tools/call", {"name": "who"}))
        else:
            opened = await served.ask(request(body=message("initialize", INITIALIZE)))
            fields = {"mcp_session_id": opened.headers["mcp-session-id"]}
            call = message("tools/call", {"name": "who"})
            answer = await served.ask(request(body=call, **fields))

    said = json.loads(answer.message["result"]["content"][0]["text"])
    assert said == {"id": "the owner", "token": ""}


@pytest.mark.protocol("http-token")
async def test_the_token_is_in_no_log_and_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with serving() as served:
        answers = [
            await served.ask(data)
            for data in (
                echo(),
                request(body=message("initialize", INITIALIZE)),
                request(body=LIST, mcp_session_id="none"),
                request(target=f"/mcp?token={TOKEN}"),
                request(body=b"{"),
                request(body=LIST, authorization=f"Bearer {TOKEN}x"),
            )
        ]

    assert TOKEN not in caplog.text
    assert not any(TOKEN.encode() in answer.body for answer in answers)
