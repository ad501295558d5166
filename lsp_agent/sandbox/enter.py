r"""The program that enters a view: it lays a folder over another and runs a command.

It is run by our own interpreter, because the steps must be taken by a process with one thread, and
need no program that a system might lack. What it does:

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

This alone is no sandbox: outside of the root the command may write wherever its user may. The
command may be `confining/walls.py`, which makes one around the real command.
"""

import os
import signal
from collections.abc import Sequence

from lsp_agent.sandbox.kernel import (
    CLONE_NEWPID,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    PR_CAPBSET_DROP,
    PR_SET_PDEATHSIG,
    die_with_parent,
    enter_namespaces,
    mount,
    prctl,
    restore_signals,
)

_CAP_SYS_ADMIN = 21


def main(arguments: Sequence[str]) -> int:
    """Run with: our parent's process number, report, root, layer, upper, work, cwd, command."""
    parent, report, root, layer, upper, work, cwd, *command = arguments
    report_fd = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    die_with_parent(int(parent))
    try:
        enter_namespaces(CLONE_NEWPID)
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


def _lay_over(root: str, layer: str, upper: str, work: str) -> None:
    """Mount the overlay; its writes are never made durable, because they are read once."""
    fds = [os.open(path, os.O_PATH | os.O_DIRECTORY) for path in (layer, root, upper, work)]
    try:
        top, bottom, up, aside = (f"/proc/self/fd/{fd}" for fd in fds)
        options = f"userxattr,volatile,lowerdir={top}:{bottom},upperdir={up},workdir={aside}"
        mount("overlay", root, "overlay", 0, options)
    finally:
        for fd in fds:
            os.close(fd)


def _be_first(report_fd: int, cwd: str, command: list[str]) -> None:
    """Be the first process of the namespace: start the command, reap, and end with it."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
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
    prctl(PR_CAPBSET_DROP, _CAP_SYS_ADMIN)
    os.setsid()  # a signal that it sends to its whole group, as `kill 0` does, is not for us
    restore_signals()
    try:
        os.chdir(cwd)
        os.execvp(command[0], command)
    except (OSError, ValueError) as error:
        name = getattr(error, "filename", None) or command[0]
        _report(report_fd, f"start {name}: {getattr(error, 'strerror', None) or error}")
    os._exit(127)


def _report(report_fd: int, text: str) -> None:
    os.write(report_fd, os.fsencode(text) + b"\0")
