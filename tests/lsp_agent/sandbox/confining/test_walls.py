"""What a command finds inside the walls: all that it needs, within limits."""

import os
import signal
import sys
from dataclasses import replace

import pytest
import pytest_asyncio

from lsp_agent.sandbox.confining.around import Surroundings, Walls
from lsp_agent.sandbox.confining.hosts import allowed_hosts
from lsp_agent.sandbox.confining.namespaces import Namespaces
from lsp_agent.sandbox.confining.scope import Limits
from lsp_agent.sandbox.overlay import run_in_overlay
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.errors import OutOfTime, ProgramFailed
from tests.lsp_agent.sandbox.views import Bench, need_overlay

pytestmark = pytest.mark.asyncio

MIB = 1024 * 1024


class Inside:
    """A workspace, and commands inside walls."""

    def __init__(self, bench: Bench) -> None:
        """Take the workspace."""
        self.bench = bench
        self.walls = Walls(confinement=Namespaces(), scratch=bench.folder / "scratch")

    async def run(self, line: str, *, walls: Walls | None = None, **limits: int) -> CommandResult:
        """Run a shell line."""
        walls = walls or replace(self.walls, limits=Limits(**limits))
        return await self.run_command(self.bench.command(line), walls)

    async def run_command(self, command: ShellCommand, walls: Walls) -> CommandResult:
        """Run a command."""
        bench, surroundings = self.bench, Surroundings(enclosure=walls)
        return await run_in_overlay(command, bench.snapshot(), bench.place, surroundings)

    async def python(self, code: str, **limits: int) -> CommandResult:
        """Run some lines of Python."""
        self.bench.write("code.py", code)
        return await self.run(f"{sys.executable} code.py", walls=None, **limits)


@pytest_asyncio.fixture
async def inside(bench: Bench) -> Inside:
    """Give a workspace whose commands run inside walls."""
    await need_overlay(bench.place)
    if problem := Namespaces().missing():
        pytest.skip(problem)
    return Inside(bench)


@pytest.mark.parametrize(
    ("line", "exit_code"), [("exit 7", 7), ("kill -9 $$", -9), ("kill -15 $$", -15), ("true", 0)]
)
async def test_the_exit_code_is_the_commands(inside: Inside, line: str, exit_code: int) -> None:
    assert (await inside.run(line)).exit_code == exit_code


async def test_what_is_typed_is_seen_and_what_is_written_comes_back(inside: Inside) -> None:
    inside.bench.write("a.py", "disk\n")
    inside.bench.type("a.py", "typed\n")
    result = await inside.run(f"cat {inside.bench.root}/a.py; echo new > b.py; rm a.py")
    assert result.output == "typed\n"
    assert [path.name for path in result.changes.paths] == ["a.py", "b.py"]


async def test_a_program_that_cannot_start_says_so(inside: Inside) -> None:
    command = ShellCommand(argv=("./nothing",), cwd=inside.bench.root)
    with pytest.raises(ProgramFailed, match=r"could not be started: ./nothing: No such file"):
        await inside.run_command(command, inside.walls)


async def test_it_ends_when_its_time_is_over_and_leaves_no_folder(inside: Inside) -> None:
    command = inside.bench.command("setsid sleep 60 & sleep 60", timeout_s=1)
    with pytest.raises(OutOfTime):
        await inside.run_command(command, inside.walls)
    assert list(inside.bench.place.iterdir()) == []
    assert list((inside.bench.folder / "scratch").iterdir()) == []


async def test_scratch_files_can_be_written_and_are_lost(inside: Inside) -> None:
    line = 'cd /; echo x > "$TMPDIR/a"; mktemp; cat /tmp/a; echo y > /dev/shm/b; cat /dev/shm/b'
    output = (await inside.run(line)).output.split()
    assert output[0].startswith("/tmp/")
    assert output[1:] == ["x", "y"]
    assert "a" not in (await inside.run("ls /tmp /dev/shm")).output.split()


async def test_caches_can_be_read_and_written_and_stay_as_they_are(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = inside.bench.folder / "home"
    cache = home / ".cargo" / "registry"
    cache.mkdir(parents=True)
    (cache / "crate").write_text("kept\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    walls = replace(inside.walls, also_hidden=())
    result = await inside.run(
        "cd ~/.cargo/registry && cat crate; echo x > crate; cat crate", walls=walls
    )
    assert result.output == "kept\nx\n"
    assert (cache / "crate").read_text(encoding="utf-8") == "kept\n"


async def test_the_devices_that_programs_use_are_there(inside: Inside) -> None:
    line = (
        "echo x > /dev/null; echo err > /dev/stderr; head -c 4 /dev/urandom | wc -c; "
        "head -c 2 /dev/zero | wc -c; ls /dev | tr '\\n' ' '"
    )
    devices = "fd full null ptmx pts random shm stderr stdin stdout tty urandom zero "
    assert (await inside.run(line)).output == f"err\n4\n2\n{devices}"


async def test_a_server_of_its_own_can_be_reached(inside: Inside) -> None:
    code = (
        "import socket as s\na = s.create_server(('127.0.0.1', 0))\n"
        "b = s.create_connection(a.getsockname(), 2)\nprint('reached')\n"
    )
    assert (await inside.python(code)).output == "reached\n"


async def test_a_file_has_a_largest_size(inside: Inside) -> None:
    result = await inside.run("head -c 3000000 /dev/zero > big", file_bytes=MIB)
    assert (inside.bench.root / "big").exists() is False
    assert result.exit_code != 0


async def test_a_process_has_a_largest_memory(inside: Inside) -> None:
    result = await inside.python("x = bytearray(600 * 1024 * 1024)", memory_bytes=300 * MIB)
    assert "MemoryError" in result.output


async def test_a_process_has_so_many_files(inside: Inside) -> None:
    code = "x = [open('/dev/null') for _ in range(100)]"
    assert "Too many open files" in (await inside.python(code, n_open_files=50)).output


async def test_a_process_has_so_much_time_of_the_processor(inside: Inside) -> None:
    result = await inside.run("while :; do :; done", cpu_s=1)
    assert result.exit_code in (-signal.SIGKILL, -signal.SIGXCPU)


async def test_there_are_so_many_processes(inside: Inside) -> None:
    if os.geteuid() == 0 and _kernel() < (6, 14):
        pytest.skip("before Linux 6.14 the limit does not hold for root")
    code = (
        "import os, signal\nn = 0\ntry:\n    while n < 1000:\n"
        "        if os.fork() == 0:\n            signal.pause()\n        n += 1\n"
        "except OSError as error:\n    print('at most', n < 500)\n"
    )
    assert (await inside.python(code, n_processes=310)).output == "at most True\n"


async def test_hosts_are_called_by_the_proxy_or_not_at_all(inside: Inside) -> None:
    code = (
        "import urllib.request, urllib.error\n"
        "for name in ('good.example', 'evil.example'):\n    try:\n"
        "        print(urllib.request.urlopen(f'http://{name}/').read())\n"
        "    except urllib.error.HTTPError as error:\n        print(error.code, error.read())\n"
    )
    inside.bench.write("code.py", code)
    walls = replace(inside.walls, hosts=allowed_hosts(("good.example",)))
    output = (await inside.run(f"{sys.executable} code.py", walls=walls)).output
    assert "good.example was not found" in output
    assert "evil.example is not one of allowed_hosts" in output


def _kernel() -> tuple[int, ...]:
    return tuple(int(part) for part in os.uname().release.split(".")[:2])
