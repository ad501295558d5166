"""What is made of each way in which a provider can fail: a kind, and words that help."""

import pytest

from lsp_agent.models.anthropic import AnthropicModel
from lsp_agent.models.port import (
    Message,
    ModelError,
    ModelErrorKind,
    ModelRequest,
    Text,
)
from lsp_agent.testkit.faults import FAULTS
from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.server import ScriptedModel
from tests.support.sessions import KEY, MODEL, taken

REQUEST = ModelRequest(system="Be brief.", messages=(Message("user", (Text("Hello"),)),))

WAIT = "wait a little and try again"
BROKEN = "the model's answer broke off in the middle; try again"
FAULT = ModelErrorKind.PROVIDER_FAULT

EXPECTED = {
    "400": (ModelErrorKind.REJECTED, "try another model, or start a new conversation"),
    "401": (ModelErrorKind.AUTHENTICATION, "check ANTHROPIC_API_KEY"),
    "403": (ModelErrorKind.AUTHENTICATION, "check ANTHROPIC_API_KEY"),
    "404": (ModelErrorKind.NOT_CONFIGURED, "check the model's name"),
    "413": (ModelErrorKind.TOO_LONG, "ask about a smaller part"),
    "429": (ModelErrorKind.RATE_LIMITED, WAIT),
    "500": (FAULT, WAIT),
    "502": (FAULT, WAIT),
    "503": (FAULT, WAIT),
    "504": (FAULT, WAIT),
    "529": (ModelErrorKind.OVERLOADED, WAIT),
    "disconnect": (ModelErrorKind.BROKEN_STREAM, BROKEN),
    "stream_error": (ModelErrorKind.OVERLOADED, WAIT),
    "hang": (ModelErrorKind.SILENT, "the model said nothing for 0.2 seconds; try again"),
    "garbage": (ModelErrorKind.BROKEN_STREAM, BROKEN),
    "no_stop": (ModelErrorKind.BROKEN_STREAM, BROKEN),
    "disconnect_before_headers": (ModelErrorKind.UNREACHABLE, "check the network"),
}


async def failure(script: Json, *, key: str = KEY) -> ModelError:
    """Ask once a server that plays `script`, and give how it failed."""
    with ScriptedModel(script) as server:
        return await failure_at(server.url, key=key)


async def failure_at(url: str, *, key: str = KEY) -> ModelError:
    """Ask at an address, and give how it failed."""
    model = AnthropicModel(MODEL, api_key=key, base_url=url, max_silence_s=0.2)
    with pytest.raises(ModelError) as raised:
        await taken(model.stream(REQUEST))
    assert key not in str(raised.value)
    return raised.value


def test_every_fault_of_the_test_kit_is_tried() -> None:
    # Broken tool input is no failure of the model's answer: see `test_anthropic`.
    assert set(EXPECTED) == set(FAULTS) - {"bad_tool_json"}


@pytest.mark.asyncio
@pytest.mark.parametrize("name", EXPECTED)
async def test_a_failure_has_a_kind_and_words_that_help(name: str) -> None:
    after: Json = {"after_events": 5} if name == "no_stop" else {}
    assert isinstance(after, dict)
    error = await failure([{"content": "Hello there", "fault": {"name": name, **after}}])
    kind, words = EXPECTED[name]
    assert error.kind is kind
    assert words in str(error)
    assert not str(error).endswith(".")


@pytest.mark.asyncio
async def test_a_stream_that_ends_after_its_stop_reason_is_whole() -> None:
    """Only the very last event is missing, which says nothing."""
    with ScriptedModel([{"content": "Hello", "fault": "no_stop"}]) as server:
        model = AnthropicModel(MODEL, api_key=KEY, base_url=server.url)
        await taken(model.stream(REQUEST))


@pytest.mark.asyncio
@pytest.mark.parametrize("n_events", range(8))
@pytest.mark.parametrize("name", ["disconnect", "hang", "garbage", "stream_error"])
async def test_a_failure_at_any_event_is_a_model_error(name: str, n_events: int) -> None:
    call: Json = {"type": "tool_use", "name": "list_dir", "input": {"path": "a"}}
    fault: Json = {"name": name, "after_events": n_events}
    error = await failure([{"content": ["Hi", call], "chunk_size": 9, "fault": fault}])
    expected = {
        "stream_error": ModelErrorKind.OVERLOADED,
        "hang": ModelErrorKind.SILENT,
    }
    assert error.kind is expected.get(name, ModelErrorKind.BROKEN_STREAM)


@pytest.mark.asyncio
async def test_a_wrong_key_is_told_apart() -> None:
    error = await failure({"turns": ["Hi."], "api_key": "another"})
    assert error.kind is ModelErrorKind.AUTHENTICATION
    assert str(error) == (
        "the model's provider answered 401: invalid x-api-key; check ANTHROPIC_API_KEY "
        "(`lsp-agent doctor` tells where it comes from)"
    )


@pytest.mark.asyncio
async def test_an_unknown_model_is_told_apart() -> None:
    error = await failure({"turns": ["Hi."], "models": ["claude-other"]})
    assert error.kind is ModelErrorKind.NOT_CONFIGURED
    assert f"model: {MODEL}" in str(error)


@pytest.mark.asyncio
async def test_a_conversation_that_is_too_long_is_told_apart() -> None:
    message = "prompt is too long: 201000 tokens > 200000 maximum"
    error = await failure([{"content": "Hi", "fault": {"name": "400", "message": message}}])
    assert error.kind is ModelErrorKind.TOO_LONG


@pytest.mark.asyncio
@pytest.mark.parametrize(("seconds", "expected"), [(0.5, 0.5), (1e9, 1e9), (None, None)])
async def test_the_wait_that_a_provider_asks_for_is_kept(
    seconds: float | None, expected: float | None
) -> None:
    fault: dict[str, Json] = {"name": "429"}
    if seconds is not None:
        fault["retry_after_s"] = seconds
    error = await failure([{"content": "Hi", "fault": fault}])
    assert error.retry_after_s == expected


@pytest.mark.asyncio
async def test_a_key_that_a_proxy_repeats_is_cut_out() -> None:
    fault: Json = {"name": "403", "message": f"the key {KEY} is blocked"}
    error = await failure([{"content": "Hi", "fault": fault}])
    assert "the key [key] is blocked" in str(error)


@pytest.mark.asyncio
async def test_a_page_for_an_answer_is_shortened_to_one_line() -> None:
    fault: Json = {"name": "502", "message": "<html>\n" + "<br>\n" * 1000}
    error = await failure([{"content": "Hi", "fault": fault}])
    assert "\n" not in str(error)
    assert len(str(error)) < 700


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1", "http://name:secret@127.0.0.1:1", "http://[half", "nonsense", "ftp://a"],
)
async def test_an_address_where_nobody_is_is_named(address: str) -> None:
    error = await failure_at(address)
    assert error.kind is ModelErrorKind.UNREACHABLE
    assert address.rpartition("@")[2] in str(error)
    assert "secret" not in str(error)
    assert "ANTHROPIC_BASE_URL" in str(error)
    assert "LSP_AGENT_MODEL=offline" in str(error)
