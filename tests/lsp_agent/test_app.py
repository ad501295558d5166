"""The parts put together as the settings say."""

from pathlib import Path

import pytest

from lsp_agent.app import build_disk_engine, credentials, model_maker, model_name
from lsp_agent.config.settings import Settings
from mcp_tools.registry import discover
from mcp_tools.types.errors import NotFound


def settings(**values: object) -> Settings:
    return Settings.model_validate(values)


def test_without_a_key_the_offline_engine_is_chosen() -> None:
    assert model_name(settings()) == "offline"
    assert model_maker(settings())().name == "offline"


def test_the_key_and_the_address_reach_the_model() -> None:
    found = credentials(settings(api_key="sk-1", base_url="http://127.0.0.1:1"))
    assert (found.api_key, found.base_url) == ("sk-1", "http://127.0.0.1:1")


def test_an_engine_has_all_tools_and_the_limits_of_the_settings(tmp_path: Path) -> None:
    engine = build_disk_engine(settings(max_steps=3, approval_timeout_s=7), tmp_path)
    assert (engine.max_steps, engine.approval_timeout_s) == (3, 7.0)
    assert {tool.name for tool in engine.tools} == {tool.name for tool in discover()}


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="missing"):
        build_disk_engine(settings(), tmp_path / "missing")
