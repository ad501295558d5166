"""Other Python language servers, each installed into a virtual environment of its own."""

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from bench.sources import SourceUnavailable, bench_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Competitor:
    """A language server on PyPI."""

    package: str
    version: str
    program: str
    arguments: tuple[str, ...] = ()


COMPETITORS = {
    "ty": Competitor(package="ty", version="0.0.104", program="ty", arguments=("server",)),
    "pyrefly": Competitor(
        package="pyrefly", version="1.4.1", program="pyrefly", arguments=("lsp",)
    ),
    "basedpyright": Competitor(
        package="basedpyright",
        version="1.40.2",
        program="basedpyright-langserver",
        arguments=("--stdio",),
    ),
    "jedi-language-server": Competitor(
        package="jedi-language-server", version="0.47.0", program="jedi-language-server"
    ),
}
"""The versions whose figures were looked at when the goals were set, in November 2026."""


def command_of(name: str) -> tuple[str, ...]:
    """Give the command that starts a server of COMPETITORS, installed if it is not there yet.

    Raises: SourceUnavailable if it cannot be installed.
    """
    competitor = COMPETITORS[name]
    folder = bench_cache() / "servers" / f"{competitor.package}-{competitor.version}"
    program = folder / "bin" / competitor.program
    if not program.exists():
        _install(competitor, folder)
    return (str(program), *competitor.arguments)


def own_command() -> tuple[str, ...]:
    """Give the command that starts our server."""
    return (sys.executable, "-m", "lsp_agent", "lsp")


def _install(competitor: Competitor, folder: Path) -> None:
    venv.create(folder, with_pip=True, clear=True)
    wanted = f"{competitor.package}=={competitor.version}"
    argv = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", wanted)
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SourceUnavailable(f"{wanted} could not be installed: {done.stderr.strip()[-300:]}")
