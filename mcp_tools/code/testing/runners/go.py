"""Tests by `go test`, read from the events that it prints as JSON."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from mcp_tools.code.testing.outcome import Failure, Outcome, Plan, SuiteRunner, Wish
from mcp_tools.code.testing.project import ProjectFolder
from mcp_tools.code.testing.traces import CUT_MARK, short_message, short_trace
from mcp_tools.types.commands import CommandResult

_MODULE = re.compile(r"^module\s+(\S+)", re.M)
_PLACE = re.compile(r"^\s*([\w./-]+\.go):(\d+): ?(.*)", re.M)
_NOISE = re.compile(r"^(?:=== |\s*--- |(?:FAIL|ok|PASS|\?)\b).*\n?", re.M)
_ENDS = ("pass", "fail", "skip")


def _find(project: ProjectFolder) -> str:
    return "go.mod" if project.has("go.mod") else ""


def _plan(project: ProjectFolder, wish: Wish) -> Plan:
    paths = [target for target in wish.targets if _is_path(target)]
    names = [target for target in wish.targets if not _is_path(target)]
    patterns = [*(f"^{name}$" for name in names), *([wish.keyword] if wish.keyword else [])]
    run = (f"-run={'|'.join(patterns)}",) if patterns else ()
    packages = dict.fromkeys(_package(path) for path in paths) or ("./...",)
    found = _MODULE.search(project.text("go.mod"))
    module = found[1] if found else ""

    def read(result: CommandResult, _report: bytes | None) -> Outcome:
        return read_events(result.output, module=module)

    return Plan(argv=("go", "test", "-json", *run, *packages), read=read)


def _is_path(target: str) -> bool:
    return target.endswith(".go") or "/" in target or target == "." or not target[:1].isupper()


def _package(path: str) -> str:
    folder = path.rpartition("/")[0] if path.endswith(".go") else path.removesuffix("/")
    return folder if folder.startswith("./") else f"./{folder}".removesuffix("/.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Events:
    """What the events of a run add up to; tests are named by package and name."""

    ends: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    said: defaultdict[tuple[str, str], str] = field(
        default_factory=lambda: defaultdict[tuple[str, str], str](str)
    )
    outside: list[str] = field(default_factory=list[str])
    """Lines that are no events: what the compiler says, in older versions."""

    def take(self, line: str) -> None:
        try:
            loaded: object = json.loads(line)
        except ValueError:
            loaded = None
        if not isinstance(loaded, dict):
            self.outside.append(line)
            return
        event = cast(Mapping[str, object], loaded)
        package = str(event.get("Package") or event.get("ImportPath") or "").partition(" ")[0]
        key = (package, str(event.get("Test", "")))
        match event.get("Action"):
            case "output" | "build-output":
                self.said[key] += str(event.get("Output", ""))
            case str(action) if action in _ENDS:
                self.ends[key] = action
            case _:
                return


def read_events(output: str, *, module: str) -> Outcome:
    """Give what the events of a run tell; a test with tests in it counts only by those."""
    events = _Events()
    for line in output.splitlines():
        events.take(line)
    parents = {(package, test.rpartition("/")[0]) for package, test in events.ends if "/" in test}
    leaves = {key: end for key, end in events.ends.items() if key[1] and key not in parents}
    if not events.ends:
        return Outcome(problem="the output has no events of `go test -json`")
    failed = [key for key, end in leaves.items() if end == "fail"]
    with_failures = {package for package, _ in failed}
    broken = [
        key
        for key, end in events.ends.items()
        if end == "fail" and not key[1] and key[0] not in with_failures
    ]
    counts = {end: sum(each == end for each in leaves.values()) for end in _ENDS}
    return Outcome(
        n_passed=counts["pass"],
        n_failed=counts["fail"],
        n_errors=len(broken),
        n_skipped=counts["skip"],
        failures=tuple(_failure(key, events, module) for key in (*failed, *broken)),
        problem=_problem(output, leaves, broken),
    )


def _problem(
    output: str, leaves: Mapping[tuple[str, str], str], broken: list[tuple[str, str]]
) -> str:
    if CUT_MARK.search(output):
        return "there was so much output that a part of it is missing, and with it some tests"
    return "" if leaves or broken else "no test was found that fits"


def _failure(key: tuple[str, str], events: _Events, module: str) -> Failure:
    package, test = key
    said = _NOISE.sub("", events.said[key]) or "\n".join(events.outside)
    place = _PLACE.search(said)
    inner = package.removeprefix(module).strip("/")
    file = ""
    if place is not None:
        file = place[1] if "/" in place[1] or not inner else f"{inner}/{place[1]}"
    return Failure(
        name=f"{package} {test}".strip(),
        message=short_message((place[3] if place else "") or said) or "failed",
        file=file,
        line=int(place[2]) if place else None,
        trace=short_trace(said),
    )


RUNNER = SuiteRunner(name="go", rank=40, find=_find, plan=_plan)
