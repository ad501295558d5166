"""When a model is asked again, how long after, and when not."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from lsp_agent.models.anthropic import AnthropicModel
from lsp_agent.models.port import (
    Message,
    ModelError,
    ModelErrorKind,
    ModelEvent,
    ModelRequest,
    Text,
    TextChunk,
)
from lsp_agent.models.retrying import MAX_RETRIES, RetryingModel
from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.server import ScriptedModel
from tests.support.sessions import KEY, LIMIT_S, MODEL, taken

REQUEST = ModelRequest(system="Be brief.", messages=(Message("user", (Text("Hello"),)),))


class Naps:
    """Remembers how long it would have slept."""

    def __init__(self) -> None:
        """Start awake."""
        self.seconds: list[float] = []

    async def sleep(self, seconds: float) -> None:
        """Note a wait."""
        self.seconds.append(seconds)


def failing(name: str, *, times: int = 9, retry_after_s: float | None = None) -> Json:
    """Give a turn that fails so many times."""
    fault: dict[str, Json] = {"name": name}
    if retry_after_s is not None:
        fault["retry_after_s"] = retry_after_s
    return {"content": "Hello there", "fault": fault, "times": times}


def model_at(server: ScriptedModel, naps: Naps) -> RetryingModel:
    model = AnthropicModel(MODEL, api_key=KEY, base_url=server.url, max_silence_s=0.2)
    return RetryingModel(model, sleep=naps.sleep)


def words(events: list[ModelEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextChunk))


async def failure(turn: Json) -> tuple[ModelError, int, list[float]]:
    """Give the last error, the number of requests, and the waits between them."""
    naps = Naps()
    with ScriptedModel([turn]) as server:
        with pytest.raises(ModelError) as raised:
            await taken(model_at(server, naps).stream(REQUEST))
        return raised.value, len(server.requests), naps.seconds


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "name", ["429", "500", "502", "503", "504", "529", "disconnect_before_headers"]
)
async def test_a_bad_moment_of_the_provider_is_waited_out(name: str) -> None:
    naps = Naps()
    with ScriptedModel([failing(name, times=MAX_RETRIES), "At last."]) as server:
        events = await taken(model_at(server, naps).stream(REQUEST))
    assert words(events) == "At last."
    assert [0.5 <= naps.seconds[0] <= 0.75, 1.0 <= naps.seconds[1] <= 1.5] == [True, True]


@pytest.mark.asyncio
async def test_a_bad_moment_that_lasts_is_given_up() -> None:
    error, n_requests, naps = await failure(failing("529"))
    assert error.kind is ModelErrorKind.OVERLOADED
    assert (n_requests, len(naps)) == (1 + MAX_RETRIES, MAX_RETRIES)


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["400", "401", "403", "404", "413"])
async def test_a_request_that_is_refused_is_not_repeated(name: str) -> None:
    _, n_requests, naps = await failure(failing(name))
    assert (n_requests, naps) == (1, [])


@pytest.mark.asyncio
async def test_a_provider_that_says_nothing_is_not_asked_again() -> None:
    turn: Json = {"content": "x", "fault": {"name": "hang", "after_events": 0}, "times": 9}
    error, n_requests, naps = await failure(turn)
    assert error.kind is ModelErrorKind.SILENT
    assert (n_requests, naps) == (1, [])


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["disconnect", "garbage", "stream_error"])
async def test_an_answer_that_has_begun_is_not_repeated(name: str) -> None:
    _, n_requests, naps = await failure(failing(name))
    assert (n_requests, naps) == (1, [])


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["disconnect", "garbage", "stream_error"])
async def test_an_answer_that_breaks_before_its_first_word_is_repeated(name: str) -> None:
    broken: Json = {"content": "x", "fault": {"name": name, "after_events": 1}}
    with ScriptedModel([broken, "At last."]) as server:
        events = await taken(model_at(server, Naps()).stream(REQUEST))
    assert words(events) == "At last."


@pytest.mark.asyncio
async def test_the_provider_may_say_how_long_to_wait() -> None:
    _, n_requests, naps = await failure(failing("429", retry_after_s=20))
    assert (n_requests, naps) == (3, [20.0, 20.0])


@pytest.mark.asyncio
@pytest.mark.parametrize("seconds", [20.5, 1e9])
async def test_a_provider_that_asks_for_a_long_wait_is_not_asked_again(seconds: float) -> None:
    error, n_requests, naps = await failure(failing("429", retry_after_s=seconds))
    assert error.kind is ModelErrorKind.RATE_LIMITED
    assert (n_requests, naps) == (1, [])


@pytest.mark.asyncio
async def test_the_wait_can_be_cancelled() -> None:
    waits = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        waits.set()
        await asyncio.Event().wait()

    with ScriptedModel([failing("529")]) as server:
        inner = AnthropicModel(MODEL, api_key=KEY, base_url=server.url)
        asking = asyncio.create_task(taken(RetryingModel(inner, sleep=sleep).stream(REQUEST)))
        async with asyncio.timeout(LIMIT_S):
            await waits.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert len(server.requests) == 1


class Closable:
    """A model that notes when its answer is closed."""

    name = "closable"

    def __init__(self) -> None:
        """Start with an open answer."""
        self.is_closed = False

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ModelEvent, None]:
        """Say one word and wait to be closed."""
        try:
            yield TextChunk(request.system)
        finally:
            self.is_closed = True


@pytest.mark.asyncio
async def test_closing_the_answer_closes_the_model_s_own() -> None:
    model = Closable()
    asked = RetryingModel(model)
    assert asked.name == "closable"
    stream = asked.stream(REQUEST)
    assert await anext(stream) == TextChunk("Be brief.")
    await stream.aclose()
    assert model.is_closed
