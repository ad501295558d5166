"""What our programs ask of Linux that Python's `os` has no name for.

Numbers are from linux/sched.h, mount.h, prctl.h and fcntl.h; those of the three newer calls are the
same on every machine that is in use.
"""

import _socket  # the part in C: the whole of `socket` takes as long to load as all else here
import ctypes
import fcntl
import os
import signal
import sys
from contextlib import closing, suppress

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REC, MS_PRIVATE = 1 << 14, 1 << 18

ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38

_MOVE_MOUNT, _OPEN_TREE, _MOUNT_SETATTR = 429, 428, 442
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = -100, 0x1000, 0x8000
_OPEN_TREE_CLONE, _MOVE_MOUNT_F_EMPTY_PATH = 1, 4

_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1

_LIBC = ctypes.CDLL(None, use_errno=True)


class _MountAttr(ctypes.Structure):
    _fields_ = (
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


def enter_namespaces(others: int) -> None:
    """Get rights over mounts, in namespaces of our own, with the same users and groups.

    `others` are the kinds of namespaces beside those of users and mounts.
    Raises: OSError.
    """
    kinds = CLONE_NEWUSER | CLONE_NEWNS | others
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        _enter_with_every_id(kinds)
    else:
        unshare(kinds)
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", f"{uid} {uid} 1")
        write("/proc/self/gid_map", f"{gid} {gid} 1")
    # Mounts of ours must not show outside; those from outside are none of ours.
    mount("none", "/", None, MS_REC | MS_PRIVATE)


def unshare(kinds: int) -> None:
    """Make new namespaces. Raises: OSError."""
    if _LIBC.unshare(kinds) != 0:
        raise _error("new namespaces")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount something. Raises: OSError."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    data = os.fsencode(options) if options else None
    if _LIBC.mount(*texts, ctypes.c_ulong(flags), data) != 0:
        raise _error(f"mount {kind or 'changes'}")


def clone_mount(path: str) -> int:
    """Give what is at a path, with all mounts below it, as a mount that is nowhere yet.

    Raises: OSError.
    """
    flags = _OPEN_TREE_CLONE | _AT_RECURSIVE | os.O_CLOEXEC
    fd: int = _LIBC.syscall(_OPEN_TREE, _AT_FDCWD, os.fsencode(path), flags)
    if fd < 0:
        raise _error(f"open mount {path}")
    return fd


def attach_mount(fd: int, path: str) -> None:
    """Put a mount from `clone_mount` at a path. Raises: OSError."""
    target = os.fsencode(path)
    if _LIBC.syscall(_MOVE_MOUNT, fd, b"", _AT_FDCWD, target, _MOVE_MOUNT_F_EMPTY_PATH) != 0:
        raise _error(f"attach mount {path}")


def forbid_of(path: str, attributes: int) -> None:
    """Give the mount at a path these attributes. Raises: OSError."""
    _set_attributes(_AT_FDCWD, path, 0, attributes)


def forbid_below(path: str, attributes: int) -> None:
    """Give the mount at a path, and all below it, these attributes. Raises: OSError."""
    _set_attributes(_AT_FDCWD, path, _AT_RECURSIVE, attributes)


def forbid_below_of(fd: int, attributes: int) -> None:
    """Give a mount from `clone_mount`, and all below it, these attributes. Raises: OSError."""
    _set_attributes(fd, "", _AT_RECURSIVE | _AT_EMPTY_PATH, attributes)


def loopback_up() -> None:
    """Start the network interface `lo` of a new namespace, which knows nobody outside.

    Raises: OSError.
    """
    with closing(_socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)) as any_socket:
        # struct ifreq: a name, and flags
        request = b"lo".ljust(16, b"\0") + _IFF_UP.to_bytes(2, sys.byteorder) + bytes(22)
        fcntl.ioctl(any_socket.fileno(), _SIOCSIFFLAGS, request)


def prctl(option: int, value: int, more: object = 0) -> bool:
    """Change something about this process; tells whether it was done."""
    return bool(_LIBC.prctl(option, ctypes.c_ulong(value), more, 0, 0) == 0)


def die_with_parent(parent: int) -> None:
    """End when the process that started us ends, also if it has already."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def restore_signals() -> None:
    """Have signals as a shell has them: Python ignores some, and what it starts would too."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with suppress(OSError, ValueError):  # some are the C library's own
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def write(path: str, text: str) -> None:
    """Write a text to a file of the kernel, at once. Raises: OSError."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def _set_attributes(folder: int, path: str, flags: int, attributes: int) -> None:
    wanted = _MountAttr(attributes, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(wanted))
    name = os.fsencode(path)
    if _LIBC.syscall(_MOUNT_SETATTR, folder, name, flags, ctypes.byref(wanted), size) != 0:
        raise _error(f"attributes of mount {path}")


def _enter_with_every_id(kinds: int) -> None:
    """Map all users that root has here: it must still be able to work on anyone's files.

    Only a process that stayed outside may write such a map.
    """
    maps = {name: _identity(f"/proc/self/{name}") for name in ("uid_map", "gid_map")}
    us = os.getpid()
    read_fd, write_fd = os.pipe()
    outside = os.fork()
    if outside == 0:
        os.close(write_fd)
        is_done = os.read(read_fd, 1) == b"1"
        try:
            for name, text in maps.items() if is_done else ():
                write(f"/proc/{us}/{name}", text)
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    os.close(read_fd)
    try:
        unshare(kinds)
        os.write(write_fd, b"1")
    finally:
        os.close(write_fd)
        code = os.waitstatus_to_exitcode(os.waitpid(outside, 0)[1])
    if code != 0:
        raise OSError(code, os.strerror(code), "the map of users")


def _identity(path: str) -> str:
    """Give a map of ids in which each of those we have stands for itself."""
    with open(path, encoding="ascii") as file:
        ranges = [line.split() for line in file]
    return "".join(f"{first} {first} {count}\n" for first, _, count in ranges)


def _error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), what)
