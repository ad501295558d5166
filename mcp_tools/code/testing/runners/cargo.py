"""Tests by cargo, read from what libtest prints."""

import re

from mcp_tools.code.testing.outcome import Failure, Outcome, Plan, SuiteRunner, Wish
from mcp_tools.code.testing.project import ProjectFolder
from mcp_tools.code.testing.traces import own_place, short_message, short_trace
from mcp_tools.types.commands import CommandResult

_RESULT = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;", re.M)
_FAILED = re.compile(r"^test (.+?)(?: - should panic)? \.\.\. FAILED$", re.M)
_BLOCK = re.compile(
    r"^---- (.+?) stdout ----\n(.*?)(?=^---- .+ stdout ----$|^failures:$)", re.M | re.S
)
_PANIC = re.compile(
    r"panicked at ([^\n:]+):(\d+):\d+:\n(.*?)(?=^note: |^stack backtrace|\Z)", re.M | re.S
)


def _find(project: ProjectFolder) -> str:
    return "Cargo.toml" if project.has("Cargo.toml") else ""


def _plan(_project: ProjectFolder, wish: Wish) -> Plan:
    files = [_test_file(target) for target in wish.targets]
    chosen = [part for name in files if name for part in ("--test", name)]
    names = [target for target, name in zip(wish.targets, files, strict=True) if not name]
    # Only what stands after `--` may be several names; each is a part of a test's path.
    filters = [*names, *([wish.keyword] if wish.keyword else [])]
    argv = ("cargo", "test", "--no-fail-fast", "--color=never", *chosen, "--", *filters)

    def read(result: CommandResult, _report: bytes | None) -> Outcome:
        return read_text(result.output)

    return Plan(argv=argv, read=read)


def _test_file(target: str) -> str:
    """Give the name of a file of tests of its own; empty for anything else."""
    folder, _, name = target.rpartition("/")
    return name.removesuffix(".rs") if folder == "tests" and name.endswith(".rs") else ""


def read_text(output: str) -> Outcome:
    """Give what the output of `cargo test` tells."""
    results = _RESULT.findall(output)
    if not results:
        return Outcome(problem="no test ran; it may not have compiled")
    passed, failed, ignored = (sum(map(int, column)) for column in zip(*results, strict=True))
    said = dict(_BLOCK.findall(output))
    names = dict.fromkeys(_FAILED.findall(output))
    return Outcome(
        n_passed=passed,
        n_failed=failed,
        n_skipped=ignored,
        failures=tuple(_failure(name, said.get(name, "")) for name in names),
        problem="some tests did not compile" if "\nerror: could not compile" in output else "",
    )


def _failure(name: str, said: str) -> Failure:
    panic = _PANIC.search(said)
    if panic is None:
        return Failure(name=name, message=short_message(said) or "failed", trace=short_trace(said))
    file, line = own_place([(panic[1], panic[2])])
    message = short_message(panic[3])
    return Failure(name=name, message=message, file=file, line=line, trace=short_trace(said))


RUNNER = SuiteRunner(name="cargo", rank=30, find=_find, plan=_plan)
