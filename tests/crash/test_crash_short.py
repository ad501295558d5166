"""The short form of the crashes, in a process of its own, because it forks."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 110


def test_a_change_killed_at_any_moment_is_whole_or_was_never_made(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.crash", "--short", "--random", "20"]
    done = subprocess.run(
        [*command, "--folder", str(tmp_path), "--workers", "2"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 violations" in done.stdout
