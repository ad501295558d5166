"""What came of a run of tests, as an answer: failures first, and only what helps."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from mcp_tools.code.arguments import ToolOutput
from mcp_tools.code.commands.plain import shortened
from mcp_tools.code.testing.choosing import Chosen
from mcp_tools.code.testing.outcome import Failure, Outcome, Plan
from mcp_tools.types.calls import Answer, ToolContext
from mcp_tools.types.commands import CommandResult

MAX_FAILURES = 50
MAX_OUTPUT_CHARS = 6_000

_MAX_TRACE_CHARS = 12_000
"""Of all tracebacks together; later failures are named with their message alone."""
_NOT_KEPT = "files that the tests wrote are not kept"


class FoundFailure(ToolOutput):
    """A test that did not pass."""

    name: str = Field(description="As the runner takes it for a target, where it does")
    file: str | None = Field(description="Where it failed, relative to the workspace root")
    line: int | None = Field(description="From 1")
    message: str
    trace: str = Field(description="The end of the traceback; empty if there is none, or no room")


class RunTestsOutput(ToolOutput):
    """What came of a run of tests."""

    runner: str
    command: str
    exit_code: int
    n_passed: int
    n_failed: int
    n_errors: int
    n_skipped: int
    failures: tuple[FoundFailure, ...] = Field(description="The first 50")
    problem: str = Field(description="Why the numbers are not known, or not all; empty if they are")
    output: str = Field(description="What the runner printed, where nothing else tells")
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A run that has ended, and what it was."""

    chosen: Chosen
    plan: Plan
    result: CommandResult
    outcome: Outcome


def answer_of(context: ToolContext, finished: Finished) -> Answer:
    """Answer with a run of tests."""
    outcome, result = finished.outcome, finished.result
    problem = outcome.problem or _unexplained(outcome, result.exit_code)
    hint = "run fewer tests"
    needs_output = problem and not any(failure.message for failure in outcome.failures)
    data = RunTestsOutput(
        runner=finished.chosen.runner.name,
        command=shlex.join(finished.plan.argv),
        exit_code=result.exit_code,
        n_passed=outcome.n_passed,
        n_failed=outcome.n_failed,
        n_errors=outcome.n_errors,
        n_skipped=outcome.n_skipped,
        failures=_found(context, finished),
        problem=problem,
        output=shortened(result.output, MAX_OUTPUT_CHARS, hint=lambda _: hint)
        if needs_output
        else "",
        notes=(*result.notes, _NOT_KEPT),
    )
    return Answer(text=_text(data, len(outcome.failures)), data=data)


def _unexplained(outcome: Outcome, exit_code: int) -> str:
    if exit_code == 0 or outcome.failures or outcome.n_failed or outcome.n_errors:
        return ""
    return f"the runner ended with exit code {exit_code}, though no test failed"


def _found(context: ToolContext, finished: Finished) -> tuple[FoundFailure, ...]:
    folder = context.display(finished.chosen.project.folder)
    prefix = "" if folder == "." else f"{folder}/"
    n_left = _MAX_TRACE_CHARS
    found: list[FoundFailure] = []
    for failure in finished.outcome.failures[:MAX_FAILURES]:
        trace = failure.trace if len(failure.trace) <= n_left else ""
        n_left -= len(trace)
        found.append(
            FoundFailure(
                name=failure.name,
                file=_file(failure, prefix),
                line=failure.line,
                message=failure.message,
                trace=trace,
            )
        )
    return tuple(found)


def _file(failure: Failure, prefix: str) -> str | None:
    if not failure.file:
        return None
    return failure.file if failure.file.startswith("/") else f"{prefix}{failure.file}"


def _text(data: RunTestsOutput, n_failures: int) -> str:
    lines = [f"{_summary(data)} ({data.runner})"]
    for failure in data.failures:
        lines += _failure_lines(failure)
    if n_failures > len(data.failures):
        lines.append(f"[{n_failures - len(data.failures)} more failures; run fewer tests]")
    if data.problem:
        lines.append(f"{data.problem}; the command was: {data.command}")
        lines += ["it printed:", data.output.strip("\n")] if data.output else []
    return "\n".join([*lines, *(f"[{note}]" for note in data.notes)])


def _summary(data: RunTestsOutput) -> str:
    counts = (
        (data.n_failed, "failed"),
        (data.n_errors, "error" if data.n_errors == 1 else "errors"),
        (data.n_passed, "passed"),
        (data.n_skipped, "skipped"),
    )
    said = [f"{number} {word}" for number, word in counts if number]
    if said:
        return ", ".join(said)
    return "no result" if data.problem else "no tests"


def _failure_lines(failure: FoundFailure) -> Sequence[str]:
    place = "" if failure.file is None else f" at {failure.file}"
    place += "" if failure.line is None or not place else f":{failure.line}"
    message = f": {failure.message}" if failure.message else ""
    trace = [f"    {line}" for line in failure.trace.splitlines()]
    return [f"FAILED {failure.name}{place}{message}", *trace]
