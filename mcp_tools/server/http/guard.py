"""The guard before the protocol: its checks, in a fixed order, the cheapest first.

Nothing of the body is read until the head has shown that somebody may send it.
"""

import asyncio
import math
from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_tools.server.http.access import Principal
from mcp_tools.server.http.challenges import Challenges
from mcp_tools.server.http.envelopes import envelope_refusal
from mcp_tools.server.http.heads import (
    Head,
    body_refusal,
    head_of,
    host_refusal,
    place_refusal,
    shape_refusal,
)
from mcp_tools.server.http.hosts import allowed_hosts
from mcp_tools.server.http.identity import scope_of
from mcp_tools.server.http.metadata import metadata_paths, send_metadata
from mcp_tools.server.http.options import MCP_PATH, HttpOptions
from mcp_tools.server.http.rates import Rates
from mcp_tools.server.http.receiving import Bodies, ClientGone, replaying
from mcp_tools.server.http.refusals import PARSE_ERROR, Refusal, Refused, refuse, refuse_if
from mcp_tools.server.http.running_ids import RunningIds, request_id_of
from mcp_tools.server.http.sessions import OpenSessions
from mcp_tools.server.inbound import in_place_of
from mcp_tools.server.strict_json import NotStrictError, strict_json

CONNECTION = "mcp_tools.connection"
"""The key in a scope's state under which the connection is, if ours it is."""

_LARGE_BYTES = 64 * 1024
"""Bodies from this size on are looked at beside the event loop."""

PROVED_S = 0.1
"""For so long a token that was good is taken to be, for an answer that is no stream."""

_ANYBODY = "anybody"


class Provable(Protocol):
    """A connection, as far as the guard has to do with it."""

    def prove(self) -> None:
        """Count it among those whose client has shown that it may call."""
        ...

    def abort(self) -> None:
        """End it at once."""
        ...


class Guard:
    """An ASGI app that lets requests through to another one, or refuses them."""

    def __init__(self, app: ASGIApp, options: HttpOptions, clock: Callable[[], float]) -> None:
        """Take the app, options that are `checked`, and a clock that counts seconds."""
        limits = options.limits
        self._sessions = OpenSessions(app, share=limits.sessions_each)
        self._options = options
        self._limits = limits
        self._hosts = allowed_hosts(options)
        self._challenges = Challenges(options.resource)
        self._paths = (MCP_PATH, *metadata_paths(options.resource))
        self._rates = Rates(per_s=limits.requests_per_s, burst=limits.burst, clock=clock)
        self._bodies = Bodies(limits)
        self._clock = clock
        self._date = b""
        self._dated_at = -math.inf
        self._running = RunningIds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        send = self._dated(send)
        head = head_of(scope)
        try:
            self._check_place(head)
            if head.path != MCP_PATH:
                await send_metadata(send, self._options.resource)
                return
            principal = await self._proved(head)
            self._check_share(head, principal)
            connection = _connection_of(scope)
            if connection is not None:
                connection.prove()
                send = self._while_good(send, principal, connection)
            pass_on = partial(self._sessions.serve, _key_of(principal))
            await self._pass_on(pass_on, scope_of(scope, principal), receive, send)
        except Refused as refused:
            await refuse(send, refused.refusal)
        except ClientGone:
            return

    def _check_place(self, head: Head) -> None:
        refuse_if(
            place_refusal(head, self._paths)
            or shape_refusal(head, self._limits)
            or host_refusal(head, self._hosts)
        )

    async def _proved(self, head: Head) -> Principal | None:
        verifier = self._options.verifier
        if verifier is None:
            return None
        token = head.bearer
        if token is None:
            raise Refused(self._challenges.nothing_shown())
        principal = await verifier.verify(token)
        if principal is None:
            raise Refused(self._challenges.bad_token())
        refuse_if(self._challenges.lacking(principal))
        return principal

    def _check_share(self, head: Head, principal: Principal | None) -> None:
        refuse_if(body_refusal(head, self._limits))
        wait_s = self._rates.wait_s(_key_of(principal))
        if wait_s > 0:
            retry = (b"retry-after", str(math.ceil(wait_s)).encode())
            raise Refused(Refusal(status=429, message="Too many requests", headers=(retry,)))

    async def _pass_on(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        head = head_of(scope)
        if head.method != "POST":
            await app(scope, receive, send)
            return
        body = await self._bodies.read(receive, head.length)
        message = await self._parsed(body)
        refuse_if(envelope_refusal(head.get(b"mcp-protocol-version"), message))
        if (broken := in_place_of(message)) is not None:
            body = broken.model_dump_json(by_alias=True, exclude_unset=True).encode("utf-8")
        request_id = request_id_of(message)
        with self._running.claimed(head.get(b"mcp-session-id"), request_id) as is_alone:
            if not is_alone:
                text = "A request with this id is still being answered"
                raise Refused(Refusal(status=400, message=text, request_id=request_id))
            await app(scope, replaying(body, receive), send)

    async def _parsed(self, body: bytes) -> object:
        parse = partial(strict_json, body, max_depth=self._limits.json_depth)
        try:
            return await asyncio.to_thread(parse) if len(body) > _LARGE_BYTES else parse()
        except NotStrictError:
            raise Refused(
                Refusal(status=400, message="The body is not strict JSON", code=PARSE_ERROR)
            ) from None

    def _while_good(self, send: Send, principal: Principal | None, connection: Provable) -> Send:
        """Give a `send` that ends the connection once the token is good no more.

        A whole answer that comes at once is sent without another look; no part of a stream is.
        """
        verifier = self._options.verifier
        if verifier is None or principal is None:
            return send
        proved_at = self._clock()

        async def send_while_good(message: Message) -> None:
            is_early = self._clock() - proved_at < PROVED_S and not message.get("more_body", False)
            if is_early or verifier.is_still_good(principal):
                await send(message)
            else:
                connection.abort()

        return send_while_good

    def _dated(self, send: Send) -> Send:
        """Give a `send` that dates answers, as an HTTP server must."""
        now = self._clock()
        if now - self._dated_at >= 1:
            self._dated_at, self._date = now, formatdate(usegmt=True).encode()

        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"date", self._date)]
                message = {**message, "headers": headers}
            await send(message)

        return send_dated


def _key_of(principal: Principal | None) -> str:
    return _ANYBODY if principal is None else principal.id


def _connection_of(scope: Scope) -> Provable | None:
    return scope.get("state", {}).get(CONNECTION)
