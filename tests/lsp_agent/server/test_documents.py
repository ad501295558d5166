"""Open documents follow the editor, character by character."""

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp

from lsp_agent.server.convert import Encoding, to_range
from lsp_agent.server.documents import Documents
from mcp_tools.types.text import LineIndex, Span

URI = "file:///a.py"
TEXTS = st.text(alphabet=st.sampled_from("ab𝄞\x0c\u2028\r\n"), max_size=20)


def opened(text: str) -> Documents:
    documents = Documents()
    item = lsp.TextDocumentItem(uri=URI, language_id="python", version=1, text=text)
    documents.open(item)
    return documents


def partial(range_: lsp.Range, text: str) -> lsp.TextDocumentContentChangePartial:
    return lsp.TextDocumentContentChangePartial(range=range_, text=text)


@given(data=st.data(), text=TEXTS, encoding=st.sampled_from(Encoding))
def test_incremental_changes_give_the_text_that_the_editor_shows(
    data: st.DataObject, text: str, encoding: Encoding
) -> None:
    documents, shown = opened(text), text
    for version in range(2, 5):
        inside = [i for i in range(len(shown) + 1) if shown[i - 1 : i + 1] != "\r\n"]
        start, end = sorted(data.draw(st.sampled_from(inside)) for _ in range(2))
        new = data.draw(TEXTS)
        change = partial(to_range(LineIndex(shown), Span(start, end), encoding), new)
        shown = shown[:start] + new + shown[end:]
        identifier = lsp.VersionedTextDocumentIdentifier(uri=URI, version=version)
        changed = documents.change(identifier, [change], encoding)
        assert changed is not None
        assert (changed.text, changed.version) == (shown, version)


def test_an_edit_behind_a_form_feed_does_not_shift() -> None:
    documents = opened("a\x0cb\nc\n")
    change = partial(lsp.Range(lsp.Position(1, 0), lsp.Position(1, 1)), "Z")
    identifier = lsp.VersionedTextDocumentIdentifier(uri=URI, version=2)
    changed = documents.change(identifier, [change], Encoding.Utf16)
    assert changed is not None
    assert changed.text == "a\x0cb\nZ\n"


def test_several_changes_are_each_relative_to_the_one_before() -> None:
    documents = opened("one")
    start = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    changes = [partial(start, "b"), partial(start, "a")]
    identifier = lsp.VersionedTextDocumentIdentifier(uri=URI, version=2)
    changed = documents.change(identifier, changes, Encoding.Utf16)
    assert changed is not None
    assert changed.text == "abone"


def test_a_document_that_was_never_opened_is_left_alone() -> None:
    whole = lsp.TextDocumentContentChangeWholeDocument(text="x")
    identifier = lsp.VersionedTextDocumentIdentifier(uri=URI, version=2)
    assert Documents().change(identifier, [whole], Encoding.Utf16) is None
    assert Documents().close(URI) is None
