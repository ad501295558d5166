"""Running the program of a hook: no shell, few variables, bounded in time and output."""

import asyncio
import os
import shutil
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.hooks.answers import HookFailed

MAX_OUTPUT_BYTES = 256 * 1024
"""Of each, standard output and error; a program that prints more is ended."""

_KEPT_VARIABLES = (
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "SYSTEMROOT"),
)
"""What programs need to find their things; no key and no token."""

_CHUNK_BYTES = 64 * 1024
_LAST_WORDS_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run."""

    argv: tuple[str, ...]
    """The first is a bare name, or a path; a relative one begins at `folder`."""
    folder: Path
    not_below: Path
    """A bare name is not looked for in here."""


@dataclass(frozen=True, slots=True)
class Printed:
    """How a program ended, and what it printed."""

    exit_code: int
    stdout: bytes
    stderr: bytes


async def run_program(program: Program, stdin: bytes) -> Printed:
    """Run to the end; whatever ends this also ends the program, with all of its process group.

    Raises: HookFailed if it cannot be started, or prints too much.
    """
    process = await _started(program)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        _, stdout, stderr = await asyncio.gather(
            _feed(process.stdin, stdin),
            _read(process, process.stdout),
            _read(process, process.stderr),
        )
        exit_code = await process.wait()
    finally:
        await _end(process)
    if stdout is None or stderr is None:
        raise HookFailed(f"it printed more than {MAX_OUTPUT_BYTES // 1024} KiB")
    return Printed(exit_code, stdout, stderr)


async def _started(program: Program) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            _path_of(program),
            *program.argv[1:],
            cwd=program.folder,
            env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        raise HookFailed(f"{program.argv[0]!r} could not be started: {error}") from error


def _path_of(program: Program) -> str:
    name = program.argv[0]
    if os.path.basename(name) != name:
        return str(program.folder / name)
    found = shutil.which(name, path=os.pathsep.join(_search_path(program.not_below)))
    if found is None:
        raise HookFailed(f"the program {name!r} is not installed outside of the workspace")
    return found


def _search_path(not_below: Path) -> list[str]:
    """Give PATH without the workspace, and without what depends on the current folder."""
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [
        entry
        for entry in entries
        if os.path.isabs(entry) and not Path(os.path.realpath(entry)).is_relative_to(not_below)
    ]


async def _feed(stream: asyncio.StreamWriter, data: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # it need not read its input
        stream.write(data)
        await stream.drain()
    stream.close()


async def _read(process: asyncio.subprocess.Process, stream: asyncio.StreamReader) -> bytes | None:
    """Read to the end; end the program, and give None, when that is too much."""
    found = bytearray()
    is_too_much = False
    while piece := await stream.read(_CHUNK_BYTES):
        is_too_much = is_too_much or len(found) + len(piece) > MAX_OUTPUT_BYTES
        if is_too_much:  # Its end is read, too: a pipe that nobody reads stays open.
            _kill_group(process)
        else:
            found += piece
    return None if is_too_much else bytes(found)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the program, and what it has started; let go of its pipes."""
    # It may have ended while something that it started goes on.
    _kill_group(process)
    await process.wait()
    # What has left the group may hold the pipes; it is not waited for.
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORDS_S):
            await process.communicate()


def _kill_group(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
