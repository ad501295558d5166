"""The redactor that the settings and the environment of the user make."""

import os
from functools import lru_cache

from lsp_agent.config.settings import Settings, SettingsError, load_settings
from lsp_agent.secrets.known_values import values_of
from lsp_agent.secrets.own_words import BadPattern, own_words
from lsp_agent.secrets.redactor import Redactor, Secrets
from mcp_tools.types.publishing import Publishing


def redactor_of(settings: Settings) -> Redactor:
    """Give the redactor of this process: the same for the same settings, as its numbers are.

    Raises: SettingsError if an entry of the user's list is wrong.
    """
    values = dict(values_of(os.environ))
    if settings.api_key and settings.api_key.strip():
        values[settings.api_key.strip()] = "key of the model"
    return _redactor(settings.secrets, tuple(values.items()))


def redactor_for_logs() -> Redactor:
    """Give the redactor of the user's own settings, or a plain one where these are wrong."""
    try:
        return redactor_of(load_settings({}, overrides_name="").settings)
    except SettingsError:
        return redactor_of(Settings())


def publishing_of(settings: Settings) -> Publishing:
    """Give what must hold for what goes out: no credentials, and no confidential names.

    Raises: SettingsError if an entry of the user's list is wrong.
    """
    redactor = redactor_of(settings)
    try:
        names = own_words(settings.confidential, what="confidential")
    except BadPattern as error:
        raise SettingsError(str(error)) from None

    def objection(text: str) -> str:
        if findings := redactor.redact(text).findings:
            return f"a credential ({findings[0].name})"
        return "a name that the user calls confidential" if any(names.spans(text)) else ""

    return Publishing(discloses_agent=settings.discloses_agent, objection=objection)


@lru_cache(maxsize=8)
def _redactor(words: tuple[str, ...], values: tuple[tuple[str, str], ...]) -> Redactor:
    try:
        own = own_words(words, what="secrets")
    except BadPattern as error:
        raise SettingsError(str(error)) from None
    return Redactor(Secrets(values=dict(values), words=own))
