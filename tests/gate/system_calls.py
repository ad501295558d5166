"""The system calls by which a program has an effect, and a filter that stops at these alone."""

import os
import struct
from collections.abc import Iterator

STARTING = {"execve": 59, "execveat": 322}
OPENING = {"open": 2, "openat": 257}
WRITING = {
    **{"truncate": 76, "ftruncate": 77, "rename": 82, "mkdir": 83, "rmdir": 84, "creat": 85},
    **{"link": 86, "unlink": 87, "symlink": 88, "chmod": 90, "fchmod": 91, "chown": 92},
    **{"fchown": 93, "lchown": 94, "utime": 132, "mknod": 133, "setxattr": 188, "lsetxattr": 189},
    **{"fsetxattr": 190, "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199},
    **{"utimes": 235, "mkdirat": 258, "mknodat": 259, "fchownat": 260, "futimesat": 261},
    **{"unlinkat": 263, "renameat": 264, "linkat": 265, "symlinkat": 266, "fchmodat": 268},
    **{"utimensat": 280, "fallocate": 285, "renameat2": 316, "openat2": 437, "fchmodat2": 452},
}
SENDING = {
    **{"connect": 42, "sendto": 44, "sendmsg": 46, "bind": 49, "listen": 50, "sendmmsg": 307},
}
SIGNALLING = {"kill": 62, "tkill": 200, "tgkill": 234}
SYSTEM = {
    **{"ptrace": 101, "syslog": 103, "pivot_root": 155, "adjtimex": 159, "chroot": 161},
    **{"settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168},
    **{"reboot": 169, "sethostname": 170, "setdomainname": 171, "init_module": 175},
    **{"delete_module": 176, "clock_settime": 227, "mq_open": 240, "add_key": 248, "keyctl": 250},
    **{"unshare": 272, "clock_adjtime": 305, "setns": 308, "finit_module": 313, "bpf": 321},
    **{"io_uring_setup": 425, "pidfd_send_signal": 424, "fsopen": 430},
}
"""Source of all: arch/x86/entry/syscalls/syscall_64.tbl of Linux 6.6."""

NAMES = {
    number: name
    for table in (STARTING, OPENING, WRITING, SENDING, SIGNALLING, SYSTEM)
    for name, number in table.items()
}

MAKING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
FLAGS_AT = {"open": 1, "openat": 2}
PATH_AT = {"open": 0, "openat": 1, "execve": 0, "execveat": 1}
PATHS_AT = {
    **dict.fromkeys(("mkdir", "rmdir", "creat", "unlink", "chmod", "chown", "lchown"), (0,)),
    **dict.fromkeys(("truncate", "utime", "mknod", "utimes", "setxattr", "lsetxattr"), (0,)),
    **dict.fromkeys(("link", "rename", "symlink"), (0, 1)),
    **dict.fromkeys(("mkdirat", "mknodat", "unlinkat", "fchmodat", "fchownat"), (1,)),
    **dict.fromkeys(("utimensat", "fchmodat2", "openat2", "open_by_handle_at"), (1,)),
    **dict.fromkeys(("renameat", "renameat2", "linkat"), (1, 3)),
    "symlinkat": (0, 2),
}
"""Which arguments are names of files."""

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_X86_64 = 0xC000003E
_ALLOW, _TRACE, _KILL = 0x7FFF0000, 0x7FF00000, 0x80000000


def filter_program() -> bytes:
    """Give the filter: it stops at each call named here, at one that opens only if it may write.

    Source: seccomp(2); struct sock_filter of linux/filter.h.
    """
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in _instructions())


def _instructions() -> Iterator[tuple[int, int, int, int]]:
    yield _LOAD, 0, 0, _ARCHITECTURE_AT
    yield _EQUAL, 1, 0, _X86_64
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER_AT
    for name, number in OPENING.items():
        yield _EQUAL, 0, 4, number
        yield _LOAD, 0, 0, _ARGUMENTS_AT + 8 * FLAGS_AT[name]
        yield _ANY_BIT, 0, 1, MAKING_FLAGS
        yield _RETURN, 0, 0, _TRACE
        yield _RETURN, 0, 0, _ALLOW
    for number in sorted(NAMES):
        yield _EQUAL, 0, 1, number
        yield _RETURN, 0, 0, _TRACE
    yield _RETURN, 0, 0, _ALLOW
