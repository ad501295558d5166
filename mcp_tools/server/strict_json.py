"""Strict JSON: one reading, and no more depth than anything here needs."""

import json
import re
from typing import NoReturn

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A string, or what follows a quote that nothing ends; it never looks at a byte twice."""

MAX_VALUES = 50_000
"""In one message: more would keep the event loop, and so everybody, waiting for long."""

_NOT_BRACKETS = bytes(code for code in range(256) if code not in b"[]{}")


class NotStrictError(ValueError):
    """Bytes that are not JSON, or that two readers could take differently."""


class TooMuchError(NotStrictError):
    """More than is worth reading at all."""


def strict_json(body: bytes, *, max_depth: int) -> object:
    """Give what a body says, if it is JSON that every reader understands in the same way.

    That is: UTF-8 that can be written again, no name twice in an object, no NUL in a name, no
    numbers outside of JSON, at most `max_depth` objects and lists within each other, and at most
    `MAX_VALUES` values.
    Raises: NotStrictError; TooMuchError.
    """
    _check_shape(body, max_depth)
    try:
        text = body.decode("utf-8")
        # A NUL can only be written as an escape, and nearly nobody writes one.
        decoder = _NO_NUL if "\\u0000" in text else _NO_DOUBLES
        value: object = decoder.decode(text)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotStrictError(
            "a text has half a character, as one escape without the other"
        ) from error
    except (ValueError, RecursionError) as error:
        raise NotStrictError(str(error)) from error
    return value


def _check_shape(body: bytes, max_depth: int) -> None:
    """See that a body is small and shallow enough, by what stands outside of its strings.

    Raises: TooMuchError.
    """
    if _n_brackets(body) <= max_depth and _n_values(body) <= MAX_VALUES:
        return  # even with those in strings
    bare = _STRING.sub(b"", body)
    if _n_values(bare) > MAX_VALUES:
        raise TooMuchError(f"more than {MAX_VALUES} values")
    depth = 0
    for bracket in bare.translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > max_depth:
            raise TooMuchError(f"more than {max_depth} objects and lists within each other")


def _n_brackets(body: bytes) -> int:
    return body.count(b"[") + body.count(b"{")


def _n_values(body: bytes) -> int:
    return _n_brackets(body) + body.count(b",")


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name comes twice")
    return members


def _without_nul(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if any("\0" in name for name, _ in pairs):
        raise ValueError("a name has a NUL in it")
    return _without_doubles(pairs)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


# Made once: to make one takes as long as to read a small body.
_NO_DOUBLES = json.JSONDecoder(object_pairs_hook=_without_doubles, parse_constant=_no_constant)
_NO_NUL = json.JSONDecoder(object_pairs_hook=_without_nul, parse_constant=_no_constant)
