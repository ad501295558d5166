"""Which bytes are strict JSON."""

import json
from time import perf_counter

import pytest

from mcp_tools.server.strict_json import MAX_VALUES, NotStrictError, strict_json

VALUES: list[object] = [
    {},
    {"a": [1, 2.5, None, True, "ü😀\u2028"]},
    {"code": "[[[[" * 100 + '"]]"' + "\\" * 7},
    [[[[]]]] * 50,
    "a, b, [c], {d}" * MAX_VALUES,
    "\ud83d\ude00",
]


@pytest.mark.parametrize("value", VALUES)
def test_plain_json_is_read(value: object) -> None:
    for ascii_only in (True, False):
        body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        if not ascii_only and b"\xed\xa0" in body:
            continue
        assert strict_json(body, max_depth=8) == json.loads(json.dumps(value))


@pytest.mark.protocol("http-body", "jsonrpc-parse-error")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 2}}',
        b'{"a\\u0000": 1}',
        b'{"a": NaN}',
        b"-Infinity",
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b'"\xff"',
        b'"\\ud800"',
        b'"\\uDC00 \\uD800"',
        b"[" * 9 + b"]" * 9,
        b"[" * 1_000_000,
        b"[" + b"0," * MAX_VALUES + b"0]",
        b"[" + b"{}," * MAX_VALUES + b"0]",
        b'{"a":' * 100_000,
        b"1" * 5000,
        b"{} {}",
    ],
)
def test_what_readers_could_take_differently_is_refused(body: bytes) -> None:
    with pytest.raises(NotStrictError):
        strict_json(body, max_depth=8)


@pytest.mark.parametrize(
    "body",
    [b'"' + b'\\"' * 500_000, b'["' * 500_000, b'"[' * 500_000, b"\\" * 1_000_000 + b"[" * 9],
)
def test_no_body_is_looked_at_for_long(body: bytes) -> None:
    begin = perf_counter()
    with pytest.raises(NotStrictError):
        strict_json(b"[[[[[[[[[" + body, max_depth=8)

    assert perf_counter() - begin < 2
