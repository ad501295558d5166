"""Mutations of lines, judged; those that would run unasked are run, and must have no effect."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from lsp_agent.permissions.shell.judgement import LineJudgement
from mcp_tools.code.commands.script import read_script
from mcp_tools.types.calls import Risk
from mcp_tools.workspace.programs import shell_argv, words_argv
from tests.gate.cases import all_cases, everyday_lines
from tests.gate.mutating import mutated
from tests.gate.recorder import Run, record
from tests.gate.workspace import CANARY, Gate

_WRAPPERS = frozenset({"command", "timeout", "xargs"})
_STARTS = {"egrep": ("grep",), "fgrep": ("grep",), "xargs": ("echo",), "npm": ("node",)}
"""Programs that another one is known to start: a script, and what `xargs` does by default."""
_GIT_ITSELF = ("/usr/lib/git-core/git", "/usr/libexec/git-core/git")
"""Git starts itself from there, as for `%(describe)` in a format."""
_BENIGN_SHARE = 0.7


@dataclass(slots=True)
class Report:
    """What came out."""

    risks: Counter[str] = field(default_factory=Counter[str])
    run: set[str] = field(default_factory=set[str])
    """The lines of low risk, which were run."""
    violations: list[str] = field(default_factory=list[str])

    def text(self) -> str:
        """Give it for a person."""
        decisions = ", ".join(f"{risk} {n}" for risk, n in sorted(self.risks.items()))
        lines = [f"VIOLATION {violation}" for violation in self.violations]
        return "\n".join(
            [
                *lines,
                f"{self.risks.total()} lines: {decisions}",
                f"{len(self.run)} distinct lines of low risk were run, "
                f"{len(self.violations)} violations",
            ]
        )


def mutations(n_mutations: int, seed: int) -> Iterator[str]:
    """Give so many lines, made of the corpus and of everyday ones."""
    random = Random(seed)
    cases = all_cases()
    benign = [*everyday_lines(), *(case.line for case in cases if case.is_benign)]
    others = [case.line for case in cases if not case.is_benign]
    for _ in range(n_mutations):
        yield mutated(random, benign if random.random() < _BENIGN_SHARE else others)


def try_lines(gate: Gate, lines: Iterable[str], report: Report) -> None:
    """Judge lines, and run those of low risk, each once."""
    for line in lines:
        judgement = gate.judge(line)
        report.risks[judgement.risk] += 1
        if judgement.risk is Risk.LOW and line not in report.run:
            report.run.add(line)
            effects = effects_of(gate, judgement)
            report.violations += (f"{line!r}: {effect}" for effect in effects)


def effects_of(gate: Gate, judgement: LineJudgement) -> list[str]:
    """Run a line as the product would, and give what it does beyond reading the workspace."""
    words = read_script(judgement.line).argv
    argv = words_argv(words) if words else shell_argv(judgement.line)
    run = Run(
        argv=argv,
        cwd=gate.root,
        environment=gate.environment,
        programs=frozenset(_programs(gate, judgement, argv[0])),
        index=gate.root / ".git/index",
    )
    try:
        recorded = record(run)
    except ValueError as error:  # What no process can be given, such as a NUL, does not run.
        return [f"it cannot be run: {error}"]
    effects = recorded.effects
    if CANARY.encode() in recorded.output:
        effects.append("it shows what is outside of the workspace")
    return effects


def _programs(gate: Gate, judgement: LineJudgement, shell: str) -> Iterator[str]:
    """Give the files that may start: the shell, and what the judgement was about."""
    names = {Path(words[0]).name for part in judgement.parts if (words := part.words)}
    for part in judgement.parts:
        if part.words and part.words[0] in _WRAPPERS:
            names.update(part.words[1:])
    names.update(started for name in tuple(names) for started in _STARTS.get(name, ()))
    yield os.path.realpath(shell)
    if "git" in names:
        yield from _GIT_ITSELF
    for name in names:
        path = gate.world.program(name, gate.root) if "/" not in name else None
        if path is not None and not path.is_relative_to(gate.root):
            yield os.path.realpath(path)
