"""Differences as edits, and as diffs that git takes."""

import os
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_tools.types.edits import TextEdit
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.text import Span, split_lines
from mcp_tools.workspace.diffs import (
    FileMode,
    FileOfDiff,
    apply_edits,
    diff_edits,
    file_diff,
    line_regions,
    unified_diff,
)
from tests.mcp_tools.workspace.texts import any_text, lines, many

texts = any_text | lines() | lines("\r\n")


@given(texts, texts)
@many
def test_the_difference_of_two_texts_makes_the_one_the_other(old: str, new: str) -> None:
    edits = diff_edits(old, new)
    assert apply_edits(old, edits) == new
    assert list(edits) == sorted(edits, key=lambda edit: edit.span)
    assert bool(edits) == (old != new)


@given(texts, texts)
@many
def test_each_region_of_lines_has_its_edit(old: str, new: str) -> None:
    regions, edits = line_regions(old, new), diff_edits(old, new)
    assert len(regions) == len(edits)
    old_lines = split_lines(old)
    for (old_from, old_to, _, _), edit in zip(regions, edits, strict=True):
        assert len("".join(old_lines[:old_from])) <= edit.span.start
        assert edit.span.end <= len("".join(old_lines[:old_to]))


@given(texts, texts)
@many
def test_the_lines_of_all_regions_make_the_one_text_the_other(old: str, new: str) -> None:
    old_lines, new_lines = split_lines(old), split_lines(new)
    for old_from, old_to, new_from, new_to in reversed(line_regions(old, new)):
        old_lines[old_from:old_to] = new_lines[new_from:new_to]
    assert "".join(old_lines) == new


@given(any_text, any_text)
@many
def test_no_edit_cuts_a_line_end_in_two(old: str, new: str) -> None:
    for edit in diff_edits(old, new):
        for offset in (edit.span.start, edit.span.end):
            assert old[max(0, offset - 1) : offset + 1] != "\r\n"


@pytest.mark.parametrize(
    ("old", "new", "edits"),
    [
        ("a\nb\nc\n", "a\nc\n", [(2, 4, "")]),
        ("a\nc\n", "a\nb\nc\n", [(2, 2, "b\n")]),
        ("x = foo(1)\n", "x = food(1)\n", [(7, 7, "d")]),
        ("a", "a\n", [(1, 1, "\n")]),
        ("", "a", [(0, 0, "a")]),
        ("a\r\n", "a\n", [(1, 3, "\n")]),
        ("a\n", "a\r\n", [(1, 2, "\r\n")]),
        ("a\r\n", "a\r", [(1, 3, "\r")]),
        ("a\r\n", "a!\r\n", [(1, 1, "!")]),
        ("1\n2\n3\n", "one\n2\nthree\n", [(0, 1, "one"), (4, 5, "three")]),
        ("a\n", "a\n", []),
    ],
)
def test_edits_are_small(old: str, new: str, edits: list[tuple[int, int, str]]) -> None:
    found = [(edit.span.start, edit.span.end, edit.new_text) for edit in diff_edits(old, new)]
    assert found == edits


@pytest.mark.parametrize(
    "edits",
    [
        (TextEdit(Span(0, 2), ""), TextEdit(Span(1, 3), "")),
        (TextEdit(Span(2, 3), ""), TextEdit(Span(0, 1), "")),
        (TextEdit(Span(3, 5), ""),),
        (TextEdit(Span(9, 9), "x"),),
    ],
)
def test_edits_that_cannot_be_meant_are_refused(edits: tuple[TextEdit, ...]) -> None:
    with pytest.raises(InvalidEdit, match="expected sorted edits within 4 characters"):
        apply_edits("abcd", edits)


def test_edits_that_meet_are_made_one_after_the_other() -> None:
    edits = (TextEdit(Span(0, 1), "A"), TextEdit(Span(1, 1), "-"), TextEdit(Span(1, 2), "B"))
    assert apply_edits("abc", edits) == "A-Bc"


def test_a_few_changes_in_a_long_file_stay_a_few_edits() -> None:
    old = "".join(f"line {n}\n\n" for n in range(4000))
    new = old.replace("line 7\n", "line seven\n").replace("line 3990\n", "")
    assert len(diff_edits(old, new)) == 2


def test_texts_that_repeat_a_line_without_end_are_replaced_whole() -> None:
    # Comparing all these pairs would take seconds, and there is nothing to find.
    old, new = "a\n" * 2500 + "x\n", "y\n" + "a\n" * 2400 + "z\n"
    edits = diff_edits(old, new)
    assert len(edits) == 1
    assert apply_edits(old, edits) == new


@given(st.permutations(list(range(12))), st.integers(1, 600))
@settings(max_examples=20, derandomize=True, deadline=None)
def test_long_texts_with_few_lines_of_their_own_are_parted_by_these(
    order: list[int], n_blank: int
) -> None:
    old = "".join(f"line {n}\n" + "\n" * n_blank for n in range(12))
    new = "".join(f"line {n}\n" + "\n" * n_blank for n in order)
    assert apply_edits(old, diff_edits(old, new)) == new


def git_apply(diff: str, name: str, old: str | None) -> str | None:
    """Give what `git apply` makes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if old is not None:
            path.write_bytes(old.encode())
        command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
        done = subprocess.run(
            command, input=diff.encode(), cwd=folder, capture_output=True, timeout=5, check=False
        )
        assert done.returncode == 0, (done.stderr, diff)
        return path.read_bytes().decode() if path.exists() else None


@given(st.none() | texts, st.none() | texts)
@settings(max_examples=80, derandomize=True, deadline=None)
def test_git_takes_the_diff_of_any_two_texts(old: str | None, new: str | None) -> None:
    diff = unified_diff("a.txt", old, new)
    assert bool(diff) == (old != new)
    if diff:
        assert git_apply(diff, "a.txt", old) == new


@pytest.mark.parametrize(
    "name",
    [
        *("with space", " lead", "trail ", "d 2020-01-01 10:00:00", "ünï😀", 'q"x', "back\\x"),
        *("tab\tx", "nl\nx", "bell\x07", "-", "--- a", "\u2028"),
    ],
)
@pytest.mark.parametrize(
    ("old", "new"),
    [("a\n", "b\n"), (None, "a\n"), ("a\n", None), (None, ""), ("", None), ("", "a"), ("a", "")],
)
def test_git_takes_the_diff_of_any_name(name: str, old: str | None, new: str | None) -> None:
    assert git_apply(unified_diff(name, old, new), name, old) == new


def test_a_diff_reads_as_diffs_do() -> None:
    assert unified_diff("a.py", "a\nb\n", "a\nc") == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file\n"
    )


PLAIN, EXECUTABLE, LINK = FileMode


def git_apply_file(diff: str, name: str, old: FileOfDiff | None) -> FileOfDiff | None:
    """Give what `git apply` makes of a file, its mode included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if old is not None:
            put(path, old)
        command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
        done = subprocess.run(
            command, input=diff.encode(), cwd=folder, capture_output=True, timeout=5, check=False
        )
        assert done.returncode == 0, (done.stderr, diff)
        if not os.path.lexists(path):
            return None
        if path.is_symlink():
            return os.readlink(path), LINK
        is_executable = bool(path.stat().st_mode & stat.S_IXUSR)
        return path.read_bytes().decode(), EXECUTABLE if is_executable else PLAIN


def put(path: Path, file: FileOfDiff) -> None:
    content, mode = file
    assert isinstance(content, str)
    if mode is LINK:
        path.symlink_to(content)
        return
    path.write_bytes(content.encode())
    path.chmod(0o755 if mode is EXECUTABLE else 0o644)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("a\n", PLAIN), ("a\n", EXECUTABLE)),
        (("a\n", EXECUTABLE), ("b\n", PLAIN)),
        (None, ("a\n", EXECUTABLE)),
        (None, ("", EXECUTABLE)),
        (("", EXECUTABLE), None),
        (None, ("target", LINK)),
        (("target", LINK), ("other", LINK)),
        (("target", LINK), None),
        (("target", LINK), ("a\n", PLAIN)),
        (("a\n", EXECUTABLE), ("target", LINK)),
    ],
)
def test_git_takes_the_diff_of_modes_and_links(
    old: FileOfDiff | None, new: FileOfDiff | None
) -> None:
    assert git_apply_file(file_diff("a b", old, new), "a b", old) == new


def test_bytes_are_only_said_to_differ() -> None:
    assert file_diff("a", (b"\0", PLAIN), (b"\1", PLAIN)) == (
        "diff --git a/a b/a\nBinary files a/a and b/a differ\n"
    )
    assert file_diff("a", None, (b"\1", EXECUTABLE)) == (
        "diff --git a/a b/a\nnew file mode 100755\nBinary files /dev/null and b/a differ\n"
    )
    assert file_diff("a", ("text", PLAIN), None).endswith("-text\n\\ No newline at end of file\n")
    assert file_diff("a", (b"\0", PLAIN), (b"\0", PLAIN)) == ""
