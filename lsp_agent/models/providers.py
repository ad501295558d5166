"""From a model's name to a Model; a provider's SDK is imported only when it is chosen."""

import importlib
from dataclasses import dataclass

from lsp_agent.models.port import Model, ModelError, ModelErrorKind

OFFLINE = "offline"
DEFAULT_CLAUDE = "claude-sonnet-5-5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What it takes to reach a hosted model; always from the user, never from a project."""

    api_key: str | None = None
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
    if not credentials.api_key:
        raise ModelError(
            ModelErrorKind.NOT_CONFIGURED,
            f"the model {name!r} needs a key: set ANTHROPIC_API_KEY, or set "
            f"LSP_AGENT_MODEL={OFFLINE} to work without one",
        )
    provider = importlib.import_module("lsp_agent.models.anthropic")
    return provider.AnthropicModel(name, api_key=credentials.api_key, base_url=credentials.base_url)
