"""Figures of a bench: collected by question and server, shown with their ratios and goals."""

import contextlib
import os
import statistics
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

OURS, THEIRS = "lsp-agent", "ty"
RESULTS = Path(__file__).resolve().parent / "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a question is to reach: beside ty, since absolute times mean little on one machine."""

    ratio: float
    """Our median by theirs, at most."""


ABSOLUTE_GOALS: Mapping[str, float] = {"edit: references": 20.0, "memory": 250.0}
"""Milliseconds and MB that our median is to keep, whatever others take."""
MAX_SPREAD = 4.0
"""How many times its median a 95th percentile of ours may be."""
N_SLOWEST = 6
"""So many questions are named where it is more."""


_MS = {
    "warm: workspace symbol": Goal(ratio=5 / 8),
    "warm: references": Goal(ratio=15 / 67),
    "warm: incoming calls": Goal(ratio=5 / 36),
    "warm: outline": Goal(ratio=1 / 0.5),
}
GOALS: Mapping[str, Goal] = {
    **_MS,
    "cold: light": Goal(ratio=1.2),
    "cold: heavy": Goal(ratio=1.0),
}
"""The goals in milliseconds, as ratios to what ty took when they were set (500,000 lines)."""
RESTART_GOALS: Mapping[str, Goal] = {
    "restart: light": Goal(ratio=1.0),
    "restart: heavy": Goal(ratio=0.4),
}
"""To what ty takes from nothing, since it keeps nothing."""


@dataclass
class Figures:
    """Figures by question and server: seconds, milliseconds or MB, as the question says."""

    values: dict[str, dict[str, list[float]]] = field(
        default_factory=dict[str, dict[str, list[float]]]
    )

    elapsed_ms: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])
    """By question what ours was asked about, with what that took."""

    def add(self, question: str, server: str, value: float) -> None:
        """Note one figure."""
        self.values.setdefault(question, {}).setdefault(server, []).append(value)

    @contextlib.contextmanager
    def timed(self, question: str, server: str, about: str) -> Generator[None]:
        """Note the milliseconds that the body takes, if it ends well."""
        started = time.perf_counter()
        yield
        elapsed_ms = 1000 * (time.perf_counter() - started)
        self.add(question, server, elapsed_ms)
        if server == OURS:
            self.elapsed_ms.setdefault(question, {})[about] = elapsed_ms

    def slowest(self, question: str) -> str:
        """Give what ours took longest for, the worst first."""
        worst = sorted(self.elapsed_ms.get(question, {}).items(), key=lambda each: -each[1])
        return ", ".join(f"{about} {elapsed_ms:.0f}" for about, elapsed_ms in worst[:N_SLOWEST])


def table(title: str, figures: Figures) -> str:
    """Give the figures as Markdown: median and 95th percentile each, ratio to ty, and the goal."""
    servers = list(dict.fromkeys(s for row in figures.values.values() for s in row))
    lines = [
        f"### {title}, {datetime.now(UTC):%Y-%m-%d}, {machine()}",
        "",
        f"| question | {' | '.join(servers)} | ratio to ty | goal | reached |",
        f"|---|{'---|' * (len(servers) + 3)}",
    ]
    for question, row in figures.values.items():
        cells = [_cell(row.get(server)) for server in servers]
        lines.append(f"| {question} | {' | '.join(cells)} | {_verdict(question, figures)} |")
    wide = [question for question, row in figures.values.items() if _is_wide(row.get(OURS))]
    if wide:
        lines += ["", f"Our 95th percentile is over {MAX_SPREAD:g} medians: {', '.join(wide)}."]
        lines += [f"Slowest in {question}: {figures.slowest(question)}." for question in wide]
    return "\n".join(lines) + "\n"


def save(name: str, text: str) -> Path:
    """Keep a table with the date in its name, and give its path."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-{name}.md"
    path.write_text(text, encoding="utf-8")
    return path


def machine() -> str:
    """Give the shape of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB"


def percentile(values: list[float], share: float) -> float:
    """Give the value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _is_wide(values: list[float] | None) -> bool:
    if values is None or len(values) < 10:
        return False
    return percentile(values, 0.95) > MAX_SPREAD * statistics.median(values)


def _cell(values: list[float] | None) -> str:
    if not values:
        return "-"
    median = statistics.median(values)
    if len(values) < 10:
        return f"{median:.2f}"
    return f"{median:.1f} / {percentile(values, 0.95):.1f}"


def _verdict(question: str, figures: Figures) -> str:
    row = figures.values[question]
    against = row
    goal = GOALS.get(question)
    limit = ABSOLUTE_GOALS.get(question)
    if question in RESTART_GOALS:
        goal = RESTART_GOALS[question]
        against = figures.values.get(question.replace("restart", "cold"), {})
    if OURS not in row or THEIRS not in against:
        return "- | - | -"
    ratio = statistics.median(row[OURS]) / statistics.median(against[THEIRS])
    if limit is not None:
        is_reached = statistics.median(row[OURS]) <= limit
        return f"{ratio:.2f} | {limit:g} | {'yes' if is_reached else 'no'}"
    if goal is None:
        return f"{ratio:.2f} | - | -"
    return f"{ratio:.2f} | {goal.ratio:.2f} | {'yes' if ratio <= goal.ratio else 'no'}"
