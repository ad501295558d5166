"""Runs a line as the product does, and tells each effect that it would have.

A process stops where it enters a system call that could be an effect; one that is no part of
reading is told, and the process ends there: the call is never made.
"""

import ctypes
import os
import platform
import re
import resource
import signal
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.gate.system_calls import (
    NAMES,
    OPENING,
    PATH_AT,
    PATHS_AT,
    SENDING,
    SIGNALLING,
    STARTING,
    filter_program,
)
from tests.support.ptrace import (
    CONTINUE,
    SET_OPTIONS,
    TRACE_ME,
    WALL,
    CannotTrace,
    ptrace,
    syscall_info,
)

_TRACE_FORKS, _TRACE_EXEC, _TRACE_FILTER, _EXIT_KILL = 0x2 | 0x4 | 0x8, 0x10, 0x80, 0x100000
_FILTER_EVENT = 7
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_UNIX, _NETLINK, _MAX_ADDRESS_BYTES = 1, 16, 28
_MAX_PATH_BYTES, _PAGE = 4096, 4096
_MAX_SECONDS, _MAX_OUTPUT_BYTES = 2, 1_000_000
_NSCD = b"/var/run/nscd/socket"
_NOWHERE = ("/dev/null", "/dev/tty")
_OWN_TEMPORARY = re.compile(r"/tmp/(?:tac|sort)[A-Za-z0-9]{6}")
"""Of programs that keep what does not fit into memory; they take it away again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What to run."""

    argv: tuple[str, ...]
    cwd: Path
    environment: dict[str, str]
    programs: frozenset[str]
    """The files that may start: the shell, and the programs that were judged."""
    index: Path | None = None
    """The index of a repository, in which git renews what it knows of the times of files."""


@dataclass(slots=True)
class Record:
    """What happened."""

    effects: list[str] = field(default_factory=list[str])
    output: bytes = b""


@cache
def why_not() -> str:
    """Tell why nothing can be recorded on this system; empty if it can."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return "system calls are only known for Linux on x86_64"
    run = Run(
        argv=("/bin/true",),
        cwd=Path("/"),
        environment={},
        programs=frozenset({os.path.realpath("/bin/true")}),
    )
    try:
        return "; ".join(record(run).effects)
    except (CannotTrace, OSError) as error:
        return f"a child cannot be traced here: {error}"


def record(run: Run) -> Record:
    """Run to the end, or to the first effect.

    Raises: CannotTrace.
    """
    found = Record()
    with tempfile.TemporaryFile() as output:
        family = _Family(_start(run, output.fileno()))
        try:
            _follow(family, run, found)
        finally:
            family.end()
        output.seek(0)
        found.output = output.read(_MAX_OUTPUT_BYTES)
    return found


class _Family:
    """The processes of a command."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.all = {first}
        self._ended: set[int] = set()

    def wait(self) -> tuple[int, int]:
        """Give the next process that stopped or ended, and how."""
        pid, status = os.waitpid(-1, WALL)
        self.all.add(pid)
        if not os.WIFSTOPPED(status):
            self._ended.add(pid)
        return pid, status

    def end(self) -> None:
        """End those that are left."""
        while alive := self.all - self._ended:
            for pid in alive:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            try:
                self.wait()
            except ChildProcessError:
                return


def _start(run: Run, output: int) -> int:
    child = os.fork()
    if child == 0:
        try:
            _become(run, output)
        finally:
            os._exit(127)
    _, status = os.waitpid(child, WALL)
    if not os.WIFSTOPPED(status):
        raise CannotTrace("the child could not be traced")
    try:
        options = _TRACE_FORKS | _TRACE_EXEC | _TRACE_FILTER | _EXIT_KILL
        ptrace(SET_OPTIONS, child, 0, options)
    except OSError as error:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, WALL)
        raise CannotTrace(f"the child could not be traced: {error.strerror}") from error
    ptrace(CONTINUE, child, 0, 0)
    return child


def _become(run: Run, output: int) -> None:
    """Turn this process into the command; what it may do is bounded, too."""
    os.setsid()
    os.chdir(run.cwd)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (_MAX_SECONDS, _MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_OUTPUT_BYTES, _MAX_OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(_MAX_SECONDS)
    program = filter_program()
    code = ctypes.create_string_buffer(program)
    header = ctypes.create_string_buffer(16)
    ctypes.c_uint16.from_buffer(header, 0).value = len(program) // 8
    ctypes.c_uint64.from_buffer(header, 8).value = ctypes.addressof(code)
    libc = ctypes.CDLL(None, use_errno=True)
    ptrace(TRACE_ME, 0, 0, 0)
    os.kill(os.getpid(), signal.SIGSTOP)
    for arguments in (
        (_NO_NEW_PRIVILEGES, 1, 0, 0, 0),
        (_SET_SECCOMP, _FILTER_MODE, ctypes.addressof(header), 0, 0),
    ):
        if libc.prctl(*map(ctypes.c_ulong, arguments)) != 0:
            os._exit(126)
    os.execve(run.argv[0], run.argv, run.environment)


def _follow(family: _Family, run: Run, found: Record) -> None:
    """Let all processes go on until the first one has ended, or one has an effect."""
    while True:
        stopped, status = family.wait()
        if not os.WIFSTOPPED(status):
            if stopped == family.first:
                return
            continue
        number, event = os.WSTOPSIG(status), status >> 16
        if event == _FILTER_EVENT:
            effect = _effect(stopped, family, run)
            if effect:
                found.effects.append(effect)
                return
        is_ours = event or number in (signal.SIGSTOP, signal.SIGTRAP)
        with suppress(ProcessLookupError):
            ptrace(CONTINUE, stopped, 0, 0 if is_ours else number)


def _effect(stopped: int, family: _Family, run: Run) -> str:
    """Tell what a process is about to do; empty if that is no effect."""
    try:
        info = syscall_info(stopped)
    except ProcessLookupError:
        return ""
    name, arguments = NAMES.get(info.number, str(info.number)), list(info.arguments)
    if name in STARTING:
        return _started(_named(stopped, arguments[PATH_AT[name]]), run)
    if name in OPENING:
        path = _named(stopped, arguments[PATH_AT[name]])
        return "" if path in _NOWHERE or _is_own(path, run) else f"{name} {path!r}"
    if name in PATHS_AT:
        paths = [_named(stopped, arguments[at]) for at in PATHS_AT[name]]
        return "" if all(_is_own(path, run) for path in paths) else f"{name} {paths}"
    if name in SENDING:
        return _sent(stopped, name, arguments)
    if name in SIGNALLING:
        target = ctypes.c_int32(arguments[0] & 0xFFFFFFFF).value
        return "" if target in {0, *family.all} else f"{name} {target}"
    if name == "ftruncate" and stat.S_ISREG(os.stat(f"/proc/{stopped}/fd/{arguments[0]}").st_mode):
        path = os.readlink(f"/proc/{stopped}/fd/{arguments[0]}")
        return "" if _is_own(path, run) else f"{name} {path!r}"
    return name


def _started(path: str, run: Run) -> str:
    # A shell and its kin try one folder of PATH after the other: what is not there never starts.
    is_judged = path in run.programs or os.path.realpath(path) in run.programs
    return "" if is_judged or not os.path.exists(path) else f"exec {path!r}"


def _sent(stopped: int, name: str, arguments: Sequence[int]) -> str:
    """Tell where something is sent; the names of users, and facts of the kernel, are asked for."""
    address = arguments[4] if name == "sendto" else arguments[1]
    if name in ("sendmsg", "sendmmsg", "listen") or not address:
        return name
    data = _read(stopped, address, _MAX_ADDRESS_BYTES)
    family = int.from_bytes(data[:2], "little")
    is_local = family == _NETLINK or (family == _UNIX and data[2:].startswith(_NSCD))
    return "" if is_local else f"{name} family {family} {data[2:30]!r}"


def _is_own(path: str, run: Run) -> bool:
    """Whether a file only serves the program: its own temporary one, or the index of git."""
    return bool(_OWN_TEMPORARY.fullmatch(path)) or path in (f"{run.index}", f"{run.index}.lock")


def _named(pid: int, address: int) -> str:
    """Give the file whose name is at an address, from the folder of the process.

    The name ends before the first NUL.
    """
    data = b""
    while b"\0" not in data and len(data) < _MAX_PATH_BYTES:
        piece = _read(pid, address + len(data), _PAGE - (address + len(data)) % _PAGE)
        if not piece:
            break
        data += piece
    name = os.fsdecode(data.partition(b"\0")[0])
    return os.path.join(os.readlink(f"/proc/{pid}/cwd"), name)


def _read(pid: int, address: int, size: int) -> bytes:
    """Read the memory of a process; less, or nothing, where it ends."""
    with suppress(OSError, OverflowError), open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(size)
    return b""
