"""Running helper programs: what they see, and how they end."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from mcp_tools.types.errors import OutputTooLong, ProgramFailed
from mcp_tools.types.programs import Command
from mcp_tools.workspace.programs import BundledPrograms, find_program
from tests.support.desk import Desk

pytestmark = pytest.mark.asyncio

PYTHON = Path(sys.executable).name


def python(code: str, *arguments: str, cwd: Path, stdin: str = "", timeout_s: float = 5) -> Command:
    argv = (PYTHON, "-c", code, *arguments)
    return Command(argv=argv, cwd=cwd, stdin=stdin, timeout_s=timeout_s)


@pytest.fixture(autouse=True)
def _search_afresh() -> Iterator[None]:
    find_program.cache_clear()
    yield
    find_program.cache_clear()


async def test_a_program_gets_its_input_and_gives_its_output(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdin.read(), sys.argv[1]); print('e', file=sys.stderr); exit(3)"
    completed = await BundledPrograms().run(python(code, "a; b", cwd=tmp_path, stdin="é"))
    assert (completed.exit_code, completed.stdout, completed.stderr) == (3, "é a; b\n", "e\n")


async def test_a_program_runs_in_the_folder_that_was_asked_for(desk: Desk) -> None:
    code = "import os; print(os.getcwd())"
    completed = await BundledPrograms().run(python(code, cwd=desk.root))
    assert completed.stdout == f"{desk.root}\n"


async def test_output_that_is_not_utf8_is_shown_with_marks(tmp_path: Path) -> None:
    code = "import sys; sys.stdout.buffer.write(b'a\\xffb')"
    assert (await BundledPrograms().run(python(code, cwd=tmp_path))).stdout == "a\ufffdb"


async def test_a_program_that_does_not_read_its_input_still_answers(tmp_path: Path) -> None:
    completed = await BundledPrograms().run(
        python("print('done')", cwd=tmp_path, stdin="x" * 1_000_000)
    )
    assert completed.stdout == "done\n"


async def test_a_program_that_prints_without_end_is_ended(tmp_path: Path) -> None:
    code = "import sys, time\nwhile True: sys.stdout.write('x' * 100_000)"
    command = replace(python(code, cwd=tmp_path), max_output_bytes=2**20, timeout_s=60)
    with pytest.raises(OutputTooLong, match="more than 1 MiB; narrow"):
        await BundledPrograms().run(command)


async def test_a_program_may_print_as_much_as_it_is_allowed_to(tmp_path: Path) -> None:
    command = replace(python("print('x' * 99_999)", cwd=tmp_path), max_output_bytes=100_000)
    assert len((await BundledPrograms().run(command)).stdout) == 100_000


async def test_no_key_reaches_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-key")
    monkeypatch.setenv("GITHUB_TOKEN", "secret-token")
    monkeypatch.setenv("LANG", "C.UTF-8")
    code = "import os; print('\\n'.join(f'{k}={v}' for k, v in os.environ.items()))"
    seen = (await BundledPrograms().run(python(code, cwd=tmp_path))).stdout
    assert "secret" not in seen
    assert "PATH=" in seen
    assert "LANG=C.UTF-8" in seen


CHILD = (
    "import socket, sys, time;"
    "c = socket.create_connection(('127.0.0.1', int(sys.argv[1])));"
    "c.send(b'up');"
    "time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time;"
    f"subprocess.Popen([sys.executable, '-c', {CHILD!r}, sys.argv[1]]);"
)
"""A program with a child that says `up` to a port, and stays connected as long as it lives."""


class Lifeline:
    """Listens for the child of a program: its end of the connection closes when it is dead."""

    def __init__(self) -> None:
        self._readers: asyncio.Queue[asyncio.StreamReader] = asyncio.Queue()
        self._writers: list[asyncio.StreamWriter] = []

    async def start(self) -> str:
        """Give the port to connect to."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return str(self._server.sockets[0].getsockname()[1])

    async def child(self) -> asyncio.StreamReader:
        """Wait until the child is up."""
        reader = await self._readers.get()
        assert await reader.readexactly(2) == b"up"
        return reader

    async def close(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.close()
            await writer.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        await self._readers.put(reader)


@pytest_asyncio.fixture
async def lifeline() -> AsyncIterator[Lifeline]:
    lifeline = Lifeline()
    yield lifeline
    await lifeline.close()


async def is_gone(child: asyncio.StreamReader) -> bool:
    try:
        return await child.read(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("then", ["time.sleep(60)", "sys.exit()"])
async def test_cancelling_ends_a_program_and_its_children(
    tmp_path: Path, lifeline: Lifeline, then: str
) -> None:
    command = python(PARENT + then, await lifeline.start(), cwd=tmp_path, timeout_s=60)
    async with asyncio.timeout(5):
        run = asyncio.create_task(BundledPrograms().run(command))
        child = await lifeline.child()
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert await is_gone(child)


async def test_running_out_of_time_ends_a_program_and_its_children(
    tmp_path: Path, lifeline: Lifeline
) -> None:
    port = await lifeline.start()
    command = python(PARENT + "time.sleep(60)", port, cwd=tmp_path, timeout_s=2)
    async with asyncio.timeout(5):
        run = asyncio.create_task(BundledPrograms().run(command))
        child = await lifeline.child()
        with pytest.raises(ProgramFailed, match="did not finish within 2 s; narrow"):
            await run
        assert await is_gone(child)


async def test_a_missing_program_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match=r"'no-such-program' was not found; .* install"):
        await BundledPrograms().run(Command(argv=("no-such-program",), cwd=tmp_path))


@pytest.mark.parametrize("name", ["./tool", "sub/tool", "/bin/sh", "../tool"])
async def test_a_path_is_no_program_name(name: str) -> None:
    with pytest.raises(ProgramFailed, match="expected the bare name"):
        find_program(name)


@pytest.mark.parametrize("entry", [".", "", "bin"])
async def test_a_program_of_the_current_folder_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    (tmp_path / "bin").mkdir()
    for folder in (tmp_path, tmp_path / "bin"):
        (folder / "planted").write_text("#!/bin/sh\n", encoding="utf-8")
        (folder / "planted").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", entry)
    with pytest.raises(ProgramFailed):
        find_program("planted")
    monkeypatch.setenv("PATH", f"{entry}{os.pathsep}{tmp_path / 'bin'}")
    assert find_program("planted") == str(tmp_path / "bin" / "planted")


async def test_what_ships_with_the_product_goes_before_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / PYTHON).write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / PYTHON).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Path(find_program(PYTHON)).parent == Path(sys.executable).parent


@pytest.mark.parametrize(
    ("argument", "folder"),
    [("a\0b", "."), ("x", "missing"), ("\ud800", "."), ("y" * 3_000_000, ".")],
)
async def test_a_program_that_cannot_start_is_an_expected_failure(
    tmp_path: Path, argument: str, folder: str
) -> None:
    with pytest.raises(ProgramFailed, match="could not be started"):
        await BundledPrograms().run(python("", argument, cwd=tmp_path / folder))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can limit a running program")
async def test_a_program_cannot_take_all_memory(tmp_path: Path) -> None:
    code = "import sys; sys.stdin.read(); bytearray(3 * 1024**3)"
    completed = await BundledPrograms().run(python(code, cwd=tmp_path))
    assert completed.exit_code == 1
    assert "MemoryError" in completed.stderr


async def test_a_program_of_the_workspace_on_path_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, outside = tmp_path / "workspace", tmp_path / "outside"
    for folder, said in ((workspace / "bin", "theirs"), (outside, "ours")):
        folder.mkdir(parents=True)
        (folder / "helper-4711").write_text(f"#!/bin/sh\necho {said}\n", encoding="utf-8")
        (folder / "helper-4711").chmod(0o755)
    (tmp_path / "link").symlink_to(workspace / "bin")
    monkeypatch.setenv("PATH", f"{workspace}/bin:{tmp_path}/link:{outside}:/usr/bin:/bin")
    command = Command(argv=("helper-4711",), cwd=workspace)
    assert (await BundledPrograms(workspace).run(command)).stdout == "ours\n"


async def test_the_project_that_we_are_in_has_no_program_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "src").mkdir()
    (tmp_path / "bin" / "helper-4712").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "bin" / "helper-4712").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path / "src")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    with pytest.raises(ProgramFailed, match="was not found"):
        find_program("helper-4712")
    (tmp_path / "pyproject.toml").unlink()
    assert find_program("helper-4712") == f"{tmp_path}/bin/helper-4712"
