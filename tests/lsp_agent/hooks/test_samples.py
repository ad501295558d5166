"""Every event has a sample that a hook could be told."""

import pytest

from lsp_agent.hooks.events import EVENTS, HookEvent
from lsp_agent.hooks.payloads import EditSeen
from lsp_agent.hooks.samples import sample_of
from tests.lsp_agent.hooks.occasions import occasion


@pytest.mark.parametrize("event", HookEvent)
def test_a_sample_is_of_its_event_and_can_be_told(event: HookEvent) -> None:
    sample = sample_of(event)
    assert isinstance(sample, EVENTS[event].payload)
    assert f'"event":"{event}"'.encode() in occasion(event, sample).as_json()


def test_a_name_that_is_no_utf_8_can_be_told() -> None:
    payload = EditSeen(tool="edit_file", label="", paths=("a\udcff.py",))
    assert b"a\\udcff.py" in occasion(HookEvent.EDIT_PROPOSED, payload).as_json()
