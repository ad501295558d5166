"""Running the helper programs that are installed with the product."""

import asyncio
import importlib
import os
import shutil
import signal
import sys
import sysconfig
from contextlib import suppress
from functools import cache
from pathlib import Path

from mcp_tools.types.errors import ProgramFailed
from mcp_tools.types.programs import Command, Completed

_RESOURCE = importlib.import_module("resource") if sys.platform == "linux" else None

_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CONFIG_HOME", "SYSTEMROOT")
"""Enough for the programs and the user's own settings of them; no key and no token."""

_LAST_WORDS_S = 1.0

_MAX_DATA_BYTES = 2 * 1024**3
"""What a program may allocate: a folder can make ruff and ripgrep read a file without an end."""


class BundledPrograms:
    """Finds a program beside our own interpreter before it looks on PATH; implements Programs."""

    async def run(self, command: Command) -> Completed:
        """Run to the end; when cancelled or out of time, kill the whole process group.

        Raises: ProgramFailed.
        """
        process = await _started(command)
        is_done = False
        try:
            async with asyncio.timeout(command.timeout_s):
                stdout, stderr = await process.communicate(
                    command.stdin.encode("utf-8", "surrogatepass")
                )
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


@cache
def find_program(name: str) -> str:
    """Give the absolute path of a helper program.

    Raises: ProgramFailed if it is not installed, or `name` is a path.
    """
    if os.path.basename(name) != name:
        raise ProgramFailed(f"expected the bare name of a program, got {name!r}")
    folders = [Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))]
    user_scheme = sysconfig.get_preferred_scheme("user")
    folders.append(Path(sysconfig.get_path("scripts", scheme=user_scheme)))
    search = os.pathsep.join([*map(str, folders), *_absolute_path_entries()])
    found = shutil.which(name, path=search)
    if found is None:
        raise ProgramFailed(
            f"the program {name!r} was not found; it comes with lsp-agent, so install that again"
        )
    return found


async def _started(command: Command) -> asyncio.subprocess.Process:
    argv = (find_program(command.argv[0]), *command.argv[1:])
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
    """Give PATH without relative entries: those would be found in whatever folder is current."""
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [entry for entry in entries if os.path.isabs(entry)]


async def _kill(process: asyncio.subprocess.Process) -> None:
    """End the program and its children, and let go of its pipes."""
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    await process.wait()
    # They end now, unless a child has left the group and holds them; that one is not waited for.
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORDS_S):
            await process.communicate()
