"""Answers are read strictly, and a denial is never made weaker by a slip."""

import pytest

from lsp_agent.hooks.answers import (
    MAX_CONTEXT_CHARS,
    MAX_REASON_CHARS,
    NO_REASON,
    NOTHING,
    Answer,
    HookFailed,
    answer_of,
    checked,
)
from lsp_agent.hooks.events import EVENTS, HookEvent

BEFORE_TOOL = EVENTS[HookEvent.BEFORE_TOOL]
STOP = EVENTS[HookEvent.STOP]


@pytest.mark.parametrize("text", ["", " \n", b"", "{}"])
def test_no_words_are_the_empty_answer(text: str | bytes) -> None:
    assert answer_of(text) == NOTHING


def test_an_answer_is_read() -> None:
    assert answer_of('{"decision": "deny", "reason": "no"}') == Answer(decision="deny", reason="no")


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "[]",
        '{"decision": "allow"}',
        '{"decision": true}',
        '{"descision": "deny"}',
        '{"reason": 1}',
        '{"change": []}',
        '{"decision": "deny"} {}',
        b"\xff\xfe",
        '{"reason": "\udcff"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_answer_is_a_failure(text: str | bytes) -> None:
    with pytest.raises(HookFailed, match="not what the schema says"):
        answer_of(text)


def test_a_denial_stays_one_whatever_stands_beside_it() -> None:
    answer = Answer(decision="deny", change={"arguments": {}}, context="x")
    assert checked(answer, BEFORE_TOOL, may_change=False) == Answer(
        decision="deny", reason=NO_REASON
    )


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer(decision="deny"), "a denial"),
        (Answer(decision="ask"), "a question"),
        (Answer(change={}), "a change"),
        (Answer(context="x"), "context"),
    ],
)
def test_what_an_event_does_not_allow_is_a_failure(answer: Answer, word: str) -> None:
    with pytest.raises(HookFailed, match=f"answered with {word}, which this event"):
        checked(answer, STOP, may_change=True)


def test_a_change_has_to_be_announced() -> None:
    answer = Answer(change={"arguments": {}})
    assert checked(answer, BEFORE_TOOL, may_change=True).change == {"arguments": {}}
    with pytest.raises(HookFailed, match="may_change"):
        checked(answer, BEFORE_TOOL, may_change=False)


def test_long_words_are_cut_and_say_so() -> None:
    answer = Answer(decision="ask", reason="a" * 10_000, context="b" * 50_000)
    found = checked(answer, BEFORE_TOOL, may_change=False)
    assert found.reason == f"{'a' * MAX_REASON_CHARS} [and 9500 more characters]"
    assert found.context.startswith("b" * MAX_CONTEXT_CHARS)
    assert found.context.endswith("[and 40000 more characters]")
