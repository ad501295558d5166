"""A hunk as it is shown: place, lines around it, and the JSON that the README documents."""

from pathlib import Path

import pytest

from lsp_agent.cli.hunk_view import hunk_diff, hunk_json, hunk_place
from mcp_tools.types.contents import Folder, Link, State
from mcp_tools.workspace.hunks import Hunk, hunks_between

ROOT = Path("/workspace")
PATH = ROOT / "pkg/a.py"
LETTERS = "".join(f"{letter}\n" for letter in "abcdefghij")


def hunks(before: State | None, after: State | None) -> tuple[Hunk, ...]:
    return hunks_between(PATH, before, after)


def test_lines_are_shown_with_three_around_them() -> None:
    before = State(content=LETTERS)
    (hunk,) = hunks(before, State(content=LETTERS.replace("f\n", "F\n+\n")))
    assert hunk_place(hunk, ROOT) == "pkg/a.py:6"
    assert hunk_diff(hunk, before, ROOT) == (
        "@@ -3,7 +3,8 @@\n c\n d\n e\n-f\n+F\n++\n g\n h\n i\n"
    )


def test_lines_of_a_text_that_is_not_there_stand_alone() -> None:
    before = State(content=LETTERS)
    (hunk,) = hunks(before, State(content=LETTERS.replace("f\n", "")))
    assert hunk_diff(hunk, None, ROOT) == "@@ -6,1 +5,0 @@\n-f\n"


def test_a_last_line_without_an_end_is_marked() -> None:
    before = State(content="a")
    (hunk,) = hunks(before, State(content="b"))
    none = "\\ No newline at end of file\n"
    assert hunk_diff(hunk, before, ROOT) == f"@@ -1,1 +1,1 @@\n-a\n{none}+b\n{none}"


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, State(content="x\n"), "--- /dev/null\n+++ b/pkg/a.py\n@@ -0,0 +1 @@\n+x\n"),
        (None, State(content=Folder()), "# new folder 'pkg/a.py'\n"),
        (State(content=Folder()), None, "# deleted folder 'pkg/a.py'\n"),
        (State(content="x\n", mode=0o644), State(content="x\n", mode=0o600), None),
        (
            None,
            State(content=Link("b")),
            "diff --git a/pkg/a.py b/pkg/a.py\nnew file mode 120000\n--- /dev/null\n"
            "+++ b/pkg/a.py\n@@ -0,0 +1 @@\n+b\n\\ No newline at end of file\n",
        ),
    ],
)
def test_what_is_not_lines_is_shown_whole(
    before: State | None, after: State | None, shown: str | None
) -> None:
    (hunk,) = hunks(before, after)
    assert hunk_place(hunk, ROOT) == "pkg/a.py"
    assert hunk_diff(hunk, before, ROOT) == (shown or "# permissions of 'pkg/a.py': 600\n")


def test_a_hunk_has_the_documented_fields() -> None:
    before = State(content=LETTERS)
    (hunk,) = hunks(before, State(content=LETTERS.replace("f\n", "F\nG\n")))
    shown = hunk_json(hunk, before, ROOT)
    diff = hunk_diff(hunk, before, ROOT)
    counts = {"line": 6, "removed": 1, "added": 2}
    assert shown == {"id": hunk.id, "kind": "lines", **counts, "diff": diff}
    (made,) = hunks(None, before)
    assert hunk_json(made, None, ROOT)["line"] is None
