"""Tests by pytest: the command, and what its exit code says."""

from pathlib import Path

import pytest

from mcp_tools.code.testing.outcome import Wish
from mcp_tools.code.testing.runners.pytest import RUNNER
from mcp_tools.types.commands import CommandResult
from mcp_tools.types.edits import ChangeSet
from tests.mcp_tools.code.testing.projects import project_of

_PASSED = b'<testsuites><testcase classname="t" name="test_a" file="t.py" line="1"/></testsuites>'


def test_the_command_names_what_is_wished(tmp_path: Path) -> None:
    project = project_of({}, tmp_path)
    plan = RUNNER.plan(project, Wish(targets=("tests", "a.py::test_a"), keyword="not slow"))
    assert plan.argv[:3] == ("python3", "-m", "pytest")
    assert plan.argv[-4:] == ("-k", "not slow", "tests", "a.py::test_a")
    assert plan.report is not None
    assert f"--junitxml={plan.report.name}" in plan.argv


@pytest.mark.parametrize(
    ("exit_code", "report", "output", "problem"),
    [
        (0, _PASSED, "", ""),
        (1, _PASSED, "", ""),
        (2, _PASSED, "", "pytest stopped before all tests had run"),
        (3, None, "INTERNALERROR", "pytest ended with exit code 3 and no usable report"),
        (0, b"<", "", "pytest ended with exit code 0 and no usable report"),
        (5, b"<testsuites/>", "", "no test was found that fits"),
        (1, None, "/x: No module named pytest_x", "ended with exit code 1"),
        (1, None, "python3: No module named pytest", "not installed for python3; install it there"),
    ],
)
def test_what_the_report_does_not_tell_is_said(
    tmp_path: Path, exit_code: int, report: bytes | None, output: str, problem: str
) -> None:
    plan = RUNNER.plan(project_of({}, tmp_path), Wish())
    nothing = ChangeSet(label="", files=())
    result = CommandResult(exit_code=exit_code, output=output, changes=nothing)
    said = plan.read(result, report).problem
    assert problem in said
    assert bool(problem) == bool(said)
