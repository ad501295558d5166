"""Fuzzing over HTTP: one process, many clients with tokens of their own."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from tests.fuzz.expecting import Expected, promise_of, routed_by
from tests.fuzz.ledger import state_in
from tests.fuzz.making import HANDSHAKE, MODERN, Maker
from tests.fuzz.odd import odd_head
from tests.fuzz.processes import Place, end, make_tokens, resident_bytes, running, wait_for_url
from tests.fuzz.raw_http import Answer, BrokenOff, read_answer
from tests.fuzz.report import Report

N_CLIENTS = 8
MOST_DANGLING = 5
HANG_S = 1.0
NEVER_S = 30.0
N_BASELINE = 20
_MESSAGE_TYPES = ("application/json", "text/event-stream")
OPEN_STREAM_S = 0.02
"""How long to listen to a stream that may never end."""

ANSWER_S = 10.0
"""How long to listen to one that should."""

SERVED = frozenset({200, 202, 400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 421, 429, 431, 503})

_Streams: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class _Shared:
    """What all clients know."""

    port: int
    report: Report
    tools: list[Mapping[str, Any]] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    """Sealed states of all clients: each tries those of others too."""
    sessions: list[str] = field(default_factory=list)
    hang_s: float = HANG_S


async def fuzz_http(n_messages: int, seed: int, folder: Path) -> Report:
    """Send messages, and give what was found."""
    report = Report()
    place = Place(folder)
    place.prepare()
    tokens = make_tokens(place, [f"client-{n}" for n in range(N_CLIENTS + 1)])
    async with running(place, ["--http", "127.0.0.1:0"]) as process:
        port = urlsplit(await wait_for_url(process)).port or 0
        shared = _Shared(port=port, report=report)
        errors = asyncio.create_task(_watch_errors(process, report))
        healthy = _Client(Random(seed), shared, tokens[-1], MODERN)
        await healthy.prepare()
        report.resident_mib.append(resident_bytes(process) / 2**20)
        probing = asyncio.create_task(healthy.probe_on())
        clients = [
            _Client(Random(f"{seed}-http-{n}"), shared, token, (HANDSHAKE, MODERN)[n % 2])
            for n, token in enumerate(tokens[:-1])
        ]
        await asyncio.gather(*(client.run(n_messages // N_CLIENTS) for client in clients))
        probing.cancel()
        await asyncio.gather(probing, return_exceptions=True)
        healthy.leave()
        report.resident_mib.append(resident_bytes(process) / 2**20)
        if process.returncode is not None:
            report.problems.append(f"http: the server ended with {process.returncode}")
        elif (code := await end(process)) != 0:
            report.problems.append(f"http: ended with exit code {code} after SIGTERM")
        errors.cancel()
    return report


async def _watch_errors(process: asyncio.subprocess.Process, report: Report) -> None:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        if b"Traceback" in line or b"lspa_" in line:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    line += await process.stderr.read(3000)
            report.problems.append(f"http, standard error: {line.decode()}")


class _Client:
    """One client, that sends a request after the other."""

    def __init__(self, rng: Random, shared: _Shared, token: str, era: str) -> None:
        self._rng = rng
        self._shared = shared
        self._report = shared.report
        self._token = token
        self._era = era
        self._maker = Maker(rng, era, shared.tools, shared.states)
        self._session: str | None = None
        self._streams: _Streams | None = None
        self._dangling: list[_Streams] = []
        """Connections that are left with half a body."""

    async def prepare(self) -> None:
        """Learn the tools, and how quick a healthy server is here."""
        _, listing = self._maker.listing()
        answer = await self._request(listing, self._headers(listing))
        self._shared.tools += json.loads(answer.messages()[-1])["result"]["tools"]
        times = [await self._probe_s() for _ in range(N_BASELINE)]
        self._shared.hang_s = max(HANG_S, 100 * sorted(times)[N_BASELINE // 2])

    async def probe_on(self) -> None:
        """Behave well until cancelled, and note how long each answer takes."""
        while True:
            time_s = await self._probe_s()
            self._report.probe_times_s.append(time_s)
            if time_s > self._shared.hang_s:
                self._problem(f"a healthy client waited {time_s:.1f} s")
            await asyncio.sleep(0.02)

    async def run(self, n_messages: int) -> None:
        """Misbehave."""
        for _ in range(n_messages):
            self._report.n_messages += 1
            kind = self._rng.random()
            try:
                async with asyncio.timeout(NEVER_S):
                    if kind < 0.05:
                        await self._break_off()
                    else:
                        await self._exchange()
            except TimeoutError:
                self._problem(f"no answer for {NEVER_S:g} s")
                self.leave()
        self.leave()
        for _, writer in self._dangling:
            writer.close()

    def leave(self) -> None:
        """Close the connection that is in use."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _probe_s(self) -> float:
        begin = perf_counter()
        _, probe = self._maker.probe()
        answer = await self._request(probe, self._headers(probe))
        if answer.status != 200:
            self._problem(f"a healthy client got {answer.status}: {answer.body[:200]!r}")
        return perf_counter() - begin

    async def _exchange(self) -> None:
        if self._era == HANDSHAKE and (self._session is None or self._rng.random() < 0.005):
            await self._open_session()
        body = self._maker.make()
        headers = self._headers(body)
        is_plain = self._rng.random() < 0.85
        if not is_plain:
            odd_head(self._rng, headers, self._shared.sessions)
        method = self._rng.choice(["GET", "DELETE", "PUT", "OPTIONS"]) if not is_plain else "POST"
        if self._rng.random() < 0.7:
            method = "POST"
        answer = await self._request(body, headers, method)
        self._judge(body, answer, is_plain=is_plain and method == "POST")
        if method == "DELETE" or (answer.status == 404 and is_plain):
            self._session = None

    def _judge(self, body: bytes, answer: Answer, *, is_plain: bool) -> None:
        self._report.note(f"HTTP {answer.status}")
        shown = f"{body[:300]!r} -> {answer.status} {answer.body[:300]!r}"
        if answer.status not in SERVED:
            self._problem(f"an answer that nobody should get: {shown}")
        promise = promise_of(body)
        answers = [message for message in self._parsed(answer) if "method" not in message]
        for message in answers:
            if message.get("id") not in (None, promise.request_id):
                self._problem(f"the answer to another request: {shown}")
            state = state_in(message)
            if state is not None:
                self._shared.states.append(state)
                del self._shared.states[:-50]
        if not is_plain or promise.expected is not Expected.ONCE or answer.status in {429, 503}:
            return
        if not answer.is_whole and b'"method":' in answer.body:
            self._report.note("asked back")  # and waits for us
            return
        own = [message for message in answers if message.get("id") == promise.request_id]
        # A session may have been ended by another client of the same kind of mischief.
        if len(own) != 1 and answer.status not in {404, 413}:
            self._problem(f"{len(own)} answers: {shown}")

    def _parsed(self, answer: Answer) -> list[dict[str, Any]]:
        if not answer.headers.get("content-type", "").startswith(_MESSAGE_TYPES):
            return []
        try:
            return [json.loads(message) for message in answer.messages()]
        except ValueError:
            self._problem(f"no JSON: {answer.status} {answer.headers} {answer.body[:300]!r}")
            return []

    async def _open_session(self) -> None:
        if self._session is not None and self._rng.random() < 0.9:
            await self._request(b"", self._headers(b""), "DELETE")
        self._session = None
        _, opening = Maker(self._rng, HANDSHAKE, ()).opening()
        hello = json.loads(opening)
        hello["params"]["capabilities"] = {}
        body = json.dumps(hello).encode()
        answer = await self._request(body, self._headers(body))
        self._session = answer.headers.get("mcp-session-id")
        if self._session is None and answer.status not in {429, 503}:
            self._problem(f"no session: {answer.status} {answer.body[:200]!r}")
        elif self._session is not None:
            self._shared.sessions.append(self._session)
            del self._shared.sessions[:-20]

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {
            "host": "localhost",
            "authorization": f"Bearer {self._token}",
            "content-type": "application/json",
            "accept": "application/json, text/event-stream",
        }
        if self._era == HANDSHAKE:
            headers |= {"mcp-session-id": self._session} if self._session is not None else {}
            return headers
        headers["mcp-protocol-version"] = MODERN
        method, name = routed_by(body)
        if method is not None:
            headers["mcp-method"] = _plain_header(method)
        if name is not None:
            headers["mcp-name"] = _plain_header(name)
        return headers

    async def _request(
        self, body: bytes, headers: Mapping[str, str], method: str = "POST"
    ) -> Answer:
        """Send a request, once more if the connection was closed meanwhile, and give the answer."""
        data = _request_bytes(method, {**headers, "content-length": str(len(body))}, body)
        may_stay_open = method == "GET" or promise_of(body).expected is not Expected.ONCE
        stream_s = OPEN_STREAM_S if may_stay_open else ANSWER_S
        while True:
            is_fresh = self._streams is None
            reader, writer = await self._connected()
            try:
                writer.write(data)
                answer = await read_answer(reader, stream_s=stream_s)
            except BrokenOff as broken:
                self.leave()
                self._problem(f"{broken!r}: broken off in the answer to {data[:600]!r}")
                return Answer(503, {}, b"")
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                self.leave()
                if is_fresh:
                    self._problem(f"{error!r} instead of an answer to {data[:400]!r}")
                    return Answer(503, {}, b"")
                continue
            if answer.closes:
                self.leave()
            if answer.status != 429:
                return answer
            await asyncio.sleep(float(answer.headers.get("retry-after", "1")))

    async def _break_off(self) -> None:
        """Do to a connection what no client should, and leave."""
        self.leave()
        streams = reader, writer = await self._connected()
        body = self._maker.make()
        data = _request_bytes(
            "POST", {**self._headers(body), "content-length": str(len(body) + 5)}, body
        )
        harm = self._rng.randrange(4)
        if harm == 0:
            data = data[: self._rng.randrange(len(data))]
        elif harm == 1:
            data = self._rng.randbytes(200) + data
        elif harm == 2:
            data = data.replace(b"content-length", b"transfer-encoding: chunked\r\nx")
        with suppress(ConnectionError, TimeoutError):
            writer.write(data)
            async with asyncio.timeout(OPEN_STREAM_S):
                await reader.read(1000)
        self._report.note("broken off")
        if harm == 3:
            self._dangling.append(streams)
            self._streams = None
        self.leave()
        for _, writer in self._dangling[:-MOST_DANGLING]:
            writer.close()
        del self._dangling[:-MOST_DANGLING]

    async def _connected(self) -> _Streams:
        if self._streams is None:
            self._report.n_connections += 1
            self._streams = await asyncio.open_connection(
                "127.0.0.1", self._shared.port, limit=64 * 1024 * 1024
            )
        return self._streams

    def _problem(self, text: str) -> None:
        era = "handshake" if self._era == HANDSHAKE else "modern"
        self._report.problems.append(f"http, {era}: {text}")


def _plain_header(text: str) -> str:
    """Give a text as a header may hold it, at most so long that it stays one."""
    return "".join(char for char in text if " " < char <= "~")[:200]


def _request_bytes(method: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{method} /mcp HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
