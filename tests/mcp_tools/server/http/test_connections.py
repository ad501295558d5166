"""Who keeps a place, and who makes room."""

from mcp_tools.server.http.connections import Connections
from mcp_tools.server.http.options import HttpLimits


class Guest:
    """A connection that only takes up a place."""

    def __init__(self) -> None:
        self.is_waiting = True
        self.was_shed = False

    def shed(self) -> None:
        self.was_shed = True

    def abort(self) -> None:
        self.was_shed = True


def _filled(n_proven: int, n_unproven: int) -> tuple[Connections, list[Guest], list[Guest]]:
    connections = Connections(HttpLimits(connections=4, unproven_connections=2))
    guests = [Guest() for _ in range(n_proven + n_unproven)]
    for n, guest in enumerate(guests):
        assert connections.admit(guest)
        if n < n_proven:
            connections.prove(guest)
    return connections, guests[:n_proven], guests[n_proven:]


def test_the_unproven_make_room_for_each_other_the_oldest_first() -> None:
    connections, proven, unproven = _filled(1, 2)

    assert connections.admit(Guest())
    assert [guest.was_shed for guest in unproven] == [True, False]
    assert not proven[0].was_shed
    assert len(connections) == 3


def test_who_waits_unproven_goes_before_who_is_proven() -> None:
    connections, proven, unproven = _filled(3, 1)

    assert connections.admit(Guest())
    assert unproven[0].was_shed
    assert not any(guest.was_shed for guest in proven)


def test_of_the_proven_the_one_goes_that_has_been_quiet_longest() -> None:
    connections, proven, _ = _filled(4, 0)
    connections.prove(proven[0])  # it has just sent a request

    assert connections.admit(Guest())
    assert [guest.was_shed for guest in proven] == [False, True, False, False]


def test_nobody_goes_in_the_middle_of_an_answer() -> None:
    connections, proven, _ = _filled(4, 0)
    for guest in proven:
        guest.is_waiting = False

    assert not connections.admit(Guest())
    assert not any(guest.was_shed for guest in proven)


def test_a_place_is_free_again_once_its_connection_has_ended() -> None:
    connections, proven, unproven = _filled(2, 2)
    for guest in (*proven, *unproven):
        connections.forget(guest)
        connections.forget(guest)
        connections.prove(guest)

    assert len(connections) == 0
    assert connections.everyone() == ()
