"""What the conformance suite needs and our product never does, written for the SDK itself.

Sampling, logging, forms with several fields, several questions at once, and questions of prompts.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import mcp_types as types
from mcp.shared.exceptions import MCPError
from mcp.shared.message import ServerMessageMetadata

from mcp_tools.server.state import Context

Result: TypeAlias = types.CallToolResult | types.InputRequiredResult
RawTool: TypeAlias = Callable[[Context, types.CallToolRequestParams], Awaitable[Result]]

ASKING_PROMPT = types.Prompt(
    name="test_input_required_result_prompt", description="Asks before it says anything."
)

_FORMS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("forms.json").read_text(encoding="utf-8")
)
"""The forms and schemas that the suite compares with its own."""


async def _log(context: Context, params: types.CallToolRequestParams) -> Result:
    del params
    for text in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        notice = types.LoggingMessageNotification(
            params=types.LoggingMessageNotificationParams(level="info", data=text)
        )
        await context.session.send_notification(notice, related_request_id=context.request_id)
    return _text("Logged three times.")


async def _sample(context: Context, params: types.CallToolRequestParams) -> Result:
    prompt = str((params.arguments or {}).get("prompt", ""))
    said = await context.session.send_request(
        _sampling(prompt), types.CreateMessageResult, metadata=_beside(context)
    )
    return _text(f"LLM response: {said.content}")


def _form_tool(name: str) -> RawTool:
    async def run(context: Context, params: types.CallToolRequestParams) -> Result:
        del params
        filled = await context.session.send_request(
            _form(name), types.ElicitResult, metadata=_beside(context)
        )
        return _text(f"{filled.action}: {filled.content}")

    return run


def _asking_tool(*keys: str) -> RawTool:
    """Give a tool that keeps nothing: it asks whatever was not brought along."""

    async def run(context: Context, params: types.CallToolRequestParams) -> Result:
        responses = params.input_responses or {}
        if all(_is_answer(key, responses.get(key)) for key in keys):
            return _text("All questions are answered.")
        requests = {key: _REQUESTS[key]() for key in keys if _may_ask(context, key)}
        return types.InputRequiredResult(input_requests=requests, request_state="asked")

    return run


def _may_ask(context: Context, key: str) -> bool:
    capabilities = context.session.client_capabilities
    return _NEEDS[key] is None or getattr(capabilities, _NEEDS[key] or "", None) is not None


def _is_answer(key: str, response: object) -> bool:
    return isinstance(response, _ANSWERS[key])


async def _needs_sampling(context: Context, params: types.CallToolRequestParams) -> Result:
    del context, params
    needed = types.ClientCapabilities(sampling=types.SamplingCapability())
    data = types.MissingRequiredClientCapabilityErrorData(required_capabilities=needed)
    raise MCPError(
        code=types.MISSING_REQUIRED_CLIENT_CAPABILITY,
        message="this tool needs sampling",
        data=data.model_dump(by_alias=True, exclude_none=True),
    )


async def _echo(context: Context, params: types.CallToolRequestParams) -> Result:
    del context
    return _text(json.dumps(params.arguments))


async def get_asking_prompt(
    context: Context, params: types.GetPromptRequestParams
) -> types.GetPromptResult | types.InputRequiredResult:
    """Ask for the context of the prompt, then say it."""
    del context
    if (params.input_responses or {}).get("user_context") is None:
        return types.InputRequiredResult(input_requests={"user_context": _form("context")})
    message = types.PromptMessage(role="user", content=types.TextContent(text="Now I know."))
    return types.GetPromptResult(messages=[message])


async def set_level(context: Context, params: types.SetLevelRequestParams) -> types.EmptyResult:
    """Take any level; nothing is filtered."""
    del context, params
    return types.EmptyResult()


def _beside(context: Context) -> ServerMessageMetadata:
    """Send a request on the stream of the one that is served."""
    return ServerMessageMetadata(related_request_id=context.request_id)


def _sampling(prompt: str) -> types.CreateMessageRequest:
    message = types.SamplingMessage(role="user", content=types.TextContent(text=prompt))
    return types.CreateMessageRequest(
        params=types.CreateMessageRequestParams(messages=[message], max_tokens=100)
    )


def _form(name: str) -> types.ElicitRequest:
    params = types.ElicitRequestFormParams(message=f"{name}?", requested_schema=_FORMS[name])
    return types.ElicitRequest(params=params)


def _text(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)])


_REQUESTS: Mapping[str, Callable[[], types.InputRequest]] = {
    "user_name": lambda: _form("name"),
    "greeting": lambda: _sampling("Generate a greeting"),
    "client_roots": types.ListRootsRequest,
}
_ANSWERS: Mapping[str, type] = {
    "user_name": types.ElicitResult,
    "greeting": types.CreateMessageResult,
    "client_roots": types.ListRootsResult,
}
_NEEDS: Mapping[str, str | None] = {
    "user_name": "elicitation",
    "greeting": "sampling",
    "client_roots": "roots",
}

RAW_TOOLS: Mapping[str, RawTool] = {
    "json_schema_2020_12_tool": _echo,
    "test_elicitation_sep1034_defaults": _form_tool("defaults"),
    "test_elicitation_sep1330_enums": _form_tool("enums"),
    "test_input_required_result_capabilities": _asking_tool("user_name", "greeting"),
    "test_input_required_result_elicitation": _asking_tool("user_name"),
    "test_input_required_result_list_roots": _asking_tool("client_roots"),
    "test_input_required_result_multiple_inputs": _asking_tool(
        "user_name", "greeting", "client_roots"
    ),
    "test_input_required_result_sampling": _asking_tool("greeting"),
    "test_missing_capability": _needs_sampling,
    "test_mirrored_argument": _echo,
    "test_sampling": _sample,
    "test_tool_with_logging": _log,
}


_SCHEMAS: Mapping[str, dict[str, Any]] = {
    "json_schema_2020_12_tool": _FORMS["schema_2020_12"],
    "test_mirrored_argument": _FORMS["mirrored"],
    "test_sampling": _FORMS["prompt"],
}


def raw_schema(name: str) -> dict[str, Any] | None:
    """Give the schema of a tool's arguments, None if that has nothing special."""
    return _SCHEMAS.get(name)


def listed_raw_tools() -> list[types.Tool]:
    """Give the tools as clients list them."""
    return [
        types.Tool(
            name=name,
            description=f"What the conformance suite calls {name}.",
            input_schema=raw_schema(name) or {"type": "object"},
        )
        for name in RAW_TOOLS
    ]
