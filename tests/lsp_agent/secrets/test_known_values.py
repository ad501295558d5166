"""Values of the environment: which are secret, and how they may be spelled."""

import pytest

from lsp_agent.secrets.known_values import is_distinct, spellings, values_of
from tests.lsp_agent.secrets.made_up import random_word

VALUE = random_word(12)


@pytest.mark.parametrize(
    "name", ["GITHUB_TOKEN", "api_key", "DB_PASSWORD", "SECRET", "APP_SECRET_2", "SENTRY_DSN"]
)
def test_a_value_with_a_secret_name_is_one(name: str) -> None:
    assert values_of({name: VALUE}) == {VALUE: f"value of {name}"}


@pytest.mark.parametrize("name", ["PWD", "OLDPWD", "HOME", "TOKENIZER", "KEYBOARD", "GPG_KEY"])
def test_other_names_are_left(name: str) -> None:
    assert values_of({name: VALUE}) == {}


@pytest.mark.parametrize("value", ["", "short1", "postgres", "/run/agent.sock", "12345678"])
def test_what_stands_in_many_places_is_left(value: str) -> None:
    assert not is_distinct(value)
    assert values_of({"TOKEN": value}) == {}


def test_a_value_is_known_in_addresses_and_json() -> None:
    assert spellings('a b"c') == {'a b"c', "a%20b%22c", 'a b\\"c'}
