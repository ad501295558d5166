"""Tests by a package's own script: the command, and reading what the frameworks print."""

import json
from pathlib import Path

import pytest

from mcp_tools.code.testing.outcome import Wish
from mcp_tools.code.testing.runners.npm import RUNNER, read_text
from tests.mcp_tools.code.testing.projects import project_of

JEST = """FAIL src/bill.test.js
  bills
    \u2713 adds (2 ms)

  \u25cf bills \u203a subtracts

    expect(received).toBe(expected)

Tests:       1 failed, 1 skipped, 2 passed, 4 total
Time:        0.5 s
"""
VITEST = """ FAIL  src/bill.test.ts > bills > subtracts
AssertionError: expected 1 to be 2
 Test Files  1 failed (1)
      Tests  1 failed | 2 passed | 1 skipped (4)
"""
MOCHA = """  bills
    1) subtracts

  2 passing (5ms)
  1 pending
  1 failing
"""
TAP = """TAP version 13
# Subtest: bills
    # Subtest: subtracts
    not ok 1 - subtracts
      ---
      duration_ms: 1.1
      location: '/home/me/p/bill.test.js:3:1'
      failureType: 'testCodeFailure'
      error: |-
        Expected values to be strictly equal:

        1 !== 2

      code: 'ERR_ASSERTION'
      ...
    1..1
not ok 1 - bills
  ---
  type: 'suite'
  failureType: 'subtestsFailed'
  error: '1 subtest failed'
  ...
# tests 4
# pass 2
# fail 1
# cancelled 0
# skipped 1
# todo 0
"""


@pytest.mark.parametrize(
    ("output", "names"),
    [
        (JEST, ["bills \u203a subtracts"]),
        (VITEST, ["src/bill.test.ts > bills > subtracts"]),
        (MOCHA, []),
        (TAP, ["subtracts"]),
    ],
)
def test_counts_and_names_are_read(output: str, names: list[str]) -> None:
    outcome = read_text(output, folder="/home/me/p")
    assert (outcome.n_passed, outcome.n_failed, outcome.n_skipped) == (2, 1, 1)
    assert [failure.name for failure in outcome.failures] == names


def test_how_it_failed_is_read_from_tap() -> None:
    outcome = read_text(TAP, folder="/home/me/p")
    (failure,) = outcome.failures
    assert (failure.file, failure.line) == ("bill.test.js", 3)
    assert failure.message == "Expected values to be strictly equal: 1 !== 2"
    assert outcome.problem == ""


@pytest.mark.parametrize(
    ("output", "problem"),
    [
        ("it works", "the output has no summary that is understood"),
        (JEST, "the output tells how they failed"),
        ("# pass 2\n# fail 0\n", ""),
    ],
)
def test_where_the_output_must_be_read_it_is_said(output: str, problem: str) -> None:
    assert read_text(output, folder="/p").problem == problem


@pytest.mark.parametrize(
    ("script", "lock", "wish", "arguments"),
    [
        ("jest", "", Wish(), ("npm", "run", "test")),
        ("jest", "", Wish(targets=("a.js",)), ("npm", "run", "test", "--", "a.js")),
        ("mocha", "", Wish(keyword="a"), ("npm", "run", "test", "--", "--grep=a")),
        (
            "node --test",
            "",
            Wish(keyword="a"),
            ("npm", "run", "test", "--", "--test-name-pattern=a"),
        ),
        ("vitest", "pnpm-lock.yaml", Wish(keyword="a"), ("pnpm", "run", "test", "-t=a")),
        ("jest", "yarn.lock", Wish(targets=("a",)), ("yarn", "run", "test", "a")),
    ],
)
def test_the_command_names_what_is_wished(
    tmp_path: Path, script: str, lock: str, wish: Wish, arguments: tuple[str, ...]
) -> None:
    files = {"package.json": json.dumps({"scripts": {"test": script}})}
    project = project_of({**files, lock: ""} if lock else files, tmp_path)
    assert RUNNER.plan(project, wish).argv == ("env", "CI=1", "NO_COLOR=1", *arguments)
