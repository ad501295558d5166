"""What the scripted model answers to an HTTP request, without any socket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lsp_agent.testkit.anthropic_stream import AssistantMessage, message_body, stream_events
from lsp_agent.testkit.faults import faulty_body, faulty_stream
from lsp_agent.testkit.json_values import Json, JsonObject
from lsp_agent.testkit.playback import Playback, TemplateError, compose
from lsp_agent.testkit.reply import Reply, error_body, json_reply, stream_reply
from lsp_agent.testkit.request import read_request
from lsp_agent.testkit.script import Script, Turn
from lsp_agent.testkit.sse import encode
from lsp_agent.testkit.validate import find_problem

DEFAULT_MODELS = ("claude-sonnet-5-5",)
MAX_INPUT_TOKENS = 200_000
MAX_OUTPUT_TOKENS = 64_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An HTTP request, before anybody has made sense of it."""

    method: str
    path: str
    """With the query, as it came."""
    headers: Mapping[str, str]
    """The names are in lower case."""
    body: JsonObject | None
    """None if the body was not a JSON object."""


class Answers:
    """Answers requests by a script; not safe for threads, so the caller takes turns."""

    def __init__(self, script: Script) -> None:
        """Start before the first turn of `script`."""
        self._script = script
        self._playback = Playback(script)

    def reply(self, incoming: Incoming, number: int) -> Reply:
        """Give the answer to request `number`, and play a turn where one is due."""
        if not self._is_let_in(incoming.headers):
            return error_reply(401, "authentication_error", "invalid x-api-key")
        path = urlsplit(incoming.path).path.rstrip("/")
        if incoming.method == "POST" and path == "/v1/messages":
            return self._message(incoming.body, number)
        if incoming.method == "POST" and path == "/v1/messages/count_tokens":
            return self._count(incoming.body)
        if incoming.method == "GET" and path == "/v1/models":
            return json_reply(self._model_list())
        if incoming.method == "GET" and path.startswith("/v1/models/"):
            return self._one_model(path.removeprefix("/v1/models/"))
        message = f"there is no {incoming.method} {path}"
        return error_reply(404, "not_found_error", message)

    def unplayed_turns(self) -> list[int]:
        """Give the indexes of the turns that still owe an answer, in the script's order."""
        return self._playback.unplayed_turns()

    def _is_let_in(self, headers: Mapping[str, str]) -> bool:
        key = self._script.api_key
        sent = (headers.get("authorization"), headers.get("x-api-key"))
        return key is None or sent[0] == f"Bearer {key}" or sent[1] == key

    def _message(self, body: JsonObject | None, number: int) -> Reply:
        if refusal := self._refusal(body):
            return refusal
        request = read_request(body or {})
        choice = self._playback.take(request)
        if choice is None:
            return _invalid(self._playback.why_nothing_fits(request, number))
        try:
            message = compose(choice.turn, request, number)
        except TemplateError as error:
            return _invalid(f"request {number}: {error}")
        play = _streamed if request.streams else _whole
        return replace(play(choice.turn, message), turn_index=choice.index)

    def _count(self, body: JsonObject | None) -> Reply:
        # Counting generates nothing, so it goes without the limit that a message must have.
        if refusal := self._refusal(None if body is None else {"max_tokens": 1, **body}):
            return refusal
        return json_reply({"input_tokens": read_request(body or {}).n_tokens})

    def _refusal(self, body: JsonObject | None) -> Reply | None:
        """Give the error reply to a body that no model would get to see."""
        if body is None:
            return _invalid("The request body is not a JSON object")
        if problem := find_problem(body):
            return _invalid(problem)
        model = f"{body['model']}"
        known = self._script.models
        return None if known is None or model in known else _no_model(model)

    def _model_list(self) -> JsonObject:
        names = self._script.models or DEFAULT_MODELS
        data: list[Json] = [_model_info(name) for name in names]
        return {"data": data, "has_more": False, "first_id": names[0], "last_id": names[-1]}

    def _one_model(self, name: str) -> Reply:
        known = self._script.models or DEFAULT_MODELS
        return json_reply(_model_info(name)) if name in known else _no_model(name)


def error_reply(status: int, error_type: str, message: str) -> Reply:
    """Give an error that is no fault of the script's making."""
    return replace(json_reply(error_body(error_type, message), status=status), error=message)


def parse_body(content: bytes) -> JsonObject | None:
    """Read a request's body; None if it is not a JSON object."""
    try:
        value: Json = json.loads(content)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _streamed(turn: Turn, message: AssistantMessage) -> Reply:
    events = stream_events(message, chunk_size=turn.chunk_size)
    if turn.fault:
        return faulty_stream(events, turn.fault)
    return stream_reply(tuple(encode(event) for event in events))


def _whole(turn: Turn, message: AssistantMessage) -> Reply:
    body = message_body(message)
    return faulty_body(body, turn.fault) if turn.fault else json_reply(body)


def _invalid(message: str) -> Reply:
    return error_reply(400, "invalid_request_error", message)


def _no_model(name: str) -> Reply:
    return error_reply(404, "not_found_error", f"model: {name}")


def _model_info(name: str) -> JsonObject:
    return {
        "id": name,
        "type": "model",
        "display_name": name,
        # The real API gives the epoch for a model whose release date it does not know.
        "created_at": "1970-01-01T00:00:00Z",
        "lifecycle": "active",
        "max_input_tokens": MAX_INPUT_TOKENS,
        "max_tokens": MAX_OUTPUT_TOKENS,
    }
