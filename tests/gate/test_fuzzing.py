"""The short form of the mutations, in a process of its own, because it forks."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 110


@pytest.mark.timeout(TIMEOUT_S + 10)
def test_no_line_that_runs_unasked_has_an_effect() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.gate", "--short"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if done.stdout.startswith("skipped: "):
        pytest.skip(done.stdout.strip())
    assert " 0 violations" in done.stdout
