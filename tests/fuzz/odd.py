"""Odd values and odd bytes: what readers of JSON, and of messages, trip over."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, cast

ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**31,
    2**63,
    2**64,
    -(2**70),
    1e308,
    "",
    "\0",
    "a\nb\r",
    "../../etc/passwd",
    "/etc/passwd",
    "a.py",
    "\u202e\u2028",
    "\ud83d\ude00",
    "\ud800",
    "x" * 300,
    "x" * 20_000,
    [],
    {},
    [[]],
    [None] * 50,
    {"": ""},
    {"a": {"b": {"c": [1]}}},
    {"$ref": "#"},
    {"__proto__": {"a": 1}},
    "2026-07-28",
    "lspa_" + "a" * 43,
)

_STRINGS = (
    "",
    "a.py",
    "pkg/b.py",
    "f",
    "def f",
    "return x",
    "x",
    "*",
    "**/*.py",
    "../a",
    "/",
    "\0",
)


def value_for(schema: Mapping[str, Any], rng: Random) -> Any:
    """Give a value that a JSON schema mostly allows."""
    if rng.random() < 0.04:
        return rng.choice(ODD_VALUES)
    examples = schema.get("examples")
    if examples and rng.random() < 0.5:
        return rng.choice(examples)
    for word in ("enum", "anyOf", "oneOf"):
        if options := schema.get(word):
            option = rng.choice(options)
            return option if word == "enum" else value_for(option, rng)
    return _of_type(schema, rng)


def _of_type(schema: Mapping[str, Any], rng: Random) -> Any:
    match schema.get("type"):
        case "object":
            required = schema.get("required", ())
            members = cast("dict[str, Mapping[str, Any]]", schema.get("properties", {}))
            return {
                name: value_for(member, rng)
                for name, member in members.items()
                if name in required or rng.random() < 0.3
            }
        case "array":
            return [value_for(schema.get("items", {}), rng) for _ in range(rng.randint(0, 3))]
        case "integer" | "number":
            return rng.choice([0, 1, 2, 10, 1000, -1])
        case "boolean":
            return rng.random() < 0.5
        case "null":
            return None
        case _:
            return rng.choice(_STRINGS)


def odd_bytes(rng: Random, data: bytes) -> bytes:
    """Give bytes that were a message, and something has happened to them."""
    return rng.choice(_HARMS)(rng, data)


def _cut(rng: Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def _flipped(rng: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _stuffed(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    stuffing = (b"\0", b"\xff", b"\xed\xa0\x80", b"\n", b"\r", b"\\ud800", b'"', b"{", b"}", b"NaN")
    return data[:at] + rng.choice(stuffing) + data[at:]


def _twice_named(rng: Random, data: bytes) -> bytes:
    members = (b'"id": 1, ', b'"method": "ping", ', b'"jsonrpc": "1.0", ', b'"params": 5, ')
    return b"{" + rng.choice(members) + data[1:]


def _deep(rng: Random, data: bytes) -> bytes:
    depth = rng.choice([50, 70, 200, 1000, 10_000, 100_000])
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    nest = opening * depth + b"1" + closing * depth * rng.randint(0, 1)
    return data[:-1] + b', "deep": ' + nest + b"}"


def _large(rng: Random, data: bytes) -> bytes:
    size = rng.choices([10_000, 200_000, 10_000_000], [100, 20, 1])[0]
    return data[:-1] + b', "large": "' + b"x" * size + b'"}'


def _crowded(rng: Random, data: bytes) -> bytes:
    # No more objects than that: this side reads them too, and must not be what is slow.
    size, value = rng.choices(
        [(100, b"{},"), (1000, b"[],"), (20_000, b"0,"), (60_000, b"{},"), (500_000, b"0,")],
        [30, 30, 20, 1, 1],
    )[0]
    return data[:-1] + b', "many": [' + value * size + b"0]}"


def _several(rng: Random, data: bytes) -> bytes:
    return rng.choice([b"[%s]" % data, b"[%s, %s]" % (data, data), b"%s %s" % (data, data)])


def _numbers(rng: Random, data: bytes) -> bytes:
    number = rng.choice([b"1" * 5000, b"1e999", b"-0", b"01", b"0x1", b"Infinity", b"1.0"])
    return data.replace(b'"params"', b'"number": %s, "params"' % number, 1)


def _other_encoding(rng: Random, data: bytes) -> bytes:
    encoding = rng.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
    return data.decode("utf-8", "replace").encode(encoding)


def _nonsense(rng: Random, data: bytes) -> bytes:
    return rng.choice(
        [b"", b" ", b"null", b"1", b'"x"', b"{}", b"[]", b"GET / HTTP/1.1", data[::-1]]
    )


_HARMS = (
    _cut,
    _cut,
    _flipped,
    _flipped,
    _stuffed,
    _stuffed,
    _twice_named,
    _deep,
    _large,
    _crowded,
    _several,
    _numbers,
    _other_encoding,
    _nonsense,
)


def odd_head(rng: Random, headers: dict[str, str], sessions: Sequence[str]) -> None:
    """Change the header fields of a request in one place."""
    name = rng.choice(
        [*headers, "origin", "mcp-session-id", "mcp-protocol-version", "last-event-id"]
    )
    values = [
        "",
        "x",
        "null",
        "evil.example",
        "2025-03-26",
        "9999-99-99",
        "text/plain",
        "x" * 20_000,
    ]
    values += ["\xe9", "a, b", "tools/list", "http://evil.example", "Bearer lspa_" + "a" * 43]
    if rng.random() < 0.3 and name in headers:
        del headers[name]
    elif name == "mcp-session-id" and sessions:
        headers[name] = rng.choice(sessions)
    else:
        headers[name] = rng.choice(values)
