"""Each file among the kinds is one kind."""

import pytest

from lsp_agent.hooks.registry import kind_names, kind_of


def test_there_are_six_kinds() -> None:
    assert kind_names() == ("agent", "callback", "command", "function", "http", "prompt")


@pytest.mark.parametrize("name", kind_names())
def test_a_kind_is_what_its_file_says(name: str) -> None:
    kind = kind_of(name)
    assert kind.name == name
    assert kind.summary


def test_what_reaches_out_or_loads_code_is_for_the_user_alone() -> None:
    of_projects = {name for name in kind_names() if kind_of(name).is_for_projects}
    assert of_projects == {"agent", "command", "prompt"}
