"""The one place where our terms become those of the protocol, and back."""

import base64
from collections.abc import Sequence
from typing import cast

import mcp_types as types
from mcp.shared.exceptions import MCPError

from mcp_tools.code.describing import describe
from mcp_tools.types.attending import Question, Reply
from mcp_tools.types.calls import Attachment, Tool, ToolResult
from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.json import JsonObject, JsonValue

ROOT = "root"
"""The argument that every tool has where several roots are served."""

ANSWER = "answer"
"""The field of the form that a person fills in."""

WORD = "word"
"""The field for what a person wants to say beside a choice."""

_LONGEST_DETAIL = 24_000
_LONGEST_WORD = 2_000


def tool_to_mcp(tool: Tool, roots: Sequence[str] = ()) -> types.Tool:
    """Give a tool as clients see it; `roots` are the names to choose from, if there is a choice."""
    described = describe(tool)
    schema = cast(JsonObject, described["input_schema"])
    if roots:
        schema = _with_root(schema, roots)
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=schema,
        output_schema=cast(JsonObject, described["output_schema"]),
        annotations=types.ToolAnnotations.model_validate(described["annotations"]),
    )


def result_to_mcp(result: ToolResult, note: str = "") -> types.CallToolResult:
    """Give what a call came to; `note` is said after the text.

    Text and structured content are each complete alone. A failed call has no structured content,
    which would have to follow the tool's schema.
    """
    text = f"{result.text}\n{note}" if note else result.text
    content: list[types.ContentBlock] = [types.TextContent(type="text", text=text)]
    content += [attachment_to_mcp(attachment) for attachment in result.attachments]
    return types.CallToolResult(
        content=content,
        structured_content=None if result.is_error else result.data,
        is_error=result.is_error,
    )


def failure_to_mcp(error: ExpectedError) -> types.CallToolResult:
    """Give a failure that the model can act on, as the result of its call."""
    content = types.TextContent(type="text", text=str(error))
    return types.CallToolResult(content=[content], is_error=True)


def attachment_to_mcp(attachment: Attachment) -> types.ContentBlock:
    """Give an attachment as what its type is shown as: an image, a sound, or a file."""
    data = base64.b64encode(attachment.content).decode("ascii")
    kind = attachment.mime_type.partition("/")[0]
    if kind == "image":
        return types.ImageContent(type="image", data=data, mime_type=attachment.mime_type)
    if kind == "audio":
        return types.AudioContent(type="audio", data=data, mime_type=attachment.mime_type)
    resource = types.BlobResourceContents(
        uri=attachment.uri or "attachment:", mime_type=attachment.mime_type, blob=data
    )
    return types.EmbeddedResource(type="resource", resource=resource)


def question_to_mcp(question: Question) -> types.ElicitRequest:
    """Give a question as a form: a choice, or free words; or a choice and a few words."""
    field: JsonObject = {"type": "string", "title": "Answer"}
    if question.choices:
        field["enum"] = cast(JsonValue, list(question.choices))
    fields: JsonObject = {ANSWER: field}
    if question.takes_word:
        fields[WORD] = {
            "type": "string",
            "title": "A word to the model, if you deny it",
            "maxLength": _LONGEST_WORD,
        }
    schema: JsonObject = {"type": "object", "properties": fields, "required": [ANSWER]}
    detail = question.detail[:_LONGEST_DETAIL]
    if n_left := len(question.detail) - len(detail):
        detail += f"\n[cut: {n_left} more characters]"
    message = f"{question.text}\n\n{detail}" if detail else question.text
    params = types.ElicitRequestFormParams(message=message, requested_schema=schema)
    return types.ElicitRequest(params=params)


def reply_from_mcp(response: object, question: Question) -> Reply | None:
    """Give what a person answered; None if they declined, or it answers another question."""
    if not isinstance(response, types.ElicitResult) or response.action != "accept":
        return None
    content = response.content or {}
    answer, word = content.get(ANSWER), content.get(WORD, "")
    if not isinstance(answer, str):
        return None
    if question.choices and answer not in question.choices:
        return None
    return Reply(answer, word if question.takes_word and isinstance(word, str) else "")


def invalid_params(message: str) -> MCPError:
    """Give the protocol's error for parameters that name what is not there."""
    return MCPError(code=types.INVALID_PARAMS, message=message)


def invalid_request_state() -> MCPError:
    """Give the error for a handle that is of no use, in the words of the SDK's own seal."""
    return MCPError(
        code=types.INVALID_PARAMS,
        message="Invalid or expired requestState",
        data={"reason": "invalid_request_state"},
    )


def ended_early() -> MCPError:
    """Give the error for a call that was ended from our side."""
    return MCPError(code=types.INTERNAL_ERROR, message="The call was ended before it was done")


def _with_root(schema: JsonObject, roots: Sequence[str]) -> JsonObject:
    properties = cast(JsonObject, schema.get("properties", {}))
    root: JsonObject = {
        "type": "string",
        "enum": cast(JsonValue, list(roots)),
        "description": "which project to work in",
    }
    return {**schema, "properties": {**properties, ROOT: root}}
