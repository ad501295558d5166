"""Which system calls write to a disk, by number."""

import os
import platform

_X86_64 = {
    "write": 1,
    "open": 2,
    "pwrite64": 18,
    "writev": 20,
    "sendfile": 40,
    "fsync": 74,
    "fdatasync": 75,
    "truncate": 76,
    "ftruncate": 77,
    "rename": 82,
    "mkdir": 83,
    "rmdir": 84,
    "creat": 85,
    "link": 86,
    "unlink": 87,
    "symlink": 88,
    "chmod": 90,
    "fchmod": 91,
    "chown": 92,
    "fchown": 93,
    "lchown": 94,
    "setxattr": 188,
    "lsetxattr": 189,
    "fsetxattr": 190,
    "removexattr": 197,
    "lremovexattr": 198,
    "fremovexattr": 199,
    "openat": 257,
    "mkdirat": 258,
    "fchownat": 260,
    "unlinkat": 263,
    "renameat": 264,
    "linkat": 265,
    "symlinkat": 266,
    "fchmodat": 268,
    "sync_file_range": 277,
    "utimensat": 280,
    "fallocate": 285,
    "pwritev": 296,
    "renameat2": 316,
    "copy_file_range": 326,
    "pwritev2": 328,
    "fchmodat2": 452,
}
"""Source: arch/x86/entry/syscalls/syscall_64.tbl of Linux 6.6."""

_AARCH64 = {
    "setxattr": 5,
    "lsetxattr": 6,
    "fsetxattr": 7,
    "removexattr": 14,
    "lremovexattr": 15,
    "fremovexattr": 16,
    "mkdirat": 34,
    "unlinkat": 35,
    "symlinkat": 36,
    "linkat": 37,
    "renameat": 38,
    "truncate": 45,
    "ftruncate": 46,
    "fallocate": 47,
    "fchmod": 52,
    "fchmodat": 53,
    "fchownat": 54,
    "fchown": 55,
    "openat": 56,
    "write": 64,
    "writev": 66,
    "pwrite64": 68,
    "pwritev": 70,
    "sendfile": 71,
    "fsync": 82,
    "fdatasync": 83,
    "sync_file_range": 84,
    "utimensat": 88,
    "renameat2": 276,
    "copy_file_range": 285,
    "pwritev2": 287,
    "fchmodat2": 452,
}
"""Source: include/uapi/asm-generic/unistd.h of Linux 6.6."""

_TABLES = {"x86_64": _X86_64, "aarch64": _AARCH64}
_FLAGS_AT = {"open": 1, "openat": 2}
"""Which argument of a call that opens says whether it makes or empties the file."""


def has_table() -> bool:
    """Tell whether the system calls of this machine are known here."""
    return platform.system() == "Linux" and platform.machine() in _TABLES


def write_call(number: int, arguments: list[int]) -> str | None:
    """Give the name of a system call if it can change a disk, else None."""
    name = _NAMES.get(number)
    if name in _FLAGS_AT and not arguments[_FLAGS_AT[name]] & (os.O_CREAT | os.O_TRUNC):
        return None
    return name


_NAMES = {number: name for name, number in _TABLES.get(platform.machine(), {}).items()}
