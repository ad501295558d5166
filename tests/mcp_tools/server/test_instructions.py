"""What every client's model is told."""

import re

import pytest

from mcp_tools.registry import discover
from mcp_tools.server.instructions import instructions_for
from mcp_tools.server.tools import offered
from mcp_tools.types.calls import Profile

TOOLS = discover()
ALL = {tool.name for tool in TOOLS}


@pytest.mark.protocol("instructions")
@pytest.mark.parametrize("profile", Profile)
def test_the_instructions_are_short_and_name_only_tools_that_are_offered(profile: Profile) -> None:
    names = {tool.name for tool in offered(TOOLS, profile)}
    text = instructions_for(names, ("app", "lib"))
    assert len(text.split()) < 150
    spoken = set(re.findall(r"[a-z_]+", text)) & {name for name in ALL if "_" in name}
    assert spoken
    assert spoken <= names


def test_who_cannot_change_anything_is_not_told_how() -> None:
    text = instructions_for({"find_symbol", "diagnostics"})
    assert "Look: find_symbol for where a name is." in text
    assert "Change" not in text
    assert "Check" not in text


def test_roots_are_spoken_of_only_where_there_is_a_choice() -> None:
    assert "`root`" not in instructions_for(ALL)
    assert "`root`" in instructions_for(ALL, ("app", "lib"))
