"""Walls by namespaces of Linux alone: nothing to install, and no root."""

import os
from dataclasses import dataclass

from lsp_agent.sandbox.alone import alone
from lsp_agent.sandbox.confining.scope import Limits, Scope

SINCE = (5, 12)
"""The first Linux where a mount and all below it are made read-only at once."""


@dataclass(frozen=True, slots=True)
class Namespaces:
    """Builds walls with `walls.py`; implements Confinement."""

    name: str = "namespaces of Linux"

    def missing(self) -> str:
        """Say what it lacks on this machine."""
        return "" if version() >= SINCE else f"Linux {SINCE[0]}.{SINCE[1]} or newer is needed"

    def wrap(self, argv: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        """Give the words that run a command inside the walls."""
        places = scope.places
        words = ["root", str(scope.root), "shown", str(scope.shown), "private", str(scope.private)]
        for name, paths in (
            ("hide", places.hidden),
            ("cache", places.caches),
            ("program", places.programs),
        ):
            words += [word for path in paths for word in (name, str(path))]
        return alone("confining.walls", *words, *inner_words(scope), "--", *argv)


def version() -> tuple[int, ...]:
    """Give the version of the kernel, in its first two numbers."""
    return tuple(int(part) for part in os.uname().release.split(".")[:2])


def inner_words(scope: Scope) -> list[str]:
    """Give the part of a plan that `inside.py` reads."""
    words = ["cwd", str(scope.cwd), "channel", str(scope.channel_fd), *_limits(scope.limits)]
    if scope.has_proxy:
        words += ["proxy", "yes"]
    if scope.keeps_file_rights:
        words += ["rights", "files"]
    return words


def _limits(limits: Limits) -> list[str]:
    values = {
        "memory": limits.memory_bytes,
        "file": limits.file_bytes,
        "files": limits.n_open_files,
        "processes": limits.n_processes,
        "cpu": limits.cpu_s,
        "core": 0,
    }
    return [word for name, value in values.items() for word in (name, str(value))]
