"""Walls by bubblewrap, for systems that let no other program make namespaces for users.

It has no private copies of caches, so these can only be read.
"""

from dataclasses import dataclass
from pathlib import Path

from lsp_agent.sandbox.alone import alone
from lsp_agent.sandbox.confining.namespaces import inner_words
from lsp_agent.sandbox.confining.scope import Scope
from mcp_tools.types.errors import ProgramFailed
from mcp_tools.workspace.programs import find_program

PROGRAM = "bwrap"

_SEPARATE = (
    *("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--disable-userns"),
    *("--cap-drop", "ALL", "--die-with-parent", "--as-pid-1"),
)
_SYSTEM = (
    *("--ro-bind", "/", "/", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm"),  # noqa: S108 - a private one
    *("--proc", "/proc", "--tmpfs", "/run"),
    *("--remount-ro", "/dev", "--remount-ro", "/proc", "--remount-ro", "/run"),
)
_SCRATCH = ("/tmp", "/var/tmp")  # noqa: S108 - folders in memory are put over them


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """Builds walls with `bwrap`; implements Confinement."""

    name: str = "bubblewrap"

    def missing(self) -> str:
        """Say what it lacks on this machine."""
        return "" if _found() else "bubblewrap is not installed"

    def wrap(self, argv: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        """Give the words that run a command inside the walls."""
        inside = alone("confining.inside", *inner_words(scope), "--", *argv)
        return (_found() or PROGRAM, *_SEPARATE, *_SYSTEM, *_layers(scope), *inside)


def _found() -> str:
    """Give the path of the program, by absolute entries of PATH alone; empty without it."""
    try:
        return find_program(PROGRAM)
    except ProgramFailed:
        return ""


def _layers(scope: Scope) -> list[str]:
    """Put the layers over each other, parents first; the workspace wins over any other kind."""
    layers: dict[str, list[str]] = {}
    for path in _SCRATCH:
        layers[path] = ["--perms", "1777", "--tmpfs", path]
    for hidden in scope.places.hidden:
        layers[str(hidden)] = _nothing(hidden)
    for program in scope.places.programs:
        layers[str(program)] = ["--ro-bind", str(program), str(program)]
    root = str(scope.root)
    layers[root] = ["--bind", str(scope.shown), root]
    return [word for path in sorted(layers, key=_depth) for word in layers[path]]


def _nothing(path: Path) -> list[str]:
    name = str(path)
    if path.is_dir():
        return ["--tmpfs", name]
    return ["--ro-bind", "/dev/null", name]


def _depth(path: str) -> int:
    return path.count("/")
