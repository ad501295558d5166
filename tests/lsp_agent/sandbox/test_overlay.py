"""The overlay: a command sees the top layer where the files are, and leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from lsp_agent.sandbox.overlay import overlay_problem
from lsp_agent.sandbox.private import private_folder
from mcp_tools.types.commands import ShellCommand
from mcp_tools.types.contents import Binary, Folder, Link
from mcp_tools.types.errors import CannotShow, ProgramFailed
from tests.lsp_agent.sandbox.trees import fill, stamps
from tests.lsp_agent.sandbox.views import OVERLAY, Bench, first_of, need_overlay

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture(autouse=True)
async def _overlay(bench: Bench) -> None:
    await need_overlay(bench.place)


async def test_buffers_and_proposals_are_seen_by_relative_and_absolute_paths(bench: Bench) -> None:
    bench.write("a.py", "disk\n")
    bench.write("deep/er/b.py", "disk\n")
    bench.write("gone.py", "disk\n")
    bench.write("same.py", "disk\n")
    bench.type("a.py", "typed\n")
    bench.create("new/er/c.py", "proposed\n")
    bench.type("deep/er/b.py", "typed, too\n")
    bench.delete("gone.py", "disk\n")
    names = ("a.py", "deep/er/b.py", "new/er/c.py", "same.py")
    relative = await bench.run(OVERLAY, f"cat {' '.join(names)}; ls")
    absolute = await bench.run(
        OVERLAY, f"cd /; cat {' '.join(f'{bench.root}/{name}' for name in names)}; ls {bench.root}"
    )
    shown = "typed\ntyped, too\nproposed\ndisk\na.py\ndeep\nnew\nsame.py\n"
    assert (relative.output, absolute.output) == (shown, shown)
    assert (bench.root / "a.py").read_text(encoding="utf-8") == "disk\n"


async def test_links_folders_and_bytes_of_a_proposal_are_seen(bench: Bench) -> None:
    bench.write("file", "disk\n")
    bench.write("folder/x", "disk\n")
    bench.put("link", None, Link("file"))
    bench.put("empty", None, Folder())
    bench.put("bytes", None, Binary(b"a\0b"))
    bench.put("file", "disk\n", Folder())
    bench.create("file/inner", "in it\n")
    line = "readlink link; ls -F; od -An -c bytes; cat file/inner"
    output = (await bench.run(OVERLAY, line)).output
    assert "".join(output.split()) == "filebytesempty/file/folder/link@a\\0binit"


async def test_a_removed_folder_is_gone_with_all_in_it(bench: Bench) -> None:
    bench.write("d/e/x", "x\n")
    bench.write("stays", "y\n")
    bench.delete("d/e/x", "x\n")
    bench.put("d/e", Folder(), None)
    bench.put("d", Folder(), None)
    assert (await bench.run(OVERLAY, "ls -A")).output == "stays\n"


async def test_modes_and_times_of_folders_are_as_on_disk(bench: Bench) -> None:
    bench.write("d/a.py", "disk\n")
    (bench.root / "d").chmod(0o750)
    bench.root.chmod(0o711)
    bench.type("d/a.py", "typed\n")
    seen = (await bench.run(OVERLAY, "stat -c '%a' . d d/a.py; stat -c '%Y' d")).output.split()
    assert seen[:3] == ["711", "750", "644"]
    assert int(seen[3]) == int((bench.root / "d").stat().st_mtime)


async def test_the_real_tree_is_untouched(bench: Bench) -> None:
    fill(bench.root)
    bench.type("main.py", "typed\n")
    before = stamps(bench.root)
    line = "find . -type f -exec sh -c 'echo x >> \"$1\"' - {} ';'; chmod -R 700 .; rm -r package"
    result = await bench.run(OVERLAY, line)
    assert result.changes.files
    assert stamps(bench.root) == before


@pytest.mark.parametrize(
    "name",
    ["a:b", "a,b", "a b", "a\\b", "a'\"b", "a\nb", "é", "lowerdir=x,upperdir=y:z", "%s$HOME"],
)
async def test_any_name_of_the_root_will_do(tmp_path: Path, name: str) -> None:
    bench = Bench(tmp_path, name=name)
    bench.place = tmp_path / f"cache {name}" / "views"
    bench.write("a.py", "disk\n")
    bench.type("a.py", "typed\n")
    result = await bench.run(OVERLAY, "cat a.py; echo new > b.py; pwd")
    assert result.output == f"typed\n{bench.root}\n"
    assert [change.path for change in result.changes.files] == [bench.root / "b.py"]


async def test_a_root_whose_name_is_not_text_will_do(tmp_path: Path) -> None:
    bench = Bench(tmp_path, name=os.fsdecode(b"a\xffb"))
    bench.write("a.py", "disk\n")
    bench.type("a.py", "typed\n")
    result = await bench.run(OVERLAY, "cat a.py; echo new > b.py")
    assert result.output == "typed\n"
    assert [change.path for change in result.changes.files] == [bench.root / "b.py"]


async def test_a_command_runs_in_a_folder_that_is_only_proposed(bench: Bench) -> None:
    bench.create("new/a.py", "proposed\n")
    result = await bench.run_command(OVERLAY, bench.command("pwd; cat a.py", cwd="new"))
    assert result.output == f"{bench.root}/new\nproposed\n"


@pytest.mark.parametrize(
    ("line", "exit_code"), [("exit 7", 7), ("kill -9 $$", -9), ("kill -15 $$", -15), ("true", 0)]
)
async def test_the_exit_code_is_the_commands(bench: Bench, line: str, exit_code: int) -> None:
    assert (await bench.run(OVERLAY, line)).exit_code == exit_code


async def test_signals_are_as_a_shell_has_them(bench: Bench) -> None:
    """Python ignores some, and what it starts would do so, too."""
    result = await bench.run(OVERLAY, "grep -E 'Sig(Blk|Ign)' /proc/self/status")
    masks = [int(line.split()[1], 16) for line in result.output.splitlines()]
    # 32 and 33 are the C library's own, and stay as whoever started the tests had them.
    own = 1 << 31 | 1 << 32
    assert [mask & ~own for mask in masks] == [0, 0]


async def test_a_user_keeps_their_name_and_rights(bench: Bench) -> None:
    line = "id -u; id -g; touch a; stat -c '%u %g' a"
    uid, gid = os.getuid(), os.getgid()
    assert (await bench.run(OVERLAY, line)).output == f"{uid}\n{gid}\n{uid} {gid}\n"


async def test_the_overlay_cannot_be_taken_off(bench: Bench) -> None:
    bench.write("a.py", "disk\n")
    bench.type("a.py", "typed\n")
    result = await bench.run(OVERLAY, f"cd /; umount {bench.root} 2>&1; cat {bench.root}/a.py")
    assert result.output.endswith("typed\n")


async def test_what_runs_on_in_the_background_ends_with_the_command(bench: Bench) -> None:
    alive = bench.signal("alive")
    line = f"(exec 9> {alive.path}; echo up >&9; setsid sleep 60 & exec sleep 60) & echo done"
    waiting = asyncio.ensure_future(alive.read())
    assert (await bench.run(OVERLAY, line)).output == "done\n"
    # It may have ended before it opened the pipe.
    alive.release()
    assert await waiting in ("", "up\n")


async def test_a_command_out_of_time_leaves_no_process_and_no_folder(bench: Bench) -> None:
    alive = bench.signal("alive")
    line = (
        f"exec 9> {alive.path}; echo up >&9; echo last words;"
        " sleep 60 & setsid sleep 60 & (setsid sh -c 'trap : TERM; sleep 60; sleep 60' &); wait"
    )
    waiting = asyncio.ensure_future(alive.read())
    with pytest.raises(ProgramFailed, match=r"did not finish within 2 s .* 'last words\\n'"):
        await bench.run_command(OVERLAY, bench.command(line, timeout_s=2))
    assert await waiting == "up\n"
    assert list(bench.place.iterdir()) == []
    mounts = await asyncio.to_thread(Path("/proc/self/mountinfo").read_text, encoding="utf-8")
    assert str(bench.root) not in mounts


async def test_a_cancelled_command_leaves_no_process_and_no_folder(bench: Bench) -> None:
    up, alive = bench.signal("up"), bench.signal("alive")
    line = f"exec 9> {alive.path}; echo up > {up.path}; setsid sleep 60 & sleep 60"
    waiting = asyncio.ensure_future(alive.read())
    running = asyncio.create_task(bench.run(OVERLAY, line))
    await first_of(running, up.read())
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await waiting == ""
    assert list(bench.place.iterdir()) == []


async def test_killing_us_ends_the_command_and_the_next_start_clears_up(bench: Bench) -> None:
    up, alive = bench.signal("up"), bench.signal("alive")
    script = bench.folder / "agent.py"
    line = f"exec 9> {alive.path}; echo up > {up.path}; setsid sleep 60 & sleep 60"
    script.write_text(_AGENT, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(script), str(bench.root), str(bench.place), line)
    )
    waiting = asyncio.ensure_future(alive.read())
    try:
        await up.read()
    finally:
        process.kill()
        await asyncio.wait_for(process.wait(), 5)
    assert await waiting == ""
    assert [path.name for path in bench.place.iterdir() if path.is_dir()]
    async with private_folder(bench.place) as folder:
        assert [path for path in bench.place.iterdir() if path.is_dir()] == [folder]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            ("./no-such-program",),
            "could not be started: ./no-such-program: No such file.*directory$",
        ),
        (("./a.py",), "could not be started: ./a.py: Permission denied$"),
        (("/bin/echo", "\ud800"), "could not be started"),
        (("/bin/echo", "a\0b"), "could not be started"),
    ],
)
async def test_a_program_that_cannot_start_says_so(
    bench: Bench, argv: tuple[str, ...], message: str
) -> None:
    bench.write("a.py", "disk\n")
    with pytest.raises(ProgramFailed, match=message):
        await bench.run_command(OVERLAY, ShellCommand(argv=argv, cwd=bench.root))


async def test_a_folder_that_is_not_there_is_an_expected_failure(bench: Bench) -> None:
    with pytest.raises(ProgramFailed, match=r"could not be started: .*missing"):
        await bench.run_command(OVERLAY, bench.command("true", cwd="missing"))


async def test_a_command_that_is_killed_from_outside_says_so(bench: Bench) -> None:
    up = bench.signal("up")
    running = asyncio.create_task(bench.run(OVERLAY, f"echo up > {up.path}; sleep 60"))
    await first_of(running, up.read())
    for pid in await asyncio.to_thread(_processes_naming, str(bench.place)):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ProgramFailed, match="was killed from outside"):
        await running


async def test_a_workspace_of_another_group_is_not_laid_over(bench: Bench) -> None:
    others = [group for group in os.getgroups() if group != os.getegid()]
    if os.geteuid() == 0 or not others:
        pytest.skip("root knows every group; others may have only one")
    os.chown(bench.root, -1, others[0])
    with pytest.raises(CannotShow, match="belongs to another user or group"):
        await bench.run(OVERLAY, "true")


async def test_a_name_that_no_disk_takes_cannot_be_shown(bench: Bench) -> None:
    bench.type("x" * 300, "typed\n")
    with pytest.raises(CannotShow, match=r"the top layer cannot be laid out: .*name too long"):
        await bench.run(OVERLAY, "true")


async def test_nothing_of_the_view_is_open_in_the_command(bench: Bench) -> None:
    line = "for n in 0 1 2 3 4 5 6 7 8 9; do test -e /proc/$$/fd/$n && echo $n; done"
    assert (await bench.run(OVERLAY, line)).output == "0\n1\n2\n"


async def test_it_sees_only_its_own_processes(bench: Bench) -> None:
    line = "cd /proc; set -- [0-9]*; echo $# $$"
    assert (await bench.run(OVERLAY, line)).output == "2 2\n"


async def test_a_private_folder_in_the_root_cannot_be_laid_over_it(bench: Bench) -> None:
    bench.place = bench.root / "cache"
    bench.write("a.py", "disk\n")
    with pytest.raises(CannotShow, match="mount overlay"):
        await bench.run(OVERLAY, "true")


async def test_a_file_system_mounted_in_the_root_is_named(bench: Bench) -> None:
    """Tried by one who may mount: in a namespace of its own, so that nothing stays mounted."""
    (bench.root / "in side").mkdir()
    mount = ["mount", "-t", "tmpfs", "none", str(bench.root / "in side")]
    script = bench.folder / "agent.py"
    script.write_text(_AGENT, encoding="utf-8")
    agent = [sys.executable, str(script), str(bench.root), str(bench.place), "true"]
    code = f"import subprocess as s; s.run({mount!r}, check=True); s.run({agent!r})"
    process = await asyncio.create_subprocess_exec(
        *("unshare", "-Urm", sys.executable, "-c", code), stderr=subprocess.PIPE
    )
    said = (await asyncio.wait_for(process.communicate(), 5))[1].decode()
    if "mount:" in said:
        pytest.skip("this system does not let us mount")
    assert "CannotShow: another file system is mounted in the workspace, at 'in side'" in said


async def test_a_place_that_cannot_be_made_is_a_problem_that_is_told(bench: Bench) -> None:
    bench.write("file", "text\n")
    problem = await overlay_problem(bench.root / "file" / "views")
    assert problem is not None
    assert "no private folder can be made" in problem


_AGENT = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    sys.path.insert(0, ".")
    from lsp_agent.sandbox.overlay import run_in_overlay
    from mcp_tools.types.commands import ShellCommand
    from mcp_tools.workspace.disk.source import DiskSource
    from mcp_tools.workspace.workspace import Workspace

    root, place, line = sys.argv[1:]
    command = ShellCommand(argv=("/bin/sh", "-c", line), cwd=Path(root))
    asyncio.run(run_in_overlay(command, Workspace(DiskSource(root)).snapshot(), Path(place)))
    """
)
"""Our side of a command, as a program that can be killed."""


def _processes_naming(text: str) -> list[int]:
    """Give the processes with a text among their arguments."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if text in os.fsdecode(path.read_bytes()):
                found.append(int(path.parent.name))
    return found
