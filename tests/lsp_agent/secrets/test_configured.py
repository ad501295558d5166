"""What settings and environment make: redactors, and what must not go out."""

import pytest

from lsp_agent.config.settings import SettingsError, settings_of
from lsp_agent.secrets.configured import publishing_of, redactor_for_logs, redactor_of
from mcp_tools.types.errors import Denied
from tests.lsp_agent.secrets.made_up import CREDENTIALS, random_word

VALUE = random_word(12, seed="configured")


def test_key_variables_and_words_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", VALUE)
    settings = settings_of({"api_key": "sk-own-key", "secrets": ("falcon",)}, "the test")
    hidden = redactor_of(settings).hide(f"{VALUE} sk-own-key falcon")
    assert [word.split("#")[0] for word in hidden.split("[hidden: ")[1:]] == [
        "value of SHOP_TOKEN ",
        "key of the model ",
        "word of your list ",
    ]


def test_a_wrong_list_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match=r"secrets\[0\]"):
        redactor_of(settings_of({"secrets": ("/[/",)}, "the test"))
    with pytest.raises(SettingsError, match=r"confidential\[0\]"):
        publishing_of(settings_of({"confidential": ("a",)}, "the test"))


def test_logs_are_hidden_with_wrong_settings_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSP_AGENT_MAX_STEPS", "many")
    assert CREDENTIALS["JWT"] not in redactor_for_logs().hide(CREDENTIALS["JWT"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Fix it for ACME", "a name that the user calls confidential"),
        ("https://example.org/?q=%2541CME", "a name that the user calls confidential"),
        (f"https://example.org/?t={CREDENTIALS['npm token']}", r"a credential \(npm token\)"),
    ],
)
def test_what_is_confidential_does_not_go_out(text: str, reason: str) -> None:
    publishing = publishing_of(settings_of({"confidential": ("Acme",)}, "the test"))
    assert publishing.discloses_agent
    publishing.check("the message", "Fix the acmeism")
    with pytest.raises(Denied, match=f"the message has {reason}"):
        publishing.check("the message", text)
