"""From a model's name to a Model; a provider's SDK is imported only when it is chosen."""

import importlib
from dataclasses import dataclass, field

from lsp_agent.models.port import Model, ModelError, ModelErrorKind
from lsp_agent.models.retrying import RetryingModel

OFFLINE = "offline"
DEFAULT_CLAUDE = "claude-sonnet-5-5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What it takes to reach a hosted model; always from the user, never from a project."""

    api_key: str | None = field(default=None, repr=False)
    """Left out of every printed form, so that no log gets to see it."""
    base_url: str | None = None


def choose_model(wanted: str | None, credentials: Credentials) -> str:
    """Give the name of the model to use: the wanted one, else Claude with a key, else offline."""
    if wanted:
        return wanted
    return DEFAULT_CLAUDE if credentials.api_key else OFFLINE


def create_model(name: str, credentials: Credentials) -> Model:
    """Make the model of that name. Nothing is contacted yet.

    Raises: ModelError if no provider knows the name, or a key is needed and missing.
    """
    if name == OFFLINE:
        return importlib.import_module("lsp_agent.models.offline.engine").OfflineEngine()
    if not name.startswith("claude-"):
        raise ModelError(
            ModelErrorKind.NOT_CONFIGURED,
            f"no provider knows the model {name!r}; expected {OFFLINE!r} or a name that starts "
            f"with 'claude-', such as {DEFAULT_CLAUDE!r}",
        )
    api_key = _checked_key(name, credentials)
    provider = importlib.import_module("lsp_agent.models.anthropic")
    model = provider.AnthropicModel(name, api_key=api_key, base_url=credentials.base_url)
    return RetryingModel(model)


def _checked_key(name: str, credentials: Credentials) -> str:
    api_key = (credentials.api_key or "").strip()
    if not api_key:
        raise ModelError(
            ModelErrorKind.NOT_CONFIGURED,
            f"the model {name!r} needs a key: set ANTHROPIC_API_KEY, or set "
            f"LSP_AGENT_MODEL={OFFLINE} to work without one",
        )
    if not (api_key.isascii() and api_key.isprintable()):
        # It could not be sent; the SDK would say so late, and put the key into the message.
        raise ModelError(
            ModelErrorKind.NOT_CONFIGURED,
            "the key in ANTHROPIC_API_KEY has characters that no key has; copy it again, without "
            "line ends",
        )
    return api_key
