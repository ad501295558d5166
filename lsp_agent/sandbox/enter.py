r"""The program that enters a view: it lays a folder over another and runs a command.

It is run by our own interpreter, alone (`python -I -S enter.py ...`), because the steps must be
taken by a process with one thread, and need no program that a system might lack. What it does:

1. new user, mount and process namespaces, each user and group mapped to itself;
2. an overlay file system at the root's own path: layer over root, writes to `upper`;
3. a first process of the namespace, with whose end the kernel ends every other one in it, so that
   nothing a command started outlives the view; it has its own /proc, because the old one knows
   the processes by other numbers;
4. the command, which is that process's child.

Layers are named by descriptor: an overlay's options are text with `,`, `:` and `\` in a role, and
folders may have any of these in their names. What happened is written to the report, as one word
and a text: `setup` or `start` for what failed, or `status` with the number the command ended with.
A NUL ends it; only the first one counts.

This is no sandbox: outside of the root the command may write wherever its user may.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

# From linux/sched.h, linux/mount.h, linux/prctl.h and linux/capability.h.
_CLONE_NEWNS = 0x00020000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWPID = 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MS_REC, _MS_PRIVATE = 1 << 14, 1 << 18
_PR_SET_PDEATHSIG = 1
_PR_CAPBSET_DROP = 24
_CAP_SYS_ADMIN = 21

_LIBC = ctypes.CDLL(None, use_errno=True)


def main(arguments: Sequence[str]) -> int:
    """Run with: our parent's process number, report, root, layer, upper, work, cwd, command."""
    parent, report, root, layer, upper, work, cwd, *command = arguments
    report_fd = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    _die_with_parent(int(parent))
    try:
        _enter_namespaces()
        _lay_over(root, layer, upper, work)
    except OSError as error:
        _report(report_fd, f"setup {error.filename}: {error.strerror}")
        return 1
    # A request to end that came between the fork and the note of its result would be lost.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    first = os.fork()
    if first == 0:
        _be_first(report_fd, cwd, command)

    def end(_number: int, _frame: object) -> None:
        os.kill(first, signal.SIGKILL)

    signal.signal(signal.SIGTERM, end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    os.waitpid(first, 0)
    return 0


def _enter_namespaces() -> None:
    """Get rights over mounts, in namespaces of our own, with the same users and groups."""
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        _enter_with_every_id()
    else:
        _unshare()
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{uid} {uid} 1")
        _write("/proc/self/gid_map", f"{gid} {gid} 1")
    # Mounts of ours must not show outside; those from outside are none of ours.
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE, None)


def _enter_with_every_id() -> None:
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
                _write(f"/proc/{us}/{name}", text)
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    os.close(read_fd)
    try:
        _unshare()
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


def _lay_over(root: str, layer: str, upper: str, work: str) -> None:
    """Mount the overlay; its writes are never made durable, because they are read once."""
    fds = [os.open(path, os.O_PATH | os.O_DIRECTORY) for path in (layer, root, upper, work)]
    try:
        top, bottom, up, aside = (f"/proc/self/fd/{fd}" for fd in fds)
        options = f"userxattr,volatile,lowerdir={top}:{bottom},upperdir={up},workdir={aside}"
        _mount("overlay", root, "overlay", 0, options)
    finally:
        for fd in fds:
            os.close(fd)


def _be_first(report_fd: int, cwd: str, command: list[str]) -> None:
    """Be the first process of the namespace: start the command, reap, and end with it."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        _mount("proc", "/proc", "proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, None)
    except OSError as error:
        _report(report_fd, f"setup {error.filename}: {error.strerror}")
        os._exit(1)
    child = os.fork()
    if child == 0:
        _become(report_fd, cwd, command)
    while True:
        ended, status = os.wait()
        if ended == child:
            _report(report_fd, f"status {os.waitstatus_to_exitcode(status)}")
            os._exit(0)


def _become(report_fd: int, cwd: str, command: list[str]) -> None:
    """Become the command, with the signals as a shell would have them."""
    # Root would otherwise be able to take the overlay off, and meet the real files.
    _prctl(_PR_CAPBSET_DROP, _CAP_SYS_ADMIN)
    os.setsid()  # a signal that it sends to its whole group, as `kill 0` does, is not for us
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with suppress(OSError, ValueError):  # some are the C library's own
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    try:
        os.chdir(cwd)
        os.execvp(command[0], command)
    except (OSError, ValueError) as error:
        name = getattr(error, "filename", None) or command[0]
        _report(report_fd, f"start {name}: {getattr(error, 'strerror', None) or error}")
    os._exit(127)


def _die_with_parent(parent: int) -> None:
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _unshare() -> None:
    if _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNS | _CLONE_NEWPID) != 0:
        raise _error("new namespaces")


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None) -> None:
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    data = None if options is None else os.fsencode(options)
    if _LIBC.mount(*texts, ctypes.c_ulong(flags), data) != 0:
        raise _error(f"mount {kind or 'changes'}")


def _prctl(option: int, value: int) -> None:
    _LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def _error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), what)


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def _report(report_fd: int, text: str) -> None:
    os.write(report_fd, os.fsencode(text) + b"\0")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
