"""What a run has found."""

from collections import Counter
from dataclasses import dataclass, field

SHOWN = 20


@dataclass
class Report:
    """The findings of a run, and what they rest on."""

    n_messages: int = 0
    n_answers: int = 0
    n_connections: int = 0
    outcomes: Counter[str] = field(default_factory=Counter[str])
    """What came back, by kind: HTTP statuses, error codes."""
    probe_times_s: list[float] = field(default_factory=list[float])
    longest_silence_s: float = 0.0
    resident_mib: list[float] = field(default_factory=list[float])
    problems: list[str] = field(default_factory=list[str])

    def note(self, outcome: str) -> None:
        """Count an answer."""
        self.n_answers += 1
        self.outcomes[outcome] += 1

    def text(self) -> str:
        """Give it as lines for people."""
        times = sorted(self.probe_times_s)
        lines = [
            f"{self.n_messages:,} messages on {self.n_connections} connections,"
            f" {self.n_answers:,} answers",
            "answers: " + ", ".join(f"{key} {n:,}" for key, n in self.outcomes.most_common(12)),
            f"longest silence with an answer owed: {self.longest_silence_s * 1000:.0f} ms",
        ]
        if times:
            median, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
            lines.append(
                f"healthy probe: median {median * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms,"
                f" longest {times[-1] * 1000:.0f} ms"
            )
        if self.resident_mib:
            first, last = self.resident_mib[0], self.resident_mib[-1]
            lines.append(f"memory: {first:.0f} MiB at first, {last:.0f} MiB in the end")
        lines.append(f"problems: {len(self.problems)}")
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        return "\n".join(lines)
