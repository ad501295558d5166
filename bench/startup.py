"""How long the server takes from its start to its answer to `initialize`.

Run as `python -m bench.startup [-n 20]`. A bare pygls server is started in turn with ours, so
that both see the same machine. The goal is a ratio of the medians of at most 1.5.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GOAL = 1.5
EXIT_TIMEOUT_S = 10

SERVERS = {
    "lsp-agent": [sys.executable, "-m", "lsp_agent", "lsp"],
    "bare pygls": [sys.executable, "-m", "bench.bare_server"],
}

_INITIALIZE: dict[str, object] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"processId": None, "rootUri": None, "capabilities": {}},
}
_EXIT: dict[str, object] = {"jsonrpc": "2.0", "method": "exit"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; gives 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.startup")
    parser.add_argument("-n", type=int, default=20, help="starts of each server (20)")
    n_starts: int = parser.parse_args(arguments).n
    for command in SERVERS.values():
        time_to_answer(command)  # The first start writes compiled files, or fills the disk's cache.
    times_s: dict[str, list[float]] = {name: [] for name in SERVERS}
    for _ in range(n_starts):
        for name, command in SERVERS.items():
            times_s[name].append(time_to_answer(command))
    print(table(times_s))
    return 0


def time_to_answer(command: Sequence[str]) -> float:
    """Start a server, and give the seconds until its answer to `initialize` is read."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            server.stdin.write(_framed(_INITIALIZE))
            server.stdin.flush()
            length = 0
            while line := server.stdout.readline().strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            answer = json.loads(server.stdout.read(length))
            elapsed_s = time.perf_counter() - started
            assert "capabilities" in answer["result"], answer
            server.stdin.write(_framed(_EXIT))
            server.stdin.close()
            server.wait(EXIT_TIMEOUT_S)
        finally:
            server.kill()
    return elapsed_s


def table(times_s: dict[str, list[float]]) -> str:
    """Give the figures as lines; the ratio is the first server's median to the second's."""
    lines = [f"{'start to initialize':20} {'median':>9} {'min':>9} {'max':>9}"]
    for name, times in times_s.items():
        figures = (statistics.median(times), min(times), max(times))
        lines.append(f"{name:20} " + " ".join(f"{1000 * figure:6.0f} ms" for figure in figures))
    ours, bare = (statistics.median(times) for times in times_s.values())
    lines.append(f"ratio {ours / bare:.2f} (goal: at most {GOAL})")
    return "\n".join(lines)


def _framed(message: dict[str, object]) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


if __name__ == "__main__":
    sys.exit(main())
