"""Which turn answers a request, and what it says."""

import pytest

from lsp_agent.testkit.json_values import Json, JsonObject
from lsp_agent.testkit.load import parse_script
from lsp_agent.testkit.playback import Playback, TemplateError, compose, mismatch
from lsp_agent.testkit.request import ModelRequest, read_request
from lsp_agent.testkit.script import Text, ToolUse
from tests.lsp_agent.testkit.asking import BODY

CONVERSATION: JsonObject = {
    "model": "claude-x",
    "system": [{"type": "text", "text": "Be brief."}],
    "tools": [{"name": "read_file"}, {"name": "write_file"}],
    "messages": [
        {"role": "user", "content": "look at a.py"},
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "t1", "name": "read_file", "input": {}}],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "t1",
                    "content": [{"type": "text", "text": "print({{last_user}})"}],
                }
            ],
        },
    ],
}


def request() -> ModelRequest:
    return read_request(CONVERSATION)


@pytest.mark.parametrize(
    ("match", "reason"),
    [
        ({}, None),
        ({"last_user": "a.py$", "system": "brief", "model": "^claude"}, None),
        ({"last_tool_result": "print", "has_tool": "write_file"}, None),
        ({"after_tool": "read_file"}, None),
        ({"last_user": "b.py"}, "last_user to match 'b.py'"),
        ({"last_user": "a.py", "system": "verbose"}, "system to match 'verbose'"),
        ({"last_tool_result": "exec"}, "last_tool_result to match 'exec'"),
        ({"model": "gpt"}, "model to match 'gpt'"),
        ({"has_tool": "run"}, "the tool 'run' to be offered"),
        ({"after_tool": "write_file"}, "a result of the tool 'write_file'"),
    ],
)
def test_a_match_says_what_it_misses(match: Json, reason: str | None) -> None:
    (turn,) = parse_script([{"content": "x", "match": match}]).turns
    assert mismatch(turn.match, request()) == reason


def test_a_request_without_tool_results_matches_no_pattern_of_them() -> None:
    (turn,) = parse_script([{"content": "x", "match": {"last_tool_result": ""}}]).turns
    assert mismatch(turn.match, read_request(BODY)) is not None


def test_the_first_free_turn_that_matches_is_taken() -> None:
    playback = Playback(
        parse_script(
            [
                {"content": "other", "match": {"last_user": "other"}},
                {"content": "twice", "times": 2},
                {"content": "on and on", "times": "forever"},
            ]
        )
    )
    choices = [playback.take(request()) for _ in range(4)]
    assert [choice.index for choice in choices if choice] == [1, 1, 2, 2]
    assert playback.free_turns() == [0, 2]
    assert playback.unplayed_turns() == [0]


def test_a_turn_without_end_is_owed_once() -> None:
    playback = Playback(parse_script([{"content": "x", "times": "forever"}]))
    assert playback.unplayed_turns() == [0]
    playback.take(request())
    assert playback.unplayed_turns() == []


def test_templates_are_filled_in_once_and_at_any_depth() -> None:
    content: Json = [
        "{{last_tool_result}} {{other}} {last_user}",
        {
            "type": "tool_use",
            "name": "t",
            "input": {"a": [{"b": "<{{last_user}}>"}], "n": 1, "none": None, "yes": True},
        },
    ]
    (turn,) = parse_script([content]).turns
    text, call = compose(turn, request(), 12).content
    # What a tool result brings in is data, and is not filled in again.
    assert text == Text(text="print({{last_user}}) {{other}} {last_user}")
    assert call == ToolUse(
        name="t",
        input={"a": [{"b": "<look at a.py>"}], "n": 1, "none": None, "yes": True},
        id="toolu_0012_1",
    )


def test_a_template_without_a_value_is_an_error() -> None:
    (turn,) = parse_script(["{{last_tool_result}}"]).turns
    with pytest.raises(TemplateError, match=r"fills in \{\{last_tool_result\}\}"):
        compose(turn, read_request(BODY), 1)


@pytest.mark.parametrize(
    ("turn", "stop_reason"),
    [
        ("x", "end_turn"),
        ([{"type": "tool_use", "name": "t"}], "tool_use"),
        (
            {"content": [{"type": "tool_use", "name": "t"}], "stop_reason": "max_tokens"},
            "max_tokens",
        ),
    ],
)
def test_the_stop_reason_follows_the_content_unless_given(turn: Json, stop_reason: str) -> None:
    assert compose(parse_script([turn]).turns[0], request(), 1).stop_reason == stop_reason
