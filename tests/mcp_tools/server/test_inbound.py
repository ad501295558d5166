"""What a line of input is."""

import json

import mcp_types as types
import pytest

from mcp_tools.server.inbound import (
    DEEPEST,
    IN_FLIGHT,
    IN_FLIGHT_BYTES,
    InFlight,
    Refusal,
    read_line,
)
from mcp_tools.server.lines import TooLong


def refused(line: bytes | TooLong) -> tuple[object, int]:
    found = read_line(line)
    assert isinstance(found, Refusal)
    return found.error.id, found.error.error.code


@pytest.mark.protocol("jsonrpc-parse-error")
@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b'{"jsonrpc":"2.0","id":1,"method":"ping"',
        b"\xff\xfe",
        b'{"jsonrpc":"2.0","id":1,"method":"\xff"}',
        b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}',
        b'{"jsonrpc":"2.0","id":true,"method":"ping","params":{"a":NaN}}',
        b'{"jsonrpc":"2.0","id":1,"result":{"a":NaN}}',
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1),
        b"1" * 5_000,
    ],
)
def test_what_is_no_strict_json_is_a_parse_error_without_an_id(line: bytes) -> None:
    assert refused(line) == (None, types.PARSE_ERROR)


@pytest.mark.parametrize(
    "line",
    [
        b'{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a\\u0000":1}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":NaN}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\\ud800"}}',
        b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"method":"ping"}',
    ],
)
def test_what_is_no_strict_json_has_its_answer_under_an_id_that_is_plain(line: bytes) -> None:
    assert refused(line) == (1, types.INVALID_REQUEST)


@pytest.mark.protocol("jsonrpc-invalid-request")
@pytest.mark.parametrize(
    ("start", "end", "answered_id"),
    [
        (b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"a":"x', b'x"}}', 7),
        (b'{ "id": "a-1", "method":"tools/call","params":{"a":"x', b'x"}}', "a-1"),
        (b'{"method":"tools/call","params":{"a":"x', b'x"},"jsonrpc":"2.0","id":7}', 7),
        (b'{"method":"tools/call","params":{"a":"x', b'x"}, "id": "7", "jsonrpc": "2.0" } ', "7"),
        (b'{"method":"tools/call","params":{"a":"x', b'x","id":7}}', None),
        (b'{"method":"tools/call","params":{"a":"x', b'\\"id":7}', None),
        (b'{"jsonrpc":"2.0","id":7,"result":{"a":"\\"method":x', b'x"}}', None),
        (b"x", b"x", None),
    ],
)
def test_a_line_that_is_too_long_has_its_answer_under_an_id_at_its_edge(
    start: bytes, end: bytes, answered_id: object
) -> None:
    assert refused(TooLong(start, end)) == (answered_id, types.PARSE_ERROR)


@pytest.mark.parametrize(
    ("value", "answered_id"),
    [
        ([], None),
        ([{"jsonrpc": "2.0", "id": 1, "method": "ping"}], None),
        ("ping", None),
        (7, None),
        (None, None),
        ({}, None),
        ({"id": 5}, 5),
        ({"jsonrpc": "2.0", "id": None, "method": "ping"}, None),
        ({"jsonrpc": "2.0", "id": 1.5, "method": "ping"}, None),
        ({"jsonrpc": "2.0", "id": True, "method": "ping"}, None),
        ({"jsonrpc": "2.0", "id": {}, "method": "ping"}, None),
        ({"jsonrpc": "1.0", "id": 3, "method": "ping"}, 3),
        ({"id": "a", "method": "ping"}, "a"),
        ({"jsonrpc": "2.0", "id": 3, "method": 4}, 3),
        ({"jsonrpc": "2.0", "id": 3, "method": "ping", "params": [1]}, 3),
        ({"JSONRPC": "2.0", "id": 3, "METHOD": "ping"}, 3),
    ],
)
def test_what_is_no_message_is_an_invalid_request_with_its_id(
    value: object, answered_id: object
) -> None:
    assert refused(json.dumps(value).encode()) == (answered_id, types.INVALID_REQUEST)


@pytest.mark.protocol("jsonrpc-notifications")
@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"   ",
        b'{"jsonrpc":"2.0","method":5}',
        b'{"jsonrpc":"2.0","id":true,"result":{}}',
        b'{"jsonrpc":"2.0","result":{}}',
    ],
)
def test_what_waits_for_no_answer_gets_none(line: bytes) -> None:
    assert read_line(line) is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b'{"jsonrpc":"2.0","id":1,"method":"ping"}', types.JSONRPCRequest),
        (b'{"jsonrpc":"2.0","id":"1","method":"ping","params":{}}', types.JSONRPCRequest),
        (b'{"jsonrpc":"2.0","id":0,"method":"a"} ', types.JSONRPCRequest),
        (b'{"jsonrpc":"2.0","method":"notifications/initialized"}', types.JSONRPCNotification),
        (b'{"jsonrpc":"2.0","id":1,"result":{}}', types.JSONRPCResponse),
        (b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}', types.JSONRPCError),
        # Whoever waits for these learns that there is no answer.
        (b'{"jsonrpc":"2.0","id":1,"result":5}', types.JSONRPCError),
        (b'{"jsonrpc":"2.0","id":1,"error":"bad"}', types.JSONRPCError),
    ],
)
def test_a_message_is_read(line: bytes, kind: type[object]) -> None:
    assert isinstance(read_line(line), kind)


@pytest.mark.protocol("jsonrpc-ids-in-use")
def test_an_id_may_not_be_used_twice_at_once() -> None:
    flight = InFlight()
    assert flight.admit(1, 10) is None
    assert flight.admit("1", 10) is None
    second = flight.admit(1, 10)
    assert second is not None
    assert (second.error.id, second.error.error.code) == (1, types.INVALID_REQUEST)
    flight.settle(1)
    assert flight.admit(1, 10) is None


def test_too_many_requests_are_refused_until_some_are_answered() -> None:
    flight = InFlight()
    for number in range(IN_FLIGHT):
        assert flight.admit(number, 1) is None
    assert flight.admit(IN_FLIGHT, 1) is not None
    flight.settle(0)
    assert flight.admit(IN_FLIGHT, 1) is None
    assert len(flight) == IN_FLIGHT


def test_too_many_bytes_are_refused_until_some_are_answered() -> None:
    flight = InFlight()
    assert flight.admit(1, IN_FLIGHT_BYTES) is None
    assert flight.admit(2, 1) is not None
    flight.settle(1)
    flight.settle(None)
    assert flight.admit(2, 1) is None
