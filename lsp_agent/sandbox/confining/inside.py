"""The last steps to a command, inside the walls: limits, no rights, and its proxy.

As a program it is run by another one that has built the walls; `walls.py` calls it directly.
"""

import _socket  # the part in C: the whole of `socket` takes as long to load as all else here
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress

from lsp_agent.sandbox.confining.filter import refuse_calls
from lsp_agent.sandbox.confining.plan import Plan
from lsp_agent.sandbox.kernel import (
    PR_CAPBSET_DROP,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    prctl,
    restore_signals,
)

LIMITS = {
    "memory": resource.RLIMIT_DATA,
    "file": resource.RLIMIT_FSIZE,
    "files": resource.RLIMIT_NOFILE,
    "processes": resource.RLIMIT_NPROC,
    "cpu": resource.RLIMIT_CPU,
    "core": resource.RLIMIT_CORE,
}
"""By the names that plans have for them."""

PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
"""Programs differ in which case they look for."""

_FILE_RIGHTS = frozenset({0, 1, 3, 4, 6, 7})
"""CAP_CHOWN, _DAC_OVERRIDE, _FOWNER, _FSETID, _SETGID and _SETUID of linux/capability.h."""
_MAX_CAPABILITY = 63
_SIGKILL = 9
_NOT_STARTED = 127


def main(arguments: Sequence[str]) -> int:
    """Run with a plan and a command, as the first process of a namespace."""
    plan = Plan(arguments)
    try:
        proxy = listen_for_proxy(plan)
    except OSError as error:
        tell(plan.channel_fd, "setup", error)
        return 1
    run_first(plan, proxy)
    return 0


def tell(channel_fd: int, kind: str, error: Exception) -> None:
    """Tell our own process what went wrong."""
    name = getattr(error, "filename", None)
    reason = getattr(error, "strerror", None) or str(error)
    _send(channel_fd, f"{kind} {name}: {reason}" if name else f"{kind} {reason}")


def listen_for_proxy(plan: Plan) -> str:
    """Open a port inside, and give it to the proxy outside, which answers there.

    Gives its address; empty where there is no proxy.
    Raises: OSError.
    """
    if not plan.each("proxy"):
        return ""
    with closing(_socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port: int = listener.getsockname()[1]
        channel = _socket.socket(fileno=os.dup(plan.channel_fd))
        fd = listener.fileno().to_bytes(4, sys.byteorder)
        channel.sendmsg([b"listener"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, fd)])
        channel.close()
    return f"http://127.0.0.1:{port}"


def run_first(plan: Plan, proxy: str) -> None:
    """Be the first process of the namespace: start the command, reap, and end with it."""
    prctl(PR_SET_DUMPABLE, 0)
    child = os.fork()
    if child == 0:
        _become(plan, proxy)
    while True:
        ended, status = os.wait()
        if ended == child:
            _send(plan.channel_fd, f"status {os.waitstatus_to_exitcode(status)}")
            os._exit(0)


def _become(plan: Plan, proxy: str) -> None:
    channel_fd, command = plan.channel_fd, plan.command
    os.set_inheritable(channel_fd, False)  # noqa: FBT003 - the system call has no names
    try:
        os.chdir(plan.one("cwd"))
        os.setsid()
        _limit(plan)
        _give_up_rights(keeping=_FILE_RIGHTS if plan.each("rights") else frozenset())
        restore_signals()
        refuse_calls()
    except (OSError, ValueError) as error:
        tell(channel_fd, "setup", error)
        os._exit(_NOT_STARTED)
    try:
        os.execvpe(command[0], command, _environment(os.environ, proxy))
    except (OSError, ValueError) as error:
        tell(channel_fd, "start", error)
    os._exit(_NOT_STARTED)


def _limit(plan: Plan) -> None:
    for name, kind in LIMITS.items():
        for text in plan.each(name):
            hard = resource.getrlimit(kind)[1]
            wanted = int(text)
            limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(kind, (limit, limit))


def _give_up_rights(*, keeping: frozenset[int]) -> None:
    """Have no capabilities after the next start of a program, and no way to any."""
    for capability in range(_MAX_CAPABILITY + 1):
        if capability not in keeping:
            prctl(PR_CAPBSET_DROP, capability)
    if not prctl(PR_SET_NO_NEW_PRIVS, 1):
        raise OSError("the right to new rights cannot be given up")


def _environment(found: Mapping[str, str], proxy: str) -> dict[str, str]:
    environment = {**found, "TMPDIR": "/tmp"}  # noqa: S108 - a private folder lies there
    if proxy:
        environment |= dict.fromkeys(PROXY_VARIABLES, proxy)
        environment |= {"NODE_USE_ENV_PROXY": "1", "NO_PROXY": "localhost,127.0.0.1,::1"}
    return environment


def _send(channel_fd: int, text: str) -> None:
    with suppress(OSError):
        os.write(channel_fd, os.fsencode(text))
