"""A filter of system calls, for what namespaces do not hold back.

Sockets of the machine's host (vsock), of radio and of the kernel's own ciphers belong to no network
namespace; keyrings belong to a user, and may hold secrets; rings (`io_uring`) would open sockets
past this filter; and three calls have been a way into kernels more often than any command needs
them. To a command it looks as if the kernel did not have these.
"""

import ctypes
import os
import struct

from lsp_agent.sandbox.kernel import prctl

MACHINES = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "perf_event_open": 298,
            "bpf": 321,
            "userfaultfd": 323,
            "io_uring_setup": 425,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "socket": 198,
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "perf_event_open": 241,
            "bpf": 280,
            "userfaultfd": 282,
            "io_uring_setup": 425,
        },
    ),
}
"""Of each machine: its number in linux/audit.h, and the numbers of the calls in question."""

FAMILIES = (1, 2, 10, 16)
"""AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK of linux/socket.h; no other sockets are made."""

_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_GREATER_OR_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
"""In struct seccomp_data."""
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_ENOSYS, _EAFNOSUPPORT = 38, 97
_SECOND_ABI = 0x40000000
"""The bit of calls in the x32 style of x86_64; no other machine has such numbers."""
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2

_Step = tuple[int, int, int, int]
"""Code, how many steps to jump over if true, if false, and a number."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_calls() -> None:
    """Put the filter over this process and all that it starts; it cannot be taken off.

    Raises: OSError if that cannot be done, on a machine that is not in the table for example.
    """
    machine = os.uname().machine
    if machine not in MACHINES:
        raise OSError(f"there is no table of system calls for {machine}")
    steps = b"".join(struct.pack("HBBI", *step) for step in steps_for(machine))
    program = _Program(len(steps) // 8, steps)
    if not prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program)):
        raise OSError("the filter of system calls was not taken")


def steps_for(machine: str) -> tuple[_Step, ...]:
    """Give the filter of a machine, in the language of the kernel's packet filters."""
    number, calls = MACHINES[machine]
    refused = (_RETURN, 0, 0, _FAIL | _ENOSYS)
    steps: list[_Step] = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_JUMP_IF_EQUAL, 1, 0, number),
        refused,
        (_LOAD, 0, 0, _NUMBER_AT),
        (_JUMP_IF_GREATER_OR_EQUAL, 0, 1, _SECOND_ABI),
        refused,
    ]
    for name, call in calls.items():
        if name != "socket":
            steps += [(_JUMP_IF_EQUAL, 0, 1, call), refused]
    allowed = (_RETURN, 0, 0, _ALLOW)
    steps += [(_JUMP_IF_EQUAL, 1, 0, calls["socket"]), allowed, (_LOAD, 0, 0, _FIRST_ARGUMENT_AT)]
    for family in FAMILIES:
        steps += [(_JUMP_IF_EQUAL, 0, 1, family), allowed]
    return (*steps, (_RETURN, 0, 0, _FAIL | _EAFNOSUPPORT))
