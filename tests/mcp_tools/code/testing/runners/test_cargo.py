"""Tests by cargo: the command, and reading what libtest prints."""

from pathlib import Path

import pytest

from mcp_tools.code.testing.outcome import Wish
from mcp_tools.code.testing.runners.cargo import RUNNER, read_text
from tests.mcp_tools.code.testing.projects import project_of

# Printed by cargo 1.95, shortened; the panic of `d` is as older versions wrote it.
OUTPUT = """   Compiling r v0.1.0 (/home/me/r)
    Finished `test` profile [unoptimized + debuginfo] target(s) in 0.22s
     Running unittests src/lib.rs (target/debug/deps/r-1)

running 4 tests
test tests::a ... ok
test tests::b ... FAILED
test tests::c ... ignored
test tests::d - should panic ... FAILED

failures:

---- tests::b stdout ----

thread 'tests::b' (90) panicked at src/lib.rs:11:9:
assertion `left == right` failed: not two
  left: 1
 right: 2
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace

---- tests::d stdout ----
note: test did not panic as expected at src/lib.rs:20:4

failures:
    tests::b
    tests::d

test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

error: test failed, to rerun pass `--lib`
   Doc-tests r

running 1 test
test src/lib.rs - f (line 2) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s

error: 1 target failed:
    `--lib`
"""


def test_counts_and_failures_are_read() -> None:
    outcome = read_text(OUTPUT)
    assert (outcome.n_passed, outcome.n_failed, outcome.n_skipped) == (2, 2, 1)
    bad, calm = outcome.failures
    assert (bad.name, bad.file, bad.line) == ("tests::b", "src/lib.rs", 11)
    assert bad.message == "assertion `left == right` failed: not two left: 1 right: 2"
    assert (calm.name, calm.file) == ("tests::d", "")
    assert "did not panic as expected" in calm.message
    assert outcome.problem == ""


@pytest.mark.parametrize(
    ("output", "problem"),
    [
        ("error: could not compile `r` (lib)", "no test ran; it may not have compiled"),
        (f"{OUTPUT}\nerror: could not compile `r`", "some tests did not compile"),
    ],
)
def test_what_did_not_compile_is_said(output: str, problem: str) -> None:
    assert read_text(output).problem == problem


@pytest.mark.parametrize(
    ("wish", "arguments"),
    [
        (Wish(), ("--",)),
        (Wish(targets=("tests/it.rs",)), ("--test", "it", "--")),
        (Wish(targets=("tests::a",), keyword="b"), ("--", "tests::a", "b")),
    ],
)
def test_the_command_names_what_is_wished(
    tmp_path: Path, wish: Wish, arguments: tuple[str, ...]
) -> None:
    argv = RUNNER.plan(project_of({}, tmp_path), wish).argv
    assert argv == ("cargo", "test", "--no-fail-fast", "--color=never", *arguments)
