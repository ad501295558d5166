"""Running a command to its end: bounded in time and output, and with nothing left behind."""

import asyncio
import os
import shlex
import signal
from codecs import getincrementaldecoder
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from mcp_tools.types.errors import OutOfTime, ProgramFailed
from mcp_tools.types.jobs import OnOutput
from mcp_tools.workspace.programs import RUN_WORDS

MAX_OUTPUT_BYTES = 1024 * 1024
"""Kept of what a command prints: the first half from the start, the other from the end."""

_KEPT_VARIABLES = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LANGUAGE"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"),
    *("VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_ROOT", "CARGO_HOME", "RUSTUP_HOME", "GOPATH"),
    *("GOMODCACHE", "GOROOT", "JAVA_HOME", "NVM_DIR", "SYSTEMROOT"),
)
"""What a shell and the usual tool chains need to find their things; no key and no token."""

_ADDED_VARIABLES = {"TERM": "dumb", "PAGER": "cat", "GIT_PAGER": "cat", "GIT_TERMINAL_PROMPT": "0"}
"""Nobody is there to page, or to answer a question."""

_MIN_SHELL_WORDS = 3
_MAX_LABEL_CHARS = 80
_CHUNK_BYTES = 64 * 1024
_LAST_WORDS_S = 1.0
_END_TIMEOUT_S = 5.0
_QUOTED_CHARS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A process to run."""

    argv: tuple[str, ...]
    name: str
    """What messages call it."""
    cwd: Path
    timeout_s: float
    ends_all_on_request: bool = False
    """When asked to end (SIGTERM), it first ends all that it started, also what left its group."""
    on_output: OnOutput | None = None
    """Is given what it prints as it comes, in whole characters; must not raise."""
    fds: tuple[int, ...] = ()
    """Descriptors that it inherits beside those of its output."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended, and what it printed."""

    exit_code: int
    output: str


def label_of(argv: tuple[str, ...]) -> str:
    """Give a command in one line, for people; of a shell line the line itself."""
    if RUN_WORDS in argv:
        argv = argv[argv.index(RUN_WORDS) + 2 :]
    is_shell = len(argv) >= _MIN_SHELL_WORDS and argv[-2] == "-c"
    line = " ".join((argv[-1] if is_shell else shlex.join(argv)).split())
    return line if len(line) <= _MAX_LABEL_CHARS else f"{line[: _MAX_LABEL_CHARS - 3]}..."


async def run_job(job: Job) -> Ended:
    """Run to the end; when cancelled or out of time, end its whole process group.

    Standard output and error come as one; there is no standard input. What a command leaves
    running in the background ends with it.
    Raises: ProgramFailed.
    """
    kept = _Kept(MAX_OUTPUT_BYTES)
    read_fd, write_fd = os.pipe()
    with os.fdopen(read_fd, "rb", buffering=0) as pipe:
        try:
            process = await _started(job, write_fd)
        finally:
            os.close(write_fd)
        async with _reading(pipe, _Sink(kept, job.on_output)):
            try:
                async with asyncio.timeout(job.timeout_s):
                    exit_code = await process.wait()
            except TimeoutError as error:
                raise OutOfTime(
                    f"{job.name!r} did not finish within {job.timeout_s:g} s and was ended; "
                    f"nothing that it changed is kept; it printed last: {kept.end()!r}",
                    output=kept.end(),
                ) from error
            finally:
                await _end(process, job)
    return Ended(exit_code, kept.text())


async def _started(job: Job, output_fd: int) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *job.argv,
            cwd=job.cwd,
            env=_environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output_fd,
            stderr=output_fd,
            start_new_session=True,
            pass_fds=job.fds,
        )
    except (OSError, ValueError) as error:
        raise ProgramFailed(f"{job.name!r} could not be started: {error}") from error


def command_path() -> str:
    """Give the PATH that commands get."""
    return _environment().get("PATH", os.defpath)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    kept |= {name: value for name, value in os.environ.items() if name.startswith("LC_")}
    return kept | _ADDED_VARIABLES


@asynccontextmanager
async def _reading(pipe: FileIO, sink: "_Sink") -> AsyncGenerator[None]:
    """Read the pipe meanwhile, and a moment longer, in case someone keeps it open."""
    task = asyncio.create_task(_read(pipe, sink))
    try:
        yield
        await asyncio.wait({task}, timeout=_LAST_WORDS_S)
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _read(pipe: FileIO, sink: "_Sink") -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        while chunk := await reader.read(_CHUNK_BYTES):
            sink.add(chunk)
    finally:
        sink.end()
        transport.close()


async def _end(process: asyncio.subprocess.Process, job: Job) -> None:
    """End the process and all that it started, as far as it is still there."""
    try:
        if job.ends_all_on_request and process.returncode is None:
            process.terminate()
            with suppress(TimeoutError):
                async with asyncio.timeout(_END_TIMEOUT_S):
                    await process.wait()
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


class _Sink:
    """Where what is read goes: it is kept, and told as text."""

    def __init__(self, kept: "_Kept", on_output: OnOutput | None) -> None:
        self._kept = kept
        self._on_output = on_output
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def add(self, chunk: bytes) -> None:
        self._kept.add(chunk)
        self._tell(chunk)

    def end(self) -> None:
        self._tell(b"", is_end=True)

    def _tell(self, chunk: bytes, *, is_end: bool = False) -> None:
        if self._on_output is not None and (text := self._decoder.decode(chunk, final=is_end)):
            self._on_output(text)


class _Kept:
    """The start and the end of a stream of bytes."""

    def __init__(self, max_bytes: int) -> None:
        self._half = max_bytes // 2
        self._head = bytearray()
        self._tail = bytearray()
        self._n_left_out = 0

    def add(self, chunk: bytes) -> None:
        n_head = self._half - len(self._head)
        self._head += chunk[:n_head]
        self._tail += chunk[n_head:]
        n_over = len(self._tail) - self._half
        # Not at every chunk: what is cut off is moved over.
        if n_over > self._half:
            self._cut(n_over)

    def text(self) -> str:
        n_over = len(self._tail) - self._half
        if n_over > 0:
            self._cut(n_over)
        if not self._n_left_out:
            return (self._head + self._tail).decode("utf-8", "replace")
        head, tail = (part.decode("utf-8", "replace") for part in (self._head, self._tail))
        return f"{head}\n[... {self._n_left_out} bytes left out ...]\n{tail}"

    def end(self) -> str:
        return self.text()[-_QUOTED_CHARS:]

    def _cut(self, n_bytes: int) -> None:
        del self._tail[:n_bytes]
        self._n_left_out += n_bytes
