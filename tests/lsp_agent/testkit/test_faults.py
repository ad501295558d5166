"""Each fault, as the official SDK meets it."""

import json
from pathlib import Path

import anthropic
import httpx2
import pytest

from lsp_agent.testkit.faults import HTTP_FAULTS, Fault, faulty_stream
from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.record import Ending
from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.testkit.asking import MODEL, ask, ask_whole, client, spoken

TOOL_TURN: Json = [{"type": "tool_use", "name": "read_file", "input": {"path": "a.py"}}]
ERRORS: dict[str, type[anthropic.APIStatusError]] = {
    "400": anthropic.BadRequestError,
    "401": anthropic.AuthenticationError,
    "403": anthropic.PermissionDeniedError,
    "404": anthropic.NotFoundError,
    "413": anthropic.APIStatusError,
    "429": anthropic.RateLimitError,
    "500": anthropic.InternalServerError,
    "502": anthropic.InternalServerError,
    "503": anthropic.APIStatusError,
    "504": anthropic.APIStatusError,
    "529": anthropic.APIStatusError,
}


@pytest.mark.parametrize("name", HTTP_FAULTS)
def test_an_http_fault_has_status_type_and_text(name: str) -> None:
    with ScriptedModel([{"fault": name}, {"fault": {"name": name, "message": "Told so"}}]) as model:
        with pytest.raises(ERRORS[name]) as caught:
            ask(model)
        with pytest.raises(ERRORS[name], match="Told so"):
            ask_whole(model)
        first, second = model.requests
    assert caught.value.status_code == int(name)
    assert caught.value.request_id == "req_0001"
    assert json.loads(caught.value.response.content)["error"]["type"] == HTTP_FAULTS[name][0]
    assert "retry-after" not in caught.value.response.headers
    assert (first.status, first.fault, first.turn_index) == (int(name), name, 0)
    assert second.error == "Told so"


def test_retry_after_is_sent_and_a_patient_client_gets_its_answer() -> None:
    fault = {"name": "429", "retry_after_s": 0.01}
    with ScriptedModel([{"fault": fault}, {"fault": fault}, "at last"]) as model:
        with pytest.raises(anthropic.RateLimitError) as caught:
            ask(model)
        assert caught.value.response.headers["retry-after"] == "0.01"
        with client(model) as sdk:
            answer = sdk.with_options(max_retries=1).messages.create(
                model=MODEL, max_tokens=9, messages=[{"role": "user", "content": "hi"}]
            )
    assert spoken(answer) == "at last"


def test_a_disconnect_before_the_headers_is_a_connection_error() -> None:
    with ScriptedModel({"default": {"fault": "disconnect_before_headers"}}) as model:
        with pytest.raises(anthropic.APIConnectionError):
            ask(model)
        with pytest.raises(anthropic.APIConnectionError):
            ask_whole(model)
        record = model.wait_for_ending(1)
    assert (record.status, record.ending, record.n_frames) == (0, Ending.CUT, 0)


def test_a_disconnect_comes_after_the_events_that_the_script_says() -> None:
    fault = {"name": "disconnect", "after_events": 5}
    with ScriptedModel([{"content": "abcdef", "fault": fault}]) as model:
        received = _received_before(httpx2.RemoteProtocolError, model)
        record = model.wait_for_ending(1)
    assert received == ["ab", "cd"]
    assert (record.ending, record.n_frames, record.fault) == (Ending.CUT, 5, "disconnect")


def test_a_disconnect_cuts_a_whole_answer_in_half() -> None:
    with ScriptedModel([{"content": "abc", "fault": "disconnect"}]) as model:
        with pytest.raises(anthropic.APIConnectionError):
            ask_whole(model)
        assert model.wait_for_ending(1).ending is Ending.CUT


def test_a_stream_error_arrives_with_status_200() -> None:
    fault = {"name": "stream_error", "error_type": "api_error", "message": "Oh no"}
    with ScriptedModel([{"content": "abc", "fault": fault}]) as model:
        with pytest.raises(anthropic.APIStatusError, match="Oh no") as caught:
            ask(model)
        assert model.wait_for_ending(1).ending is Ending.COMPLETE
    assert (caught.value.status_code, caught.value.type) == (200, "api_error")


def test_a_stream_error_is_an_overload_unless_the_script_says_otherwise() -> None:
    with (
        ScriptedModel([{"content": "abc", "fault": "stream_error"}]) as model,
        pytest.raises(anthropic.APIStatusError) as caught,
    ):
        ask(model)
    assert caught.value.type == "overloaded_error"


def test_a_hanging_answer_ends_when_the_client_leaves() -> None:
    with ScriptedModel([{"content": "abc", "fault": "hang"}]) as model, client(model) as sdk:
        with sdk.messages.stream(
            model=MODEL, max_tokens=9, messages=[{"role": "user", "content": "hi"}]
        ) as stream:
            assert next(iter(stream.text_stream)) == "a"
            assert model.requests[0].ending is Ending.PENDING
        record = model.wait_for_ending(1)
    assert (record.ending, record.n_frames) == (Ending.CLIENT_CLOSED, 4)


@pytest.mark.asyncio
async def test_a_cancelled_task_leaves_a_hanging_answer() -> None:
    with ScriptedModel([{"content": "abc", "fault": "hang"}]) as model:
        async with anthropic.AsyncAnthropic(
            api_key="key", base_url=model.url, max_retries=0
        ) as sdk:
            async with sdk.messages.stream(
                model=MODEL, max_tokens=9, messages=[{"role": "user", "content": "hi"}]
            ) as stream:
                async for _ in stream.text_stream:
                    break
            assert model.wait_for_ending(1).ending is Ending.CLIENT_CLOSED


def test_a_hanging_answer_that_does_not_stream_sends_nothing() -> None:
    with (
        ScriptedModel([{"content": "abc", "fault": "hang"}]) as model,
        client(model) as sdk,
        pytest.raises(anthropic.APITimeoutError),
    ):
        sdk.with_options(timeout=0.05).messages.create(
            model=MODEL, max_tokens=9, messages=[{"role": "user", "content": "hi"}]
        )


def test_garbage_is_data_that_is_not_json() -> None:
    with ScriptedModel([{"content": "abc", "fault": "garbage"}] * 2) as model:
        with pytest.raises(json.JSONDecodeError):
            ask(model)
        with pytest.raises(json.JSONDecodeError):
            ask_whole(model)


def test_a_stream_without_its_stop_ends_in_good_order() -> None:
    script: Json = [
        {"content": "abc", "fault": "no_stop"},
        {"content": "abc", "fault": {"name": "no_stop", "after_events": 4}},
    ]
    with ScriptedModel(script) as model, client(model) as sdk:
        with sdk.messages.stream(
            model=MODEL, max_tokens=9, messages=[{"role": "user", "content": "hi"}]
        ) as stream:
            kinds = [event.type for event in stream]
        early = ask(model)
    assert kinds[-1] == "message_delta"
    # The SDK does not complain of a stream that ends early, so an agent has to.
    assert (early.stop_reason, spoken(early)) == (None, "a")


def test_bad_tool_json_is_beyond_the_repair_of_a_lenient_parser() -> None:
    script: Json = [{"content": TOOL_TURN, "fault": "bad_tool_json"}]
    with (
        ScriptedModel(script) as model,
        pytest.raises(ValueError, match="Unable to parse tool parameter JSON"),
    ):
        ask(model)


@pytest.mark.parametrize("name", ["stream_error", "no_stop", "bad_tool_json"])
def test_a_fault_of_streams_is_refused_for_a_whole_answer(name: str) -> None:
    with (
        ScriptedModel([{"content": TOOL_TURN, "fault": name}]) as model,
        pytest.raises(anthropic.BadRequestError, match=f"{name}.*needs a request with"),
    ):
        ask_whole(model)


def test_a_fault_after_more_events_than_there_are_still_strikes() -> None:
    reply = faulty_stream(
        [{"type": "message_start"}, {"type": "message_stop"}],
        Fault(name="disconnect", after_events=99),
    )
    assert len(reply.frames) == 1


def test_a_faulty_turn_may_say_nothing_at_all(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('[{"fault": {"name": "disconnect", "after_events": 0}}]', encoding="utf-8")
    with ScriptedModel(path) as model:
        assert _received_before(httpx2.RemoteProtocolError, model) == []


def _received_before(error: type[Exception], model: ScriptedModel) -> list[str]:
    """Read a stream until it breaks with `error`; give the pieces of text that came."""
    pieces: list[str] = []
    with (
        client(model) as sdk,
        pytest.raises(error),
        sdk.messages.stream(
            model=MODEL, max_tokens=9, messages=[{"role": "user", "content": "hi"}]
        ) as stream,
    ):
        pieces.extend(stream.text_stream)
    return pieces
