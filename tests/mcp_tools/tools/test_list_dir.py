"""Listing folders."""

import os

import pytest

from mcp_tools.tools.list_dir import MAX_ENTRIES, TOOL, ListDirOutput
from mcp_tools.types.errors import NotFound, OutsideWorkspace
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


async def test_a_folder_is_listed_with_sizes_and_folders_marked(desk: Desk) -> None:
    desk.write("a.py", "12345")
    desk.write("src/b.py", "")
    answer = await desk.call(TOOL)
    assert answer.text == "./\n  a.py  5 B\n  src/"
    assert [e.kind for e in data_of(answer, ListDirOutput).entries] == ["file", "folder"]


async def test_deeper_levels_are_indented(desk: Desk) -> None:
    desk.write("src/a/b/c.py", "")
    answer = await desk.call(TOOL, path="src", depth=2)
    assert answer.text == "src/\n  a/\n    b/"
    assert "c.py  0 B" in (await desk.call(TOOL, path="src", depth=3)).text


async def test_ignored_entries_are_counted_or_marked_but_never_opened(desk: Desk) -> None:
    desk.write(".gitignore", "*.log\nbuild/\n")
    for name in ("a.log", "build/x.txt", ".git/config", "own/.gitignore"):
        desk.write(name, "*\n")
    answer = await desk.call(TOOL, depth=3)
    assert answer.text == (
        "./\n  .gitignore  13 B\n[4 ignored entries left out; include_ignored=true lists them]"
    )
    with_ignored = await desk.call(TOOL, depth=3, include_ignored=True)
    assert "  .git/  (ignored)\n" in with_ignored.text
    assert "  a.log  2 B  (ignored)\n" in with_ignored.text
    assert "x.txt" not in with_ignored.text


async def test_unsaved_new_files_and_their_folders_are_listed(desk: Desk) -> None:
    desk.write("gone.txt", "")
    desk.type_in_editor("new/a.py", "é")
    desk.propose_deletion("gone.txt")
    assert (await desk.call(TOOL, depth=2)).text == "./\n  new/\n    a.py  2 B"
    assert (await desk.call(TOOL, path="new")).text == "new/\n  a.py  2 B"


async def test_links_are_named_and_not_followed(desk: Desk) -> None:
    outside = desk.root.parent / "outside"
    (outside / "in").mkdir(parents=True)
    os.symlink(outside, desk.root / "link")
    answer = await desk.call(TOOL, depth=3)
    assert answer.text == "./\n  link (link)"
    with pytest.raises(OutsideWorkspace):
        await desk.call(TOOL, path="link")


async def test_a_large_folder_is_cut_with_a_count(desk: Desk) -> None:
    for number in range(MAX_ENTRIES + 2):
        desk.write(f"{number:04}", "")
    answer = await desk.call(TOOL)
    data = data_of(answer, ListDirOutput)
    assert (len(data.entries), data.n_more, data.is_complete) == (MAX_ENTRIES, 2, False)
    assert "[2 more entries;" in answer.text


async def test_an_empty_folder_is_said_to_be_empty(desk: Desk) -> None:
    assert (await desk.call(TOOL)).text == "./ is empty"


async def test_a_file_or_nothing_is_no_folder(desk: Desk) -> None:
    desk.write("a.txt", "")
    for name in ("a.txt", "missing"):
        with pytest.raises(NotFound):
            await desk.call(TOOL, path=name)
