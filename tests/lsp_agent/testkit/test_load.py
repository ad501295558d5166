"""Reading scripts, and the errors of scripts that cannot be played."""

import re
from pathlib import Path

import pytest

from lsp_agent.testkit.faults import Fault
from lsp_agent.testkit.load import parse_script, read_script
from lsp_agent.testkit.script import Script, Text, Thinking, ToolUse, Turn, Usage
from lsp_agent.testkit.script_fields import ScriptError


def test_a_list_of_texts_is_a_script() -> None:
    expected = Script(turns=(Turn(content=(Text(text="a"),)), Turn(content=(Text(text="b"),))))
    assert parse_script(["a", "b"]) == expected


def test_every_field_of_a_script_is_read() -> None:
    script = parse_script(
        {
            "turns": [
                {
                    "content": [
                        {"type": "thinking", "thinking": "hm", "signature": "s"},
                        {"type": "thinking", "thinking": "hm"},
                        {"type": "text", "text": "x"},
                        {"type": "tool_use", "name": "t", "input": {"a": [1]}, "id": "i"},
                        {"type": "tool_use", "name": "t"},
                    ],
                    "times": 2,
                    "stop_reason": "max_tokens",
                    "usage": {"input_tokens": 1, "cache_read_input_tokens": 2},
                    "chunk_size": 7,
                    "fault": {"name": "hang", "after_events": 3},
                }
            ],
            "default": {"fault": {"name": "429", "retry_after_s": 2, "message": "m"}},
            "api_key": "k",
            "models": ["m"],
        }
    )
    (turn,) = script.turns
    assert turn == Turn(
        content=(
            Thinking(thinking="hm", signature="s"),
            Thinking(thinking="hm"),
            Text(text="x"),
            ToolUse(name="t", input={"a": [1]}, id="i"),
            ToolUse(name="t"),
        ),
        times=2,
        stop_reason="max_tokens",
        usage=Usage(input_tokens=1, cache_read_input_tokens=2),
        chunk_size=7,
        fault=Fault(name="hang", after_events=3),
    )
    assert script.default == Turn(fault=Fault(name="429", retry_after_s=2.0, message="m"))
    assert (script.api_key, script.models) == ("k", ("m",))


def test_the_match_of_a_turn_is_compiled() -> None:
    match = {
        "last_user": "^a",
        "last_tool_result": "b",
        "system": "c",
        "model": "d",
        "has_tool": "e",
        "after_tool": "f",
    }
    (turn,) = parse_script([{"content": "x", "match": match}]).turns
    assert turn.match.last_user == re.compile("^a")
    assert turn.match.model == re.compile("d")
    assert (turn.match.has_tool, turn.match.after_tool) == ("e", "f")


def test_a_turn_can_be_played_forever() -> None:
    assert parse_script([{"content": "x", "times": "forever"}]).turns[0].times is None


def test_a_script_does_not_change_with_the_value_it_was_read_from() -> None:
    arguments = {"path": "a.py"}
    script = parse_script([[{"type": "tool_use", "name": "t", "input": arguments}]])
    arguments["path"] = "b.py"
    assert script.turns[0].content == (ToolUse(name="t", input={"path": "a.py"}),)


BAD_SCRIPTS: list[tuple[object, str]] = [
    ("text", "script: expected an object with fields among turns, default"),
    ({"turn": []}, "script: unknown field 'turn', expected one of turns, default"),
    ({"turns": "x"}, "script.turns: expected a list, got 'x'"),
    ({"api_key": 1}, "script.api_key: expected text, got 1"),
    ({"models": [1]}, "script.models[0]: expected the name of a model, got 1"),
    ([7], "script.turns[0]: expected an object with fields among content"),
    ([{}], "script.turns[0]: expected `content`, `fault` or both, got neither"),
    ([{"text": "x"}], "script.turns[0]: unknown field 'text', expected one of content"),
    ([{"content": 1}], "script.turns[0].content: expected a list, got 1"),
    ([[{"type": "image"}]], "script.turns[0].content[0]: expected text, or a block of type"),
    ([[{"type": "text"}]], "script.turns[0].content[0].text: expected text, got None"),
    (
        [[{"type": "tool_use", "name": "t", "input": []}]],
        "script.turns[0].content[0].input: expected an object, got []",
    ),
    (
        [[{"type": "tool_use", "name": "t", "inputs": {}}]],
        "script.turns[0].content[0]: unknown field 'inputs'",
    ),
    (
        ["x", {"content": "x", "match": {"last_user": "("}}],
        "script.turns[1].match.last_user: expected a regular expression, got '('",
    ),
    ([{"content": "x", "match": {"user": "a"}}], "script.turns[0].match: unknown field"),
    ([{"content": "x", "match": None}], "script.turns[0].match: expected an object"),
    ([{"content": "x", "times": 0}], "turns[0].times: expected a whole number of at least 1"),
    ([{"content": "x", "times": True}], "turns[0].times: expected a whole number"),
    ([{"content": "x", "times": "ever"}], 'times: expected a whole number of at least 1, or "'),
    ([{"content": "x", "stop_reason": "x"}], "stop_reason: expected one of end_turn, "),
    ([{"content": "x", "usage": {"tokens": 1}}], "turns[0].usage: unknown field 'tokens'"),
    ([{"content": "x", "usage": {"output_tokens": -1}}], "usage.output_tokens: expected a"),
    ([{"content": "x", "chunk_size": 0}], "turns[0].chunk_size: expected a whole number"),
    ([{"fault": "418"}], "script.turns[0].fault: expected a fault among 400, 401"),
    ([{"fault": 429}], "script.turns[0].fault: expected a fault among 400, 401"),
    ([{"fault": {"name": "429", "after_events": 1}}], "fault: unknown field 'after_events'"),
    ([{"fault": {"name": "hang", "message": "x"}}], "fault: unknown field 'message'"),
    (
        [{"fault": {"name": "429", "retry_after_s": -1}}],
        "fault.retry_after_s: expected a number of seconds, 0 or more, got -1",
    ),
    ([{"content": "x", "fault": "bad_tool_json"}], "'bad_tool_json' needs a tool_use block"),
    ({"default": {"content": "x", "times": 2}}, "script.default: unknown field 'times'"),
    ([{"content": {1, 2}}], "script: expected a JSON value"),
]


@pytest.mark.parametrize(("value", "error"), BAD_SCRIPTS)
def test_an_error_names_the_field_and_what_was_expected(value: object, error: str) -> None:
    with pytest.raises(ScriptError, match=re.escape(error)):
        parse_script(value)


def test_a_long_value_is_shortened_in_an_error() -> None:
    with pytest.raises(ScriptError) as caught:
        parse_script({"turns": "x" * 1000})
    assert len(str(caught.value)) < 120


def test_an_error_in_a_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ScriptError, match=r"script\.json: expected a JSON document"):
        read_script(path)
    path.write_text('{"turns": 1}', encoding="utf-8")
    with pytest.raises(ScriptError, match=r"script\.json: script\.turns: expected a list, got 1"):
        read_script(path)
