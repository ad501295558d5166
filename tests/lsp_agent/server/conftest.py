"""Fixtures of the server's tests."""

from collections.abc import Callable

import pytest

from lsp_agent.testkit.server import ScriptedModel

UseModel = Callable[[ScriptedModel], dict[str, object]]


@pytest.fixture
def use_model(monkeypatch: pytest.MonkeyPatch) -> UseModel:
    """Give a function that lets servers ask a scripted model, and gives the editor's options."""

    def use(model: ScriptedModel) -> dict[str, object]:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", model.url)
        return {"model": "claude-sonnet-5-5"}

    return use
