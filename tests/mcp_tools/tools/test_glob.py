"""Finding files by name."""

import os

import pytest

from mcp_tools.tools.glob import MAX_FILES, TOOL, GlobOutput
from mcp_tools.types.edits import ChangeSet, CreateFile
from mcp_tools.types.errors import InvalidEdit, NotFound, OutsideWorkspace
from mcp_tools.types.json import JsonValue
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


async def found(desk: Desk, **arguments: JsonValue) -> list[str]:
    return list(data_of(await desk.call(TOOL, **arguments), GlobOutput).files)


async def test_files_are_sorted_and_ignored_ones_left_out(desk: Desk) -> None:
    for name in ("b.py", "a.py", "src/c.py", "build/d.py", ".git/e.py", ".github/f.py"):
        desk.write(name, "")
    desk.write(".gitignore", "build/\n")
    assert await found(desk, pattern="*.py") == [".github/f.py", "a.py", "b.py", "src/c.py"]
    assert await found(desk, pattern="**/*.py", path="src") == ["src/c.py"]
    answer = await desk.call(TOOL, pattern="*.py")
    assert answer.text.endswith("src/c.py\n[4 files]")


async def test_rules_of_folders_above_count_below(desk: Desk) -> None:
    desk.write(".gitignore", "*.log\n/src/deep/gen\n")
    desk.write("src/.gitignore", "!keep.log\n")
    for name in ("a.log", "keep.log", "deep/gen/x.txt", "deep/y.txt"):
        desk.write(f"src/{name}", "")
    assert await found(desk, pattern="**", path="src/deep") == ["src/deep/y.txt"]
    assert await found(desk, pattern="*.log", path="src") == ["src/keep.log"]


async def test_rules_that_are_not_saved_yet_count(desk: Desk) -> None:
    desk.write("a.log", "")
    desk.write("b.txt", "")
    desk.type_in_editor(".gitignore", "*.log\n")
    assert await found(desk, pattern="*.*") == [".gitignore", "b.txt"]


async def test_rules_between_the_root_and_the_folder_count(desk: Desk) -> None:
    desk.write("src/.gitignore", "/deep/gen.txt\n")
    desk.write("src/deep/gen.txt", "")
    desk.write("src/deep/own.txt", "")
    assert await found(desk, pattern="*", path="src/deep") == ["src/deep/own.txt"]


async def test_an_ignored_folder_is_searched_when_it_is_named(desk: Desk) -> None:
    desk.write(".gitignore", "build/\n")
    desk.write("build/a/x.txt", "")
    assert await found(desk, pattern="*.txt") == []
    assert await found(desk, pattern="*.txt", path="build") == ["build/a/x.txt"]


async def test_unsaved_and_proposed_files_are_seen(desk: Desk) -> None:
    desk.write("gone.py", "")
    desk.write(".gitignore", "*.tmp\n")
    desk.type_in_editor("typed.py", "x")
    desk.type_in_editor("typed.tmp", "x")
    change = CreateFile(path=desk.root / "new/proposed.py", text="x")
    desk.propose(ChangeSet(label="new", files=(change,)))
    desk.propose_deletion("gone.py")
    assert await found(desk, pattern="*") == [".gitignore", "new/proposed.py", "typed.py"]
    assert await found(desk, pattern="*.py", path="new") == ["new/proposed.py"]


async def test_links_are_not_followed(desk: Desk) -> None:
    outside = desk.root.parent / "outside"
    outside.mkdir()
    (outside / "a.py").write_text("", encoding="utf-8")
    os.symlink(outside, desk.root / "link")
    assert await found(desk, pattern="**/*.py") == []
    with pytest.raises(OutsideWorkspace):
        await found(desk, pattern="*.py", path="link")


async def test_many_files_are_counted_and_the_first_given(desk: Desk) -> None:
    for number in range(MAX_FILES + 3):
        desk.write(f"{number:04}.txt", "")
    answer = await desk.call(TOOL, pattern="*.txt")
    data = data_of(answer, GlobOutput)
    assert (len(data.files), data.n_files, data.is_complete) == (MAX_FILES, MAX_FILES + 3, False)
    assert "[3 more files; narrow" in answer.text


async def test_names_may_hold_anything(desk: Desk) -> None:
    for name in ("-x.py", "a b.py", "ü😀.py", "line\nend.py"):
        desk.write(name, "")
    assert await found(desk, pattern="*.py") == ["-x.py", "a b.py", "line\nend.py", "ü😀.py"]


async def test_nothing_found_and_nothing_there_are_told_apart(desk: Desk) -> None:
    assert "no file below '.' matches '*.py'" in (await desk.call(TOOL, pattern="*.py")).text
    with pytest.raises(NotFound):
        await desk.call(TOOL, pattern="*.py", path="missing")
    with pytest.raises(InvalidEdit):
        await desk.call(TOOL, pattern="!x")
