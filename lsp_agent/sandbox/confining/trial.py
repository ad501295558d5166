"""The program that tries to get out: it runs inside walls that are to be proven.

It prints, as JSON, how many ways out it tried and the names of those that were one; of walls that
hold there are none. What can only be seen from outside, such as a file that came to be, is looked
at by `proving.py`.
"""

import ctypes
import json
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence

_TIMEOUT_S = 2.0
_MS_REMOUNT, _MS_BIND = 32, 4096
_CLONE_NEWUSER = 0x10000000
_PTRACE_SEIZE = 0x4206
_AF_VSOCK = 40
_BLOCK_DEVICE = 0o060000
_KIND = 0o170000

_LIBC = ctypes.CDLL(None, use_errno=True)

Facts = Mapping[str, str]
"""What the prover tells: paths, ports, and the number of its own process."""


def main(arguments: Sequence[str]) -> int:
    """Run with the facts as JSON."""
    facts: Facts = json.loads(arguments[0])
    done = [name for name, attempt in ATTEMPTS.items() if _works(attempt, facts)]
    sys.stdout.write(json.dumps({"tried": len(ATTEMPTS), "done": done}) + "\n")
    return 0


def _works(attempt: Callable[[Facts], bool], facts: Facts) -> bool:
    try:
        return attempt(facts)
    except (OSError, ValueError, AttributeError):  # not every system has all that is tried
        return False


def _writes(name: str) -> Callable[[Facts], bool]:
    def attempt(facts: Facts) -> bool:
        with open(facts[name], "x", encoding="utf-8") as file:
            file.write("escaped\n")
        # In a folder that stands in for the real one this is no escape: the prover looks.
        return False

    return attempt


def _reads_secret(facts: Facts) -> bool:
    with open(facts["secret"], encoding="utf-8") as file:
        return facts["token"] in file.read()


def _connects(family: int, address: tuple[str, int] | str) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as client:
        client.settimeout(_TIMEOUT_S)
        client.connect(address)
        return True


def _connects_tcp(facts: Facts) -> bool:
    return _connects(socket.AF_INET, ("127.0.0.1", int(facts["port"])))


def _connects_unix(facts: Facts) -> bool:
    return _connects(socket.AF_UNIX, facts["socket"])


def _connects_abstract(facts: Facts) -> bool:
    return _connects(socket.AF_UNIX, f"\0{facts['abstract']}")


def _has_interface(_facts: Facts) -> bool:
    return any(name != "lo" for _, name in socket.if_nameindex())


def _has_host_socket(_facts: Facts) -> bool:
    with socket.socket(_AF_VSOCK, socket.SOCK_STREAM):
        return True


def _sees_prover(facts: Facts) -> bool:
    """Tell whether process numbers mean the same here as for the prover."""
    return os.readlink("/proc/self/ns/pid") == facts["processes"]


def _sees_processes(_facts: Facts) -> bool:
    """Tell whether /proc shows the processes of another namespace than ours."""
    return int(os.readlink("/proc/self")) != os.getpid()


def _signals(facts: Facts) -> bool:
    os.kill(int(facts["pid"]), 0)
    return _sees_prover(facts)


def _reads_environment(facts: Facts) -> bool:
    with open(f"/proc/{facts['pid']}/environ", "rb"):
        return _sees_prover(facts)


def _traces(facts: Facts) -> bool:
    return _LIBC.ptrace(_PTRACE_SEIZE, int(facts["pid"]), 0, 0) == 0 and _sees_prover(facts)


def _mounts(facts: Facts) -> bool:
    return _LIBC.mount(b"none", os.fsencode(facts["root"]), b"tmpfs", 0, None) == 0


def _unmounts(facts: Facts) -> bool:
    return any(
        _LIBC.umount2(os.fsencode(path), 2) == 0 for path in (facts["root"], "/proc", "/run")
    )


def _remounts(_facts: Facts) -> bool:
    return _LIBC.mount(None, b"/", None, _MS_REMOUNT | _MS_BIND, None) == 0


def _makes_namespace(_facts: Facts) -> bool:
    return _LIBC.unshare(_CLONE_NEWUSER) == 0


def _has_rights(_facts: Facts) -> bool:
    return int(_status("CapEff"), 16) != 0 or int(_status("CapBnd"), 16) != 0


def _may_get_rights(_facts: Facts) -> bool:
    return _status("NoNewPrivs") != "1"


def _is_unfiltered(_facts: Facts) -> bool:
    return _status("Seccomp") != "2"


def _status(name: str) -> str:
    with open("/proc/self/status", encoding="utf-8") as file:
        return next(line.split()[1] for line in file if line.startswith(f"{name}:"))


def _has_disk(_facts: Facts) -> bool:
    with os.scandir("/dev") as found:
        return any(item.stat().st_mode & _KIND == _BLOCK_DEVICE for item in found)


def _changes_kernel(_facts: Facts) -> bool:
    with open("/proc/sys/kernel/domainname", "r+", encoding="utf-8"):
        return True


def _has_key(_facts: Facts) -> bool:
    return any(
        name.endswith(("_API_KEY", "_TOKEN", "_SECRET", "_AUTH_SOCK")) for name in os.environ
    )


ATTEMPTS: Mapping[str, Callable[[Facts], bool]] = {
    "writing in the home folder": _writes("home_file"),
    "writing a file for all users": _writes("temporary_file"),
    "writing beside the workspace": _writes("outside_file"),
    "writing through a link out of the workspace": _writes("link"),
    "reading a secret": _reads_secret,
    "connecting by TCP": _connects_tcp,
    "connecting to a socket with a path": _connects_unix,
    "connecting to a socket without a path": _connects_abstract,
    "having a network interface": _has_interface,
    "reaching the host of this machine": _has_host_socket,
    "seeing other processes": _sees_processes,
    "sending a signal": _signals,
    "reading the environment of another process": _reads_environment,
    "tracing another process": _traces,
    "mounting": _mounts,
    "unmounting": _unmounts,
    "making a mount writable": _remounts,
    "making a namespace of users": _makes_namespace,
    "having rights of root": _has_rights,
    "getting rights by a program": _may_get_rights,
    "calling any system call": _is_unfiltered,
    "finding a disk": _has_disk,
    "changing the kernel": _changes_kernel,
    "finding a key in the environment": _has_key,
}
"""What is tried, each by the name that people see."""
