"""Running the helper programs that are installed with the product."""

import asyncio
import importlib
import os
import shutil
import signal
import sys
import sysconfig
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from mcp_tools.types.errors import OutputTooLong, ProgramFailed
from mcp_tools.types.programs import Command, Completed
from mcp_tools.workspace.paths import ROOT_MARKERS, is_project_root, project_root

_RESOURCE = importlib.import_module("resource") if sys.platform == "linux" else None

_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CONFIG_HOME", "SYSTEMROOT")
"""Enough for the programs and the user's own settings of them; no key and no token."""

RUN_WORDS = '"$@"'
"""A shell line that is the words after it."""

_LAST_WORDS_S = 1.0
_CHUNK_BYTES = 256 * 1024

_MAX_DATA_BYTES = 2 * 1024**3
"""What a program may allocate: a folder can make ruff and ripgrep read a file without an end."""


class BundledPrograms:
    """Finds a program beside our own interpreter before it looks on PATH; implements Programs."""

    def __init__(self, workspace: Path | None = None) -> None:
        """Leave out what PATH has of `workspace`: a repository brings its own programs there."""
        self._workspace = workspace

    async def run(self, command: Command) -> Completed:
        """Run to the end; when cancelled or out of time, kill the whole process group.

        Raises: ProgramFailed; OutputTooLong.
        """
        process = await _started(command, self._workspace)
        is_done = False
        try:
            async with asyncio.timeout(command.timeout_s):
                stdout, stderr = await _communicated(process, command)
            is_done = True
        except TimeoutError as error:
            raise ProgramFailed(
                f"{command.argv[0]} did not finish within {command.timeout_s:g} s; "
                "narrow the question, for instance to a folder"
            ) from error
        finally:
            # The program itself may have ended while a child of it still holds the pipes.
            if not is_done:
                await _kill(process)
        return Completed(
            exit_code=process.returncode or 0,
            stdout=stdout.decode("utf-8", "replace"),
            stderr=stderr.decode("utf-8", "replace"),
        )


async def _communicated(
    process: asyncio.subprocess.Process, command: Command
) -> tuple[bytes, bytes]:
    """Give a program its input, and take its output.

    Raises: OutputTooLong.
    """
    assert process.stdout is not None
    assert process.stderr is not None
    _, stdout, stderr = await asyncio.gather(
        _feed(process, command.stdin.encode("utf-8", "surrogatepass")),
        _read(process, process.stdout, command.max_output_bytes),
        _read(process, process.stderr, command.max_output_bytes),
    )
    await process.wait()
    if stdout is None or stderr is None:
        raise OutputTooLong(
            f"{command.argv[0]} printed more than {command.max_output_bytes // 1024**2} MiB; "
            "narrow the question, for instance to a folder"
        )
    return stdout, stderr


async def _feed(process: asyncio.subprocess.Process, data: bytes) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):  # it need not read its input
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()


async def _read(
    process: asyncio.subprocess.Process, stream: asyncio.StreamReader, max_bytes: int
) -> bytes | None:
    """Read to the end; end the program, and give None, when that is too much."""
    parts: list[bytes] = []
    n_bytes = 0
    while part := await stream.read(_CHUNK_BYTES):
        n_bytes += len(part)
        if n_bytes <= max_bytes:
            parts.append(part)
        else:  # Its end is read, too: a pipe that nobody reads stays open.
            parts.clear()
            _kill_all_of(process)
    return None if n_bytes > max_bytes else b"".join(parts)


def shell_argv(line: str) -> tuple[str, ...]:
    """Give what runs a shell line: bash without start-up files, or else the plain shell."""
    return (*_shell(), "-c", line)


def words_argv(words: Sequence[str]) -> tuple[str, ...]:
    """Give what runs a program with its words as that shell would, which parses none of them.

    Unlike without a shell, PWD is set, and a missing program is an exit code of 127.
    """
    return (*_shell(), "-c", RUN_WORDS, "sh", *words)


@cache
def find_program(
    name: str, *, not_below: Path | None = None, not_on_path_below: Path | None = None
) -> str:
    """Give the absolute path of a helper program.

    One that lies below the folder `not_below` does not count, and below `not_on_path_below` only
    one that is installed with us does.
    Raises: ProgramFailed if it is not installed, or `name` is a path.
    """
    if os.path.basename(name) != name:
        raise ProgramFailed(f"expected the bare name of a program, got {name!r}")
    folders = [Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))]
    user_scheme = sysconfig.get_preferred_scheme("user")
    folders.append(Path(sysconfig.get_path("scripts", scheme=user_scheme)))
    on_path = _absolute_path_entries()
    if not_on_path_below is not None:
        on_path = [entry for entry in on_path if not _is_below(Path(entry), not_on_path_below)]
    entries = [*map(str, folders), *on_path]
    if not_below is not None:
        entries = [entry for entry in entries if not _is_below(Path(entry), not_below)]
    found = shutil.which(name, path=os.pathsep.join(entries))
    if found is not None and not_below is not None and _is_below(Path(found), not_below):
        found = None
    if found is None and not_below is not None:
        raise ProgramFailed(f"the program {name!r} is not installed outside of the workspace")
    if found is None:
        raise ProgramFailed(
            f"the program {name!r} was not found; it comes with lsp-agent, so install that again"
        )
    return found


@cache
def _shell() -> tuple[str, ...]:
    found = shutil.which("bash", path=os.pathsep.join(_absolute_path_entries()))
    return ("/bin/sh",) if found is None else (found, "--noprofile", "--norc")


def _is_below(path: Path, folder: Path) -> bool:
    """Tell whether a path, by its name or by where its links lead, lies in a folder."""
    return any(folder in (each, *each.parents) for each in (path, path.resolve()))


async def _started(command: Command, workspace: Path | None) -> asyncio.subprocess.Process:
    program = find_program(
        command.argv[0], not_below=command.not_below, not_on_path_below=workspace
    )
    argv = (program, *command.argv[1:])
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=command.cwd,
            env={k: os.environ[k] for k in _KEPT_VARIABLES if k in os.environ},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        # A folder that is gone, an argument with a NUL character, a list of them that is too long.
        raise ProgramFailed(f"{command.argv[0]} could not be started: {error}") from error
    _limit_memory(process.pid)
    return process


def _limit_memory(pid: int) -> None:
    """Bound what a program allocates; mapped files do not count. Only Linux can do it."""
    if _RESOURCE is not None:
        # The program may have ended; an administrator may have set a lower limit.
        with suppress(OSError, ValueError):
            limits = (_MAX_DATA_BYTES, _MAX_DATA_BYTES)
            _RESOURCE.prlimit(pid, _RESOURCE.RLIMIT_DATA, limits)


def _absolute_path_entries() -> list[str]:
    """Give PATH without what lies in the folder that is current, or in its project.

    Relative entries do, and so may absolute ones: `node_modules/.bin`, `.venv/bin`.
    """
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    here = _current_project()
    return [
        entry
        for entry in entries
        if os.path.isabs(entry) and (here is None or not _is_below(Path(entry), here))
    ]


def _current_project() -> Path | None:
    """Give the project that the current folder lies in; None if it lies in none, or is gone."""
    try:
        root = project_root(Path.cwd())
    except OSError:
        return None
    is_project = any(os.path.lexists(root / marker) for marker in ROOT_MARKERS)
    return root if is_project and is_project_root(root) else None


def _kill_all_of(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


async def _kill(process: asyncio.subprocess.Process) -> None:
    """End the program and its children, and let go of its pipes."""
    _kill_all_of(process)
    await process.wait()
    # They end now, unless a child has left the group and holds them; that one is not waited for.
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORDS_S):
            await process.communicate()
