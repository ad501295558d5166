"""The redactor: what stays of a text, its placeholders, and how long it may take."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_agent.secrets.own_words import own_words
from lsp_agent.secrets.redactor import Redactor, Secrets
from mcp_tools.types.json import JsonObject
from tests.lsp_agent.secrets.made_up import (
    CREDENTIALS,
    IN_CONTEXT,
    KEY_LINES,
    PRIVATE_KEY,
    random_word,
)

TOKEN, OTHER = CREDENTIALS["GitHub token"], CREDENTIALS["npm token"]
VALUE = random_word(12, seed="value")
LIMIT_S = 6.0
"""For a megabyte; it takes a tenth of it on a machine that does nothing else."""

TEXTS = st.lists(
    st.sampled_from([*CREDENTIALS.values(), PRIVATE_KEY, "\n", " ", "=", "token", '"', "a", "://"])
    | st.text(max_size=5)
).map("".join)


def test_a_credential_becomes_a_placeholder_and_the_rest_stays() -> None:
    redacted = Redactor().redact(f"token = {TOKEN}\nname = 'a'\n")
    assert redacted.text == "token = [hidden: GitHub token #1]\nname = 'a'\n"
    (finding,) = redacted.findings
    assert (finding.name, finding.placeholder) == ("GitHub token", "[hidden: GitHub token #1]")


def test_the_same_value_has_the_same_number_wherever_it_stands() -> None:
    redactor = Redactor()
    assert redactor.hide(f"{TOKEN} {OTHER} {TOKEN}").count("#1]") == 2
    assert redactor.hide(OTHER) == "[hidden: npm token #2]"
    assert (
        redactor.hide(f"https://git:{TOKEN}@host") == "https://git:[hidden: GitHub token #1]@host"
    )


def test_a_text_without_credentials_is_given_as_it_is() -> None:
    text = "def token(key):\n    return key\n"
    assert Redactor().redact(text).text is text


@pytest.mark.parametrize("name", CREDENTIALS)
def test_no_part_of_a_credential_stays(name: str) -> None:
    credential = CREDENTIALS[name]
    hidden = Redactor().hide(f"API_TOKEN={credential}\nAuthorization: Bearer {credential}\n")
    assert not any(credential[i : i + 12] in hidden for i in range(len(credential) - 12))


@pytest.mark.parametrize("name", IN_CONTEXT)
def test_what_the_words_around_tell_is_hidden(name: str) -> None:
    before, credential, after = IN_CONTEXT[name]
    hidden = Redactor().hide(before + credential + after)
    assert credential not in hidden
    assert hidden.startswith(before)


def test_a_private_key_keeps_its_lines() -> None:
    hidden = Redactor().hide(PRIVATE_KEY)
    assert not any(line in hidden for line in KEY_LINES)
    lines = hidden.splitlines()
    assert len(lines) == len(PRIVATE_KEY.splitlines())
    assert set(lines[1:-1]) == {"[hidden: private key #1]"}


def test_known_values_are_hidden_in_every_spelling() -> None:
    redactor = Redactor(Secrets(values={'p/ss "w0rd"': "value of DB_PASSWORD"}))
    placeholder = "[hidden: value of DB_PASSWORD #"
    for text in ('x p/ss "w0rd" y', "?p=p%2Fss%20%22w0rd%22", '{"p": "p/ss \\"w0rd\\""}'):
        assert placeholder in redactor.hide(text)
        assert "w0rd" not in redactor.hide(text)


def test_words_of_the_user_are_hidden() -> None:
    redactor = Redactor(Secrets(words=own_words(["Falcon", "/proj-[0-9]+/"], what="secrets")))
    assert redactor.hide("falcon: proj-42, falconry") == (
        "[hidden: word of your list #1]: [hidden: word of your list #2], falconry"
    )


def test_every_text_within_json_is_hidden() -> None:
    data: JsonObject = {TOKEN: [OTHER, {"a": f"is {TOKEN}", "n": 1, "b": True, "c": None}]}
    assert Redactor().hide_in(data) == {
        "[hidden: GitHub token #1]": [
            "[hidden: npm token #2]",
            {"a": "is [hidden: GitHub token #1]", "n": 1, "b": True, "c": None},
        ]
    }


def test_only_own_placeholders_are_known_again() -> None:
    redactor = Redactor()
    placeholder = redactor.hide(TOKEN)
    assert redactor.placeholder_in({"a": [{"b": f"x{placeholder}"}]}) == placeholder
    assert redactor.placeholder_in({placeholder: 1}) == placeholder
    assert redactor.placeholder_in("[hidden: GitHub token #2] [hidden: npm token #1]") == ""
    assert Redactor().placeholder_in(placeholder) == ""


def test_what_looks_like_a_placeholder_hides_nothing_from_the_redactor() -> None:
    assert TOKEN not in Redactor().hide(f"[hidden: {TOKEN} #1]")


@given(TEXTS)
def test_hiding_twice_changes_nothing_and_lines_stay(text: str) -> None:
    redactor = Redactor()
    once = redactor.hide(text)
    assert redactor.hide(once) == once
    assert once.count("\n") == text.count("\n")


WORST = [
    "a", "=", "key=", "token=aaaaaaaaaaaaaaaaa1 ", "://", "://a:", "eyJ", "eyJaaaaaaaaaaa.",
    "machine a login b ", "host= password=", "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n", "Bearer ", "authorization: ", "M" * 26 + ".", "xoxb-",
    "ops_eyJ", "pypi-AgE", "fm2_", "aaa7Q~", f"{TOKEN} ", " = \t", "_key", "[hidden: JWT #1]",
]  # fmt: skip


@pytest.mark.parametrize("piece", WORST)
def test_a_megabyte_takes_little_time_whatever_it_is(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    started_at = time.process_time()
    Redactor().redact(text)
    assert time.process_time() - started_at < LIMIT_S


def test_digests_ids_and_code_of_a_lock_file_are_left() -> None:
    digits = random.Random(1)
    lines = (f"package-{n}==1.{n} --hash=sha256:{digits.getrandbits(256):064x}" for n in range(500))
    text = "\n".join(lines)
    assert Redactor().redact(text).findings == ()
