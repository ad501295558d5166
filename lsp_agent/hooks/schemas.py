"""The JSON Schemas of what hooks are given and answer, and of the file that lists them."""

from typing import Any

import msgspec

from lsp_agent.hooks.answers import Answer
from lsp_agent.hooks.events import EVENTS
from lsp_agent.hooks.hook import HookInput
from lsp_agent.hooks.reading import Entry
from lsp_agent.hooks.registry import kind_names, kind_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Any]:
    """Give all of them, by what each is for; payloads by event, fields by kind of hook."""
    kinds = {name: kind_of(name).fields for name in kind_names()}
    return {
        "$schema": DIALECT,
        "input": msgspec.json.schema(HookInput),
        "payloads": {event: msgspec.json.schema(spec.payload) for event, spec in EVENTS.items()},
        "answer": msgspec.json.schema(Answer),
        "entry": msgspec.json.schema(Entry),
        "fields": {
            name: msgspec.json.schema(fields)
            for name, fields in kinds.items()
            if fields is not None
        },
    }
