"""Searching in files."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

from mcp_tools.tools.grep import TOOL, GrepOutput
from mcp_tools.types.edits import ChangeSet, CreateFile
from mcp_tools.types.errors import InvalidEdit, NotFound, NotText, OutsideWorkspace, ProgramFailed
from mcp_tools.types.json import JsonValue
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


async def search(desk: Desk, pattern: str, **arguments: JsonValue) -> GrepOutput:
    return data_of(await desk.call(TOOL, pattern=pattern, **arguments), GrepOutput)


async def places(desk: Desk, pattern: str, **arguments: JsonValue) -> list[tuple[str, int, int]]:
    found = await search(desk, pattern, **arguments)
    return [(match.path, match.line, match.column) for match in found.matches]


async def test_lines_are_found_with_their_places(desk: Desk) -> None:
    desk.write("b.py", "x\n\tdef foo(): pass\n")
    desk.write("a.py", "'😀é' + foo\n")
    assert await places(desk, r"foo\b") == [("a.py", 1, 8), ("b.py", 2, 6)]
    answer = await desk.call(TOOL, pattern="foo")
    assert answer.text == (
        "a.py\n     1:'😀é' + foo\nb.py\n     2:\tdef foo(): pass\n[2 matching lines in 2 files]"
    )


async def test_context_is_shown_once_and_belongs_to_its_line(desk: Desk) -> None:
    desk.write("a.txt", "1\n2\nhit\nhit\n5\n")
    answer = await desk.call(TOOL, pattern="hit", context_lines=1)
    assert answer.text.split("\n")[:-1] == [
        "a.txt",
        "     2-2",
        "     3:hit",
        "     4:hit",
        "     5-5",
    ]
    first, second = data_of(answer, GrepOutput).matches
    assert (first.before, first.after) == (("2",), ("hit",))
    assert (second.before, second.after) == (("hit",), ("5",))


async def test_line_ends_of_any_kind_do_not_hide_the_end_of_a_line(desk: Desk) -> None:
    desk.write("crlf.txt", "foo\r\nbar\r\n")
    desk.write("bom.txt", b"\xef\xbb\xbffoo\n")
    desk.write("odd.txt", "a\x0c\u2028foo\n")
    assert await places(desk, "foo$") == [("bom.txt", 1, 1), ("crlf.txt", 1, 1), ("odd.txt", 1, 4)]
    assert [m.text for m in (await search(desk, "^foo", path="crlf.txt")).matches] == ["foo"]


async def test_a_lone_carriage_return_does_not_end_a_line_for_ripgrep(desk: Desk) -> None:
    """Pinned: our own line numbers would be 2; such files are older than this product's users."""
    desk.write("a.txt", "a\rfoo\r")
    assert await places(desk, "foo") == [("a.txt", 1, 3)]


async def test_case_and_literal_are_options(desk: Desk) -> None:
    desk.write("a.txt", "Foo(\nfoo(\n")
    assert await places(desk, "foo(", literal=True) == [("a.txt", 2, 1)]
    assert len(await places(desk, "foo(", literal=True, ignore_case=True)) == 2


async def test_unsaved_text_counts_instead_of_the_saved(desk: Desk) -> None:
    desk.write("a.py", "old needle\n")
    desk.write("b.py", "needle\n")
    desk.write("gone.py", "needle\n")
    desk.write(".gitignore", "*.tmp\n")
    desk.type_in_editor("a.py", "x\nnew needle\n")
    desk.type_in_editor("c.tmp", "needle\n")
    change = CreateFile(path=desk.root / "sub/new.py", text="needle")
    desk.propose(ChangeSet(label="new", files=(change,)))
    desk.propose_deletion("gone.py")
    expected = [("a.py", 2, 5), ("b.py", 1, 1), ("sub/new.py", 1, 1)]
    assert await places(desk, "needle") == expected
    assert await places(desk, "needle", path="sub") == expected[2:]
    assert await places(desk, "needle", path="a.py") == expected[:1]
    assert await places(desk, "needle", glob="b*") == expected[1:2]
    assert await places(desk, "needle", glob="sub/*.py") == expected[2:]


async def test_nothing_of_unsaved_text_is_left_on_disk(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    desk.type_in_editor("a.py", "needle\n")
    assert await places(desk, "needle") == [("a.py", 1, 1)]
    with pytest.raises(ProgramFailed):
        await places(desk, "(")
    assert list(folder.iterdir()) == []


async def test_ignored_files_are_not_searched_even_when_a_glob_names_them(desk: Desk) -> None:
    desk.write(".gitignore", "*.log\nbuild/\n")
    for name in ("a.log", "build/a.txt", ".git/a.txt", ".hidden/a.txt"):
        desk.write(name, "needle\n")
    assert await places(desk, "needle") == [(".hidden/a.txt", 1, 1)]
    assert await places(desk, "needle", glob="*.log") == []
    assert await places(desk, "needle", glob="**") == [(".hidden/a.txt", 1, 1)]
    assert await places(desk, "needle", path="a.log") == [("a.log", 1, 1)]
    assert await places(desk, "needle", path="build") == [("build/a.txt", 1, 1)]


async def test_binary_files_are_skipped_and_other_encodings_searched(desk: Desk) -> None:
    desk.write("a.bin", b"needle\0\n")
    desk.write("latin.txt", b"\xe9 needle\n")
    found = await search(desk, "needle")
    assert [(m.path, m.column, m.text) for m in found.matches] == [
        ("latin.txt", 3, "\ufffd needle")
    ]


async def test_links_are_not_followed(desk: Desk) -> None:
    outside = desk.root.parent / "secret.txt"
    outside.write_text("needle\n", encoding="utf-8")
    os.symlink(outside, desk.root / "link.txt")
    assert await places(desk, "needle") == []
    with pytest.raises(OutsideWorkspace):
        await places(desk, "needle", path="link.txt")


async def test_results_are_bounded_and_counted(desk: Desk) -> None:
    for name in ("c", "b", "a"):
        desk.write(f"{name}.txt", "hit\n" * 10)
    answer = await desk.call(TOOL, pattern="hit", max_results=15)
    data = data_of(answer, GrepOutput)
    assert (len(data.matches), data.n_matches, data.n_files) == (15, 30, 3)
    assert [m.path for m in data.matches] == ["a.txt"] * 10 + ["b.txt"] * 5
    assert not data.is_complete
    assert answer.text.endswith(
        "[30 matching lines in 3 files; not all are shown, narrow the search with path or glob]"
    )


async def test_a_line_with_more_matches_than_anybody_reads_is_refused(desk: Desk) -> None:
    desk.write("one.min.js", "x" * 400_000)
    desk.write("a.js", "x\n")
    with pytest.raises(ProgramFailed, match=r"glob such as `!\*\.min\.js`"):
        await search(desk, "x")
    assert await places(desk, "x", glob="!*.min.js") == [("a.js", 1, 1)]
    assert (await search(desk, "x", output="files")).n_files == 2


async def test_files_and_counts_are_shorter_views(desk: Desk) -> None:
    desk.write("a.txt", "hit\nhit\n")
    desk.write("b.txt", "hit\n")
    files = await desk.call(TOOL, pattern="hit", output="files", max_results=1)
    assert files.text.startswith("a.txt\n[3 matching lines in 2 files; not all")
    counts = await desk.call(TOOL, pattern="hit", output="count")
    assert counts.text == "a.txt: 2\nb.txt: 1\n[3 matching lines in 2 files]"
    assert data_of(counts, GrepOutput).matches == ()


async def test_a_long_line_is_cut_around_the_match(desk: Desk) -> None:
    desk.write("a.txt", f"{'x' * 1_000_000}needle{'y' * 4_000_000}\n")
    (match,) = (await search(desk, "needle")).matches
    assert match.column == 1_000_001
    assert len(match.text) == 306
    assert "xneedley" in match.text


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("foo(", "not a valid regular expression: unclosed group; .*literal=true"),
        ("(?=a)", "look-around"),
        (r"a\nb", "not allowed in a regex"),
        ("a\0", "without NUL"),
    ],
)
async def test_a_pattern_that_is_not_valid_is_explained_in_one_line(
    desk: Desk, pattern: str, message: str
) -> None:
    with pytest.raises(ProgramFailed, match=message) as caught:
        await search(desk, pattern)
    assert "\n" not in str(caught.value)


async def test_a_glob_or_path_that_is_not_valid_is_named(desk: Desk) -> None:
    with pytest.raises((ProgramFailed, InvalidEdit), match="the glob is not valid"):
        await search(desk, "a", glob="{a")
    with pytest.raises(NotFound):
        await search(desk, "a", path="missing")


async def test_patterns_and_names_are_never_options(desk: Desk) -> None:
    desk.write("-e.txt", "--files\n")
    assert await places(desk, "--files") == [("-e.txt", 1, 1)]
    assert await places(desk, "--files", path="-e.txt") == [("-e.txt", 1, 1)]


async def test_no_match_says_what_was_not_searched(desk: Desk) -> None:
    answer = await desk.call(TOOL, pattern="needle")
    assert "nothing below '.' matches 'needle'" in answer.text
    assert data_of(answer, GrepOutput).is_complete


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
async def test_a_pipe_is_refused_instead_of_waited_for(desk: Desk) -> None:
    os.mkfifo(desk.root / "pipe.py")
    with pytest.raises(NotText, match="pipe"):
        await search(desk, "x", path="pipe.py")
    assert await places(desk, "x") == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can limit a running program")
async def test_a_rule_file_without_an_end_is_an_error_and_not_nothing_found(desk: Desk) -> None:
    desk.write("a.txt", "foo\n")
    (desk.root / ".gitignore").symlink_to("/dev/zero")
    with pytest.raises(ProgramFailed, match=r"\.gitignore"):
        await search(desk, "foo")
