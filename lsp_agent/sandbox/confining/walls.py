"""The program that builds walls by namespaces of Linux, and runs a command inside them.

It is run by our own interpreter, and needs neither root nor any package. What it does, in order:

1. new namespaces for users, mounts, processes, the network, and memory shared by name: inside
   there is one network interface, `lo`, and no abstract socket, process or queue of outside;
2. what is needed later is opened, before anything is covered;
3. every mount is made read-only, without set-user-id programs and devices;
4. the layers of `_layers` are put over it, parents first: private scratch folders, a small /dev,
   nothing where services have their sockets and where secrets are, private copies of caches, and
   at last the workspace, which alone keeps what is written;
5. no further namespaces can be made, and /proc is read-only: nothing of this can be taken back;
6. `inside.py` does the rest: limits, no rights, no new rights, and the command.

The mounts that were there before are locked by the kernel here: what they cover stays covered.
"""

import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress

from lsp_agent.sandbox.confining.inside import listen_for_proxy, run_first, tell
from lsp_agent.sandbox.confining.plan import Plan
from lsp_agent.sandbox.kernel import (
    ATTR_NODEV,
    ATTR_NOSUID,
    ATTR_RDONLY,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWPID,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    PR_SET_PDEATHSIG,
    attach_mount,
    clone_mount,
    enter_namespaces,
    forbid_below,
    forbid_below_of,
    forbid_of,
    loopback_up,
    mount,
    prctl,
    write,
)

SCRATCH = ("/tmp", "/var/tmp")  # noqa: S108 - private folders are put over them
SERVICES = ("/run", "/mnt/wsl")
"""Where services of the machine have their sockets."""
DEVICES = ("full", "null", "random", "tty", "urandom", "zero")

_HARMLESS = MS_NOSUID | MS_NODEV
_HARMLESS_TO_USE = ATTR_NOSUID | ATTR_NODEV
_SIGKILL = 9
_ENDED_BEFORE_OTHERS = "800"
"""Of 1000, as the kernel weighs whom to end when memory is short."""
_PROCESS_NUMBERS_ARE_OURS_SINCE = (6, 14)
"""The first Linux where the highest number of a process is a matter of its namespace."""

_Layer = Callable[[str], None]
"""Puts something at a path."""


def main(arguments: Sequence[str]) -> int:
    """Run with a plan and a command."""
    plan = Plan(arguments)
    try:
        enter_namespaces(CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC)
        loopback_up()
    except OSError as error:
        tell(plan.channel_fd, "setup", error)
        return 1
    first = os.fork()
    if first == 0:
        prctl(PR_SET_PDEATHSIG, _SIGKILL)
        _run_inside(plan)
    os.close(plan.channel_fd)
    os.waitpid(first, 0)
    return 0


def _run_inside(plan: Plan) -> None:
    try:
        _build(plan)
        proxy = listen_for_proxy(plan)
    except OSError as error:
        tell(plan.channel_fd, "setup", error)
        os._exit(1)
    run_first(plan, proxy)


def _build(plan: Plan) -> None:
    covers: list[str] = []
    layers = _layers(plan, covers)
    forbid_below("/", ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV)
    mount("proc", "/proc", "proc", _HARMLESS | MS_NOEXEC)
    for path in sorted(layers, key=_depth):
        layers[path](path)
    for path in covers:
        forbid_of(path, ATTR_RDONLY)
    _close_behind_us(plan)


def _layers(plan: Plan, covers: list[str]) -> dict[str, _Layer]:
    """Open all that is needed, and give the layers by their paths.

    The paths of those that stay empty are added to `covers` when they are in place.
    """
    private, root = plan.one("private"), plan.one("root")
    layers: dict[str, _Layer] = {"/dev": _devices(covers)}
    for number, path in enumerate(SCRATCH):
        layers[path] = _mount_of(_made(f"{private}/scratch{number}", 0o1777), _HARMLESS_TO_USE)
    for path in (*SERVICES, *plan.each("hide")):
        layers[path] = _nothing(path, covers)
    for number, path in enumerate(plan.each("cache")):
        with suppress(OSError):  # then it can only be read
            layers[path] = _copy_on_write(path, f"{private}/cache{number}")
    for path in plan.each("program"):
        layers.setdefault(path, _mount_of(path, _HARMLESS_TO_USE | ATTR_RDONLY))
    # The last, for it wins: a workspace may lie in a folder of any other kind, or be one.
    layers[root] = _mount_of(plan.one("shown"), _HARMLESS_TO_USE)
    return layers


def _mount_of(source: str, attributes: int) -> _Layer:
    """Give a layer that is what lies at `source` now."""
    fd = clone_mount(source)
    forbid_below_of(fd, attributes)

    def put(path: str) -> None:
        os.makedirs(path, exist_ok=True)
        attach_mount(fd, path)
        os.close(fd)

    return put


def _nothing(source: str, covers: list[str]) -> _Layer:
    """Give a layer that is an empty folder, or an empty file where there is a file or a socket."""

    def put(path: str) -> None:
        if not os.path.lexists(path):
            return
        if stat.S_ISDIR(os.stat(path).st_mode):
            mount("none", path, "tmpfs", _HARMLESS | MS_NOEXEC, "mode=755,size=1m")
            covers.append(path)
        else:
            attach_mount(fd, path)

    fd = clone_mount("/dev/null")
    return put


def _copy_on_write(source: str, folder: str) -> _Layer:
    """Give a layer that is what lies at `source`, with what is written kept in `folder`."""
    upper, work = _made(f"{folder}/upper", 0o700), _made(f"{folder}/work", 0o700)
    fds = [os.open(path, os.O_PATH | os.O_DIRECTORY) for path in (source, upper, work)]
    below, above, aside = (f"/proc/self/fd/{fd}" for fd in fds)
    options = f"userxattr,volatile,lowerdir={below},upperdir={above},workdir={aside}"
    # Here already, since this needs a folder that can be written, and soon there is none.
    mount("overlay", source, "overlay", _HARMLESS, options)
    for fd in fds:
        os.close(fd)
    return _mount_of(source, _HARMLESS_TO_USE)


def _devices(covers: list[str]) -> _Layer:
    """Give a /dev with the devices that are no way out."""
    fds = {name: clone_mount(f"/dev/{name}") for name in DEVICES}

    def put(path: str) -> None:
        mount("none", path, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=1m")
        covers.append(path)
        for name, fd in fds.items():
            os.close(os.open(f"{path}/{name}", os.O_CREAT | os.O_WRONLY, 0o666))
            attach_mount(fd, f"{path}/{name}")
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            os.symlink(f"/proc/self/fd/{number}", f"{path}/{name}")
        os.symlink("/proc/self/fd", f"{path}/fd")
        os.symlink("pts/ptmx", f"{path}/ptmx")
        for name, kind, options in (
            ("pts", "devpts", "newinstance,ptmxmode=0666,mode=620"),
            ("shm", "tmpfs", "mode=1777,size=25%"),
        ):
            os.mkdir(f"{path}/{name}")
            mount("none", f"{path}/{name}", kind, MS_NOSUID | MS_NOEXEC, options)

    return put


def _close_behind_us(plan: Plan) -> None:
    """Take away the ways to change any of this, and let the kernel end this command first."""
    write("/proc/sys/user/max_user_namespaces", "0")
    write("/proc/self/oom_score_adj", _ENDED_BEFORE_OTHERS)
    if _kernel_version() >= _PROCESS_NUMBERS_ARE_OURS_SINCE:
        # Unlike the limit of a user, this one holds for root as well.
        write("/proc/sys/kernel/pid_max", plan.one("processes"))
    forbid_of("/proc", ATTR_RDONLY)


def _made(folder: str, mode: int) -> str:
    os.makedirs(folder, 0o700)
    os.chmod(folder, mode)
    return folder


def _depth(path: str) -> int:
    return path.count("/")


def _kernel_version() -> tuple[int, ...]:
    return tuple(int(part) for part in os.uname().release.split(".")[:2])
