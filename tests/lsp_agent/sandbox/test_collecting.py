"""What a command did comes back as changes, exactly, whatever way it was shown the files."""

import asyncio
import os
from pathlib import Path

import pytest

from lsp_agent.sandbox.collecting import MAX_BYTES, MAX_PATHS, Collection, Shown
from lsp_agent.sandbox.left_out import LeftOut
from mcp_tools.types.commands import CommandResult
from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.edits import CreateFile, DeleteFile, ModifyFile, SetContent
from mcp_tools.types.errors import ProgramFailed, StaleEdit
from mcp_tools.workspace.changes import states_after
from mcp_tools.workspace.disk.source import MAX_STATE_BYTES, DiskSource
from tests.lsp_agent.sandbox.trees import fill, look, stamps, twin_after
from tests.lsp_agent.sandbox.views import OVERLAY, Bench, first_of

pytestmark = pytest.mark.asyncio

LINES = {
    "nothing": "true",
    "touched": "touch main.py image.bin package/inner/deep link.py; cat private.txt",
    "written again as it was": "cp main.py t; cat t > main.py; rm t",
    "edited": "echo more >> main.py; echo more >> package/inner/deep/two.py",
    "edited with a byte order mark": "echo more >> bom.txt",
    "byte order mark taken away": "printf 'with a mark\\r\\n' > bom.txt",
    "replaced by renaming": "echo new > t; mv t main.py",
    "binary": "printf '\\0\\377' >> image.bin; printf '\\0' > new.bin; printf '\\377' > main.py",
    "text from binary": "echo text > image.bin",
    "created": "mkdir -p a/b/c; echo x > a/b/file; echo y > package/inner/new.py",
    "empty folders": "mkdir new other; rmdir empty",
    "deleted": "rm main.py package/inner/one.py image.bin link.py nowhere",
    "folder deleted": "rm -r package 'odd names'",
    "folder deleted and made again": "rm -r package; mkdir package; echo z > package/module.py",
    "folder emptied": "rm -r package/inner; mkdir -p package/inner/deep",
    "modes": "chmod 755 main.py; chmod 640 run.sh image.bin; chmod 700 package empty",
    "mode and text": "echo x >> run.sh; chmod 600 run.sh",
    "closed": "echo x > main.py; chmod 0 main.py package/inner; chmod 500 empty",
    "links": "ln -s package new; ln -sfn empty 'to folder'; ln -sf run.sh link.py",
    "link touched": "touch -h link.py nowhere",
    "file to folder": "rm main.py; mkdir main.py; echo x > main.py/__init__.py",
    "folder to file": "rm -r package; echo x > package",
    "folder to link": "rm -r package; ln -s empty package",
    "link to file": "rm link.py; echo x > link.py",
    "file to link": "rm main.py; ln -s run.sh main.py",
    "link to folder": "rm 'to folder'; mkdir 'to folder'; echo x > 'to folder/x'",
    "written through links": "echo x >> link.py; echo y > 'to folder/one.py'",
    "renamed": "mv main.py moved.py; mv package/inner empty/; mv 'odd names' odd",
    "renamed and back": "mv package p; mv p package",
    "odd names": 'for f in odd*/*; do echo more >> "$f"; done; echo x > "$(printf \'a\\nb\')"',
    "many at once": "for i in 1 2 3 4 5 6 7 8 9; do mkdir d$i; echo $i > d$i/f; done; rm -r d5",
    "failing": "echo x >> main.py; exit 3",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
async def test_the_changes_make_what_the_command_would_have_made(
    bench: Bench, way: str, line: str
) -> None:
    fill(bench.root)
    expected = twin_after(bench.root, bench.folder, line)
    before = stamps(bench.root)
    result = await bench.run(way, line)
    assert stamps(bench.root) == before
    bench.accept(result.changes)
    assert (look(bench.root), result.notes) == (expected, ())


@pytest.mark.parametrize("name", ["nothing", "touched", "written again as it was", "link touched"])
async def test_what_is_as_before_is_no_change(bench: Bench, way: str, name: str) -> None:
    fill(bench.root)
    assert (await bench.run(way, LINES[name])).changes.files == ()


async def test_each_kind_of_change_is_said_in_the_smallest_way(bench: Bench, way: str) -> None:
    fill(bench.root)
    line = "echo x >> main.py; :>new; rm run.sh; chmod 600 image.bin; ln -s a l; mkdir d"
    changes = (await bench.run(way, line)).changes
    assert changes.label == line
    kinds = {change.path.name: type(change) for change in changes.files}
    assert kinds == {
        "main.py": ModifyFile,
        "new": CreateFile,
        "run.sh": DeleteFile,
        "image.bin": SetContent,
        "l": SetContent,
        "d": SetContent,
    }


async def test_changes_are_relative_to_the_top_layer(bench: Bench, way: str) -> None:
    bench.write("a.py", "disk\n")
    bench.type("a.py", "typed\n")
    bench.create("b.py", "proposed\n")
    result = await bench.run(way, "echo more >> a.py; echo more >> b.py")
    after = states_after(result.changes, bench.snapshot().state)
    assert [state and state.content for state in after.values()] == [
        "typed\nmore\n",
        "proposed\nmore\n",
    ]
    assert [type(change) for change in result.changes.files] == [ModifyFile, ModifyFile]


async def test_new_text_without_a_mode_keeps_none(bench: Bench, way: str) -> None:
    bench.create("b.py", "proposed\n")
    (change,) = (await bench.run(way, "echo more >> b.py")).changes.files
    assert isinstance(change, ModifyFile)
    assert change.mode is None
    (change,) = (await bench.run(way, "chmod 700 b.py")).changes.files
    assert isinstance(change, ModifyFile)
    assert change.mode == 0o700


@pytest.mark.parametrize("text", ["\ud800 half\n", "nul \0\n", "\ufeffmark\n"])
async def test_odd_text_of_a_buffer_that_was_only_touched_is_no_change(
    bench: Bench, way: str, text: str
) -> None:
    bench.write("a.py", "disk\n")
    bench.type("a.py", text)
    assert (await bench.run(way, "touch a.py")).changes.files == ()


async def test_what_the_top_layer_has_removed_stays_removed(bench: Bench, way: str) -> None:
    bench.write("d/a.py", "disk\n")
    bench.write("d/b.py", "disk\n")
    bench.delete("d/a.py", "disk\n")
    assert (await bench.run(way, "ls d")).output == "b.py\n"
    changes = (await bench.run(way, "rm -r d")).changes
    assert [change.path.name for change in changes.files] == ["b.py", "d"]
    (change,) = (await bench.run(way, "echo new > d/a.py")).changes.files
    assert isinstance(change, CreateFile)


async def test_a_folder_is_removed_with_what_was_proposed_in_it(bench: Bench, way: str) -> None:
    bench.write("d/a.py", "disk\n")
    bench.type("d/b.py", "typed\n")
    bench.create("d/e/c.py", "proposed\n")
    changes = (await bench.run(way, "rm -r d")).changes
    assert {change.path.relative_to(bench.root).as_posix() for change in changes.files} >= {
        "d/a.py",
        "d/b.py",
        "d/e/c.py",
        "d",
    }
    after = states_after(changes, bench.snapshot().state)
    assert set(after.values()) == {None}


async def test_version_control_is_never_changed(bench: Bench, way: str) -> None:
    bench.write("d/a.py", "a\n")
    line = "mkdir -p .git/x .hg d/.svn; echo 1 > .git/index; echo 2 > .hg/h; echo 3 > d/.svn/s"
    result = await bench.run(way, f"{line}; echo 4 > d/a.py; echo 5 > d/.git")
    assert [change.path.name for change in result.changes.files] == ["a.py"]
    names = "'.git/index', '.hg/h', 'd/.git', 'd/.svn/s'"
    assert result.notes == (f"{names}: not kept, because it belongs to version control",)


async def test_a_folder_with_version_control_in_it_is_not_removed(bench: Bench) -> None:
    bench.write("sub/.git/index", "index")
    bench.write("sub/a.py", "a\n")
    result = await bench.run(OVERLAY, "rm -r sub")
    assert [change.path.name for change in result.changes.files] == ["a.py"]
    assert "'sub': left in place, because something in it was" in result.notes
    bench.accept(result.changes)
    assert list(look(bench.root)) == ["sub", "sub/.git", "sub/.git/index"]


async def test_what_cannot_be_kept_is_named(bench: Bench, way: str) -> None:
    bench.write("a", "a\n")
    big = f"truncate -s {MAX_STATE_BYTES + 1} big"
    result = await bench.run(
        way, f"{big}; mkfifo pipe; ln a b; chmod u+s,g+s,+t a; mkdir -m 2700 d"
    )
    after = states_after(result.changes, bench.snapshot().state)
    names = {path.name: state for path, state in after.items()}
    assert names.keys() == {"b", "d"}
    assert names["b"] == State(content="a\n", mode=0o644)
    assert set(result.notes) == {
        "'big': not kept, because it is larger than 64 MiB",
        "'pipe': not kept, because it is no file, folder or link, or cannot be read",
        "'a', 'b': kept as a file of its own, not as a hard link",
        "'a', 'b': kept without the bits that lend the owner's or group's rights",
    }


async def test_bits_that_lend_rights_stay_where_they_were_and_go_where_they_went(
    bench: Bench, way: str
) -> None:
    bench.write("kept", "a\n").chmod(0o4755)
    bench.write("gone", "a\n").chmod(0o4755)
    result = await bench.run(way, "chmod 4711 kept; chmod 755 gone")
    modes = {c.path.name: c.mode for c in result.changes.files if isinstance(c, ModifyFile)}
    assert (modes, result.notes) == ({"kept": 0o4711, "gone": 0o755}, ())


async def test_many_names_of_one_kind_are_counted(bench: Bench, way: str) -> None:
    result = await bench.run(way, "for i in 1 2 3 4 5 6 7; do mkfifo p$i; done")
    (note,) = result.notes
    assert note.startswith("'p1', 'p2', 'p3', 'p4', 'p5' and 2 more: not kept")


async def test_a_folder_that_holds_what_no_undo_covers_is_not_removed(bench: Bench) -> None:
    bench.write("d/e/a", "a\n")
    os.mkfifo(bench.root / "d/e/pipe")
    result = await bench.run(OVERLAY, "rm -r d")
    assert [change.path.name for change in result.changes.files] == ["a"]
    assert result.notes == (
        "'d/e/pipe': left as it is, because what was there before could not be kept for an undo",
        "'d', 'd/e': left in place, because something in it was",
    )


async def test_a_link_out_of_the_root_is_kept_as_a_link(bench: Bench, way: str) -> None:
    outside = bench.folder / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret\n", encoding="utf-8")
    result = await bench.run(way, f"ln -s {outside} out; ln -s {outside}/secret file")
    contents = {c.path.name: c.content for c in result.changes.files if isinstance(c, SetContent)}
    assert contents == {"out": Link(str(outside)), "file": Link(f"{outside}/secret")}


async def test_a_file_that_changed_on_disk_meanwhile_is_left_out(bench: Bench, way: str) -> None:
    path = bench.write("a.py", "old\n")
    bench.write("b.py", "old\n")
    line = "echo mine >> a.py; echo mine >> b.py"
    result = await _while_running(bench, way, line, path)
    assert [change.path.name for change in result.changes.files] == ["b.py"]
    (note,) = result.notes
    assert note.startswith("'a.py': not kept, because another program changed it meanwhile")
    bench.accept(result.changes)
    assert path.read_text(encoding="utf-8") == "theirs\n"


async def test_a_file_that_was_read_before_keeps_that_base_and_is_stale(
    bench: Bench, way: str
) -> None:
    path = bench.write("a.py", "old\n")
    snapshot = bench.snapshot()
    snapshot.state(path)
    line = "echo mine >> a.py"
    result = await _while_running(bench, way, line, path, snapshot)
    assert [change.path.name for change in result.changes.files] == ["a.py"]
    with pytest.raises(StaleEdit):
        states_after(result.changes, bench.snapshot().state)


async def test_a_file_that_changes_on_disk_afterwards_is_stale(bench: Bench, way: str) -> None:
    path = bench.write("a.py", "old\n")
    result = await bench.run(way, "echo mine >> a.py")
    path.write_text("theirs\n", encoding="utf-8")
    with pytest.raises(StaleEdit):
        states_after(result.changes, bench.snapshot().state)


async def test_a_folder_in_which_a_file_was_made_meanwhile_is_not_removed(bench: Bench) -> None:
    bench.write("d/a.py", "old\n")
    line = "rm -r d"
    theirs = bench.root / "d/theirs.py"
    result = await _while_running(bench, OVERLAY, line, theirs)
    assert bench.root / "d" not in result.changes.paths
    assert theirs not in result.changes.paths
    bench.accept(result.changes)
    assert theirs.read_text(encoding="utf-8") == "theirs\n"


@pytest.mark.parametrize(
    ("n_paths", "size"), [(MAX_PATHS + 1, 1), (20, MAX_BYTES // 20 + 1)], ids=["paths", "bytes"]
)
async def test_too_many_changes_are_refused(bench: Bench, n_paths: int, size: int) -> None:
    shown = Shown(
        disk=lambda _: None,
        listing=DiskSource(bench.root).entries,
        has_moved_on=lambda _: False,
        was_hidden=lambda _: False,
        mode=lambda _: None,
    )
    collection = Collection(bench.snapshot(), shown, LeftOut(bench.root))
    state = State(content=Binary(bytes(size)), mode=0o644)
    for number in range(n_paths - 1):
        collection.add(bench.root / str(number), state)
    with pytest.raises(ProgramFailed, match="so nothing that it did was kept"):
        collection.add(bench.root / "last", state)


async def test_what_is_below_a_path_that_was_left_out_is_left_out(bench: Bench) -> None:
    """A command made a folder of a file that someone else changed meanwhile."""
    bench.write("a", "theirs\n")
    shown = Shown(
        disk=DiskSource(bench.root).state,
        listing=DiskSource(bench.root).entries,
        has_moved_on=lambda _: True,
        was_hidden=lambda _: False,
        mode=lambda _: None,
    )
    collection = Collection(bench.snapshot(), shown, LeftOut(bench.root))
    collection.add(bench.root / "a", State(content=Folder(), mode=0o755))
    collection.add(bench.root / "a/b", State(content="b\n", mode=0o644))
    assert collection.changes("run").files == ()


async def _while_running(
    bench: Bench, way: str, line: str, path: Path, snapshot: SnapshotView | None = None
) -> CommandResult:
    """Run a command that begins when someone else has written a file."""
    started, go = bench.signal("started"), bench.signal("go")
    waiting = f"echo up > {started.path}; read x < {go.path}; {line}"
    running = asyncio.create_task(bench.run(way, waiting, snapshot))
    assert await first_of(running, started.read()) == "up\n"
    await asyncio.to_thread(path.write_text, "theirs\n", encoding="utf-8")
    go.send()
    return await running
