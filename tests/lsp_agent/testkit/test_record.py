"""The request log and its file."""

import json
from pathlib import Path

import anthropic
import pytest

from lsp_agent.testkit.record import without_secrets
from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.testkit.asking import ask, client


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_log_file_has_a_line_for_each_request_and_each_ending(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    script = ["grüße", {"content": "x", "fault": "disconnect"}]
    with ScriptedModel(script, path) as model:
        ask(model, "erste")
        with pytest.raises(Exception, match="incomplete chunked read"):
            ask(model, "zweite")
        with pytest.raises(anthropic.BadRequestError):
            ask(model, "dritte")
    lines = lines_of(path)
    requests = [line for line in lines if line["event"] == "request"]
    endings = [line for line in lines if line["event"] == "ending"]
    assert [line["turn_index"] for line in requests] == [0, 1, None]
    assert [line["fault"] for line in requests] == [None, "disconnect", None]
    assert [line["ending"] for line in endings] == ["complete", "cut", "complete"]
    assert "request 3 was not expected" in f"{requests[2]['error']}"
    assert requests[0]["body"] == model.requests[0].body
    assert requests[0]["digest"] == model.requests[0].digest


def test_the_log_file_knows_no_key(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    with ScriptedModel(["x"], path) as model, client(model, api_key="sesame") as sdk:
        sdk.messages.create(model="m", max_tokens=9, messages=[{"role": "user", "content": "hi"}])
    assert "sesame" not in path.read_text(encoding="utf-8")


def test_a_request_is_in_the_file_before_its_answer_begins(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    with (
        ScriptedModel([{"content": "abc", "fault": "hang"}], path) as model,
        client(model) as sdk,
        sdk.messages.stream(
            model="m", max_tokens=9, messages=[{"role": "user", "content": "hi"}]
        ) as stream,
    ):
        next(iter(stream))
        assert [line["event"] for line in lines_of(path)] == ["request"]


def test_a_log_file_is_added_to(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    for _ in range(2):
        with ScriptedModel(["x"], path) as model:
            ask(model)
    assert [line["number"] for line in lines_of(path)] == [1, 1, 1, 1]


def test_headers_that_carry_secrets_are_cut() -> None:
    headers = {
        "Authorization": "Bearer x",
        "X-Api-Key": "x",
        "Cookie": "x",
        "X-Goog-Token": "x",
        "Accept": "y",
    }
    assert without_secrets(headers) == {
        "authorization": "[cut]",
        "x-api-key": "[cut]",
        "cookie": "[cut]",
        "x-goog-token": "[cut]",
        "accept": "y",
    }
