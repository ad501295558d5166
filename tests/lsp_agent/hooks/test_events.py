"""The table of events is whole, and what it says of a payload is true."""

import msgspec
import pytest

from lsp_agent.hooks.events import EVENTS, HookEvent, May
from lsp_agent.hooks.payloads import PromptGiven, ToolWanted


def test_every_event_is_in_the_table_once() -> None:
    assert list(EVENTS) == list(HookEvent)
    assert len(HookEvent) >= 24


@pytest.mark.parametrize("event", HookEvent)
def test_an_event_says_when_it_comes_in_one_sentence(event: HookEvent) -> None:
    when = EVENTS[event].when
    assert when[0].isupper()
    assert when.endswith(".")
    assert ". " not in when


@pytest.mark.parametrize("event", HookEvent)
def test_the_payload_of_an_event_has_a_schema(event: HookEvent) -> None:
    assert msgspec.json.schema(EVENTS[event].payload)["$defs"]


def test_only_calls_and_prompts_can_be_changed() -> None:
    changeable = {spec.payload for spec in EVENTS.values() if May.CHANGE in spec.may}
    assert changeable == {ToolWanted, PromptGiven}


def test_no_hook_may_allow() -> None:
    assert set(May) == {"deny", "ask", "change", "context"}
