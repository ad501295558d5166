"""Our terms in those of the protocol."""

from dataclasses import replace
from typing import cast

import mcp_types as types
import pytest
from pydantic import BaseModel

from mcp_tools.registry import discover
from mcp_tools.server.convert import (
    attachment_to_mcp,
    failure_to_mcp,
    question_to_mcp,
    reply_from_mcp,
    result_to_mcp,
    tool_to_mcp,
)
from mcp_tools.types.attending import Question, Reply
from mcp_tools.types.calls import Attachment, ToolResult
from mcp_tools.types.errors import NotFound
from mcp_tools.types.json import JsonObject

TOOLS = {tool.name: tool for tool in discover()}


def dumped(model: BaseModel) -> dict[str, object]:
    return model.model_dump(by_alias=True, mode="json", exclude_none=True)


@pytest.mark.protocol("tools-definitions")
@pytest.mark.parametrize("name", sorted(TOOLS))
def test_every_tool_has_all_that_a_client_may_show(name: str) -> None:
    tool = tool_to_mcp(TOOLS[name])
    assert tool.title
    assert tool.description
    assert tool.input_schema["type"] == "object"
    assert tool.input_schema["additionalProperties"] is False
    assert tool.output_schema is not None
    assert tool.output_schema["type"] == "object"
    hints = dumped(tool)["annotations"]
    assert isinstance(hints, dict)
    assert {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"} <= set(
        cast("dict[str, object]", hints)
    )


def test_a_tool_asks_for_the_root_only_where_there_is_a_choice() -> None:
    tool = TOOLS["read_file"]
    assert "root" not in tool_to_mcp(tool).input_schema["properties"]
    chosen = tool_to_mcp(tool, ("app", "lib")).input_schema
    assert chosen["properties"]["root"]["enum"] == ["app", "lib"]
    assert "root" not in chosen["required"]


def result(text: str = "done", *, is_error: bool = False) -> ToolResult:
    data: JsonObject | None = None if is_error else {"n": 1}
    return ToolResult(call_id="c", name="t", text=text, data=data, is_error=is_error)


@pytest.mark.protocol("tools-call")
def test_a_result_is_text_and_structure() -> None:
    assert dumped(result_to_mcp(result())) == {
        "content": [{"type": "text", "text": "done"}],
        "structuredContent": {"n": 1},
        "isError": False,
        "resultType": "complete",
    }


def test_a_note_follows_the_text() -> None:
    content = result_to_mcp(result(), "[in app]").content[0]
    assert isinstance(content, types.TextContent)
    assert content.text == "done\n[in app]"


@pytest.mark.protocol("tools-execution-errors")
def test_a_failed_call_has_no_structure() -> None:
    failed = dumped(result_to_mcp(result("no such file", is_error=True)))
    assert failed["isError"] is True
    assert "structuredContent" not in failed
    assert dumped(failure_to_mcp(NotFound("no such root")))["isError"] is True


@pytest.mark.protocol("tools-content")
@pytest.mark.parametrize(
    ("mime_type", "kind"),
    [("image/png", "image"), ("audio/wav", "audio"), ("application/pdf", "resource")],
)
def test_an_attachment_is_shown_as_what_it_is(mime_type: str, kind: str) -> None:
    assert dumped(attachment_to_mcp(Attachment(mime_type=mime_type, content=b"x")))["type"] == kind


CHOICE = Question(text="Sure?", detail="rm -r build", choices=("yes", "no"))


@pytest.mark.protocol("elicitation-form")
def test_a_question_is_a_form_with_one_field() -> None:
    params = question_to_mcp(CHOICE).params
    assert isinstance(params, types.ElicitRequestFormParams)
    assert params.message == "Sure?\n\nrm -r build"
    assert params.requested_schema == {
        "type": "object",
        "properties": {"answer": {"type": "string", "title": "Answer", "enum": ["yes", "no"]}},
        "required": ["answer"],
    }


def test_a_long_detail_is_cut_and_what_is_missing_is_counted() -> None:
    whole = question_to_mcp(Question(text="Sure?", detail="x" * 20_000)).params.message
    assert whole == f"Sure?\n\n{'x' * 20_000}"
    message = question_to_mcp(Question(text="Sure?", detail="x" * 30_000)).params.message
    assert len(message) < 25_000
    assert message.endswith("[cut: 6000 more characters]")


def test_a_few_words_can_go_with_a_choice() -> None:
    question = replace(CHOICE, takes_word=True)
    params = question_to_mcp(question).params
    assert isinstance(params, types.ElicitRequestFormParams)
    assert params.requested_schema["required"] == ["answer"]
    assert params.requested_schema["properties"]["word"]["type"] == "string"
    said = accepted({"answer": "no", "word": "later"})
    assert reply_from_mcp(said, question) == Reply("no", "later")
    assert reply_from_mcp(accepted({"answer": "no", "word": 5}), question) == Reply("no")
    assert reply_from_mcp(said, CHOICE) == Reply("no")


def accepted(content: dict[str, str | int | float | bool | list[str] | None] | None) -> object:
    return types.ElicitResult(action="accept", content=content)


@pytest.mark.protocol("elicitation-actions")
@pytest.mark.parametrize(
    ("response", "reply"),
    [
        (accepted({"answer": "yes"}), Reply("yes")),
        (accepted({"answer": "maybe"}), None),
        (accepted({"answer": True}), None),
        (accepted({}), None),
        (accepted(None), None),
        (types.ElicitResult(action="decline"), None),
        (types.ElicitResult(action="cancel", content={"answer": "yes"}), None),
        (types.ListRootsResult(roots=[]), None),
        (None, None),
    ],
)
def test_only_an_accepted_answer_to_the_question_counts(
    response: object, reply: Reply | None
) -> None:
    assert reply_from_mcp(response, CHOICE) == reply


def test_an_answer_in_free_words_is_taken_as_it_is() -> None:
    assert reply_from_mcp(accepted({"answer": "any"}), Question(text="?")) == Reply("any")
