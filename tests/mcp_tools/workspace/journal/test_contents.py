"""Contents as bytes and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcp_tools.types.contents import Binary, Content, Folder, Link
from mcp_tools.workspace.journal.contents import blob_of, content_of, key_of

ANY_TEXT = st.text(st.characters(exclude_categories=()))
CONTENTS = st.one_of(
    ANY_TEXT, st.builds(Binary, st.binary()), st.builds(Link, ANY_TEXT), st.just(Folder())
)


@given(CONTENTS)
def test_any_content_comes_back_from_its_bytes(content: Content) -> None:
    blob = blob_of(content)
    assert content_of(blob.kind, blob.data) == content


@given(CONTENTS, CONTENTS)
def test_the_same_key_means_the_same_bytes(one: Content, other: Content) -> None:
    first, second = blob_of(one), blob_of(other)
    assert (first.digest == second.digest) == (first.data == second.data)


def test_the_key_is_the_digest_of_the_bytes() -> None:
    # Source: `b2sum -l 256` of the three bytes.
    assert key_of(b"abc") == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
    assert blob_of("abc").digest == blob_of(Link("abc")).digest == key_of(b"abc")


@pytest.mark.parametrize(("kind", "data"), [("text", b"\xff"), ("device", b"")])
def test_bytes_that_never_were_a_content_are_refused(kind: str, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"device|decode"):
        content_of(kind, data)
