"""Tests by go: the command, and reading its events."""

import json
from pathlib import Path

import pytest

from mcp_tools.code.testing.outcome import Failure, Outcome, Wish
from mcp_tools.code.testing.runners.go import RUNNER, read_events
from tests.mcp_tools.code.testing.projects import project_of

MODULE = "example.org/shop"


def event(action: str, test: str = "", output: str = "", package: str = f"{MODULE}/bills") -> str:
    """Give one line of `go test -json`, as go 1.24 documents it (`go doc test2json`)."""
    found = {"Time": "2026-11-21T12:00:00Z", "Action": action, "Package": package}
    found |= {"Test": test} if test else {}
    found |= {"Output": output} if output else {}
    return json.dumps(found)


EVENTS = [
    event("start"),
    event("run", "TestGood"),
    event("output", "TestGood", "=== RUN   TestGood\n"),
    event("output", "TestGood", "--- PASS: TestGood (0.00s)\n"),
    event("pass", "TestGood"),
    event("run", "TestBad"),
    event("run", "TestBad/two"),
    event("output", "TestBad/two", "    bill_test.go:12: got 1, want 2\n"),
    event("output", "TestBad/two", "    --- FAIL: TestBad/two (0.00s)\n"),
    event("fail", "TestBad/two"),
    event("output", "TestBad", "--- FAIL: TestBad (0.00s)\n"),
    event("fail", "TestBad"),
    event("skip", "TestLater"),
    event("output", output="FAIL\n"),
    event("fail"),
]


def read(*lines: str) -> Outcome:
    return read_events("\n".join(lines), module=MODULE)


def test_tests_are_counted_by_their_innermost_parts() -> None:
    outcome = read(*EVENTS)
    assert (outcome.n_passed, outcome.n_failed, outcome.n_skipped) == (1, 1, 1)
    assert (outcome.n_errors, outcome.problem) == (0, "")
    assert outcome.failures == (
        Failure(
            name=f"{MODULE}/bills TestBad/two",
            message="got 1, want 2",
            file="bills/bill_test.go",
            line=12,
            trace="    bill_test.go:12: got 1, want 2",
        ),
    )


def test_a_package_that_does_not_build_is_an_error() -> None:
    build = {"ImportPath": f"{MODULE}/bills", "Action": "build-output"}
    said = json.dumps({**build, "Output": "bills/bill.go:3:2: undefined: x\n"})
    outcome = read(
        said, event("output", output="FAIL\texample.org [build failed]\n"), event("fail")
    )
    (failure,) = outcome.failures
    assert outcome.n_errors == 1
    assert (failure.file, failure.line) == ("bills/bill.go", 3)
    assert "undefined: x" in failure.message


def test_what_older_versions_say_outside_of_events_is_kept() -> None:
    outcome = read("# example.org/shop/bills", "bills/bill.go:3:2: undefined: x", event("fail"))
    assert "undefined: x" in outcome.failures[0].trace


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["go: cannot find main module"], "no events"),
        (["[1, 2]", "null", "{"], "no events"),
        ([event("output", output="?   no test files\n"), event("skip")], "no test was found"),
        ([*EVENTS, "[... 5 bytes left out ...]"], "a part of it is missing"),
    ],
)
def test_what_is_not_known_is_said(lines: list[str], problem: str) -> None:
    assert problem in read(*lines).problem


@pytest.mark.parametrize(
    ("wish", "arguments"),
    [
        (Wish(), ("./...",)),
        (Wish(targets=("bills/bill_test.go",)), ("./bills",)),
        (Wish(targets=("bills/...",)), ("./bills/...",)),
        (Wish(targets=(".",)), (".",)),
        (
            Wish(targets=("TestBad", "TestA"), keyword="Good"),
            ("-run=^TestBad$|^TestA$|Good", "./..."),
        ),
    ],
)
def test_the_command_names_what_is_wished(
    tmp_path: Path, wish: Wish, arguments: tuple[str, ...]
) -> None:
    project = project_of({"go.mod": f"module {MODULE}\n\ngo 1.24\n"}, tmp_path)
    assert RUNNER.plan(project, wish).argv == ("go", "test", "-json", *arguments)
