"""Texts for property tests: few different lines, so that they meet, and odd characters."""

from hypothesis import settings
from hypothesis import strategies as st

many = settings(max_examples=200, derandomize=True, deadline=None)

any_text = st.text(st.sampled_from("ab\n\r\x0c\u2028😀"), max_size=24)
"""Any mixture of line ends."""


def lines(newline: str = "\n") -> st.SearchStrategy[str]:
    """Give texts of whole lines, of which only the last may lack its line end."""
    line = st.sampled_from(["", "a", "b", "c", "ab", "+x", "-x", "\\ No", "@@", "\u2028", "😀"])
    texts = st.lists(line, max_size=8).map(newline.join)
    return st.builds(_ended, texts, st.sampled_from(["", newline]))


def _ended(text: str, end: str) -> str:
    return text + end
