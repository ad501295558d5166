"""The copy: what is in it, what it costs, and what it does not touch."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from lsp_agent.sandbox.copying import CopyLimits, run_in_copy
from mcp_tools.types.contents import Binary, Folder, Link
from mcp_tools.types.errors import CannotShow, ProgramFailed
from tests.lsp_agent.sandbox.trees import fill, stamps
from tests.lsp_agent.sandbox.views import COPY, Bench, first_of

pytestmark = pytest.mark.asyncio


async def test_the_top_layer_is_seen_by_relative_paths(bench: Bench) -> None:
    bench.write("a.py", "disk\n")
    bench.write("gone.py", "disk\n")
    bench.type("a.py", "typed\n")
    bench.create("new/er/c.py", "proposed\n")
    bench.delete("gone.py", "disk\n")
    result = await bench.run(COPY, "cat a.py new/er/c.py; ls")
    assert result.output == "typed\nproposed\na.py\nnew\n"


async def test_links_folders_and_bytes_of_a_proposal_are_seen(bench: Bench) -> None:
    bench.write("file", "disk\n")
    bench.write("folder/x", "disk\n")
    bench.put("link", None, Link("file"))
    bench.put("empty", None, Folder())
    bench.put("bytes", None, Binary(b"a\0b"))
    bench.put("file", "disk\n", Folder())
    bench.create("file/inner", "in it\n")
    line = "readlink link; ls -F; od -An -c bytes; cat file/inner"
    output = (await bench.run(COPY, line)).output
    assert "".join(output.split()) == "filebytesempty/file/folder/link@a\\0binit"


async def test_files_are_named_in_the_output_as_the_real_ones(bench: Bench) -> None:
    bench.write("sub/a.py", "disk\n")
    result = await bench.run(COPY, "realpath sub/a.py; pwd; echo /nowhere")
    assert result.output == f"{bench.root}/sub/a.py\n{bench.root}\n/nowhere\n"


async def test_modes_times_and_links_are_copied(bench: Bench) -> None:
    fill(bench.root)
    (bench.root / "empty").chmod(0o500)
    line = "stat -c '%a %Y %n' run.sh private.txt empty package/inner; readlink nowhere"
    names = ("run.sh", "private.txt", "empty", "package/inner")
    statuses = {name: (bench.root / name).stat() for name in names}
    expected = [f"{s.st_mode & 0o777:o} {int(s.st_mtime)} {n}" for n, s in statuses.items()]
    result = await bench.run(COPY, line)
    assert result.output.splitlines() == [*expected, "/no/such/place"]


async def test_the_real_tree_is_untouched(bench: Bench) -> None:
    fill(bench.root)
    bench.type("main.py", "typed\n")
    before = stamps(bench.root)
    line = "find . -type f -exec sh -c 'echo x >> \"$1\"' - {} ';'; chmod -R 700 .; rm -r package"
    assert (await bench.run(COPY, line)).changes.files
    assert stamps(bench.root) == before
    assert list(bench.place.iterdir()) == []


async def test_what_is_ignored_is_not_copied_and_not_changed(bench: Bench) -> None:
    bench.write(".gitignore", "build/\n*.db\n")
    bench.write("build/out", "real\n")
    bench.write("user.db", "real\n")
    bench.write(".git/index", "real\n")
    line = "ls -A; echo mine > user.db; mkdir build; echo mine > build/out; echo x > build/new"
    result = await bench.run(COPY, line)
    assert result.output == ".gitignore\n"
    assert [change.path.name for change in result.changes.files] == ["new"]
    (note,) = result.notes
    assert note.startswith("'build/out', 'user.db': not kept, because it is in the workspace, but")


async def test_a_folder_with_ignored_files_is_not_removed(bench: Bench) -> None:
    bench.write(".gitignore", "*.db\n")
    bench.write("d/user.db", "real\n")
    bench.write("d/a.py", "a\n")
    result = await bench.run(COPY, "rm -r d")
    assert [change.path.name for change in result.changes.files] == ["a.py"]
    assert "'d': left in place, because something in it was" in result.notes


async def test_what_is_neither_file_folder_nor_link_is_not_copied(bench: Bench) -> None:
    bench.write("a", "a\n")
    os.mkfifo(bench.root / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(bench.root / "socket"))
        result = await bench.run(COPY, "ls")
    assert result.output == "a\n"


@pytest.mark.parametrize("limits", [CopyLimits(n_files=2), CopyLimits(n_bytes=5)])
async def test_a_workspace_over_the_limit_is_not_copied(bench: Bench, limits: CopyLimits) -> None:
    for name in ("a", "b", "c"):
        bench.write(name, "xx")
    with pytest.raises(CannotShow, match="which is the limit for a copy"):
        await run_in_copy(bench.command("true"), bench.snapshot(), bench.place, limits=limits)
    assert list(bench.place.iterdir()) == []


async def test_what_is_ignored_does_not_count(bench: Bench) -> None:
    bench.write(".gitignore", "build/\n")
    for number in range(10):
        bench.write(f"build/{number}", "xx")
    limits = CopyLimits(n_files=1)
    command = bench.command("ls -A")
    result = await run_in_copy(command, bench.snapshot(), bench.place, limits=limits)
    assert result.output == ".gitignore\n"


async def test_a_file_that_changes_right_after_the_copy_is_noticed(bench: Bench) -> None:
    """As many times as it takes to fall into one tick of the clock; the size stays the same."""
    bench.write("a.py", "old\n")
    for _ in range(20):
        (change,) = (await bench.run(COPY, "printf 'new\\n' > a.py")).changes.files
        assert change.path.name == "a.py"


async def test_a_command_out_of_time_is_killed_with_its_group(bench: Bench) -> None:
    alive = bench.signal("alive")
    line = f"exec 9> {alive.path}; echo up >&9; sleep 60 & sleep 60"
    waiting = asyncio.ensure_future(alive.read())
    with pytest.raises(ProgramFailed, match="did not finish within 2 s"):
        await bench.run_command(COPY, bench.command(line, timeout_s=2))
    assert await waiting == "up\n"
    assert list(bench.place.iterdir()) == []


async def test_a_cancelled_command_is_killed_with_all_it_started(bench: Bench) -> None:
    up, alive = bench.signal("up"), bench.signal("alive")
    line = f"exec 9> {alive.path}; echo up > {up.path}; setsid sleep 60 & sleep 60"
    waiting = asyncio.ensure_future(alive.read())
    running = asyncio.create_task(bench.run(COPY, line))
    await first_of(running, up.read())
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await waiting == ""
    assert list(bench.place.iterdir()) == []


async def test_an_unreadable_file_is_left_alone_and_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("to root no file is closed")
    bench = Bench(tmp_path)
    bench.write("closed", "secret\n").chmod(0)
    result = await bench.run(COPY, "ls; echo mine > closed")
    assert result.output == ""
    assert result.changes.files == ()
    assert "'closed': not shown to the command, because it cannot be read" in result.notes
