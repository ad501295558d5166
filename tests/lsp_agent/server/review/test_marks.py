"""Reading a document for review again, whatever a person has typed into it."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lsp_agent.server.review.document import IN_A_FILE, SETTLED, rendered
from lsp_agent.server.review.marks import Note, Place, Section, carried, notes_in, sections_of
from mcp_tools.workspace.review import Selection, reject_part
from mcp_tools.workspace.workspace import Put
from tests.lsp_agent.server.proposed import proposed, review

LINES = [f"{number}\n" for number in range(1, 41)]
PLAIN = """\
# Proposed: Change

Index: a
--- a/a
+++ b/a
@@ -1,1 +1,1 @@ [aa]
-1
+one
@@ -9,1 +9,1 @@ [bb]
-9
+nine
Index: "b\\nc"
--- /dev/null
+++ b/b?c
@@ -0,0 +1,1 @@ [cc] nothing -> text
+x
"""
FIRST_GONE = PLAIN.replace("@@ -1,1 +1,1 @@ [aa]\n-1\n+one\n", "")


def typed(*pairs: tuple[str, str], text: str = PLAIN) -> str:
    """Give the document with lines typed below others."""
    for below, line in pairs:
        assert text.count(f"{below}\n") == 1
        text = text.replace(f"{below}\n", f"{below}\n{line}\n")
    return text


def section_at(text: str, line: int) -> Section:
    """Give the part of a document that a line (from 0) belongs to."""
    return [section for section in sections_of(text) if section.first_line <= line][-1]


def test_places_are_found_from_the_text_alone() -> None:
    assert [section.place for section in sections_of(PLAIN)] == [
        Place(),
        Place("a"),
        Place("a", "aa"),
        Place("a", "bb"),
        Place("b\nc"),
        Place("b\nc", "cc"),
    ]
    assert section_at(PLAIN, 0).place == Place()
    assert section_at(PLAIN, 3).place == Place("a")
    assert section_at(PLAIN, 7).place == Place("a", "aa")
    assert section_at(PLAIN, 999).place == Place("b\nc", "cc")


def test_comments_belong_to_what_they_stand_below() -> None:
    text = typed(
        ("# Proposed: Change", "> all"),
        ("+++ b/a", "> file"),
        ("-1", ">first"),
        ("+one", ">  second"),
        ("+x", "> "),
    )
    assert notes_in(text) == (
        Note(Place(), "all"),
        Note(Place("a"), "file"),
        Note(Place("a", "aa"), "first\n second"),
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_document_without_anything_typed_becomes_the_new_rendering(newline: str) -> None:
    shown = PLAIN.replace("\n", newline)
    assert carried(PLAIN, shown, FIRST_GONE) == FIRST_GONE.replace("\n", newline)
    assert carried(PLAIN, shown, SETTLED) == SETTLED.replace("\n", newline)


def test_what_was_typed_stays_at_its_place() -> None:
    pairs = (("# Proposed: Change", "hello"), ("-9", "> why"), ("+x", "-typed like a diff"))
    assert carried(PLAIN, typed(*pairs), FIRST_GONE) == typed(*pairs, text=FIRST_GONE)


def test_a_comment_stays_below_its_line_when_there_is_more_context_above() -> None:
    new = PLAIN.replace("@@ -9,1 +9,1 @@ [bb]\n", "@@ -8,2 +8,2 @@ [bb]\n 8\n")
    assert carried(PLAIN, typed(("+nine", "> why")), new) == typed(("+nine", "> why"), text=new)


def test_a_comment_stays_below_what_took_the_place_of_its_line() -> None:
    new = PLAIN.replace("-9\n+nine\n", "-9\n-10\n+NINE\n+ten\n")
    text = carried(PLAIN, typed(("+nine", "> why")), new)
    assert text == typed(("+ten", "> why"), text=new)


def test_a_name_that_a_person_has_broken_names_no_file() -> None:
    assert section_at(PLAIN.replace('c"', "c"), 99).place == Place('"b\\nc', "cc")


def test_what_was_typed_below_a_settled_hunk_becomes_a_comment_on_its_file() -> None:
    text = carried(PLAIN, typed(("-1", "> why"), ("+one", "+uno")), FIRST_GONE)
    assert notes_in(text) == (Note(Place("a"), "why\n+uno"),)


def test_what_was_typed_below_a_settled_file_becomes_a_comment_on_all() -> None:
    text = carried(PLAIN, typed(("+x", "> why")), PLAIN.partition('Index: "b')[0])
    assert notes_in(text) == (Note(Place(), "why"),)


def test_comments_that_were_delivered_go_and_others_stay() -> None:
    shown = typed(("+one", "> sent"), ("+nine", "> not sent"))
    text = carried(PLAIN, shown, PLAIN, [Note(Place("a", "aa"), "sent")])
    assert text == typed(("+nine", "> not sent"))


def test_a_comment_that_was_changed_after_it_was_sent_stays() -> None:
    shown = typed(("+one", "> sent, and more"))
    assert carried(PLAIN, shown, PLAIN, [Note(Place("a", "aa"), "sent")]) == shown


def test_without_a_rendering_what_looks_typed_is_kept() -> None:
    shown = typed(("+one", "> why"), ("+nine", "plain words"), ("+x", "+not told from the diff"))
    text = carried("", shown, FIRST_GONE)
    assert notes_in(text) == (Note(Place("a"), "why"),)
    assert "+nine\nplain words\n" in text


def test_lines_of_the_document_that_were_deleted_come_back() -> None:
    assert carried(PLAIN, PLAIN.replace("+nine\n", ""), PLAIN) == PLAIN
    assert carried(PLAIN, "", FIRST_GONE) == FIRST_GONE


@settings(max_examples=100, derandomize=True, deadline=None)
@given(seed=st.integers(0, 1 << 32), n_typed=st.integers(0, 8), n_rejected=st.integers(0, 6))
def test_no_typed_line_is_ever_lost(seed: int, n_typed: int, n_rejected: int) -> None:
    choose = random.Random(seed)
    after = {name: _changed(choose) for name in ("a", "b/c")}
    with TemporaryDirectory() as folder:
        before = dict.fromkeys(after, "".join(LINES))
        workspace = proposed(Path(folder), before, after)
        old = rendered(review(workspace), workspace.root, IN_A_FILE)
        shown = old.splitlines(keepends=True)
        words = [f"{choose.choice(('> ', '', '+', ' '))}typed {n}" for n in range(n_typed)]
        for word in words:
            shown.insert(choose.randint(0, len(shown)), f"{word}\n")
        for _ in range(n_rejected):
            hunks = review(workspace).hunks
            if not hunks:
                break
            selection = Selection(hunk_id=choose.choice(hunks).id)
            workspace.apply(Put(reject_part(workspace, "p", selection)))
        is_gone = not workspace.open_proposals()
        new = SETTLED if is_gone else rendered(review(workspace), workspace.root, IN_A_FILE)
    text = carried(old, "".join(shown), new)
    lines = [line.removeprefix("> ") for line in text.splitlines()]
    assert all(lines.count(word.removeprefix("> ")) == 1 for word in words)
    left = [line for line in text.splitlines() if "typed" not in line]
    assert left == new.splitlines()


def _changed(choose: random.Random) -> str:
    return "".join(f"new {line}" if choose.random() < 0.2 else line for line in LINES)
