"""Answers that are JSON already."""

import json

import pytest
from lsprotocol import types as lsp

from lsp_agent.server.code.ready import NOTHING, Json, ready, refused


@pytest.mark.parametrize("value", [None, [], {"a": [1, "é𝄞"]}, "half of a pair: \ud834"])
@pytest.mark.parametrize("request_id", [7, "R1", 'quote " in it'])
def test_a_message_is_the_answer_to_its_request(value: Json, request_id: int | str) -> None:
    message = json.loads(ready(value).message(request_id))
    assert message == {"jsonrpc": "2.0", "id": request_id, "result": value}


def test_nothing_is_null() -> None:
    assert json.loads(NOTHING.message(1)) == {"jsonrpc": "2.0", "id": 1, "result": None}


def test_a_refusal_is_an_error_with_the_reason() -> None:
    error = refused("there is no name here").error
    assert error.code == lsp.LSPErrorCodes.RequestFailed.value
    assert error.message == "there is no name here"
