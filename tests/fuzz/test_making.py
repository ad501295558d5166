"""The fuzzer's own parts: what it makes, promises and complains about."""

import json
from random import Random
from typing import Any

import pytest

from tests.fuzz.expecting import Expected, promise_of
from tests.fuzz.ledger import Ledger
from tests.fuzz.making import HANDSHAKE, MODERN, Maker

TOOLS: list[dict[str, Any]] = [
    {"name": "read_file", "inputSchema": {"type": "object", "properties": {"path": {}}}}
]


@pytest.mark.parametrize("era", [HANDSHAKE, MODERN])
def test_the_same_seed_makes_the_same_messages(era: str) -> None:
    one, two = (Maker(Random("a"), era, TOOLS) for _ in range(2))

    assert [one.make() for _ in range(500)] == [two.make() for _ in range(500)]


@pytest.mark.parametrize("era", [HANDSHAKE, MODERN])
def test_messages_are_of_all_kinds(era: str) -> None:
    maker = Maker(Random(1), era, TOOLS)
    promises = [promise_of(maker.make()).expected for _ in range(2000)]

    for expected in Expected:
        assert promises.count(expected) > 100


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"jsonrpc":"2.0","id":1,"method":"ping"}', Expected.ONCE),
        (b'{"jsonrpc":"2.0","id":"","method":"x","params":{"a":[{}]}}', Expected.ONCE),
        (b'{"jsonrpc":"1.0","id":1,"method":"ping"}', Expected.AT_MOST_ONCE),
        (b'{"jsonrpc":"2.0","id":1,"id":1,"method":"ping"}', Expected.AT_MOST_ONCE),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":5}', Expected.AT_MOST_ONCE),
        (b'{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}', Expected.AT_MOST_ONCE),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}', Expected.NEVER),
        (b'{"jsonrpc":"2.0","method":"ping"}', Expected.NEVER),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', Expected.NEVER),
        (b"\xff", Expected.NEVER),
        (b"[" * 100_000, Expected.NEVER),
    ],
)
def test_what_is_promised_follows_from_the_bytes(data: bytes, expected: Expected) -> None:
    assert promise_of(data).expected is expected


def _request(request_id: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": request_id, "method": "ping"}).encode()


def test_the_ledger_sees_what_is_missing_and_what_is_too_much() -> None:
    ledger = Ledger()
    for request_id in (1, "1", 2, 2):
        ledger.send(_request(request_id))
    for request_id in (1, 2, 2):
        ledger.receive({"id": request_id, "result": {}})

    assert not ledger.problems
    assert len(ledger.unanswered()) == 1  # the text "1" is another id than the number
    ledger.receive({"id": 1, "result": {}})
    ledger.receive({"id": None, "error": {}})
    assert len(ledger.problems) == 2


def test_a_cancelled_request_may_be_answered_or_not() -> None:
    ledger = Ledger()
    ledger.send(_request(1))
    cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    ledger.send(json.dumps(cancel).encode())

    assert not ledger.waits()
    ledger.receive({"id": 1, "result": {}})
    assert not ledger.problems
