"""Tests by the script `test` of a package.json; what it prints is text in many dialects.

Counts and names are read from the summaries of node, Jest, Vitest and Mocha. Anything else is not
understood, and the output is given instead.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import cast

from mcp_tools.code.testing.outcome import Failure, Outcome, Plan, SuiteRunner, Wish
from mcp_tools.code.testing.project import ProjectFolder
from mcp_tools.code.testing.traces import relative, short_message, short_trace
from mcp_tools.types.commands import CommandResult

_LOCKS = (
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lock", "bun"),
    ("bun.lockb", "bun"),
)
_KEYWORD_OPTIONS = (
    *(("vitest", "-t"), ("jest", "-t"), ("react-scripts", "-t"), ("mocha", "--grep")),
    ("node ", "--test-name-pattern"),
)
_ABSENT = "no test specified"
"""What the script that `npm init` makes says."""

_COUNTS = (
    re.compile(r"^Tests: +(.+ total)$", re.M),  # Jest
    re.compile(r"^ +Tests +(.+) \(\d+\)$", re.M),  # Vitest
)
_WORDS = re.compile(r"(\d+) (passed|failed|skipped|todo|pending)")
_NODE = re.compile(r"^(?:#|\u2139) (pass|fail|cancelled|skipped|todo) (\d+)$", re.M)
_MOCHA = re.compile(r"^ +(\d+) (passing|failing|pending)\b", re.M)
_TAP = re.compile(r"^( *)not ok \d+ - (.+)\n\1  ---\n((?:(?:\1  .*)?\n)*?)\1  \.\.\.$", re.M)
_TAP_PLACE = re.compile(r"^ *location: '(.+):(\d+):\d+'$", re.M)
_TAP_ERROR = re.compile(r"^( *)error: (?:'(.*)'|\|-\n((?:(?:\1  .*)?\n)*))", re.M)
_TAP_PARENT = "'subtestsFailed'"
_NAMES = (
    re.compile(r"^ +\u25cf (.+ \u203a .+)$", re.M),  # Jest
    re.compile(r"^ *(?:FAIL|\u00d7) +(.+ > .+)$", re.M),  # Vitest
    re.compile(r"^ +\u2716 (.+?)(?: \([\d.]+ms\))?$", re.M),  # node, for people
)


def _find(project: ProjectFolder) -> str:
    script = _script(project)
    return "scripts.test in package.json" if script and _ABSENT not in script else ""


def _plan(project: ProjectFolder, wish: Wish) -> Plan:
    program = next((name for lock, name in _LOCKS if project.has(lock)), "npm")
    script = _script(project)
    more = [*_keyword(script, wish.keyword), *wish.targets]
    separator = ("--",) if more and program == "npm" else ()
    # Without CI some of them would watch the files, and never end.
    argv = ("env", "CI=1", "NO_COLOR=1", program, "run", "test", *separator, *more)

    def read(result: CommandResult, _report: bytes | None) -> Outcome:
        return read_text(result.output, folder=str(project.folder))

    return Plan(argv=argv, read=read)


def _script(project: ProjectFolder) -> str:
    try:
        loaded: object = json.loads(project.text("package.json"))
    except (ValueError, RecursionError):
        return ""
    scripts = _member(loaded, "scripts")
    test = _member(scripts, "test")
    return test if isinstance(test, str) else ""


def _member(value: object, name: str) -> object:
    return cast(Mapping[str, object], value).get(name) if isinstance(value, dict) else None


def _keyword(script: str, keyword: str) -> list[str]:
    if not keyword:
        return []
    option = next((option for name, option in _KEYWORD_OPTIONS if name in script), "-t")
    return [f"{option}={keyword}"]


def read_text(output: str, *, folder: str) -> Outcome:
    """Give what the summary in an output tells."""
    counts = _counts(output)
    if counts is None:
        return Outcome(problem="the output has no summary that is understood")
    failures = _tap_failures(output, folder) or _named_failures(output)
    n_failed = counts.get("failed", 0)
    is_told = n_failed == 0 or any(failure.message for failure in failures)
    return Outcome(
        n_passed=counts.get("passed", 0),
        n_failed=n_failed,
        n_skipped=counts.get("skipped", 0),
        failures=failures,
        problem="" if is_told else "the output tells how they failed",
    )


def _named_failures(output: str) -> tuple[Failure, ...]:
    names = dict.fromkeys(name for pattern in _NAMES for name in pattern.findall(output))
    return tuple(Failure(name=short_message(name), message="") for name in names)


def _tap_failures(output: str, folder: str) -> tuple[Failure, ...]:
    """Give what failed by the Test Anything Protocol, as node writes it."""
    found: list[Failure] = []
    for _, name, said in _TAP.findall(output):
        if _TAP_PARENT in said:
            continue
        place, error = _TAP_PLACE.search(said), _TAP_ERROR.search(said)
        message = "" if error is None else error[2] or textwrap.dedent(error[3] or "")
        found.append(
            Failure(
                name=name,
                message=short_message(message),
                file="" if place is None else relative(place[1], folder),
                line=None if place is None else int(place[2]),
                trace=short_trace(message) if "\n" in message.strip() else "",
            )
        )
    return tuple(found)


def _counts(output: str) -> Mapping[str, int] | None:
    kinds = {
        **dict.fromkeys(("passed", "pass", "passing"), "passed"),
        **dict.fromkeys(("failed", "fail", "failing", "cancelled"), "failed"),
        **dict.fromkeys(("skipped", "todo", "pending"), "skipped"),
    }
    for pattern in _COUNTS:
        if found := pattern.findall(output):
            return _summed((kinds[kind], number) for number, kind in _WORDS.findall(found[-1]))
    if found := _NODE.findall(output):
        return _summed((kinds[kind], number) for kind, number in found)
    if found := _MOCHA.findall(output):
        return _summed((kinds[kind], number) for number, kind in found)
    return None


def _summed(pairs: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for kind, number in pairs:
        counts[kind] = counts.get(kind, 0) + int(number)
    return counts


RUNNER = SuiteRunner(name="npm", rank=50, find=_find, plan=_plan)
