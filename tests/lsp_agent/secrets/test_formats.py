"""Formats: each finds its own, and nothing that only resembles it."""

import re

import pytest

from lsp_agent.secrets.formats import FORMATS, Format, is_example
from tests.lsp_agent.secrets.made_up import CREDENTIALS, IN_CONTEXT


def found(name: str, text: str) -> list[str]:
    """Give what the formats of a name find in a text."""
    of_name = [each for each in FORMATS if each.name == name]
    return [text[start:end] for each in of_name for start, end in each.spans(text)]


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_is_found_in_the_middle_of_a_line(name: str) -> None:
    credential = CREDENTIALS[name]
    assert found(name, f'value = "{credential}", and so on') == [credential]


@pytest.mark.parametrize("name", CREDENTIALS)
def test_what_is_glued_to_letters_is_another_word(name: str) -> None:
    assert found(name, f"x{CREDENTIALS[name]}") == []


@pytest.mark.parametrize("name", IN_CONTEXT)
def test_a_credential_is_found_by_the_words_around_it(name: str) -> None:
    before, credential, after = IN_CONTEXT[name]
    assert set(found(name, before + credential + after)) == {credential}


@pytest.mark.parametrize(
    "text",
    [
        "postgres://user:password@localhost/db",
        "https://{user}:{password}@host",
        "https://$USER:$PASSWORD@host",
        "http://localhost:8000/a@b",
        "Authorization: Bearer ${TOKEN}",
        "Authorization: Basic <credentials>",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "sk-ant-...",
        "Server=db;Password={password};",
    ],
)
def test_templates_and_examples_are_no_credentials(text: str) -> None:
    assert [each.name for each in FORMATS if list(each.spans(text))] == []


@pytest.mark.parametrize("value", ["changeme", "your-token", "Password", "xxxxxxxx", "${TOKEN}"])
def test_an_example_is_told(value: str) -> None:
    assert is_example(value)


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_a_format_says_who_documents_it_and_is_compiled(each: Format) -> None:
    assert each.source
    assert each.marks
    assert isinstance(each.pattern, re.Pattern)
    assert re.fullmatch(r"[\w .-]{1,60}", each.name), "it stands in a placeholder"
