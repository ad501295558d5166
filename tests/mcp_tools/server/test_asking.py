"""Questions to the person behind a client, in both eras."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import mcp_types as types
import pytest
from mcp import Client
from mcp.client.context import ClientRequestContext
from mcp.shared.exceptions import MCPError

from tests.mcp_tools.server.places import ERAS, LEGACY, MODERN, TIMEOUT_S, Set, serve
from tests.mcp_tools.server.test_tools import text_of

pytestmark = pytest.mark.asyncio

EDIT = {"path": "notes.txt", "old_text": "one", "new_text": "1"}


class Person:
    """Answers each question with the next of some answers; None declines."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(
        self, context: ClientRequestContext, params: types.ElicitRequestParams
    ) -> types.ElicitResult | types.ErrorData:
        del context
        self.asked.append(params.message)
        answer = self.answers.pop(0)
        if answer is None:
            return types.ElicitResult(action="decline")
        return types.ElicitResult(action="accept", content={"answer": answer})


@asynccontextmanager
async def asked(served: Set, era: str, person: Person | None) -> AsyncGenerator[Client]:
    """Connect a client with a person behind it."""
    async with (
        asyncio.timeout(TIMEOUT_S),
        Client(served.server, mode=era, elicitation_callback=person) as client,
    ):
        yield client


@pytest.mark.protocol("elicitation-handshake", "elicitation-modern")
@pytest.mark.parametrize("era", ERAS)
async def test_a_call_asks_several_times_and_runs_once(era: str, tmp_path: Path) -> None:
    served, person = serve(tmp_path), Person("Ann", "yes")
    async with asked(served, era, person) as client:
        result = await client.call_tool("ask", {"text": "run"})
    assert text_of(result) == "Ann: yes"
    assert person.asked == ["Your name?", "Sure?\n\nAnn"]
    assert served.stage.started == ["run"]


@pytest.mark.protocol("elicitation-actions")
@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(
    ("answer", "first_line"), [("yes", "1"), ("no", "one"), (None, "one"), ("perhaps", "one")]
)
async def test_an_edit_is_made_only_after_a_yes(
    era: str, answer: str | None, first_line: str, tmp_path: Path
) -> None:
    served = serve(tmp_path, is_asking=True)
    async with asked(served, era, Person(answer)) as client:
        await client.call_tool("read_file", {"path": "notes.txt"})
        result = await client.call_tool("edit_file", EDIT)
    assert result.is_error is (first_line == "one")
    text = (served.root / "notes.txt").read_text(encoding="utf-8")
    assert text == f"{first_line}\ntwo\n"


@pytest.mark.protocol("elicitation-capability")
@pytest.mark.parametrize("era", ERAS)
async def test_a_client_that_cannot_ask_is_told_what_would_allow_it(
    era: str, tmp_path: Path
) -> None:
    served = serve(tmp_path, is_asking=True)
    async with asked(served, era, None) as client:
        await client.call_tool("read_file", {"path": "notes.txt"})
        edit = await client.call_tool("edit_file", EDIT)
        other = await client.call_tool("ask", {})
    assert edit.is_error
    assert "--allow" in text_of(edit)
    assert "no way to ask" in text_of(other)


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_whose_person_cannot_be_reached_gives_no_answer(
    era: str, tmp_path: Path
) -> None:
    class Absent(Person):
        async def __call__(
            self, context: ClientRequestContext, params: types.ElicitRequestParams
        ) -> types.ElicitResult | types.ErrorData:
            return types.ErrorData(code=types.METHOD_NOT_FOUND, message="nobody here")

    served = serve(tmp_path, is_asking=True)
    async with asked(served, era, Absent()) as client:
        await client.call_tool("read_file", {"path": "notes.txt"})
        if era == LEGACY:
            assert (await client.call_tool("edit_file", EDIT)).is_error
        else:
            with pytest.raises(MCPError):
                await client.call_tool("edit_file", EDIT)
    assert (served.root / "notes.txt").read_text(encoding="utf-8").startswith("one")


@pytest.mark.parametrize("era", ERAS)
async def test_a_thinking_person_holds_up_no_other_call(era: str, tmp_path: Path) -> None:
    is_asked, go = asyncio.Event(), asyncio.Event()

    class Slow(Person):
        async def __call__(
            self, context: ClientRequestContext, params: types.ElicitRequestParams
        ) -> types.ElicitResult | types.ErrorData:
            is_asked.set()
            await go.wait()
            return await super().__call__(context, params)

    served = serve(tmp_path)
    async with asked(served, era, Slow("Ann", "no")) as client:
        call = asyncio.create_task(client.call_tool("ask", {}))
        await is_asked.wait()
        assert text_of(await client.call_tool("echo", {"text": "quick"})) == "quick"
        go.set()
        assert text_of(await call) == "Ann: no"


@pytest.mark.parametrize("era", ERAS)
async def test_a_call_ends_with_its_client_also_at_a_question(era: str, tmp_path: Path) -> None:
    is_asked = asyncio.Event()

    class Gone(Person):
        async def __call__(
            self, context: ClientRequestContext, params: types.ElicitRequestParams
        ) -> types.ElicitResult | types.ErrorData:
            is_asked.set()
            await asyncio.Event().wait()
            raise AssertionError

    served = serve(tmp_path)
    async with asked(served, era, Gone()) as client:
        call = asyncio.create_task(client.call_tool("ask", {}))
        await is_asked.wait()
        call.cancel()
        if era == LEGACY:
            await served.stage.has_ended.wait()
    assert served.stage.ended == ["cancelled"]


# ------------------------------------------------- the state between two requests, 2026-07-28


async def first_round(client: Client, text: str = "a") -> tuple[str, str]:
    """Call `ask`; gives the state, and the key of the question."""
    result = await client.session.call_tool("ask", {"text": text}, allow_input_required=True)
    assert isinstance(result, types.InputRequiredResult)
    assert result.request_state is not None
    (key,) = result.input_requests or {}
    return result.request_state, key


async def next_round(
    client: Client, state: str, key: str, *, text: str = "a"
) -> types.CallToolResult | types.InputRequiredResult:
    """Bring the answer `Ann`."""
    answer = types.ElicitResult(action="accept", content={"answer": "Ann"})
    return await client.session.call_tool(
        "ask",
        {"text": text},
        input_responses={key: answer},
        request_state=state,
        allow_input_required=True,
    )


def is_refused(error: MCPError) -> bool:
    return error.code == types.INVALID_PARAMS and error.data == {"reason": "invalid_request_state"}


@pytest.mark.protocol("state-once")
async def test_a_state_works_once(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with asked(served, MODERN, Person()) as client:
        state, key = await first_round(client)
        assert isinstance(await next_round(client, state, key), types.InputRequiredResult)
        with pytest.raises(MCPError) as refused:
            await next_round(client, state, key)
    assert is_refused(refused.value)
    assert served.stage.started == ["a"]


@pytest.mark.protocol("state-sealed")
async def test_a_state_is_of_no_use_to_another_caller_or_for_another_request(
    tmp_path: Path,
) -> None:
    served = serve(tmp_path)
    async with asked(served, MODERN, Person()) as client, asked(served, MODERN, Person()) as thief:
        state, key = await first_round(client)
        for robber, text, wire in (
            (thief, "a", state),
            (client, "b", state),
            (client, "a", state[:-2] + ("AA" if state[-2:] != "AA" else "BB")),
            (client, "a", "nonsense"),
            (client, "a", ""),
        ):
            with pytest.raises(MCPError) as refused:
                await next_round(robber, wire, key, text=text)
            assert is_refused(refused.value)
        assert isinstance(await next_round(client, state, key), types.InputRequiredResult)
    assert served.stage.started == ["a"]


@pytest.mark.protocol("state-asked-again")
async def test_a_question_that_was_not_answered_is_asked_again(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with asked(served, MODERN, Person()) as client:
        state, key = await first_round(client)
        again = await next_round(client, state, "another-key")
        assert isinstance(again, types.InputRequiredResult)
        assert again.request_state not in (None, state)
        assert list(again.input_requests or {}) == [key]
    assert served.stage.started == ["a"]


async def test_a_suspended_call_ends_when_its_connection_does(tmp_path: Path) -> None:
    served = serve(tmp_path)
    async with asked(served, MODERN, Person()) as client:
        await first_round(client)
        assert served.stage.ended == []
    assert served.stage.ended == ["cancelled"]
