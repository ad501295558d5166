"""Reading a script from a JSON file or from a Python value.

Every field is checked when the script is read, so a slip never shows as a strange answer later.
"""

import json
from pathlib import Path
from typing import cast, get_args

from lsp_agent.testkit.faults import CUTTING_FAULTS, FAULTS, HTTP_FAULTS, Fault
from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.script import (
    Block,
    Match,
    Script,
    StopReason,
    Text,
    Thinking,
    ToolUse,
    Turn,
    Usage,
)
from lsp_agent.testkit.script_fields import FieldReader, ScriptError, expected

SCRIPT_FIELDS = ("turns", "default", "api_key", "models")
TURN_FIELDS = ("content", "match", "times", "stop_reason", "usage", "chunk_size", "fault")
USAGE_FIELDS = (
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
)
MATCH_FIELDS = ("last_user", "last_tool_result", "system", "model", "has_tool", "after_tool")
BLOCK_FIELDS = {
    "text": ("type", "text"),
    "thinking": ("type", "thinking", "signature"),
    "tool_use": ("type", "name", "input", "id"),
}
STOP_REASONS: tuple[str, ...] = get_args(StopReason)


def read_script(path: Path) -> Script:
    """Read a script from a JSON file.

    Raises: ScriptError if it is not JSON or not a script; OSError if it cannot be read.
    """
    try:
        return parse_script(json.loads(path.read_text(encoding="utf-8")))
    except ScriptError as error:
        raise ScriptError(f"{path}: {error}") from error
    except ValueError as error:
        raise ScriptError(f"{path}: expected a JSON document ({error})") from error


def parse_script(value: object) -> Script:
    """Read a script from a JSON value: a list of turns, or an object with `turns`.

    Raises: ScriptError if it is not a script.
    """
    try:
        # The round trip makes a copy that the caller cannot change under a running model.
        document: Json = json.loads(json.dumps(value))
    except (TypeError, ValueError) as error:
        raise ScriptError(f"script: expected a JSON value ({error})") from error
    if isinstance(document, list):
        document = {"turns": document}
    fields = FieldReader(document, "script", SCRIPT_FIELDS)
    default = fields.value("default")
    return Script(
        turns=tuple(_turn(item, path) for path, item in fields.items("turns")),
        default=None if default is None else _default_turn(default, fields.path("default")),
        api_key=fields.optional_text("api_key"),
        models=_models(fields) if fields.value("models") is not None else None,
    )


def _models(fields: FieldReader) -> tuple[str, ...]:
    names: list[str] = []
    for path, item in fields.items("models"):
        if not isinstance(item, str):
            raise expected(path, "the name of a model", item)
        names.append(item)
    return tuple(names)


def _default_turn(value: Json, path: str) -> Turn:
    if isinstance(value, dict) and (extra := {"match", "times"} & value.keys()):
        raise ScriptError(
            f"{path}: unknown field {min(extra)!r}, the default turn answers all that is left"
        )
    return _turn(value, path)


def _turn(value: Json, path: str) -> Turn:
    if isinstance(value, str | list):
        value = {"content": value}
    fields = FieldReader(value, path, TURN_FIELDS)
    if not (fields.has("content") or fields.has("fault")):
        raise ScriptError(f"{path}: expected `content`, `fault` or both, got neither")
    content = _content(fields)
    fault = _fault(fields)
    if fault and fault.name == "bad_tool_json" and not _calls_a_tool(content):
        raise ScriptError(f"{fields.path('fault')}: 'bad_tool_json' needs a tool_use block")
    return Turn(
        content=content,
        match=_match(fields),
        times=_times(fields),
        stop_reason=_stop_reason(fields),
        usage=_usage(fields),
        chunk_size=fields.optional_count("chunk_size", at_least=1),
        fault=fault,
    )


def _calls_a_tool(content: tuple[Block, ...]) -> bool:
    return any(isinstance(block, ToolUse) for block in content)


def _content(fields: FieldReader) -> tuple[Block, ...]:
    content = fields.value("content")
    if isinstance(content, str):
        return (_block(content, fields.path("content")),)
    return tuple(_block(item, path) for path, item in fields.items("content"))


def _block(value: Json, path: str) -> Block:
    if isinstance(value, str):
        value = {"type": "text", "text": value}
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in BLOCK_FIELDS:
        raise expected(path, f"text, or a block of type {', '.join(BLOCK_FIELDS)}", value)
    fields = FieldReader(value, path, BLOCK_FIELDS[kind])
    if kind == "text":
        return Text(text=fields.text("text"))
    if kind == "tool_use":
        return ToolUse(
            name=fields.text("name"), input=fields.object("input"), id=fields.optional_text("id")
        )
    signature = fields.optional_text("signature")
    thinking = Thinking(thinking=fields.text("thinking"))
    return (
        thinking if signature is None else Thinking(thinking=thinking.thinking, signature=signature)
    )


def _match(fields: FieldReader) -> Match:
    if not fields.has("match"):
        return Match()
    match = FieldReader(fields.value("match"), fields.path("match"), MATCH_FIELDS)
    return Match(
        last_user=match.optional_pattern("last_user"),
        last_tool_result=match.optional_pattern("last_tool_result"),
        system=match.optional_pattern("system"),
        model=match.optional_pattern("model"),
        has_tool=match.optional_text("has_tool"),
        after_tool=match.optional_text("after_tool"),
    )


def _times(fields: FieldReader) -> int | None:
    times = fields.value("times")
    if times == "forever":
        return None
    if isinstance(times, str):
        raise expected(fields.path("times"), 'a whole number of at least 1, or "forever"', times)
    return fields.optional_count("times", at_least=1) or 1


def _stop_reason(fields: FieldReader) -> StopReason | None:
    if fields.value("stop_reason") is None:
        return None
    return cast(StopReason, fields.choice("stop_reason", STOP_REASONS))


def _usage(fields: FieldReader) -> Usage:
    if not fields.has("usage"):
        return Usage()
    usage = FieldReader(fields.value("usage"), fields.path("usage"), USAGE_FIELDS)
    return Usage(
        input_tokens=usage.optional_count("input_tokens"),
        output_tokens=usage.optional_count("output_tokens"),
        cache_creation_input_tokens=usage.optional_count("cache_creation_input_tokens") or 0,
        cache_read_input_tokens=usage.optional_count("cache_read_input_tokens") or 0,
    )


def _fault(fields: FieldReader) -> Fault | None:
    value = fields.value("fault")
    if value is None:
        return None
    path = fields.path("fault")
    document: Json = {"name": value} if isinstance(value, str) else value
    name = document.get("name") if isinstance(document, dict) else None
    if not isinstance(name, str) or name not in FAULTS:
        raise expected(path, f"a fault among {', '.join(FAULTS)}", value)
    fault = FieldReader(document, path, _fault_fields(name))
    return Fault(
        name=name,
        after_events=fault.optional_count("after_events"),
        retry_after_s=fault.optional_seconds("retry_after_s"),
        error_type=fault.optional_text("error_type") or "overloaded_error",
        message=fault.optional_text("message"),
    )


def _fault_fields(name: str) -> tuple[str, ...]:
    if name in HTTP_FAULTS:
        return ("name", "retry_after_s", "message")
    if name == "stream_error":
        return ("name", "after_events", "error_type", "message")
    return ("name", "after_events") if name in CUTTING_FAULTS else ("name",)
