"""Merging compared with `git merge-file`, on random edits of whole lines.

Where both merge, the results are the same. The two differ in what they refuse: git counts lines
that stand beside one another as one place, we do not, because a person who types in one line
says nothing about the next; we refuse to put lines beside lines that a person removed.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given, settings

from mcp_tools.types.errors import StaleEdit
from mcp_tools.types.text import split_lines
from mcp_tools.workspace.merging import merge
from tests.mcp_tools.workspace.line_edits import Side, sides

N_LINES = 7
BASE = [f"line {n}\n" for n in range(N_LINES)]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def git_merge(folder: Path, mine: str, base: str, theirs: str) -> str | None:
    """Give what git makes of it, None when it finds a conflict."""
    for name, text in (("mine", mine), ("base", base), ("theirs", theirs)):
        (folder / name).write_bytes(text.encode())
    command = ["git", "merge-file", "-p", "mine", "base", "theirs"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=5, check=False)
    return done.stdout.decode() if done.returncode == 0 else None


def our_merge(mine: str, base: str, theirs: str) -> str | None:
    try:
        return merge(base, mine, theirs, name="a")
    except StaleEdit:
        return None


@given(sides(N_LINES, "mine"), sides(N_LINES, "theirs"))
@settings(max_examples=120, derandomize=True, deadline=None)
def test_what_git_merges_too_comes_out_the_same(folder: Path, mine: Side, theirs: Side) -> None:
    base = "".join(BASE)
    ours = our_merge(mine.text(BASE), base, theirs.text(BASE))
    gits = git_merge(folder, mine.text(BASE), base, theirs.text(BASE))
    if ours is not None and gits is not None:
        assert ours == gits
    elif gits is not None:
        # We refuse what git merges only beside lines that are gone.
        assert theirs.removed
    elif ours is not None:
        # We merge what git refuses only where the two sides stand side by side.
        assert mine.touched_with_neighbors() & theirs.touched_with_neighbors()


@given(sides(N_LINES, "mine"), sides(N_LINES, "theirs"))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_no_line_of_a_person_is_ever_lost_and_no_removed_one_comes_back(
    mine: Side, theirs: Side
) -> None:
    result = our_merge(mine.text(BASE), "".join(BASE), theirs.text(BASE))
    if result is None:
        return
    lines = split_lines(result)
    typed = [line for line in split_lines(theirs.text(BASE)) if line not in BASE]
    made = [line for line in split_lines(mine.text(BASE)) if line not in BASE]
    assert [line for line in lines if line in typed] == typed
    assert [line for line in lines if line in made] == made
    gone = {BASE[n] for n in mine.removed | theirs.removed | {*mine.changed, *theirs.changed}}
    assert [line for line in lines if line in BASE] == [line for line in BASE if line not in gone]


@given(sides(N_LINES, "mine"), sides(N_LINES, "theirs"))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_lines_come_in_the_order_that_both_sides_gave_them(mine: Side, theirs: Side) -> None:
    result = our_merge(mine.text(BASE), "".join(BASE), theirs.text(BASE))
    if result is not None:
        order = {line: at for at, (line, _) in enumerate(groupby(split_lines(result)))}
        for side in (mine, theirs):
            kept = [order[line] for line in split_lines(side.text(BASE)) if line in order]
            assert kept == sorted(kept)
