"""ptrace(2) of Linux: what a process needs to stop its children and look at them."""

import ctypes
import os
from functools import cache

TRACE_ME, CONTINUE, SYSCALL, SET_OPTIONS, GET_SYSCALL_INFO = 0, 7, 24, 0x4200, 0x420E
WALL = 0x40000000  # Threads are children of another kind to waitpid(2).


class CannotTrace(Exception):
    """This system does not let a process trace its child."""


class SyscallInfo(ctypes.Structure):
    """A system call at which a process stopped.

    Source: struct ptrace_syscall_info, ptrace(2).
    """

    _fields_ = (
        ("op", ctypes.c_uint8),
        ("padding", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("instruction_pointer", ctypes.c_uint64),
        ("stack_pointer", ctypes.c_uint64),
        ("number", ctypes.c_uint64),
        ("arguments", ctypes.c_uint64 * 6),
        ("room_for_newer_fields", ctypes.c_uint64 * 4),
    )


def ptrace(request: int, pid: int, address: int, data: int) -> None:
    """Make the call; what it gives is in `data`.

    Raises: OSError.
    """
    arguments = (ctypes.c_void_p(address), ctypes.c_void_p(data))
    libc = _libc()
    if libc.ptrace(ctypes.c_long(request), ctypes.c_int(pid), *arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def syscall_info(pid: int) -> SyscallInfo:
    """Give the system call at which a process stopped.

    Raises: OSError.
    """
    info = SyscallInfo()
    ptrace(GET_SYSCALL_INFO, pid, ctypes.sizeof(info), ctypes.addressof(info))
    return info


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    return libc
