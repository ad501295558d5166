"""Names as the most lenient disk compares them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.permissions.folding import folded


@pytest.mark.parametrize(
    "name",
    [
        ".git",
        ".GIT",
        ".g\u200cit",
        ".g\ufe0fit",
        ".git.",
        ".git . ",
        ".git::$INDEX_ALLOCATION",
        "\uff0egit",
        ".g\u0131t".replace("\u0131", "i"),
        ".gi\x7ft",
    ],
)
def test_spellings_that_a_disk_may_take_for_one_name_are_one(name: str) -> None:
    assert folded(name) == ".git"


@pytest.mark.parametrize("name", [".git1", "git", ".gi", "a.git", ":git"])
def test_other_names_stay_others(name: str) -> None:
    assert folded(name) != ".git"


@pytest.mark.parametrize(("name", "form"), [(".hus\u212ay", ".husky"), (".v\u017fcode", ".vscode")])
def test_letters_that_fold_to_ascii_do(name: str, form: str) -> None:
    assert folded(name) == form


@given(st.text(max_size=20))
def test_folding_forgets_case_form_and_itself(name: str) -> None:
    form = folded(name)
    assert folded(form) == form
    assert folded(unicodedata.normalize("NFD", name)) == form
    assert folded(unicodedata.normalize("NFC", name)) == form


@pytest.mark.parametrize("name", [".", "..", " ", "", "..."])
def test_a_name_of_dots_alone_is_not_folded_away(name: str) -> None:
    assert folded(name) == name
