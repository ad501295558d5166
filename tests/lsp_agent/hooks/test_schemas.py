"""There is a schema of all that goes in and comes out."""

import json
from typing import Any

import msgspec
import pytest

from lsp_agent.hooks.events import EVENTS, HookEvent
from lsp_agent.hooks.hook import HookInput
from lsp_agent.hooks.registry import kind_names
from lsp_agent.hooks.samples import sample_of
from lsp_agent.hooks.schemas import schemas
from tests.lsp_agent.hooks.occasions import occasion


def properties(schema: dict[str, Any]) -> set[str]:
    """Give the names of the fields that a schema is about."""
    name = schema["$ref"].rpartition("/")[2]
    return set(schema["$defs"][name]["properties"])


@pytest.mark.parametrize("event", HookEvent)
def test_what_is_told_has_the_fields_of_its_schema(event: HookEvent) -> None:
    told = json.loads(occasion(event, sample_of(event)).as_json())
    found = schemas()
    assert set(told) == properties(found["input"])
    assert set(told["payload"]) == properties(found["payloads"][event])
    assert msgspec.convert(told, HookInput).event is event
    assert msgspec.convert(told["payload"], EVENTS[event].payload) == sample_of(event)


def test_answers_and_entries_have_one() -> None:
    found = schemas()
    assert properties(found["answer"]) == {"decision", "reason", "change", "context"}
    assert {"name", "on", "kind", "timeout_s", "on_failure"} <= properties(found["entry"])
    assert set(found["fields"]) == set(kind_names()) - {"callback"}
