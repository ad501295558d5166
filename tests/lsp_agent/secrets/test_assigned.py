"""Random words beside secret names: which are hidden, and which are code, digests and ids."""

import pytest

from lsp_agent.secrets.assigned import assigned_spans, entropy_bits, looks_random
from tests.lsp_agent.secrets.made_up import HEX, random_word

WORD = random_word(32)
DIGITS = random_word(32, HEX)


@pytest.mark.parametrize(
    "line",
    [
        f'password = "{WORD}"',
        f"DB_PASSWORD={WORD}",
        f"export API_TOKEN='{WORD}'",
        f'"clientSecret": "{WORD}",',
        f'{{\\"client_secret\\": \\"{WORD}\\"}}',
        f"   12\tsecret_key: {WORD}",
        f"settings.py:3:SECRET_KEY = r'{WORD}'",
        f'os.environ["AWS_SECRET_ACCESS_KEY"] = "{WORD}"',
        f"//registry.npmjs.org/:_authToken={WORD}",
        f"api_key := `{WORD}`",
        f"token => '{WORD}'",
        f"api_key = '{DIGITS}'",
    ],
)
def test_a_random_word_with_a_secret_name_is_found(line: str) -> None:
    (span,) = assigned_spans(line)
    assert line[slice(*span)] in (WORD, DIGITS)


@pytest.mark.parametrize(
    "line",
    [
        f"name = '{WORD}'",
        f"cache_key = '{WORD}'",
        f"token_hash = '{WORD}'",
        f"public_key = '{WORD}'",
        f"key = '{DIGITS}'",
        f"--hash=sha256:{random_word(64, HEX)}",
        f'"integrity": "sha512-{random_word(86)}=="',
        "token = '123e4567-e89b-12d3-a456-426614174000'",
        "password = 'correct horse battery staple'",
        "password_validators = 'django.contrib.auth.password_validation.MinimumLengthValidator'",
        "token = getUserTokenFromRequestHeader2(request)",
        "secret = settings.SECRET_KEY_FALLBACKS_2",
        "api_key = os.environ.get('API_KEY_FOR_TESTS_1')",
        "SECRET_KEY = '${SECRET_KEY_FROM_VAULT_1}'",
        "token_url = https://auth.example.org/oauth2/v1/token",
        "password = '****************'",
    ],
)
def test_other_names_digests_ids_and_code_are_left(line: str) -> None:
    assert list(assigned_spans(line)) == []


def test_what_is_short_or_of_words_does_not_look_random() -> None:
    assert looks_random(WORD)
    assert not looks_random(WORD[:15])
    assert not looks_random("MinimumLengthValidator2")
    assert not looks_random("abcdefghijklmnopqrstuvwx")


def test_entropy_is_counted_by_character() -> None:
    assert entropy_bits("aaaa") == 0
    assert entropy_bits("abab") == 1
    assert entropy_bits("abcd") == 2
