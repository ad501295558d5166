"""A child process that is stopped at each of its system calls, by ptrace(2).

There is nothing to install for it. A process that is killed where it enters a system call never
makes that call.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress

from tests.crash.system_calls import write_call
from tests.support.ptrace import (
    SET_OPTIONS,
    SYSCALL,
    TRACE_ME,
    WALL,
    CannotTrace,
    ptrace,
    syscall_info,
)

_SYSGOOD, _TRACE_CLONE, _EXIT_KILL = 0x1, 0x8, 0x100000
_SYSCALL_STOP = signal.SIGTRAP | 0x80
_ENTRY = 1


def writes_of(work: Callable[[], None], *, kill_at: int | None) -> Iterator[str]:
    """Run `work` in a child and give the name of each call that writes, before it is made.

    The child is killed at the call number `kill_at` (from 1), which is the last one given.
    Whoever stops to listen before the end kills it too.
    Raises: CannotTrace.
    """
    child = _start(work)
    try:
        n_writes = 0
        for stopped in _stops(child):
            name = _write_entered(stopped)
            if name is not None:
                n_writes += 1
                yield name
                if n_writes == kill_at:
                    return
            _go_on(stopped, 0)
    finally:
        _kill(child)


def _start(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            ptrace(TRACE_ME, 0, 0, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, WALL)
    if not os.WIFSTOPPED(status):
        raise CannotTrace("the child could not be traced")
    try:
        ptrace(SET_OPTIONS, child, 0, _SYSGOOD | _TRACE_CLONE | _EXIT_KILL)
    except OSError as error:
        _kill(child)
        raise CannotTrace(f"the child could not be traced: {error.strerror}") from error
    _go_on(child, 0)
    return child


def _stops(child: int) -> Iterator[int]:
    """Give each thread that stopped at a system call, until the child has ended."""
    while True:
        stopped, status = os.waitpid(-1, WALL)
        if os.WIFSTOPPED(status):
            number = os.WSTOPSIG(status)
            if number == _SYSCALL_STOP:
                yield stopped
            else:
                # A new thread begins with a stop, and its parent with a trap: both are ours.
                is_ours = number in (signal.SIGSTOP, signal.SIGTRAP)
                _go_on(stopped, 0 if is_ours else number)
        elif stopped == child:
            return


def _write_entered(stopped: int) -> str | None:
    with suppress(ProcessLookupError):
        info = syscall_info(stopped)
        if info.op == _ENTRY:
            return write_call(info.number, list(info.arguments))
    return None


def _go_on(stopped: int, signal_number: int) -> None:
    with suppress(ProcessLookupError):
        ptrace(SYSCALL, stopped, 0, signal_number)


def _kill(child: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGKILL)
        while os.waitpid(-1, WALL)[0] != child:
            pass
