"""Interpreters, compilers and package managers: only their version is asked for.

A version is LOW where the program lies in a folder of the system, since elsewhere it is often a
manager of versions that reads a file of the workspace, and may fetch or start what that names:
rustup (`rust-toolchain.toml`), pyenv, asdf, mise. `yarn`, `pnpm` and `go` do so by themselves.
"""

from collections.abc import Iterator
from pathlib import Path

from lsp_agent.permissions.shell.invocation import Invocation, ProgramModel
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.checks import Check, found
from lsp_agent.permissions.shell.programs.options import words

_SYSTEM = (Path("/usr"), Path("/bin"), Path("/opt/homebrew"), Path("/nix/store"))

_VERSIONS = {
    "python python3 pip pip3 ruby": words("--version -V -VV"),
    "node npm": words("--version -v"),
    "perl": words("--version -v"),
    "gcc g++ cc c++ clang clang++ make cmake cargo rustc": words("--version -V"),
    "java javac": words("--version -version"),
    "go": words("version"),
    "yarn pnpm": words("--version -v"),
}

_CHOOSES_BY_ITSELF = words("go yarn pnpm")
_MANAGERS = words("rustup mise rtx asdf volta-shim proto shims")
"""Names in the path of what a manager of versions puts in the place of a program."""


def _judge_versions(invocation: Invocation) -> Iterator[Finding]:
    program, arguments = invocation.program, invocation.arguments
    if len(arguments) != 1 or arguments[0] not in _BY_NAME[program]:
        yield found(Check.INTERPRETER, f"{program} is asked for more than its version")
    path = invocation.world.program(program, invocation.cwd)
    if program in _CHOOSES_BY_ITSELF or path is None or not _is_of_system(path):
        yield found(Check.VERSION_MANAGER, f"{program} may be chosen by a file of the workspace")


def _is_of_system(path: Path) -> bool:
    is_managed = not _MANAGERS.isdisjoint(path.parts)
    return not is_managed and any(path.is_relative_to(folder) for folder in _SYSTEM)


_BY_NAME = {name: asked for names, asked in _VERSIONS.items() for name in names.split()}

MODELS = (ProgramModel(names=tuple(_BY_NAME), judge=_judge_versions),)
