"""What the real API refuses, and what it lets pass."""

import re

import anthropic
import pytest

from lsp_agent.testkit.json_values import Json, JsonObject
from lsp_agent.testkit.server import ScriptedModel
from lsp_agent.testkit.validate import find_problem
from tests.lsp_agent.testkit.asking import BODY, ask

USER: Json = {"role": "user", "content": "hi"}
CALL: Json = {"type": "tool_use", "id": "toolu_1", "name": "read_file", "input": {}}
RESULT: Json = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "ok"}
TEXT: Json = {"type": "text", "text": "so"}


def said(role: str, *blocks: Json) -> Json:
    return {"role": role, "content": list(blocks)}


def body(*messages: Json, **fields: Json) -> JsonObject:
    return {**BODY, "messages": list(messages), **fields}


@pytest.mark.parametrize(
    "accepted",
    [
        body(USER),
        body(USER, system="be kind"),
        body(USER, system=[TEXT]),
        body(USER, USER),
        body(USER, said("assistant")),
        body(USER, said("assistant", TEXT), USER),
        body(USER, said("assistant", TEXT, CALL), said("user", RESULT, TEXT)),
        body(USER, said("assistant", CALL), said("user", RESULT), USER),
        body(USER, {"role": "system", "content": "news"}, USER),
        body(USER, tools=[{"name": "a-Z_9"}, {"name": "x" * 128}]),
    ],
)
def test_what_the_api_accepts_has_no_problem(accepted: JsonObject) -> None:
    assert find_problem(accepted) is None


@pytest.mark.parametrize(
    ("refused", "problem"),
    [
        ({**body(USER), "model": None}, "model: Field required"),
        ({**body(USER), "max_tokens": None}, "max_tokens: Field required"),
        (body(USER, max_tokens=0), "max_tokens: Input should be an integer"),
        (body(USER, messages="hi"), "messages: Field required"),
        (body(), "messages: at least one message"),
        (body("hi"), "messages: Input should be a list of objects"),
        (body({"role": "robot", "content": "hi"}), "messages.0.role: Input should be"),
        (body(said("assistant", TEXT), USER), 'first message must use the "user" role'),
        (body({"role": "user", "content": ""}), "messages.0.content.0: .* must be non-empty"),
        (body(said("user", {"type": "text", "text": " \n"})), "non-whitespace text"),
        (body(said("user", {"type": "text"})), "messages.0.content.0.text: Field required"),
        (body(said("user", {"text": "x"})), "messages.0.content.0.type: Field required"),
        (body(said("user")), "messages.0: all messages must have non-empty content"),
        (body(USER, system=[{"type": "text", "text": ""}]), "system.0: text content blocks"),
        (body(said("user", CALL)), "`tool_use` blocks can only be in `assistant`"),
        (body(USER, said("assistant", RESULT)), "`tool_result` blocks can only be in `user`"),
        (body(USER, tools=[{"name": "a.b"}]), "tools.0.custom.name: String should match"),
        (body(USER, tools=[{"name": "x" * 129}]), "tools.0.custom.name: String should match"),
        (body(USER, tools=[{"name": "x\n"}]), "tools.0.custom.name: String should match"),
        (body(USER, tools=[{}]), "tools.0.custom.name: String should match"),
        (body(USER, tools=[{"name": "a"}, {"name": "a"}]), "Tool names must be unique"),
        (body(USER, said("assistant", CALL)), "messages.1: `tool_use` ids .* after: toolu_1"),
        (body(USER, said("assistant", CALL), USER), "messages.1: `tool_use` ids were found"),
        (body(said("user", RESULT)), "messages.0: unexpected `tool_use_id` .*: toolu_1"),
        (
            body(USER, said("assistant", CALL), said("user", RESULT), said("user", RESULT)),
            "messages.2: each tool_use must have a single result",
        ),
        (
            body(USER, said("assistant", CALL), said("user", TEXT, RESULT)),
            "messages.2: `tool_result` blocks must come first",
        ),
        (
            body(USER, said("assistant", CALL, CALL), said("user", RESULT)),
            "`tool_use` ids must be unique",
        ),
    ],
)
def test_what_the_api_refuses_is_named(refused: JsonObject, problem: str) -> None:
    found = find_problem(refused)
    assert found is not None
    assert re.search(problem, found), found


def test_the_server_refuses_without_using_up_a_turn() -> None:
    with ScriptedModel(["fine"]) as model:
        with pytest.raises(anthropic.BadRequestError, match="unexpected `tool_use_id`") as caught:
            ask(
                model,
                {
                    "role": "user",
                    "content": [{"type": "tool_result", "tool_use_id": "toolu_9"}],
                },
            )
        assert caught.value.type == "invalid_request_error"
        assert model.unplayed_turns == [0]
        assert model.requests[0].error is not None
