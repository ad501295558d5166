"""One client on pipes: every request is answered exactly once, whatever else comes in."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest

from mcp_tools.server.pipes import Pipes, read_some, write_all
from mcp_tools.server.stdio import serve_pipes
from tests.mcp_tools.server.places import Set, serve

pytestmark = pytest.mark.asyncio

WAIT_S = 10.0
META: dict[str, object] = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


class Wire:
    """The client's ends of the pipes."""

    def __init__(self, served: Set, source: int, sink: int) -> None:
        self.served = served
        self.stopping = asyncio.Event()
        self._source = source
        self._sink: int | None = sink
        self._rest = b""

    async def send_bytes(self, data: bytes) -> None:
        """Write bytes as they are."""
        assert self._sink is not None
        await write_all(self._sink, data)

    async def send(self, *messages: object) -> None:
        """Write messages, a line each."""
        lines = [json.dumps(message).encode() + b"\n" for message in messages]
        await self.send_bytes(b"".join(lines))

    def end_of_input(self) -> None:
        """Close the input of the server."""
        if self._sink is not None:
            os.close(self._sink)
            self._sink = None

    async def receive(self) -> Any:
        """Read one message."""
        while b"\n" not in self._rest:
            data = await read_some(self._source)
            if not data:
                raise EOFError
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)

    async def receive_all(self, n_messages: int) -> list[Any]:
        """Read so many messages."""
        return [await self.receive() for _ in range(n_messages)]

    async def shake_hands(self) -> None:
        """Open a connection of the handshake era."""
        await self.send(request("initialize", INITIALIZE, request_id="init"))
        assert (await self.receive())["id"] == "init"
        await self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})


def request(method: str, params: object = None, *, request_id: object = 1) -> dict[str, object]:
    """Make a request."""
    message: dict[str, object] = {"jsonrpc": "2.0", "id": request_id, "method": method}
    return message if params is None else {**message, "params": params}


def call(name: str, request_id: object = 1, **arguments: object) -> dict[str, object]:
    """Make a call in the handshake era."""
    return request("tools/call", {"name": name, "arguments": arguments}, request_id=request_id)


def modern(message: dict[str, Any]) -> dict[str, object]:
    """Put a request into the envelope of 2026-07-28."""
    return {**message, "params": {**message.get("params", {}), "_meta": META}}


@asynccontextmanager
async def on_pipes(tmp_path: Path) -> AsyncGenerator[Wire]:
    """Serve a client on pipes; the server has ended when this ends."""
    served = serve(tmp_path)
    (source, answers), (questions, sink) = os.pipe(), os.pipe()
    wire = Wire(served, source, sink)
    pipes = Pipes(questions, answers)
    server = asyncio.create_task(serve_pipes(served.server, pipes, wire.stopping))
    try:
        async with asyncio.timeout(WAIT_S):
            yield wire
            wire.end_of_input()
            await server
        assert len(served.places.left) == 1
        assert served.places.callers == set()
    finally:
        wire.end_of_input()
        server.cancel()
        with suppress(asyncio.CancelledError):
            await server
        for end in (source, answers, questions):
            os.close(end)


BROKEN = (
    b"{",
    b"}{",
    b"\xff\xfe\x00",
    b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
    b"[" * 10_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b"Content-Length: 12",
)
INVALID = (b"[]", b"7", b"null", b'"ping"', b"{}", b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]')


@pytest.mark.protocol("jsonrpc-parse-error", "jsonrpc-invalid-request", "jsonrpc-batch")
@pytest.mark.parametrize("era", ["handshake", "modern"])
async def test_broken_lines_are_answered_and_the_next_is_served(era: str, tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        if era == "handshake":
            await wire.shake_hands()
        for line in (*BROKEN, *INVALID):
            await wire.send_bytes(line + b"\n")
            code = types.PARSE_ERROR if line in BROKEN else types.INVALID_REQUEST
            answer = await wire.receive()
            assert (answer["id"], answer["error"]["code"]) == (None, code)
        await wire.send_bytes(b"\n  \n\r\n")
        listing = request("tools/list", request_id=9)
        await wire.send(modern(listing) if era == "modern" else listing)
        answer = await wire.receive()
        assert answer["id"] == 9
        assert answer["result"]["tools"]


@pytest.mark.protocol("subscriptions-end")
@pytest.mark.parametrize("ends_by", ["input", "signal"])
async def test_a_stream_of_notices_ends_in_order_with_the_server(
    ends_by: str, tmp_path: Path
) -> None:
    async with on_pipes(tmp_path) as wire:
        listen = request("subscriptions/listen", {"notifications": {"resourcesListChanged": True}})
        await wire.send(modern(listen))
        assert (await wire.receive())["method"] == "notifications/subscriptions/acknowledged"
        if ends_by == "input":
            wire.end_of_input()
        else:
            wire.stopping.set()
        assert (await wire.receive())["result"]["resultType"] == "complete"


async def test_a_line_that_is_too_long_is_refused_and_the_next_is_served(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        for _ in range(17):
            await wire.send_bytes(b"x" * 1024 * 1024)
        await wire.send_bytes(b"\n")
        answer = await wire.receive()
        assert (answer["id"], answer["error"]["code"]) == (None, types.PARSE_ERROR)
        assert "longer than 16 MiB" in answer["error"]["message"]
        await wire.send(call("echo", text="x"))
        assert (await wire.receive())["id"] == 1


async def test_a_long_argument_and_a_long_answer_arrive_whole(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        text = "äöü" * 500_000
        await wire.send(call("echo", text=text))
        answer = await wire.receive()
        assert answer["result"]["structuredContent"]["text"] == text


@pytest.mark.protocol("jsonrpc-ids-in-use")
async def test_an_id_that_is_in_use_is_refused_and_the_first_request_goes_on(
    tmp_path: Path,
) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send(call("wait", 5))
        await wire.served.stage.is_going.wait()
        for _ in range(2):
            await wire.send(call("echo", 5))
            answer = await wire.receive()
            assert (answer["id"], answer["error"]["code"]) == (5, types.INVALID_REQUEST)
        wire.served.stage.go.set()
        assert "result" in await wire.receive()
        await wire.send(call("echo", 5, text="again"))
        assert "result" in await wire.receive()


@pytest.mark.protocol("cancellation")
async def test_an_id_is_free_again_after_its_request_was_cancelled(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send(call("wait", 5))
        await wire.served.stage.is_going.wait()
        cancel = {"method": "notifications/cancelled", "params": {"requestId": 5}}
        await wire.send({"jsonrpc": "2.0", **cancel})
        await wire.served.stage.has_ended.wait()
        await wire.send(call("echo", 6, text="between"), call("echo", 5, text="again"))
        assert [answer["id"] for answer in await wire.receive_all(2)] == [6, 5]
    assert wire.served.stage.ended == ["cancelled"]


@pytest.mark.protocol("lifecycle-order")
async def test_requests_before_the_handshake_are_refused(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.send(call("echo", 1), request("ping", request_id=2))
        answers = {answer["id"]: answer for answer in await wire.receive_all(2)}
        assert answers[1]["error"]["code"] == types.INVALID_PARAMS
        assert "result" in answers[2]


@pytest.mark.protocol("version-negotiation")
@pytest.mark.parametrize(
    ("asked", "agreed"),
    [
        ("2024-11-05", "2024-11-05"),
        ("2025-11-25", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
        ("", "2025-11-25"),
    ],
)
async def test_a_handshake_agrees_on_a_version(asked: str, agreed: str, tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.send(request("initialize", {**INITIALIZE, "protocolVersion": asked}))
        assert (await wire.receive())["result"]["protocolVersion"] == agreed


@pytest.mark.protocol("version-unsupported")
async def test_a_version_that_nobody_knows_is_refused_with_those_we_know(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        unknown = {**META, "io.modelcontextprotocol/protocolVersion": "2099-01-01"}
        await wire.send(request("tools/list", {"_meta": unknown}))
        error = (await wire.receive())["error"]
        assert error["code"] == types.UNSUPPORTED_PROTOCOL_VERSION
        assert "2026-07-28" in error["data"]["supported"]


@pytest.mark.protocol("eras-side-by-side")
async def test_one_connection_is_of_one_era(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.send(modern(request("tools/list")))
        assert "result" in await wire.receive()
        await wire.send(request("initialize", INITIALIZE, request_id=2))
        error = (await wire.receive())["error"]
        assert error["code"] == types.UNSUPPORTED_PROTOCOL_VERSION


@pytest.mark.protocol("jsonrpc-once")
@pytest.mark.parametrize("era", ["handshake", "modern"])
async def test_a_thousand_calls_at_once_are_each_answered_once(era: str, tmp_path: Path) -> None:
    n_calls = 1_000
    async with on_pipes(tmp_path) as wire:
        if era == "handshake":
            await wire.shake_hands()
        calls = [call("echo", number, text=str(number)) for number in range(n_calls)]
        messages = [modern(message) for message in calls] if era == "modern" else calls
        writing = asyncio.create_task(wire.send(*messages))
        answers = await wire.receive_all(n_calls)
        await writing
    assert Counter(answer["id"] for answer in answers) == Counter(range(n_calls))
    texts = {answer["id"]: answer["result"]["structuredContent"]["text"] for answer in answers}
    assert texts == {number: str(number) for number in range(n_calls)}


async def test_a_client_that_does_not_read_does_not_hold_up_its_end(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send(*(call("echo", number, text="x" * 50_000) for number in range(20)))
        await wire.send(call("wait", "w"))
        await wire.served.stage.is_going.wait()
    assert wire.served.stage.ended == ["cancelled"]


@pytest.mark.protocol("stdio-end")
async def test_half_a_line_at_the_end_is_answered(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send_bytes(b'{"jsonrpc":"2.0","id":1,"meth')
        wire.end_of_input()
        answer = await wire.receive()
        assert (answer["id"], answer["error"]["code"]) == (None, types.PARSE_ERROR)


@pytest.mark.protocol("stdio-end")
async def test_a_client_that_has_ended_its_input_still_gets_the_answers(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        opening = request("initialize", INITIALIZE, request_id=0)
        await wire.send(opening, call("find_symbol", 1, query="price"), call("echo", 2, text="x"))
        wire.end_of_input()
        answers = {answer["id"]: answer for answer in await wire.receive_all(3)}
        assert all("result" in answers[number] for number in range(3))


@pytest.mark.protocol("stdio-end")
async def test_the_end_of_input_ends_running_calls_and_answers_them(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        await wire.send(call("wait", 1), call("wait", 2))
        await wire.served.stage.is_going.wait()
        wire.end_of_input()
        answers = await wire.receive_all(2)
        assert {answer["id"] for answer in answers} == {1, 2}
        assert all(answer["error"]["code"] == types.CONNECTION_CLOSED for answer in answers)
    assert set(wire.served.stage.ended) == {"cancelled"}


@pytest.mark.protocol("stdio-framing")
async def test_what_cannot_be_encoded_is_sent_without_it(tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        await wire.shake_hands()
        (wire.served.root / os.fsdecode(b"b\xffd.py")).write_text("x = 1\n", encoding="utf-8")
        await wire.send(call("glob", pattern="**/*.py"))
        answer = await wire.receive()
        assert "d.py" in json.dumps(answer["result"])


@pytest.mark.protocol("elicitation-handshake")
@pytest.mark.parametrize("version", ["2025-06-18", "2025-11-25"])
async def test_a_client_of_an_older_version_is_asked(version: str, tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        hello: dict[str, object] = {
            **INITIALIZE,
            "protocolVersion": version,
            "capabilities": {"elicitation": {}},
        }
        await wire.send(request("initialize", hello, request_id=0), call("ask", 1, text="x"))
        assert (await wire.receive())["result"]["protocolVersion"] == version
        for answer in ("Ann", "yes"):
            asked = await wire.receive()
            assert asked["method"] == "elicitation/create"
            assert asked["params"]["requestedSchema"]["required"] == ["answer"]
            result = {"action": "accept", "content": {"answer": answer}}
            await wire.send({"jsonrpc": "2.0", "id": asked["id"], "result": result})
        assert (await wire.receive())["result"]["structuredContent"] == {"text": "Ann: yes"}


@pytest.mark.protocol("elicitation-capability")
@pytest.mark.parametrize("capabilities", [{}, {"elicitation": {"url": {}}}, {"sampling": {}}])
async def test_a_client_that_has_no_form_for_questions_is_not_asked(
    capabilities: dict[str, object], tmp_path: Path
) -> None:
    async with on_pipes(tmp_path) as wire:
        hello: dict[str, object] = {**INITIALIZE, "capabilities": capabilities}
        await wire.send(request("initialize", hello, request_id=0), call("ask", 1))
        _, answer = await wire.receive_all(2)
        assert answer["result"]["isError"] is True


@pytest.mark.parametrize(
    "reply",
    [
        {"error": {"code": -32601, "message": "no"}},
        {"result": {"action": "decline"}},
        {"result": {"action": "accept"}},
        {"result": {"action": "accept", "content": {"answer": 7}}},
        {"result": {"action": "perhaps"}},
        {"result": {}},
        {"result": 5},
        {"error": "no"},
    ],
)
async def test_what_is_no_answer_is_none(reply: dict[str, object], tmp_path: Path) -> None:
    async with on_pipes(tmp_path) as wire:
        hello: dict[str, object] = {**INITIALIZE, "capabilities": {"elicitation": {}}}
        await wire.send(request("initialize", hello, request_id=0), call("ask", 1))
        _, asked = await wire.receive_all(2)
        await wire.send({"jsonrpc": "2.0", "id": asked["id"], **reply})
        answer = await wire.receive()
        assert answer["id"] == 1
        assert "no name was given" in answer["result"]["content"][0]["text"]
