"""One fetch, with its redirections: a connection of its own for each step, closed after it."""

import asyncio
import ssl
from contextlib import aclosing
from dataclasses import dataclass
from email.message import Message
from functools import cache

import httpcore2
import httpx2

from mcp_tools.types.errors import ExpectedError
from mcp_tools.types.web import Fetched, FetchRequest
from mcp_tools.web.dialing import CheckedBackend
from mcp_tools.web.reach import Reach
from mcp_tools.web.targets import Target, joined, target_of
from mcp_tools.web.unpacking import ACCEPTED, Unpacker, unpacker_for

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPTED_TYPES = "text/html, text/markdown, text/plain, application/json, */*;q=0.5"
_AGENT = "lsp-agent"
_MAX_TYPE_CHARS = 200


async def fetch_within(request: FetchRequest, reach: Reach) -> Fetched:
    """Fetch a page, following redirections; all of it within the time of the request.

    Raises: ExpectedError if an address is refused or cannot be reached, or time is up.
    """
    try:
        async with asyncio.timeout(request.timeout_s):
            return await _fetch(request, reach)
    except TimeoutError as error:
        raise ExpectedError(
            f"{request.url} did not answer whole within {request.timeout_s:g} s; try again later, "
            "or another source"
        ) from error


async def _fetch(request: FetchRequest, reach: Reach) -> Fetched:
    target = target_of(request.url)
    for _ in range(reach.max_redirects + 1):
        answer = await _exchange(target, request.max_bytes, reach)
        if isinstance(answer, Fetched):
            return answer
        target = joined(target, answer.location)
    raise ExpectedError(f"{request.url} redirects more than {reach.max_redirects} times")


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str


async def _exchange(target: Target, max_bytes: int, reach: Reach) -> Fetched | _Redirect:
    context = (
        await asyncio.to_thread(reach.trust or _system_trust) if target.scheme == "https" else None
    )
    try:
        async with (
            httpcore2.AsyncConnectionPool(
                ssl_context=context, network_backend=CheckedBackend(reach), max_connections=1
            ) as pool,
            pool.stream("GET", _core_url(target), headers=_headers(target)) as response,
        ):
            headers = _first_of_each(response.headers)
            location = headers.get("location", "")
            if response.status in _REDIRECTS and location:
                return _Redirect(location)
            unpacker = unpacker_for(headers.get("content-encoding", ""))
            body, is_cut = await _body(response, unpacker, max_bytes)
    except (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.TimeoutException,
        httpcore2.UnsupportedProtocol,
        ssl.SSLError,
        OSError,
    ) as error:
        reason = str(error).strip() or type(error).__name__
        raise ExpectedError(f"{target.url} cannot be reached: {reason[:300]}") from error
    content_type, charset = _type_of(headers.get("content-type", ""))
    return Fetched(
        url=target.url,
        status=response.status,
        content_type=content_type,
        charset=charset,
        body=body,
        is_cut=is_cut,
    )


async def _body(
    response: httpcore2.Response, unpacker: Unpacker, max_bytes: int
) -> tuple[bytes, bool]:
    """Read until there is one byte more than is wanted, or the end."""
    found = bytearray()
    async with aclosing(response.aiter_stream()) as stream:
        async for piece in stream:
            found += unpacker.take(piece, max_bytes + 1 - len(found))
            if len(found) > max_bytes:
                break
    return bytes(found[:max_bytes]), len(found) > max_bytes


@cache
def _system_trust() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _core_url(target: Target) -> httpcore2.URL:
    return httpcore2.URL(
        scheme=target.scheme.encode("ascii"),
        host=target.host.encode("ascii"),
        port=target.port,
        target=target.path.encode("ascii"),
    )


def _headers(target: Target) -> list[tuple[bytes, bytes]]:
    values = {
        "Host": target.authority,
        "User-Agent": _AGENT,
        "Accept": _ACCEPTED_TYPES,
        "Accept-Encoding": ACCEPTED,
        "Connection": "close",
    }
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in values.items()]


def _first_of_each(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        found.setdefault(name.decode("latin-1").lower(), value.decode("utf-8", "replace"))
    return found


def _type_of(value: str) -> tuple[str, str]:
    """Give the content type and the charset that a header names; empty for what it does not."""
    if not value:
        return "", ""
    message = Message()
    message["content-type"] = value[:_MAX_TYPE_CHARS].replace("\n", " ").replace("\r", " ")
    return message.get_content_type(), str(message.get_param("charset", "") or "")
