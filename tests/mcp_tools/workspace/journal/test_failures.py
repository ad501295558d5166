"""What a failure of the disk says, and that nothing is lost by it."""

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mcp_tools.types.errors import JournalFailed
from mcp_tools.workspace.journal.failures import system_failure
from mcp_tools.workspace.journal.limits import Limits
from tests.mcp_tools.workspace.journal.recording import Place, after, made, noise
from tests.mcp_tools.workspace.nobody import open_folder, without_privileges
from tests.tidy.source import ROOT

SMALL_DISK = 'mount -t tmpfs -o size=400k,mode=700 tmpfs "$1" && exec "$2" -m "$3" "$1"'


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "No space left on device; free some space on its disk and try again"),
        (errno.EACCES, "Permission denied; see to it that you may write there"),
        (errno.EROFS, "Read-only file system; see to it that you may write there"),
        (errno.ENOLCK, "No locks available; its file system has no locks, so put your"),
        (errno.EIO, "Input/output error; see to its disk, or move it away to begin a new one"),
    ],
)
def test_a_failure_says_what_happened_and_what_to_do(number: int, advice: str) -> None:
    failure = system_failure(Path("/j"), OSError(number, os.strerror(number)))
    assert str(failure).startswith(f"the undo journal in '/j' cannot be used: {advice}")


def test_a_failure_without_a_number_is_told_too() -> None:
    assert "cannot be used: strange; see to its disk" in str(
        system_failure(Path("/j"), OSError("strange"))
    )


def test_a_full_disk_is_told_and_nothing_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-Urm", "true"], check=False).returncode:
        pytest.skip("this system does not let a test mount a small disk")
    module = "tests.mcp_tools.workspace.journal.full_disk"
    done = subprocess.run(
        [unshare, "-Urm", "sh", "-c", SMALL_DISK, "sh", str(tmp_path), sys.executable, module],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *failures, last = done.stdout.splitlines()
    assert len(failures) == 8
    assert all(
        failure.endswith("free some space on its disk and try again") for failure in failures
    )
    assert int(last.split()[0]) > 10


@contextmanager
def largest_file(n_bytes: int) -> Generator[None]:
    """Let no file grow beyond a size, for a while."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def test_a_content_that_cannot_be_written_leaves_nothing(place: Place) -> None:
    journal = place.journal()
    entry = made(journal, place.change("kept"))
    with largest_file(500), pytest.raises(JournalFailed, match="File too large; see to its disk"):
        journal.begin(place.change(noise(1)))
    assert not list(place.folder.glob("incoming/*"))
    assert len(place.objects()) == 1
    assert journal.entries() == (entry,)
    assert after(journal, journal.begin(place.change(noise(1)))) == noise(1)


def test_a_database_that_cannot_be_opened_is_told(place: Place) -> None:
    made(place.journal(), place.change("kept"))
    with closing(sqlite3.connect(place.folder / "journal.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        journal = place.journal(limits=Limits(lock_timeout_s=0.05))
        with pytest.raises(JournalFailed, match="another process has been writing it for too long"):
            journal.entries()
    assert len(journal.entries()) == 1


def test_a_journal_that_may_only_be_read_is_told(place: Place) -> None:
    with open_folder() as folder:
        folder.chmod(0o777)
        place = Place(folder=folder / "journal", root=folder, stack=place.stack)
        with without_privileges():
            journal = place.journal()
            entry = made(journal, place.change("kept"))
            (place.folder / "incoming").chmod(0o500)
            with pytest.raises(JournalFailed, match="Permission denied; see to it that you may"):
                journal.begin(place.change("new"))
            (place.folder / "incoming").chmod(0o700)
            assert journal.entries() == (entry,)
            assert journal.begin(place.change("new")).number == 2
            journal.close()


def test_a_content_that_may_not_be_read_is_told(place: Place) -> None:
    with open_folder() as folder:
        folder.chmod(0o777)
        place = Place(folder=folder / "journal", root=folder, stack=place.stack)
        with without_privileges():
            journal = place.journal()
            entry = made(journal, place.change("kept"))
            place.objects()[0].chmod(0)
            with pytest.raises(JournalFailed, match="Permission denied"):
                after(journal, entry)
            journal.close()
