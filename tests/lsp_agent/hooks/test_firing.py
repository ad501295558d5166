"""Several hooks of one event: the strictest wins, and a failure does what its setting says."""

import asyncio

import pytest

from lsp_agent.hooks.answers import NOTHING, Answer, HookFailed
from lsp_agent.hooks.events import HookEvent
from lsp_agent.hooks.firing import Said, fire
from lsp_agent.hooks.hook import Hook, Maker, Occasion, OnFailure
from lsp_agent.hooks.payloads import PromptGiven, ToolWanted
from tests.lsp_agent.hooks.occasions import LIMIT_S, PROMPT, SHELL, hanging, hook, occasion

pytestmark = pytest.mark.asyncio

DENY = Answer(decision="deny", reason="not today")
ASK = Answer(decision="ask", reason="sure?")


def with_line(line: str) -> Answer:
    return Answer(change={"arguments": {"command": line}})


async def test_who_only_watches_changes_nothing() -> None:
    heard = await fire([hook("a", NOTHING)], occasion())
    assert heard.payload == SHELL
    assert (heard.denial, heard.question, heard.contexts, heard.failures) == ("", "", (), ())


async def test_every_denial_and_question_names_its_hook() -> None:
    heard = await fire([hook("a", ASK), hook("b", DENY), hook("c", DENY)], occasion())
    assert heard.denial == "the hook 'b': not today; the hook 'c': not today"
    assert heard.question == "the hook 'a': sure?"


async def test_changes_come_in_the_order_of_the_file_and_each_sees_the_one_before() -> None:
    def longer(seen: Occasion) -> Answer:
        assert isinstance(seen.payload, ToolWanted)
        return with_line(f"{seen.payload.line} -v")

    hooks = [hook("a", with_line("ls"), may_change=True), hook("b", longer, may_change=True)]
    heard = await fire(hooks, occasion())
    assert heard.payload == ToolWanted(tool="shell", call_id="c1", arguments={"command": "ls -v"})


async def test_who_judges_sees_what_others_have_made_wherever_it_stands() -> None:
    def judge(seen: Occasion) -> Answer:
        assert isinstance(seen.payload, ToolWanted)
        return DENY if seen.payload.line == "rm -r /" else NOTHING

    hooks = [hook("judge", judge), hook("changer", with_line("rm -r /"), may_change=True)]
    assert (await fire(hooks, occasion())).denial == "the hook 'judge': not today"


async def test_after_a_denial_by_one_that_may_change_nothing_more_is_run() -> None:
    ran: list[str] = []

    def note(_: Occasion) -> Answer:
        ran.append("b")
        return NOTHING

    await fire([hook("a", DENY, may_change=True), hook("b", note)], occasion())
    assert ran == []


async def test_those_that_judge_run_side_by_side() -> None:
    meeting = asyncio.Barrier(2)

    async def run(_: Occasion) -> Answer:
        await meeting.wait()
        return NOTHING

    hooks = [
        Hook(
            name=name,
            kind="test",
            maker=Maker.USER,
            events=frozenset(HookEvent),
            run=run,
            timeout_s=LIMIT_S,
        )
        for name in "ab"
    ]
    heard = await fire(hooks, occasion())
    assert heard.failures == ()


@pytest.mark.parametrize(
    "change",
    [
        {"tool": "grep"},
        {"call_id": "c2"},
        {"arguments": "rm"},
        {"arguments": {}, "line": ""},
    ],
)
async def test_only_the_arguments_of_a_call_can_be_changed(change: dict[str, object]) -> None:
    heard = await fire([hook("a", Answer(change=change), may_change=True)], occasion())
    assert heard.payload == SHELL
    assert heard.denial.startswith("the hook 'a': ")
    assert len(heard.failures) == 1


async def test_the_text_of_a_prompt_can_be_changed() -> None:
    changer = hook("a", Answer(change={"text": "Mend it well"}), may_change=True)
    heard = await fire([changer], occasion(HookEvent.USER_PROMPT, PROMPT))
    assert heard.payload == PromptGiven(text="Mend it well")


@pytest.mark.parametrize("failure", [HookFailed("it is broken"), ValueError("oops")])
async def test_a_failing_hook_denies_where_that_can_be_denied(failure: Exception) -> None:
    heard = await fire([hook("a", failure)], occasion())
    assert heard.denial.endswith("as long as it fails, this is denied")
    assert [said.hook for said in heard.failures] == ["a"]


async def test_a_failing_hook_that_is_open_is_only_told() -> None:
    heard = await fire([hook("a", HookFailed("no"), on_failure=OnFailure.OPEN)], occasion())
    assert heard.denial == ""
    assert heard.failures == (Said("a", "no"),)


async def test_a_failing_hook_cannot_deny_what_is_over() -> None:
    failing = hook("a", HookFailed("no"), on_failure=OnFailure.CLOSED)
    heard = await fire([failing], occasion(HookEvent.STOP, PROMPT))
    assert heard.denial == ""
    assert len(heard.failures) == 1


async def test_a_hook_that_hangs_fails_when_its_time_is_over() -> None:
    heard = await fire([hanging("a"), hook("b", NOTHING)], occasion())
    assert "did not answer within 0.01 s" in heard.denial


async def test_a_cancelled_call_does_not_wait_for_its_hooks() -> None:
    started = asyncio.Event()

    async def run(_: Occasion) -> Answer:
        started.set()
        await asyncio.Event().wait()
        return NOTHING

    slow = Hook(
        name="a", kind="test", maker=Maker.USER, events=frozenset(HookEvent), run=run, timeout_s=60
    )
    task = asyncio.create_task(fire([slow, slow], occasion()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_context_of_all_hooks_is_kept_in_their_order() -> None:
    hooks = [hook(name, Answer(context=name * 2)) for name in "ab"]
    heard = await fire(hooks, occasion())
    assert heard.contexts == (Said("a", "aa"), Said("b", "bb"))
