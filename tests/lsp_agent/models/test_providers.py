"""Which model a name and a key lead to."""

import subprocess
import sys

import pytest

from lsp_agent.models.port import ModelError, ModelErrorKind
from lsp_agent.models.providers import (
    DEFAULT_CLAUDE,
    OFFLINE,
    Credentials,
    choose_model,
    create_model,
)

WITH_KEY = Credentials(api_key="sk-secret")


def test_a_wanted_model_is_taken_as_it_is() -> None:
    assert choose_model("anything", Credentials()) == "anything"


def test_without_a_wish_a_key_means_claude_and_none_means_offline() -> None:
    assert choose_model(None, WITH_KEY) == DEFAULT_CLAUDE
    assert choose_model(None, Credentials()) == OFFLINE
    assert choose_model("", Credentials(api_key="")) == OFFLINE


def test_a_model_has_the_name_that_it_was_made_by() -> None:
    assert create_model(OFFLINE, Credentials()).name == OFFLINE
    assert create_model("claude-x", WITH_KEY).name == "claude-x"


def test_an_unknown_model_says_which_names_there_are() -> None:
    error = refused("gpt", WITH_KEY)
    assert "no provider knows the model 'gpt'" in error
    assert "'offline'" in error
    assert "claude-" in error


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_a_missing_key_says_what_to_set(key: str | None) -> None:
    error = refused(DEFAULT_CLAUDE, Credentials(api_key=key))
    assert "set ANTHROPIC_API_KEY" in error
    assert "LSP_AGENT_MODEL=offline" in error


@pytest.mark.parametrize("key", ["sk-1\nsk-2", "sk-ключ", "sk\x00"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_shown(key: str) -> None:
    error = refused(DEFAULT_CLAUDE, Credentials(api_key=key))
    assert "has characters that no key has" in error
    assert key not in error


def test_credentials_print_without_the_key() -> None:
    assert "sk-secret" not in repr(WITH_KEY)


def test_the_sdk_is_imported_only_for_a_claude_model() -> None:
    program = (
        "import sys; from lsp_agent.models.providers import *; "
        "create_model('offline', Credentials()); "
        "sys.exit('anthropic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=5).returncode == 0


def refused(name: str, credentials: Credentials) -> str:
    """Give the text of the refusal."""
    with pytest.raises(ModelError) as raised:
        create_model(name, credentials)
    assert raised.value.kind is ModelErrorKind.NOT_CONFIGURED
    return str(raised.value)
