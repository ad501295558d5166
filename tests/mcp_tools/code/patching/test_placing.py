"""Placing hunks: what a diff of two texts says, made in one of them, gives the other."""

from hypothesis import example, given
from hypothesis import strategies as st

from mcp_tools.code.patching.changes import parse_patch
from mcp_tools.code.patching.placing import text_after
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.workspace.diffs import unified_diff

LINES = st.lists(st.sampled_from(["", "a", "b", "  a", "-- x", "++ x", "@@", "*** y"]), max_size=30)
ENDS = st.sampled_from(["\n", "\r\n"])
LAST_ENDS = st.sampled_from(["", "\n"])
TEXTS = st.tuples(LINES, LAST_ENDS).map(lambda both: "\n".join(both[0]) + both[1])


@given(TEXTS, TEXTS, ENDS)
@example("\n", "a\n\n", "\n")
def test_every_diff_of_two_texts_makes_the_other(old: str, new: str, end: str) -> None:
    if not old or not new or old == new:
        return
    old, new = old.replace("\n", end), new.replace("\n", end)
    (section,) = parse_patch(unified_diff("x.txt", old, new))
    made = text_after(old, section.hunks)
    # The line ends are those of the file, so they are not known where it has none.
    assert made == new if end in old else made.split() == new.split()


@given(st.text(max_size=300))
def test_any_text_is_a_patch_or_is_refused(text: str) -> None:
    for patch in (text, f"*** Begin Patch\n{text}", f"--- a/x\n+++ b/x\n{text}"):
        try:
            sections = parse_patch(patch)
        except InvalidEdit:
            continue
        assert all(section.path or section.new_path for section in sections)
