"""What the definitions of the tools cost: a count, the same on each machine."""

import pytest

from bench import definitions
from mcp_tools.registry import discover
from mcp_tools.types.calls import Profile


def test_the_default_profile_costs_a_model_at_most_4000_tokens() -> None:
    assert definitions.cost_of(discover(), Profile.EDIT) <= definitions.GOAL_TOKENS


def test_every_profile_costs_less_than_all_tools() -> None:
    tools = discover()
    full = definitions.cost_of(tools, Profile.FULL)
    for profile in (Profile.READ, Profile.SYMBOLS, Profile.EDIT):
        assert 1000 < definitions.cost_of(tools, profile) < full


def test_the_table_has_each_tool_and_each_profile(capsys: pytest.CaptureFixture[str]) -> None:
    assert definitions.main() == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines[1:] if line]
    assert names == [*(tool.name for tool in discover()), *Profile]
    assert "goal: at most 4000" in lines[-2]
