"""Sessions of the handshake era: none of the clients may take the places of all.

A client that leaves without a word leaves its session behind, until that has been idle for long.
Whoever has more than a share of them loses the one that was unused for longest.
"""

from collections import OrderedDict

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_ID = b"mcp-session-id"


class OpenSessions:
    """An ASGI app that passes all on to another one, and knows which sessions are open in it."""

    def __init__(self, app: ASGIApp, *, share: int) -> None:
        """Take the app, and how many sessions one principal may have."""
        self._app = app
        self._share = share
        self._open: dict[str, OrderedDict[bytes, int]] = {}
        """By principal: how many requests each session serves now, the longest unused first."""

    async def serve(self, principal: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request of a principal; end one of its sessions if it has too many then."""
        sessions = self._open.get(principal, OrderedDict())
        session: bytes | None = dict(scope["headers"]).get(SESSION_ID)
        given = _Given(send)
        if session in sessions:
            sessions[session] += 1
            sessions.move_to_end(session)
        try:
            await self._app(scope, receive, given.send)
        finally:
            if session in sessions:
                sessions[session] -= 1
        if session is None and given.session is not None:
            sessions = self._open.setdefault(principal, OrderedDict())
            sessions[given.session] = 0
            await self._end_surplus(sessions, scope)

    async def _end_surplus(self, sessions: OrderedDict[bytes, int], scope: Scope) -> None:
        """End what is more than the share; one that has ended already is ended once more."""
        idle = [session for session, n_requests in sessions.items() if not n_requests]
        for session in idle[: max(0, len(sessions) - self._share)]:
            del sessions[session]
            headers = [(SESSION_ID, session)]
            await self._app({**scope, "method": "DELETE", "headers": headers}, _gone, _ignored)


class _Given:
    """Looks at the head of an answer, for a session that it opens."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.session: bytes | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] < 400:
            self.session = dict(message.get("headers", ())).get(SESSION_ID)
        await self._send(message)


async def _gone() -> Message:
    return {"type": "http.disconnect"}


async def _ignored(message: Message) -> None:
    del message
