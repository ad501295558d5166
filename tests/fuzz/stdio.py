"""Fuzzing on standard input and output: one process after the other, each with one client."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from tests.fuzz.ledger import Ledger, key_of, state_in
from tests.fuzz.making import HANDSHAKE, MODERN, Maker
from tests.fuzz.processes import END_S, Place, resident_bytes, running
from tests.fuzz.report import Report

BATCH = 100
PER_CONNECTION = 10_000
HANG_S = 1.0
"""How long nothing may come while an answer is owed; longer where the machine is slower."""

NEVER_S = 30.0
N_BASELINE = 20


async def fuzz_stdio(n_messages: int, seed: int, folder: Path) -> Report:
    """Send messages, and give what was found."""
    report = Report()
    place = Place(folder)
    place.prepare()
    tools: list[Mapping[str, Any]] = []
    n_connections = max(3, n_messages // PER_CONNECTION)
    for number in range(n_connections):
        rng = Random(f"{seed}-stdio-{number}")
        era = (HANDSHAKE, MODERN)[number % 2]
        client = _Client(rng=rng, era=era, tools=tools, report=report, is_rude=number % 3 == 2)
        async with running(place) as process:
            await client.run(process, n_messages // n_connections)
        tools = list(client.tools)
    return report


@dataclass
class _Client:
    rng: Random
    era: str
    tools: Sequence[Mapping[str, Any]]
    report: Report
    is_rude: bool
    """It does not begin as a client should."""
    ledger: Ledger = field(default_factory=Ledger)
    results: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Answers to requests of this driver's own, by id."""
    heard_at: float = 0.0
    came: asyncio.Event = field(default_factory=asyncio.Event)
    hang_s: float = HANG_S
    is_over: bool = False
    """The server's output has ended."""
    is_measured: bool = False
    """The server has started, so that silence means something."""

    def __post_init__(self) -> None:
        other = HANDSHAKE if self.era == MODERN else MODERN
        self.maker = Maker(self.rng, self.era, self.tools)
        self.stranger = Maker(self.rng, other, self.tools)

    async def run(self, process: asyncio.subprocess.Process, n_messages: int) -> None:
        self.report.n_connections += 1
        listening = asyncio.create_task(self._listen(process))
        talking = asyncio.create_task(self._drain(process))
        try:
            await self._talk(process, n_messages)
            await self._leave(process)
        except (TimeoutError, ConnectionError) as error:
            self._problem(f"{type(error).__name__} {error}, exit code {process.returncode}")
        finally:
            listening.cancel()
            talking.cancel()
            await asyncio.gather(listening, talking, return_exceptions=True)
            self.report.problems += self.ledger.problems

    async def _talk(self, process: asyncio.subprocess.Process, n_messages: int) -> None:
        if self.is_rude:
            await self._send(process, [self._next() for _ in range(10)])
        await self._ask(process, *self.maker.opening())
        listed = await self._ask(process, *self.maker.listing())
        self.tools = listed.get("result", {}).get("tools") or self.tools
        self.maker.tools = self.stranger.tools = self.tools
        await self._measure(process)
        self.report.resident_mib.append(resident_bytes(process) / 2**20)
        for _ in range(0, n_messages, BATCH):
            await self._send(process, [self._next() for _ in range(BATCH)])
            begin = perf_counter()
            await self._ask(process, *self.maker.probe())
            self.report.probe_times_s.append(perf_counter() - begin)
            await self._settle(process)
        self.report.resident_mib.append(resident_bytes(process) / 2**20)

    async def _measure(self, process: asyncio.subprocess.Process) -> None:
        times: list[float] = []
        for _ in range(N_BASELINE):
            begin = perf_counter()
            await self._ask(process, *self.maker.probe())
            times.append(perf_counter() - begin)
        self.is_measured = True
        self.hang_s = max(HANG_S, 100 * sorted(times)[N_BASELINE // 2])

    async def _leave(self, process: asyncio.subprocess.Process) -> None:
        """End the input in the middle of a line, with calls running."""
        assert process.stdin is not None
        data = b"\n".join(self._next() for _ in range(20))
        data = data[: len(data) * 2 // 3]
        for line in data.split(b"\n"):
            promise = self.ledger.send(line)
            if promise.request_id is not None:
                self.ledger.loosen(promise.request_id)
        process.stdin.write(data)
        process.stdin.close()
        async with asyncio.timeout(END_S):
            code = await process.wait()
        if code != 0:
            self._problem(f"ended with exit code {code} after the end of input")

    def _next(self) -> bytes:
        maker = self.maker if self.rng.random() < 0.92 else self.stranger
        return maker.make()

    async def _send(self, process: asyncio.subprocess.Process, messages: list[bytes]) -> None:
        assert process.stdin is not None
        for message in messages:
            self.report.n_messages += 1
            for line in message.split(b"\n"):
                self.ledger.send(line)
                process.stdin.write(line + b"\n")
            await process.stdin.drain()

    async def _ask(
        self, process: asyncio.subprocess.Process, request_id: str, data: bytes
    ) -> Mapping[str, Any]:
        await self._send(process, [data])
        key = key_of(request_id)
        self.results[key] = {}
        await self._until(process, lambda: not self.results[key])
        return self.results.pop(key)

    async def _settle(self, process: asyncio.subprocess.Process) -> None:
        await self._until(process, self.ledger.waits)
        self.ledger.forget_old()

    async def _until(self, process: asyncio.subprocess.Process, is_waiting: Any) -> None:
        self.heard_at = perf_counter()
        while is_waiting():
            if self.is_over:
                raise ConnectionError("the server says nothing more")
            self.came.clear()
            try:
                await asyncio.wait_for(self.came.wait(), NEVER_S)
            except TimeoutError:
                self._problem(f"nothing for {NEVER_S:g} s, exit code {process.returncode}")
                self.report.problems += self.ledger.unanswered()
                raise

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            now = perf_counter()
            if self.is_measured and self.ledger.waits():
                silence_s = now - self.heard_at
                self.report.longest_silence_s = max(self.report.longest_silence_s, silence_s)
                if silence_s > self.hang_s:
                    self._problem(f"nothing for {silence_s:.1f} s, then {line[:100]!r}")
            self.heard_at = now
            await self._take(process, json.loads(line))
            self.came.set()
        self.is_over = True
        self.came.set()

    async def _take(self, process: asyncio.subprocess.Process, message: dict[str, Any]) -> None:
        if "method" in message:
            if "id" in message:
                await self._reply(process, message["id"])
            return
        self.ledger.receive(message)
        key = key_of(message["id"]) if message["id"] is not None else ""
        if key in self.results:
            self.results[key] = message
        error = message.get("error")
        self.report.note("result" if error is None else f"error {error['code']}")
        state = state_in(message)
        if state is not None:
            self.maker.states.append(state)
            del self.maker.states[:-20]

    async def _reply(self, process: asyncio.subprocess.Process, request_id: Any) -> None:
        """Answer the server as bad clients do; never with a yes."""
        assert process.stdin is not None
        content = self.rng.choice(
            [
                {"result": {"action": "decline"}},
                {"result": {"action": "accept"}},
                {"result": {"roots": [{"uri": "file:///"}]}},
                {"result": 5},
                {"error": {"code": -1, "message": "no"}},
            ]
        )
        answer = json.dumps({"jsonrpc": "2.0", "id": request_id, **content})
        process.stdin.write(answer.encode() + b"\n")

    async def _drain(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        while line := await process.stderr.readline():
            if b"Traceback" in line:
                self._problem(f"a traceback: {(await process.stderr.read(3000)).decode()}")

    def _problem(self, text: str) -> None:
        era = "handshake" if self.era == HANDSHAKE else "modern"
        self.report.problems.append(f"stdio, {era}: {text}")
