"""The program that runs a command and ends all that it started.

It is run by our own interpreter, alone (`python -I -S reap.py ...`). It makes itself the foster
parent of whatever the command leaves without a parent, so that a process that left the group and
the session of the command is still found, and killed: when the command has ended, when this
program is asked to end (SIGTERM), and when our own process has died.

How the command ended is written to the report, as `lsp_agent.sandbox.reports` reads it.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress

# From linux/prctl.h.
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_LIBC = ctypes.CDLL(None, use_errno=True)
_AWAITED = {signal.SIGTERM, signal.SIGCHLD}


def main(arguments: Sequence[str]) -> int:
    """Run with: our parent's process number, the report, and the command."""
    parent, report, *command = arguments
    report_fd = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, _AWAITED)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        return 1
    child = os.fork()
    if child == 0:
        _become(report_fd, command)
    status = _status_of(child)
    if status is not None:
        _report(report_fd, f"status {os.waitstatus_to_exitcode(status)}")
    _end_all()
    return 0


def _status_of(child: int) -> int | None:
    """Wait for the end of the command and give its status; None if we are to end before."""
    while signal.sigwait(_AWAITED) != signal.SIGTERM:
        # Several ends may come as one signal.
        for ended, status in _ended():
            if ended == child:
                return status
    return None


def _ended() -> Iterator[tuple[int, int]]:
    with suppress(ChildProcessError):
        while True:
            ended, status = os.waitpid(-1, os.WNOHANG)
            if ended == 0:
                return
            yield ended, status


def _end_all() -> None:
    """Kill our children until there are none; those of a child that ends become ours."""
    while _is_any_killed():
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _is_any_killed() -> bool:
    n_killed = 0
    for pid in _children():
        with suppress(PermissionError):  # it runs as another user, and is not ours to end
            os.kill(pid, signal.SIGKILL)
            n_killed += 1
    return n_killed > 0


def _children() -> list[int]:
    us = str(os.getpid()).encode()
    found: list[int] = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                # The name of the program, in brackets, may have blanks and brackets in it.
                if file.read().rpartition(b")")[2].split()[1] == us:
                    found.append(int(name))
    return found


def _become(report_fd: int, command: list[str]) -> None:
    """Become the command, with the signals as a shell would have them."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()  # a signal that it sends to its whole group, as `kill 0` does, is not for us
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with suppress(OSError, ValueError):  # some are the C library's own
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    try:
        os.execvp(command[0], command)
    except (OSError, ValueError) as error:
        name = getattr(error, "filename", None) or command[0]
        _report(report_fd, f"start {name}: {getattr(error, 'strerror', None) or error}")
    os._exit(127)


def _prctl(option: int, value: int) -> None:
    _LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def _report(report_fd: int, text: str) -> None:
    os.write(report_fd, os.fsencode(text) + b"\0")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
