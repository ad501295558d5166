"""A review as a document."""

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from lsp_agent.server.review.document import IN_A_FILE, SETTLED, VIRTUAL, counted, rendered
from lsp_agent.server.review.marks import Place, sections_of
from mcp_tools.types.contents import Binary, Folder, Link, State
from mcp_tools.workspace.proposals import Proposal, ProposedFile, wish_between
from mcp_tools.workspace.workspace import Put, SetBuffer
from tests.lsp_agent.server.proposed import Texts, proposed, review

LINES = "".join(f"{number}\n" for number in range(1, 21))


def document(root: Path, before: Texts, after: Texts) -> str:
    workspace = proposed(root, before, after)
    return rendered(review(workspace), workspace.root, IN_A_FILE)


def body(root: Path, before: Texts, after: Texts) -> str:
    """Give a document without what is on top of each, and with short ids."""
    text = document(root, before, after).partition("\n\n")[2]
    workspace = proposed(root, before, after)
    for number, hunk in enumerate(review(workspace).hunks):
        text = text.replace(hunk.id, f"id{number}")
    return text


def test_the_top_says_how_much_waits_and_what_can_be_done(tmp_path: Path) -> None:
    text = document(tmp_path, {"a.py": "x\n"}, {"a.py": "y\n", "b.py": "z\n"})
    assert text.partition("\n\n")[0] == snapshot(
        """\
# Proposed: Change
# 2 hunks in 2 files wait for your decision.
# Nothing is changed until you accept. The code actions of your editor, on a hunk, on a file
# name or here, accept, reject or explain it, or ask for another; and lspAgent.undo takes
# back what was accepted.
# To comment, write lines that begin with > below a hunk, below a file name, or here for all
# of it; then choose the code action "Send review". The agent answers with a new proposal.\
"""
    )


def test_hunks_have_context_that_is_never_shown_twice(tmp_path: Path) -> None:
    after = LINES.replace("5\n", "five\n", 1).replace("8\n", "eight\n", 1)
    after = after.replace("20\n", "20\n21\n")
    assert body(tmp_path, {"a": LINES}, {"a": after}) == snapshot(
        """\
Index: a
--- a/a
+++ b/a
@@ -2,5 +2,5 @@ [id0]
 2
 3
 4
-5
+five
 6
@@ -7,5 +7,5 @@ [id1]
 7
-8
+eight
 9
 10
 11
@@ -18,3 +18,4 @@ [id2]
 18
 19
 20
+21
"""
    )


def test_files_that_come_and_go_name_no_other_side(tmp_path: Path) -> None:
    before, after = {"gone": "a\n"}, {"gone": None, "new/file": "b"}
    assert body(tmp_path, before, after) == snapshot(
        """\
Index: gone
--- a/gone
+++ /dev/null
@@ -1,1 +0,0 @@ [id0] text -> nothing
-a
Index: new/file
--- /dev/null
+++ b/new/file
@@ -0,0 +1,1 @@ [id1] nothing -> text
+b
\\ No newline at end of file
"""
    )


def test_line_ends_that_change_are_seen_and_the_usual_ones_are_not(tmp_path: Path) -> None:
    text = body(tmp_path, {"a": "one\r\ntwo\r\nthree\r\n"}, {"a": "one\r\ntwo\nthree\r\n"})
    assert text.splitlines()[3:] == snapshot(
        ["@@ -1,3 +1,3 @@ [id0]", " one", "-two", "+two␊", " three"]
    )


@pytest.mark.parametrize(
    "line",
    ["Index: b", "@@ -1,1 +1,1 @@ [0123456789]", "> a comment", "# Proposed", "-- a/a", "\x0c> x"],
)
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_no_text_of_a_file_is_taken_for_a_mark(tmp_path: Path, line: str, end: str) -> None:
    before, after = f"{line}{end}a{end}", f"{line}{end}b{end}{line}{end}"
    places = [
        section.place for section in sections_of(document(tmp_path, {"a": before}, {"a": after}))
    ]
    assert places[:2] == [Place(), Place("a")]
    assert {place.name for place in places[2:]} == {"a"}
    workspace = proposed(tmp_path, {"a": before}, {"a": after})
    assert [place.hunk_id for place in places[2:]] == [hunk.id for hunk in review(workspace).hunks]


@pytest.mark.parametrize("name", ["with space", '"quoted"', "line\nend", " x ", "Index: a", "ü/é"])
def test_any_name_is_read_back_as_it_was(tmp_path: Path, name: str) -> None:
    sections = sections_of(document(tmp_path, {}, {name: "x\n"}))
    assert sections[1].place == Place(name)
    assert not any(section.comment for section in sections)


def test_a_stale_hunk_is_shown_with_the_reason(tmp_path: Path) -> None:
    workspace = proposed(tmp_path, {"a": LINES}, {"a": LINES.replace("5\n", "five\n", 1)})
    typed = LINES.replace("5\n", "FIVE\n", 1)
    workspace.apply(SetBuffer(path=workspace.root / "a", text=typed, version=1))
    text = rendered(review(workspace), workspace.root, VIRTUAL)
    assert "@@ stale @@ [" in text
    assert "it cannot be accepted now: line 5 of 'a' was changed" in text
    assert text.endswith("-5\n+five\n")
    assert "1 hunk in 1 file waits" in text


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    workspace = proposed(tmp_path, {}, {})
    root = workspace.root
    (root / "run").write_bytes(b"#!/bin/sh\n")
    mode = (root / "run").stat().st_mode & 0o777
    files: dict[Path, ProposedFile] = {
        root / "data": wish_between(None, State(content=Binary(b"\0\1\2"))),
        root / "folder": wish_between(None, State(content=Folder())),
        root / "link": wish_between(None, State(content=Link("a\nb"))),
        root / "run": ProposedFile(base="#!/bin/sh\n", content="#!/bin/sh\n", mode=0o755),
    }
    workspace.apply(Put(Proposal(id="p", label="Two\nlines\x1b", files=files)))
    text = rendered(review(workspace), root, VIRTUAL)
    marks = [line.partition("] ")[2] for line in text.splitlines() if line.startswith("@@")]
    assert marks[:3] == ["nothing -> 3 bytes", "nothing -> folder", "nothing -> link to 'a?b'"]
    assert f"@@ mode {mode:04o} -> 0755 @@" in text
    assert text.startswith("# Proposed: Two lines?\n")


def test_a_side_that_nobody_would_read_is_counted(tmp_path: Path) -> None:
    text = document(tmp_path, {}, {"a": "x\n" * 6000 + "y" * 5000})
    assert text.count("\n+") == 5000 + 1  # One is the name.
    assert text.endswith("\\ 1001 more lines\n")
    long_line = document(tmp_path, {}, {"b": "y" * 5000 + "\n"})
    assert "y… (3000 more characters)\n" in long_line


def test_with_nothing_left_it_says_so(tmp_path: Path) -> None:
    workspace = proposed(tmp_path, {"a": "x\n"}, {"a": "y\n"})
    assert counted(review(workspace)).startswith("1 hunk in 1 file waits")
    workspace.apply(SetBuffer(path=workspace.root / "a", text="y\n", version=1))
    assert rendered(review(workspace), workspace.root, VIRTUAL) == SETTLED
