"""Who may stay connected: bounded, and those who do nothing make room for those who come."""

from typing import Protocol

from mcp_tools.server.http.options import HttpLimits


class Guest(Protocol):
    """A connection, as far as its place is concerned."""

    @property
    def is_waiting(self) -> bool:
        """Nothing is being answered on it, so that ending it loses nothing."""
        ...

    def shed(self) -> None:
        """End it, to make room."""
        ...

    def abort(self) -> None:
        """End it at once."""
        ...


class Connections:
    """All connections, those first that have waited longest."""

    def __init__(self, limits: HttpLimits) -> None:
        """Start with none."""
        self._limits = limits
        self._unproven: dict[Guest, None] = {}
        self._proven: dict[Guest, None] = {}

    def __len__(self) -> int:
        return len(self._unproven) + len(self._proven)

    def admit(self, guest: Guest) -> bool:
        """Give a new connection a place, if need be that of one that waits; False if none does.

        One that has shown a good token never loses its place to one that has not, unless there is
        no other.
        """
        if len(self._unproven) >= self._limits.unproven_connections:
            has_room = self._make_room(self._unproven)
        elif len(self) >= self._limits.connections:
            has_room = self._make_room(self._unproven) or self._make_room(self._proven)
        else:
            has_room = True
        if has_room:
            self._unproven[guest] = None
        return has_room

    def prove(self, guest: Guest) -> None:
        """Count a connection among those that have shown a good token, as the youngest of them."""
        if guest in self._unproven or guest in self._proven:
            self.forget(guest)
            self._proven[guest] = None

    def forget(self, guest: Guest) -> None:
        """Free the place of a connection that has ended."""
        self._unproven.pop(guest, None)
        self._proven.pop(guest, None)

    def everyone(self) -> tuple[Guest, ...]:
        """Give all connections that there are now."""
        return (*self._unproven, *self._proven)

    def _make_room(self, guests: dict[Guest, None]) -> bool:
        waiting = next((guest for guest in guests if guest.is_waiting), None)
        if waiting is None:
            return False
        del guests[waiting]
        waiting.shed()
        return True
