"""The runner: the best way that works, and a refusal that helps where none does."""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from lsp_agent.sandbox.copying import CopyLimits
from lsp_agent.sandbox.runner import ViewRunner, make_runner
from mcp_tools.ports import Runner
from mcp_tools.types.errors import CannotShow, OutsideWorkspace
from tests.lsp_agent.sandbox.views import COPY, Bench, need_overlay

MEMORY = Path("/dev/shm")
ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.asyncio


async def test_the_overlay_is_used_where_it_works(bench: Bench) -> None:
    await need_overlay(bench.place)
    cache_folder = bench.folder / "cache"
    runner = make_runner(cache_folder)
    assert await runner.describe() == (
        f"over the real files, by an overlay file system in '{cache_folder}/views'"
    )
    bench.write("a.py", "disk\n")
    bench.type("a.py", "typed\n")
    result = await runner.run(bench.command(f"cat {bench.root}/a.py"), bench.snapshot())
    assert (result.output, result.notes) == ("typed\n", ())


@pytest.mark.skipif(not MEMORY.is_dir(), reason="there is no file system in memory here")
async def test_private_folders_may_be_in_memory(bench: Bench) -> None:
    """Another file system: nothing can be shared with it, and it may keep no attributes."""
    bench.write("a.py", "disk\n" * 1000)
    bench.type("b.py", "typed\n")
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        runner = ViewRunner((Path(name) / "views",))
        line = "cat b.py; echo more >> a.py; rm -r d; mkdir d"
        result = await runner.run(bench.command(line), bench.snapshot())
        bench.place = Path(name) / "views"
        copied = await bench.run(COPY, line)
    assert result.output == copied.output
    assert result.changes.files == copied.changes.files


async def test_it_is_a_runner_and_makes_nothing_before_it_is_asked(bench: Bench) -> None:
    runner: Runner = make_runner(bench.folder / "cache")
    assert isinstance(runner, ViewRunner)
    assert not (bench.folder / "cache").exists()


async def test_a_cache_folder_in_the_workspace_is_not_used(bench: Bench) -> None:
    spare = bench.folder / "spare"
    bench.write("a.py", "disk\n")
    runner = ViewRunner((bench.root / "cache", spare))
    await runner.run(bench.command("true"), bench.snapshot())
    assert not (bench.root / "cache").exists()
    assert spare.exists()


async def test_a_folder_outside_of_the_workspace_is_refused(bench: Bench) -> None:
    (bench.root / "out").symlink_to(bench.folder)
    runner = make_runner(bench.folder / "cache")
    for cwd in ("..", "out", "/"):
        with pytest.raises(OutsideWorkspace):
            await runner.run(bench.command("true", cwd=cwd), bench.snapshot())


async def test_a_link_to_a_folder_of_the_workspace_will_do(bench: Bench) -> None:
    bench.write("folder/a.py", "disk\n")
    (bench.root / "link").symlink_to("folder")
    runner = make_runner(bench.folder / "cache")
    result = await runner.run(bench.command("cat a.py", cwd="link"), bench.snapshot())
    assert result.output == "disk\n"


async def test_where_nothing_works_the_files_and_the_reasons_are_named(bench: Bench) -> None:
    (bench.folder / "file").touch()
    for number in range(7):
        bench.type(f"a{number}.py", "typed\n")
    runner = ViewRunner((bench.folder / "file" / "no place",))
    with pytest.raises(CannotShow) as caught:
        await runner.run(bench.command("true"), bench.snapshot())
    message = str(caught.value)
    names = "'a0.py', 'a1.py', 'a2.py', 'a3.py', 'a4.py' and 2 more"
    assert f"would not see what is unsaved or proposed in {names}: " in message
    assert "no private folder can be made" in message
    assert "save these files and settle the proposals" in message


async def test_where_nothing_is_unsaved_the_refusal_says_so(bench: Bench) -> None:
    runner = ViewRunner((bench.root / "cache",))
    with pytest.raises(CannotShow, match="could not be kept apart from the real files"):
        await runner.run(bench.command("true"), bench.snapshot())


async def test_output_is_told_in_each_way(bench: Bench, way: str) -> None:
    told: list[str] = []
    command = bench.command("echo one; echo two >&2")
    result = await bench.run_command(way, command, on_output=told.append)
    assert "".join(told) == result.output == "one\ntwo\n"


async def test_only_what_is_asked_for_is_kept(bench: Bench, way: str) -> None:
    bench.write("a.py", "disk\n")
    kept = (bench.root / "out" / "report", bench.root / "a.py", bench.root / "nothing")
    line = "mkdir out cache; echo r > out/report; echo c > cache/c; echo more >> a.py; rm -f b"
    command = replace(bench.command(line), kept_paths=kept)
    result = await bench.run_command(way, command)
    assert {change.path for change in result.changes.files} == set(kept[:2])
    command = replace(command, kept_paths=())
    assert (await bench.run_command(way, command)).changes.files == ()


async def test_a_command_may_signal_its_whole_group(bench: Bench, way: str) -> None:
    result = await bench.run(way, "trap 'echo mine; trap - TERM; kill 0' TERM; kill 0; sleep 60")
    assert (result.exit_code, result.output) == (-signal.SIGTERM, "mine\n")


async def test_two_commands_at_once_do_not_meet(bench: Bench) -> None:
    bench.write("a.py", "disk\n")
    runner = make_runner(bench.folder / "cache")
    lines = [f"echo {number} >> a.py; cat a.py" for number in range(4)]
    runs = [runner.run(bench.command(line), bench.snapshot()) for line in lines]
    outputs = [result.output for result in await asyncio.gather(*runs)]
    assert outputs == [f"disk\n{number}\n" for number in range(4)]


async def test_without_user_namespaces_a_copy_is_used_and_said(bench: Bench) -> None:
    said = await _without_namespaces(bench, CopyLimits())
    assert said["description"].startswith("in a copy, of at most 20000 files and 512 MiB, since ")
    assert said["output"] == "typed\n"
    assert said["paths"] == ["b.py"]
    assert said["notes"][0].startswith("the command ran without a sandbox, since namespaces of ")
    assert "new namespaces: No space left on device" in said["notes"][0]
    assert "absolute names lead to the real files" in said["notes"][1]
    assert "new namespaces: No space left on device" in said["notes"][1]


async def test_without_user_namespaces_a_large_workspace_is_refused(bench: Bench) -> None:
    said = await _without_namespaces(bench, CopyLimits(n_files=0))
    assert "unsaved or proposed in 'a.py'" in said["refusal"]
    assert "more than 0 files" in said["refusal"]


_ALONE = textwrap.dedent(
    """
    import asyncio, json, sys
    from pathlib import Path
    sys.path.insert(0, ".")
    from lsp_agent.sandbox.copying import CopyLimits
    from lsp_agent.sandbox.runner import ViewRunner
    from mcp_tools.types.commands import ShellCommand
    from mcp_tools.types.errors import CannotShow
    from mcp_tools.workspace.disk.source import DiskSource
    from mcp_tools.workspace.workspace import SetBuffer, Workspace

    async def main(root, place, n_files):
        workspace = Workspace(DiskSource(root))
        workspace.apply(SetBuffer(path=root / "a.py", text="typed\\n", version=1))
        runner = ViewRunner((place,), limits=CopyLimits(n_files=n_files))
        said = {"description": await runner.describe()}
        argv = ("/bin/sh", "-c", "cat a.py; echo new > b.py")
        try:
            result = await runner.run(ShellCommand(argv=argv, cwd=root), workspace.snapshot())
            said["output"] = result.output
            said["notes"] = result.notes
            said["paths"] = [path.name for path in result.changes.paths]
        except CannotShow as error:
            said["refusal"] = str(error)
        print(json.dumps(said))

    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
    """
)
"""A runner, asked in a process of its own."""


async def _without_namespaces(bench: Bench, limits: CopyLimits) -> dict[str, str]:
    """Ask a runner on a system that allows no user namespace, as some are set up."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no unshare here to set up such a system")
    bench.write("a.py", "disk\n")
    script = bench.folder / "alone.py"
    script.write_text(_ALONE, encoding="utf-8")
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces || exit 77; exec "$@"'
    process = await asyncio.create_subprocess_exec(
        *("unshare", "-Ur", "/bin/sh", "-c", forbid, "-", sys.executable, str(script)),
        *(str(bench.root), str(bench.place), str(limits.n_files)),
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    answer = (await asyncio.wait_for(process.communicate(), 15))[0]
    if process.returncode == 77 or (process.returncode and not answer):
        pytest.skip("this system does not let us set up such a system")
    return json.loads(answer)
