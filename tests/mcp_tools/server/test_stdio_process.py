"""The server as a process of its own: what else is on its descriptors, and how it ends."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from mcp import Client, StdioServerParameters

from tests.mcp_tools.server.places import LEGACY
from tests.mcp_tools.server.test_stdio import INITIALIZE, call, request

pytestmark = pytest.mark.asyncio

WAIT_S = 20.0
REPOSITORY = Path(__file__).parents[3]
MAIN = ("-m", "tests.mcp_tools.server.stdio_main")


@asynccontextmanager
async def process(
    tmp_path: Path, *, stdin: int | IO[bytes] = PIPE, stdout: int | IO[bytes] = PIPE
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Start the server, for a handshake-era client; it has ended when this ends."""
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        *MAIN,
        str(tmp_path),
        cwd=REPOSITORY,
        stdin=stdin,
        stdout=stdout,
        stderr=PIPE,
    )
    try:
        async with asyncio.timeout(WAIT_S):
            yield server
    finally:
        if server.returncode is None:
            server.kill()
        await server.communicate()


async def tell(server: asyncio.subprocess.Process, *messages: object) -> None:
    """Write messages."""
    assert server.stdin is not None
    server.stdin.writelines(json.dumps(message).encode() + b"\n" for message in messages)
    await server.stdin.drain()


async def hear(server: asyncio.subprocess.Process) -> Any:
    """Read one message."""
    assert server.stdout is not None
    return json.loads(await server.stdout.readline())


@pytest.mark.parametrize("era", [LEGACY, "auto"])
async def test_a_client_of_the_sdk_is_served(era: str, tmp_path: Path) -> None:
    parameters = StdioServerParameters(
        command=sys.executable, args=[*MAIN, str(tmp_path)], cwd=REPOSITORY
    )
    async with asyncio.timeout(WAIT_S), Client(parameters, mode=era) as client:
        result = await client.call_tool("echo", {"text": "hello"})
    assert result.structured_content == {"text": "hello"}


@pytest.mark.protocol("stdio-nothing-else")
async def test_what_prints_stays_out_of_the_messages(tmp_path: Path) -> None:
    async with process(tmp_path) as server:
        await tell(server, request("initialize", INITIALIZE))
        assert (await hear(server))["result"]["serverInfo"]["name"] == "lsp-agent"
        await tell(server, call("print", 2, text="noise"), call("echo", 3, text="x"))
        answers = [await hear(server), await hear(server)]
        assert {answer["id"] for answer in answers} == {2, 3}
        assert server.stdin is not None
        server.stdin.close()
        output, errors = await server.communicate()
    assert output == b""
    assert b"noise of Python" in errors
    assert b"noise of a child" in errors


@pytest.mark.protocol("stdio-end")
async def test_the_end_of_input_ends_the_process_and_all_calls(tmp_path: Path) -> None:
    async with process(tmp_path) as server:
        await tell(server, request("initialize", INITIALIZE))
        await hear(server)
        await tell(server, call("wait", 1), call("echo", 2))
        assert (await hear(server))["id"] == 2
        assert server.stdin is not None
        server.stdin.close()
        _, errors = await server.communicate()
    assert server.returncode == 0
    assert b"ended ['cancelled'] left 1" in errors


@pytest.mark.protocol("stdio-signal")
async def test_a_signal_ends_the_process_in_order(tmp_path: Path) -> None:
    async with process(tmp_path) as server:
        await tell(server, request("initialize", INITIALIZE))
        await hear(server)
        await tell(server, call("wait", 1), call("echo", 2))
        assert (await hear(server))["id"] == 2
        server.send_signal(signal.SIGTERM)
        answer = await hear(server)
        assert (answer["id"], answer["error"]["message"]) == (1, "Connection closed")
        _, errors = await server.communicate()
    assert server.returncode == 0
    assert b"ended ['cancelled'] left 1" in errors


async def test_a_client_that_died_ends_the_process(tmp_path: Path) -> None:
    async with process(tmp_path) as server:
        await tell(server, request("initialize", INITIALIZE))
        await hear(server)
        await tell(server, call("wait", 1))
        assert server.stdin is not None
        transport: Any = server.stdout
        transport._transport.close()  # nobody reads any more
        server.stdin.close()
        assert server.stderr is not None
        errors = await server.stderr.read()
        await server.wait()
    assert server.returncode == 0
    assert b"left 1" in errors


async def test_messages_may_come_out_of_a_file_and_go_into_one(tmp_path: Path) -> None:
    source, sink = tmp_path / "in", tmp_path / "out"
    messages = [request("initialize", INITIALIZE, request_id=0), request("ping", request_id=1)]
    lines = [json.dumps(message) for message in messages]
    source.write_text("\n".join(lines), encoding="utf-8")
    with source.open("rb") as given, sink.open("wb") as taken:
        async with process(tmp_path, stdin=given, stdout=taken) as server:
            await server.communicate()
    answers = [json.loads(line) for line in sink.read_text(encoding="utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == [0, 1]


async def test_no_input_at_all_is_an_end_at_once(tmp_path: Path) -> None:
    nothing = asyncio.subprocess.DEVNULL
    async with process(tmp_path, stdin=nothing) as server:
        output, _ = await server.communicate()
    assert server.returncode == 0
    assert output == b""
