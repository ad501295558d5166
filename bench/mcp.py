"""How quickly tools are called over HTTP, beside the SDK alone, and whether memory grows.

Run as `python -m bench.mcp [--calls 2000] [--memory-calls 100000]`. What it prints is also kept in
`bench/results`. Both servers run at once, and take turns in short rounds, so that both see the
same machine; only ratios mean anything.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figures import machine, percentile, save
from bench.mcp_load import HANDSHAKE, MODERN, Load, Target, put_load

TRIVIAL = "bench_echo"
CLIENTS = (1, 16, 64)
ROUNDS = 5
WARM_UP = 300
GOAL_RATIO = 1.3
GOAL_DRIFT = 0.05
SETTLE_S = 3.0
SETTLED_AFTER = 0.1
"""The part of the calls after which memory is taken for the first time."""

_WORDS = {"text": "one two three"}
_MB = 1024.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A server that runs, and how a call of it is made."""

    name: str
    process: asyncio.subprocess.Process
    url: str
    token: str

    def target(self, era: str, tool: str, arguments: Mapping[str, Any]) -> Target:
        """Aim at one of its tools."""
        return Target(url=self.url, token=self.token, era=era, tool=tool, arguments=arguments)

    def resident_mb(self) -> float:
        """Give the memory that it holds, without its children."""
        return int(self._ps("rss")) / _MB

    def cpu_s(self) -> float:
        """Give the processor time that it has taken so far."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        except FileNotFoundError:  # not on Linux: whole seconds have to do
            minutes, _, seconds = self._ps("time").rpartition(":")
            return 60 * int(minutes.rpartition(":")[2]) + float(seconds)
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _ps(self, field_name: str) -> str:
        argv = ["ps", "-o", f"{field_name}=", "-p", str(self.process.pid)]
        return subprocess.run(argv, capture_output=True, check=True, encoding="ascii").stdout


@dataclass
class Row:
    """The rounds of one subject at one level of load."""

    loads: list[Load] = field(default_factory=list[Load])
    cpu_s: float = 0.0
    """Processor time of the server in all of them."""

    async def load(self, subject: Subject, target: Target, n_clients: int, n_calls: int) -> None:
        """Run one round."""
        before_s = subject.cpu_s()
        self.loads.append(await put_load(target, n_clients=n_clients, n_calls=n_calls))
        self.cpu_s += subject.cpu_s() - before_s

    @property
    def cpu_ms(self) -> float:
        """Processor time for one call."""
        return 1000 * self.cpu_s / len(self.times_ms)

    @property
    def times_ms(self) -> list[float]:
        """All latencies."""
        return [1000 * time_s for load in self.loads for time_s in load.times_s]

    @property
    def calls_per_s(self) -> float:
        """The median of the rounds."""
        return statistics.median(load.calls_per_s for load in self.loads)

    @property
    def p50_ms(self) -> float:
        """The median of the medians of the rounds: one bad round does not count."""
        return statistics.median(1000 * statistics.median(load.times_s) for load in self.loads)

    @property
    def p99_ms(self) -> float:
        """Of all calls."""
        return percentile(self.times_ms, 0.99)


async def measure(n_calls: int, n_memory_calls: int) -> str:
    """Run it all, and give the report as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        async with running("ours", Path(folder)) as ours, running("bare", Path(folder)) as bare:
            lines = [
                f"### MCP over HTTP, {datetime.now(UTC):%Y-%m-%d}, {machine()}",
                "",
                f"Calls of a trivial tool: {ROUNDS} rounds of {n_calls} at each level, in turn.",
                "Each cell: calls per second, p50 and p99 in ms, ms of processor time for a call.",
                "",
                "| era | clients | lsp-agent | bare SDK | p50 ratio | goal | reached |",
                "|---|---|---|---|---|---|---|",
            ]
            for era in (MODERN, HANDSHAKE):
                lines += [await _line(ours, bare, era, n, n_calls) for n in CLIENTS]
            lines += ["", await _own_tools(ours, n_calls)]
        if n_memory_calls:
            async with running("ours", Path(folder, "fresh")) as fresh:
                lines += ["", await _memory(fresh, n_memory_calls)]
    return "\n".join(lines) + "\n"


async def _line(ours: Subject, bare: Subject, era: str, n_clients: int, n_calls: int) -> str:
    rows = {ours.name: Row(), bare.name: Row()}
    for subject in (ours, bare):
        target = subject.target(era, TRIVIAL, _WORDS)
        await put_load(target, n_clients=n_clients, n_calls=WARM_UP)
    for _ in range(ROUNDS):
        for subject in (ours, bare):
            target = subject.target(era, TRIVIAL, _WORDS)
            await rows[subject.name].load(subject, target, n_clients, n_calls)
    mine, theirs = rows[ours.name], rows[bare.name]
    ratio = mine.p50_ms / theirs.p50_ms
    reached = "yes" if ratio <= GOAL_RATIO else "no"
    cells = [era, n_clients, _cell(mine), _cell(theirs), f"{ratio:.2f}", GOAL_RATIO, reached]
    return _printed(f"| {' | '.join(map(str, cells))} |")


async def _own_tools(ours: Subject, n_calls: int) -> str:
    """Measure tools of ours, for which there is nothing to compare with."""
    lines = ["| tool of ours | clients | lsp-agent |", "|---|---|---|"]
    for tool, arguments in (
        ("read_file", {"path": "shop.py"}),
        ("find_symbol", {"name_path": "Cart/total"}),
        ("grep", {"pattern": "return"}),
    ):
        for n_clients in CLIENTS:
            row = Row()
            target = ours.target(MODERN, tool, arguments)
            await row.load(ours, target, n_clients, n_calls // 4)
            lines.append(_printed(f"| {tool} | {n_clients} | {_cell(row)} |"))
    return "\n".join(lines)


async def _memory(ours: Subject, n_calls: int) -> str:
    """Call again and again, and compare the memory at the end with that near the beginning."""
    target = ours.target(MODERN, TRIVIAL, _WORDS)
    first = int(n_calls * SETTLED_AFTER)
    await put_load(target, n_clients=16, n_calls=first)
    before = await _settled_mb(ours)
    await put_load(target, n_clients=16, n_calls=n_calls - first)
    after = await _settled_mb(ours)
    drift = after / before - 1
    reached = "yes" if drift <= GOAL_DRIFT else "no"
    return _printed(
        f"Memory: {before:.1f} MB after {first:,} calls, {after:.1f} MB after {n_calls:,}:"
        f" drift {100 * drift:+.1f} % (goal: at most {100 * GOAL_DRIFT:.0f} %; reached: {reached})."
    )


async def _settled_mb(subject: Subject) -> float:
    """Give the memory of a server that has nothing left to do, such as writing its log."""
    await asyncio.sleep(SETTLE_S)
    return subject.resident_mb()


def _cell(row: Row) -> str:
    return f"{row.calls_per_s:.0f}, {row.p50_ms:.2f}, {row.p99_ms:.2f}, {row.cpu_ms:.2f}"


def _printed(line: str) -> str:
    print(line, flush=True)
    return line


@contextlib.asynccontextmanager
async def running(name: str, folder: Path) -> AsyncGenerator[Subject]:
    """Start a server over a small project, in a home of its own."""
    project = folder / "project"
    project.mkdir(parents=True, exist_ok=True)
    text = "class Cart:\n    def total(self) -> int:\n        return 21\n"
    (project / "shop.py").write_text(text, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.mcp_servers",
        name,
        str(project),
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        assert process.stdout is not None
        words = (await process.stdout.readline()).decode().split()
        yield Subject(name=name, process=process, url=words[0], token="".join(words[1:]))
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and keep; gives 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.mcp")
    parser.add_argument("--calls", type=int, default=2000, help="in one round (2000)")
    parser.add_argument(
        "--memory-calls", type=int, default=100_000, help="to watch memory over (100000); 0: none"
    )
    options = parser.parse_args(arguments)
    report = asyncio.run(measure(options.calls, options.memory_calls))
    print(save("mcp", report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
