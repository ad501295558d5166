"""The ids of requests that are being answered: one that is running may not come again.

The transport of the handshake era keeps one answer's stream for each id of a session, as text; a
second request with that id would take the first one's stream, and the first would wait for ever.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TypeAlias, cast

import mcp_types as types

RequestKey: TypeAlias = tuple[str, str]
"""The session, and the id as text."""


class RunningIds:
    """The requests of all sessions that are being answered."""

    def __init__(self) -> None:
        """Start with none."""
        self._running: set[RequestKey] = set()

    @contextmanager
    def claimed(
        self, session_id: str | None, request_id: types.RequestId | None
    ) -> Generator[bool]:
        """Tell whether no other request runs with this id; while it does, it is taken.

        Requests without a session, and messages without an id, are always alone.
        """
        key = None
        if session_id is not None and request_id is not None:
            key = session_id, str(request_id)
        is_alone = key is None or key not in self._running
        if key is None or not is_alone:
            yield is_alone
            return
        self._running.add(key)
        try:
            yield True
        finally:
            self._running.discard(key)


def request_id_of(message: object) -> types.RequestId | None:
    """Give the id of a request; None for anything else."""
    if not isinstance(message, dict):
        return None
    members = cast("Mapping[str, object]", message)
    request_id = members.get("id") if "method" in members else None
    if isinstance(request_id, bool) or not isinstance(request_id, str | int):
        return None
    return request_id
