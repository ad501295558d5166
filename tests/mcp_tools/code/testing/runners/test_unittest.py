"""Tests by unittest: the command, and reading what it prints."""

from pathlib import Path

import pytest

from mcp_tools.code.testing.outcome import Wish
from mcp_tools.code.testing.runners.unittest import RUNNER, read_text
from tests.mcp_tools.code.testing.projects import project_of

_THICK, _THIN = "=" * 70, "-" * 70

OUTPUT = f"""test_bad (tests.test_a.A.test_bad)
It is said here. ... FAIL
test_good (tests.test_a.A.test_good) ... ok
test_broken (unittest.loader._FailedTest.test_broken) ... ERROR
test_later (tests.test_a.A.test_later) ... skipped 'later'

{_THICK}
ERROR: test_broken (unittest.loader._FailedTest.test_broken)
{_THIN}
ImportError: Failed to import test module: test_broken
Traceback (most recent call last):
  File "/usr/lib/python3.11/unittest/loader.py", line 419, in _find_test_path
    module = self._get_module_from_name(name)
  File "/home/me/p/tests/test_broken.py", line 1, in <module>
    import nothing
ModuleNotFoundError: No module named 'nothing'


{_THICK}
FAIL: test_bad (tests.test_a.A)
It is said here.
{_THIN}
Traceback (most recent call last):
  File "/home/me/p/tests/test_a.py", line 7, in test_bad
    self.assertEqual(1, 2)
AssertionError: 1 != 2

{_THIN}
Ran 4 tests in 0.001s

FAILED (failures=1, errors=1, skipped=1)
"""


def test_counts_and_failures_are_read() -> None:
    outcome = read_text(OUTPUT, folder="/home/me/p")
    counts = (outcome.n_passed, outcome.n_failed, outcome.n_errors, outcome.n_skipped)
    assert (counts, outcome.problem) == ((1, 1, 1, 1), "")
    broken, bad = outcome.failures
    assert (broken.file, broken.line) == ("tests/test_broken.py", 1)
    assert broken.message == "ModuleNotFoundError: No module named 'nothing'"
    assert (bad.name, bad.file, bad.line) == ("tests.test_a.A.test_bad", "tests/test_a.py", 7)
    assert bad.message == "AssertionError: 1 != 2"


@pytest.mark.parametrize(
    ("end", "n_passed", "n_skipped"),
    [("OK", 3, 0), ("OK (skipped=1)", 2, 1), ("OK (skipped=1, expected failures=1)", 1, 2)],
)
def test_a_run_without_failures_is_read(end: str, n_passed: int, n_skipped: int) -> None:
    outcome = read_text(f"...\n{_THIN}\nRan 3 tests in 0.000s\n\n{end}\n", folder="/p")
    assert (outcome.n_passed, outcome.n_skipped, outcome.problem) == (n_passed, n_skipped, "")


@pytest.mark.parametrize(
    ("output", "problem"),
    [
        ("Segmentation fault", "the output has no summary of unittest"),
        (f"{_THIN}\nRan 0 tests in 0.000s\n\nOK\n", "no test was found that fits"),
        (f"{_THIN}\nRan 0 tests in 0.000s\n\nNO TESTS RAN\n", "no test was found that fits"),
    ],
)
def test_what_is_not_understood_is_said(output: str, problem: str) -> None:
    assert read_text(output, folder="/p").problem == problem


@pytest.mark.parametrize(
    ("wish", "arguments"),
    [
        (Wish(), ("discover", "-s", "tests", "-v")),
        (Wish(targets=("tests/test_a.py",)), ("discover", "-s", "tests", "-p", "test_a.py", "-v")),
        (
            Wish(targets=("tests/test_a.py::A::test_b",)),
            ("discover", "-s", "tests", "-p", "test_a.py", "-k", "A.test_b", "-v"),
        ),
        (Wish(targets=("a/b.py", "a/c.py::A")), ("a/b.py", "a.c.A", "-v")),
        (Wish(targets=("pack/test_b.py",)), ("pack/test_b.py", "-v")),
        (Wish(targets=("pack/test_b.py::A",)), ("pack.test_b.A", "-v")),
        (Wish(targets=("test_c.py",)), ("discover", "-s", ".", "-p", "test_c.py", "-v")),
        (Wish(targets=("tests.test_a.A",), keyword="b*"), ("tests.test_a.A", "-v", "-k", "b*")),
    ],
)
def test_the_command_names_what_is_wished(
    tmp_path: Path, wish: Wish, arguments: tuple[str, ...]
) -> None:
    project = project_of({"tests/test_a.py": "", "pack/__init__.py": ""}, tmp_path)
    assert RUNNER.plan(project, wish).argv == ("python3", "-m", "unittest", *arguments)


def test_a_package_of_tests_is_found_from_outside(tmp_path: Path) -> None:
    project = project_of({"tests/__init__.py": ""}, tmp_path)
    assert RUNNER.plan(project, Wish()).argv[-2:] == ("discover", "-v")
