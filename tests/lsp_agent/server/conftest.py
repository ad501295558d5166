"""Fixtures of the server's tests."""

from collections.abc import Callable
from importlib import import_module

import pytest

from lsp_agent.testkit.server import ScriptedModel

UseModel = Callable[[ScriptedModel], dict[str, object]]


@pytest.fixture
def use_model(monkeypatch: pytest.MonkeyPatch) -> UseModel:
    """Give a function that lets servers ask a scripted model, and gives the editor's options."""
    # Loading the model's library takes seconds on a busy machine, and no wait is to include it.
    import_module("lsp_agent.models.anthropic")

    def use(model: ScriptedModel) -> dict[str, object]:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", model.url)
        return {"model": "claude-sonnet-5-5"}

    return use
