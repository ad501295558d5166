"""A small disk of its own for a program, in a mount namespace that ends with it."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000
_READ_ONLY, _REMOUNT = 0x1, 0x20
_CANNOT = 77
_TIMEOUT_S = 15


def run_on_disk(program: str, folder: Path, options: str) -> str:
    """Run a Python program with a new disk (tmpfs) at `folder`, and give what it prints.

    The test is skipped where the system does not let a program mount one.
    """
    prelude = (
        "import pathlib, sys\n"
        "from tests.mcp_tools.workspace.mounting import mount_here, remount\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "mount_here(root, sys.argv[2])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", prelude + program, str(folder), options],
        capture_output=True,
        encoding="utf-8",
        timeout=_TIMEOUT_S,
        check=False,
    )
    if done.returncode == _CANNOT:
        pytest.skip(f"no such disk can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout


def mount_here(folder: Path, options: str) -> None:
    """Mount a new disk for this process alone, or end it with a word why that cannot be."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        user, group = os.getuid(), os.getgid()
        is_root = user == 0
        _checked(libc.unshare(_NEW_MOUNTS if is_root else _NEW_MOUNTS | _NEW_USER))
        if not is_root:
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
        private = 1 << 18 | 1 << 14  # MS_PRIVATE, MS_REC: nothing of it gets out.
        _checked(libc.mount(b"none", b"/", None, ctypes.c_ulong(private), None))
        _mount(folder, 0, options)
    except (OSError, AttributeError) as error:
        sys.stderr.write(str(error))
        sys.exit(_CANNOT)


def remount(folder: Path, *, is_read_only: bool) -> None:
    """Let the disk be read only, or be written again."""
    _mount(folder, _REMOUNT | (_READ_ONLY if is_read_only else 0), "")


def _mount(folder: Path, flags: int, options: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    kind, data = b"tmpfs", options.encode("ascii")
    _checked(libc.mount(kind, os.fsencode(folder), kind, ctypes.c_ulong(flags), data))


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
