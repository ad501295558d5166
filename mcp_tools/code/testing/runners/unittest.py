"""Tests by Python's own unittest, read from what it prints."""

import re
from collections.abc import Iterator

from mcp_tools.code.testing.outcome import Failure, Outcome, Plan, SuiteRunner, Wish
from mcp_tools.code.testing.project import TEST_FOLDERS, ProjectFolder
from mcp_tools.code.testing.traces import own_place, relative, short_message, short_trace
from mcp_tools.types.commands import CommandResult

_BLOCK = re.compile(r"^={70}\n(.+?)(?=^={70}$|^-{70}\nRan |\Z)", re.M | re.S)
_HEAD = re.compile(r"(FAIL|ERROR): (.+)")
_RULE = f"\n{'-' * 70}\n"
_TOTAL = re.compile(r"^Ran (\d+) tests? in .*\n\n(?:.*\n)?(OK|FAILED|NO TESTS RAN)(.*)$", re.M)
_COUNT = re.compile(r"([a-z ]+)=(\d+)")
_PLACE = re.compile(r'^  File "([^"]+)", line (\d+)', re.M)
_DOTTED = re.compile(r"(\S+) \(([\w.<>]+)\)")


def _find(project: ProjectFolder) -> str:
    return next((name for name in project.test_files() if "unittest" in project.text(name)), "")


def _plan(project: ProjectFolder, wish: Wish) -> Plan:
    what = _found_in_file(project, wish.targets) or tuple(map(_dotted, wish.targets))
    what = what or ("discover", *_start(project))
    keyword = ("-k", wish.keyword) if wish.keyword else ()

    def read(result: CommandResult, _report: bytes | None) -> Outcome:
        return read_text(result.output, folder=str(project.folder))

    return Plan(argv=(project.python(), "-m", "unittest", *what, "-v", *keyword), read=read)


def _found_in_file(project: ProjectFolder, targets: tuple[str, ...]) -> tuple[str, ...]:
    """Give how to find tests of one file that is in no package, and so has no name with dots."""
    files = {target.partition("::")[0] for target in targets}
    folder, _, name = min(files, default="").rpartition("/")
    if len(files) != 1 or not name.endswith(".py") or project.has(f"{folder}/__init__.py"):
        return ()
    inner = [rest.replace("::", ".") for _, _, rest in (each.partition("::") for each in targets)]
    chosen = [part for each in inner for part in ("-k", each)] if all(inner) else []
    return ("discover", "-s", folder or ".", "-p", name, *chosen)


def _start(project: ProjectFolder) -> tuple[str, ...]:
    """Give where to look: a folder for tests that is no package is not found from outside."""
    for name in TEST_FOLDERS:
        if project.has(name) and not project.has(f"{name}/__init__.py"):
            return ("-s", name)
    return ()


def _dotted(target: str) -> str:
    """Give a target as unittest knows it: a file as it is, but what is in it with dots."""
    name = target.replace(".py::", ".").replace("::", ".")
    return name if name.endswith(".py") else name.replace("/", ".")


def read_text(output: str, *, folder: str) -> Outcome:
    """Give what the output of unittest tells."""
    total = _TOTAL.search(output)
    if total is None:
        return Outcome(problem="the output has no summary of unittest")
    counts = {name.strip(): int(number) for name, number in _COUNT.findall(total[3])}
    n_skipped = counts.get("skipped", 0) + counts.get("expected failures", 0)
    n_failed = counts.get("failures", 0) + counts.get("unexpected successes", 0)
    n_errors = counts.get("errors", 0)
    n_run = int(total[1])
    return Outcome(
        n_passed=max(0, n_run - n_failed - n_errors - n_skipped),
        n_failed=n_failed,
        n_errors=n_errors,
        n_skipped=n_skipped,
        failures=tuple(_failures(output, folder)),
        problem="" if n_run or n_errors else "no test was found that fits",
    )


def _failures(output: str, folder: str) -> Iterator[Failure]:
    for block in _BLOCK.findall(output):
        head, _, trace = block.partition(_RULE)
        found = _HEAD.match(head)
        if found is None:
            continue
        last_words = [line for line in trace.strip().splitlines() if line and line[0] != " "]
        places = ((relative(file, folder), line) for file, line in _PLACE.findall(trace))
        file, line = own_place(places)
        yield Failure(
            name=_name(found[2]),
            message=short_message(last_words[-1] if last_words else head),
            file=file,
            line=line,
            trace=short_trace(trace),
        )


def _name(head: str) -> str:
    """Give the name by which unittest would run it again."""
    found = _DOTTED.match(head)
    if found is None:
        return head
    method, dotted = found.groups()
    return dotted if dotted.endswith(f".{method}") else f"{dotted}.{method}"


RUNNER = SuiteRunner(name="unittest", rank=20, find=_find, plan=_plan)
