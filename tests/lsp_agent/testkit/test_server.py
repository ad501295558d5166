"""The server as a client and a test see it."""

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anthropic
import pytest

from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.load import parse_script
from lsp_agent.testkit.record import Ending
from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.testkit.asking import BODY, MODEL, READ_FILE, ask, ask_whole, client, spoken

COUNT = "/v1/messages/count_tokens"


def test_text_is_streamed_in_several_pieces_that_add_up() -> None:
    with (
        ScriptedModel(["Grüße, how are you today?"]) as model,
        client(model) as sdk,
        sdk.messages.stream(
            model=MODEL, max_tokens=100, messages=[{"role": "user", "content": "hi"}]
        ) as stream,
    ):
        pieces = list(stream.text_stream)
        message = stream.get_final_message()
        request_id = stream.request_id
    assert len(pieces) > 1
    assert "".join(pieces) == spoken(message) == "Grüße, how are you today?"
    assert (message.stop_reason, message.model, message.id) == ("end_turn", MODEL, "msg_0001")
    assert request_id == "req_0001"


def test_an_answer_without_streaming_says_the_same_as_a_streamed_one() -> None:
    content: Json = [
        {"type": "thinking", "thinking": "Let me see."},
        "I read it.",
        {"type": "tool_use", "name": "read_file", "input": {"path": "a.py"}, "id": "toolu_x"},
    ]
    with ScriptedModel([content, content]) as model:
        streamed, whole = ask(model), ask_whole(model)
    assert streamed.to_dict()["content"] == whole.to_dict()["content"]
    assert streamed.stop_reason == whole.stop_reason == "tool_use"
    assert streamed.usage.output_tokens == whole.usage.output_tokens


def test_a_tool_call_and_its_result_make_a_conversation() -> None:
    script: Json = [
        {
            "match": {"has_tool": "read_file"},
            "content": [
                {
                    "type": "tool_use",
                    "name": "read_file",
                    "input": {"path": "{{last_user}}", "lines": [1, {"of": "{{last_user}}"}]},
                }
            ],
        },
        {"match": {"after_tool": "read_file"}, "content": "It says: {{last_tool_result}}"},
    ]
    with ScriptedModel(script) as model, client(model) as sdk:
        messages: list[anthropic.types.MessageParam] = [{"role": "user", "content": "a.py"}]
        with sdk.messages.stream(
            model=MODEL, max_tokens=100, messages=messages, tools=[READ_FILE]
        ) as stream:
            first = stream.get_final_message()
        call = first.content[0]
        assert call.type == "tool_use"
        assert call.input == {"path": "a.py", "lines": [1, {"of": "a.py"}]}
        messages.append(first.to_param())
        messages.append(
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": call.id, "content": "print(1)"}],
            }
        )
        assert spoken(ask(model, *messages)) == "It says: print(1)"
        assert model.unplayed_turns == []


def test_usage_is_what_the_script_says() -> None:
    usage = {
        "input_tokens": 9,
        "output_tokens": 15,
        "cache_creation_input_tokens": 3,
        "cache_read_input_tokens": 7,
    }
    with ScriptedModel([{"content": "hi", "usage": usage}]) as model:
        reported = ask(model).usage.to_dict()
    assert {name: reported[name] for name in usage} == usage


def test_a_request_that_the_script_does_not_expect_is_refused_with_the_reason() -> None:
    script = [{"match": {"last_user": "rename"}, "content": "ok"}]
    with ScriptedModel(script) as model:
        with pytest.raises(anthropic.BadRequestError) as caught:
            ask(model, "delete it")
        text = caught.value.message
        assert "request 1 was not expected" in text
        assert "'delete it'" in text
        assert "turns[0] wants last_user to match 'rename'" in text
        assert spoken(ask(model, "rename it")) == "ok"
        with pytest.raises(anthropic.BadRequestError, match="every turn is used up"):
            ask(model, "rename it")
        assert f"{model.requests[0].error}" in text
        assert [record.status for record in model.requests] == [400, 200, 400]


def test_a_template_that_cannot_be_filled_in_is_refused_with_the_reason() -> None:
    with (
        ScriptedModel(["It says {{last_tool_result}}"]) as model,
        pytest.raises(anthropic.BadRequestError, match=r"request 1: .* but the request has none"),
    ):
        ask(model)


def test_the_default_turn_answers_what_is_left_without_end() -> None:
    with ScriptedModel({"turns": ["once"], "default": "always"}) as model:
        assert [spoken(ask(model)) for _ in range(3)] == ["once", "always", "always"]
        assert [record.turn_index for record in model.requests] == [0, None, None]


def test_a_wrong_key_is_not_let_in() -> None:
    with ScriptedModel({"turns": ["in"], "api_key": "right"}) as model:
        with (
            client(model, api_key="wrong") as sdk,
            pytest.raises(anthropic.AuthenticationError),
        ):
            sdk.messages.create(
                model=MODEL, max_tokens=9, messages=[{"role": "user", "content": "hi"}]
            )
        with client(model, api_key="right") as sdk:
            assert [info.id for info in sdk.models.list()] == [MODEL]
        assert model.unplayed_turns == [0]


def test_a_request_without_any_key_is_not_let_in() -> None:
    with ScriptedModel({"turns": ["in"], "api_key": "right"}) as model:
        body = json.dumps(BODY)
        assert _post(model, body) == (401, "authentication_error")
        assert _post(model, body, headers={"authorization": ""}) == (401, "authentication_error")
        assert _post(model, body, headers={"x-api-key": "right"})[0] == 200


def test_a_body_that_is_no_json_object_is_refused() -> None:
    with ScriptedModel(["in"]) as model:
        assert _post(model, "{nonsense") == (400, "invalid_request_error")
        assert _post(model, "[]") == (400, "invalid_request_error")
        assert _post(model, "{", path=COUNT) == (400, "invalid_request_error")
        chunked = {"transfer-encoding": "chunked"}
        assert _post(model, "", headers=chunked) == (400, "invalid_request_error")
        assert model.unplayed_turns == [0]


def test_tokens_are_counted_without_using_up_a_turn() -> None:
    with ScriptedModel(["hi"]) as model, client(model) as sdk:
        short = sdk.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "hi"}])
        long = sdk.messages.count_tokens(
            model=MODEL, messages=[{"role": "user", "content": "hi" * 200}]
        )
        assert 0 < short.input_tokens < long.input_tokens
        assert model.unplayed_turns == [0]


def test_only_the_models_of_the_script_exist() -> None:
    with ScriptedModel({"default": "hi", "models": ["small", "large"]}) as model:
        with client(model) as sdk:
            assert [info.id for info in sdk.models.list()] == ["small", "large"]
            assert sdk.models.retrieve("large").max_input_tokens == 200_000
            with pytest.raises(anthropic.NotFoundError, match="model: huge"):
                sdk.models.retrieve("huge")
        with pytest.raises(anthropic.NotFoundError, match=f"model: {MODEL}"):
            ask(model)


def test_an_unknown_address_is_not_found() -> None:
    with ScriptedModel(["hi"]) as model:
        assert _post(model, "{}", path="/v1/complete") == (404, "not_found_error")


def test_requests_are_recorded_with_their_secrets_cut() -> None:
    with ScriptedModel(["one", "two"]) as model:
        ask(model, "first")
        ask(model, "second")
        first, second = model.requests
    assert (first.number, second.number) == (1, 2)
    assert (first.method, first.path, first.status) == ("POST", "/v1/messages", 200)
    assert first.headers["authorization"] == "[cut]"
    assert first.headers["content-type"] == "application/json"
    assert first.request.last_user == "first"
    assert first.body is not None
    assert first.body["model"] == MODEL
    assert first.digest != second.digest


def test_a_waiting_test_learns_of_a_request_and_of_its_ending() -> None:
    with ScriptedModel(["hi"]) as model, ThreadPoolExecutor() as pool:
        waiting = pool.submit(model.wait_for_request, 1)
        ask(model)
        assert waiting.result(5).request.last_user == "hi"
        assert model.wait_for_ending(1).ending is Ending.COMPLETE
        with pytest.raises(TimeoutError, match=r"expected request 2 to arrive .* got \['1 POST"):
            model.wait_for_request(2, timeout_s=0.01)


def test_two_clients_are_served_at_once() -> None:
    script: Json = [
        {"match": {"last_user": "slow"}, "content": "never", "fault": "hang"},
        {"match": {"last_user": "quick"}, "content": "here"},
    ]
    with ScriptedModel(script) as model, ThreadPoolExecutor() as pool:
        slow = pool.submit(ask, model, "slow")
        model.wait_for_request(1)
        assert spoken(ask(model, "quick")) == "here"
        assert not slow.done()
        model.close()
        with pytest.raises(Exception, match="incomplete chunked read"):
            slow.result(5)
    assert model.requests[0].ending is Ending.SERVER_CLOSED


def test_clients_at_once_get_each_turn_exactly_once() -> None:
    texts = [f"answer {number}" for number in range(12)]
    with ScriptedModel(texts) as model, ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(ask_whole, model) for _ in texts]
        answers = [spoken(answer.result(5)) for answer in waiting]
        assert sorted(answers) == sorted(texts)
        assert [record.turn_index for record in model.requests] == list(range(12))


def test_one_connection_serves_many_requests() -> None:
    with ScriptedModel(["one", "two"]) as model:
        connection = http.client.HTTPConnection("127.0.0.1", model.port, timeout=5)
        streams = json.dumps({**BODY, "stream": True})
        for _ in range(2):
            connection.request("POST", "/v1/messages", streams)
            assert b"message_stop" in connection.getresponse().read()
        connection.close()


def test_closing_ends_every_thread_and_frees_the_port() -> None:
    before = set(threading.enumerate())
    model = ScriptedModel(["one", "two"])
    model.start()
    port = model.port
    kept = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    kept.request("POST", "/v1/messages", json.dumps(BODY))
    kept.getresponse().read()
    model.close()
    model.close()
    assert set(threading.enumerate()) <= before
    with ScriptedModel([], port=port) as second:
        assert second.port == port
    kept.close()


def test_closing_does_not_wait_for_a_client_that_does_not_read() -> None:
    with ScriptedModel(["x" * 20_000_000]) as model:
        lazy = http.client.HTTPConnection("127.0.0.1", model.port, timeout=5)
        lazy.request("POST", "/v1/messages", json.dumps(BODY))
        model.wait_for_request(1)
        assert model.requests[0].ending is Ending.PENDING
    assert model.requests[0].ending is Ending.SERVER_CLOSED
    lazy.close()


def test_half_a_character_goes_through_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    message: Json = {"role": "user", "content": "\ud83d"}
    with ScriptedModel(["{{last_user}}"], path) as model:
        assert _post(model, json.dumps({**BODY, "messages": [message]}))[0] == 200
        assert model.requests[0].request.last_user == "\ud83d"
    assert "ud83d" in path.read_text(encoding="utf-8")


def test_a_script_goes_on_where_it_was_after_a_new_start() -> None:
    model = ScriptedModel(["one", "two"])
    with model:
        assert spoken(ask(model)) == "one"
    with model:
        assert spoken(ask(model)) == "two"
    assert [record.number for record in model.requests] == [1, 2]


def test_the_url_of_a_model_that_does_not_listen_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="expected a started ScriptedModel"):
        _ = ScriptedModel([]).url


def test_a_model_that_listens_does_not_start_again() -> None:
    with ScriptedModel([]) as model, pytest.raises(RuntimeError, match="does not listen yet"):
        model.start()


def test_a_script_comes_from_a_file_or_from_python(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text('["from a file"]', encoding="utf-8")
    for script in (path, ["from a file"], parse_script(["from a file"])):
        with ScriptedModel(script) as model:
            assert spoken(ask(model)) == "from a file"


def test_a_log_that_cannot_be_opened_leaves_nothing_open(tmp_path: Path) -> None:
    model = ScriptedModel([], tmp_path / "missing" / "log.jsonl")
    with pytest.raises(FileNotFoundError):
        model.start()
    with pytest.raises(RuntimeError):
        _ = model.url


def _post(
    model: ScriptedModel,
    body: str,
    *,
    path: str = "/v1/messages",
    headers: dict[str, str] | None = None,
) -> tuple[int, str | None]:
    """Post without the SDK; give the status and the type of the error."""
    connection = http.client.HTTPConnection("127.0.0.1", model.port, timeout=5)
    connection.request("POST", path, body, headers or {})
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer.get("error", {}).get("type")
