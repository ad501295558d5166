"""What a provider accepts as a conversation, at every moment of its making."""

import pytest

from lsp_agent.agent.history import NOT_RUN, History, problems
from lsp_agent.models.port import Message, Text, Thinking, ToolResultBlock, ToolUse

THOUGHT = Thinking(text="hm", signature="s")


def use(id_: str) -> ToolUse:
    return ToolUse(id=id_, name="read_file", input={"path": "a"})


def result(id_: str, text: str = "ok") -> ToolResultBlock:
    return ToolResultBlock(tool_use_id=id_, text=text)


def test_what_the_user_says_twice_in_a_row_is_one_message() -> None:
    history = History()
    history.add_user(Text("a"))
    history.add_user(Text("b"))
    assert history.messages == (Message("user", (Text("a"), Text("b"))),)


@pytest.mark.parametrize("blank", ["", " ", "\n\t"])
def test_blank_words_of_the_user_are_not_kept(blank: str) -> None:
    history = History()
    history.add_user(Text(blank))
    assert history.messages == ()


def test_half_a_block_is_kept_when_the_work_is_stopped() -> None:
    history = History()
    history.add_user(Text("a"))
    history.write("Hel")
    history.write("lo")
    history.seal()
    assert history.messages[-1] == Message("assistant", (Text("Hello"),))


def test_a_finished_block_is_not_kept_twice() -> None:
    history = History()
    history.add_user(Text("a"))
    history.write("Hello")
    history.finish_block(Text("Hello"))
    assert history.finish_reply().blocks == (Text("Hello"),)


@pytest.mark.parametrize("words", ["", "\n\n"])
def test_a_reply_that_says_nothing_is_not_kept(words: str) -> None:
    history = History()
    history.add_user(Text("a"))
    history.finish_block(Text(words))
    history.write(words)
    history.seal()
    assert [message.role for message in history.messages] == ["user"]


def test_a_thought_without_a_word_after_it_is_not_kept() -> None:
    history = History()
    history.add_user(Text("a"))
    history.finish_block(THOUGHT)
    assert history.finish_reply().blocks == ()
    history.finish_block(THOUGHT)
    history.finish_block(Text("b"))
    assert history.finish_reply().blocks == (THOUGHT, Text("b"))


def test_calls_that_never_ran_are_answered_in_their_order() -> None:
    history = History()
    history.add_user(Text("a"))
    for id_ in ("1", "2", "3"):
        history.finish_block(use(id_))
    history.finish_reply()
    history.seal([result("2", "ran"), result("0", "stranger")])
    answers = history.messages[-1].blocks
    assert answers == (
        ToolResultBlock(tool_use_id="1", text=NOT_RUN, is_error=True),
        result("2", "ran"),
        ToolResultBlock(tool_use_id="3", text=NOT_RUN, is_error=True),
    )
    assert problems(history.messages) == []


def test_sealing_twice_changes_nothing() -> None:
    history = History()
    history.add_user(Text("a"))
    history.finish_block(use("1"))
    history.seal()
    sealed = history.messages
    history.seal()
    assert history.messages == sealed


def test_a_history_goes_on_from_earlier_messages() -> None:
    history = History([Message("user", (Text("a"),)), Message("assistant", (Text("b"),))])
    history.add_user(Text("c"))
    assert [message.text for message in history.messages] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([Message("assistant", (Text("a"),))], "message 0 is of the assistant, not of the user"),
        ([Message("user", ())], "message 0 is empty"),
        ([Message("user", (Text(" "),))], "message 0 has a blank text"),
        (
            [Message("user", (Text("a"),)), Message("assistant", (THOUGHT,))],
            "message 1 ends with a thought",
        ),
        (
            [Message("user", (Text("a"),)), Message("assistant", (use("1"),))],
            "calls without an answer at the end: {'1'}",
        ),
        (
            [Message("user", (result("1"),))],
            "message 0 answers {'1'}, the open calls are set()",
        ),
    ],
)
def test_what_is_wrong_with_a_history_is_named(messages: list[Message], expected: str) -> None:
    assert problems(messages) == [expected]
