"""What a request says to a script."""

from lsp_agent.testkit.json_values import Json
from lsp_agent.testkit.request import read_request
from tests.lsp_agent.testkit.asking import BODY


def said(role: str, *blocks: Json) -> Json:
    return {"role": role, "content": list(blocks)}


def test_the_last_user_text_is_not_a_tool_result() -> None:
    messages: Json = [
        {"role": "user", "content": "old"},
        said("user", {"type": "text", "text": "one"}, {"type": "text", "text": "two"}),
        said("assistant", {"type": "text", "text": "mine"}),
        said("user", {"type": "tool_result", "tool_use_id": "x", "content": "result"}),
    ]
    request = read_request({**BODY, "messages": messages})
    assert request.last_user == "one\ntwo"
    assert request.last_tool_result == "result"
    assert request.n_messages == 4


def test_a_tool_is_answered_by_the_last_message_only() -> None:
    messages: list[Json] = [
        {"role": "user", "content": "go"},
        said("assistant", {"type": "tool_use", "id": "x", "name": "read_file", "input": {}}),
        said("user", {"type": "tool_result", "tool_use_id": "x", "content": "result"}),
    ]
    assert read_request({**BODY, "messages": messages}).answered_tools == ("read_file",)
    messages += [said("assistant", {"type": "text", "text": "done"}), messages[0]]
    assert read_request({**BODY, "messages": messages}).answered_tools == ()


def test_a_request_without_anything_says_nothing() -> None:
    request = read_request({})
    assert (request.model, request.system, request.digest) == ("", "", "")
    assert request.last_user is request.last_tool_result is None
    assert request.tool_names == request.answered_tools == ()
    assert not request.streams


def test_a_malformed_request_is_read_as_far_as_it_goes() -> None:
    request = read_request(
        {"messages": ["x", {"role": "user", "content": [7, {"type": "text"}]}], "tools": [{}, 1]}
    )
    assert (request.last_user, request.n_messages, request.tool_names) == (None, 1, ())


def test_the_digest_changes_with_the_last_message_only() -> None:
    last: Json = {"role": "user", "content": "hi"}
    first: Json = {"role": "user", "content": "a"}
    second: Json = {"role": "user", "content": "b"}
    digests = [
        read_request({"messages": [first, last]}).digest,
        read_request({"messages": [second, {"content": "hi", "role": "user"}]}).digest,
        read_request({"messages": [last, first]}).digest,
    ]
    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == 16


def test_a_longer_prompt_has_more_tokens() -> None:
    tools: Json = [{"name": "read_file", "description": "x" * 400}]
    assert read_request({**BODY, "tools": tools}).n_tokens >= read_request(BODY).n_tokens + 100
