"""The user's own list: words, regular expressions, and entries that are neither."""

import pytest

from lsp_agent.secrets.own_words import BadPattern, own_words


def found(entry: str, text: str) -> list[str]:
    """Give what an entry finds in a text."""
    return [text[start:end] for start, end in own_words([entry], what="secrets").spans(text)]


def test_a_word_is_found_in_any_letter_case_and_alone() -> None:
    assert found("Acme Corp", "ACME CORP, acme corporation, acme corp.") == [
        "ACME CORP",
        "acme corp",
    ]


def test_between_slashes_is_a_regular_expression() -> None:
    assert found("/FALCON-[0-9]+/", "FALCON-7 falcon-8") == ["FALCON-7"]


@pytest.mark.parametrize("entry", ["", "ab", "/a/", "/[unclosed/", "/(abc)*/"])
def test_a_wrong_entry_is_told_without_its_text(entry: str) -> None:
    with pytest.raises(BadPattern) as caught:
        own_words(["fine", entry], what="secrets")
    assert str(caught.value).startswith("secrets[1]: ")
    assert not entry or entry not in str(caught.value)
