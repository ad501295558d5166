"""The line from inside the walls to us: how it went, and where our proxy is to answer.

It is a pair of sockets that have no name, so nothing inside can look it up, and the program inside
closes it before the command starts.
"""

import array
import socket
import sys
from collections.abc import Callable

_MAX_MESSAGE = 4096
_CLOSED_ON_START = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_FD_BYTES = array.array("i").itemsize


class Channel:
    """Both ends; ours is read."""

    def __init__(self) -> None:
        """Open it. Raises: OSError."""
        # Messages must keep their bounds; the better of the two kinds is not everywhere.
        kind = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
        self._ours, self._theirs = socket.socketpair(socket.AF_UNIX, kind)
        self._ours.settimeout(0)
        self._report = b""

    @property
    def fd(self) -> int:
        """Give the end that the program inside gets."""
        return self._theirs.fileno()

    @property
    def our_fd(self) -> int:
        """Give the end to wait at."""
        return self._ours.fileno()

    def receive(self, take: Callable[[socket.socket], None] | None = None) -> None:
        """Read what has come; a socket that came with it is given to `take`."""
        while True:
            try:
                data, fds = self._message()
            except OSError:  # nothing more now
                return
            if not data:
                return
            for fd in fds:
                found = socket.socket(fileno=fd)
                if take is None:
                    found.close()
                else:
                    take(found)
            # Only the first report counts: what comes later, a command may have a hand in.
            if not fds and not self._report:
                self._report = data

    def report(self) -> bytes:
        """Give the first report, as `sandbox/reports.py` reads it; empty if there is none."""
        self.receive()
        return self._report

    def close(self) -> None:
        """Close both ends."""
        self._ours.close()
        self._theirs.close()

    def _message(self) -> tuple[bytes, list[int]]:
        space = socket.CMSG_SPACE(_FD_BYTES)
        data, extra, _, _ = self._ours.recvmsg(_MAX_MESSAGE, space, _CLOSED_ON_START)
        fds = array.array("i")
        for level, kind, content in extra:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                fds.frombytes(content[: len(content) - len(content) % _FD_BYTES])
        return data, list(fds)
