"""How much an answer knows, in words."""

from mcp_tools.code.answers.freshness import index_notes
from mcp_tools.types.codebase import IndexState, LeftOut


def test_a_complete_answer_needs_no_note() -> None:
    assert index_notes(IndexState(is_complete=True, n_files=3, n_indexed=3)) == ()


def test_what_is_missing_is_told() -> None:
    left_out = tuple(LeftOut(file=f"{name}.py", reason="too large") for name in "abcde")
    state = IndexState(is_complete=False, n_files=9, n_indexed=2, left_out=left_out)
    assert index_notes(state) == (
        "[the index is not complete: 2 of 9 files are known, so there may be more]",
        "[not looked into: a.py (too large), b.py (too large), c.py (too large) and 2 more]",
    )
