"""Telling whoever waits for a call what its command prints, but not too often."""

import asyncio

from mcp_tools.code.commands.plain import last_line
from mcp_tools.types.attending import Attendant, Progress

PAUSE_S = 0.5
"""Between two reports."""

_KEPT_CHARS = 4096
_MESSAGE_CHARS = 200


class Teller:
    """Takes output as it comes, and reports its last line; the first at once.

    To be closed when the command has ended: no report may come after the answer.
    """

    def __init__(self, attendant: Attendant, *, pause_s: float = PAUSE_S) -> None:
        """Report to `attendant`."""
        self._attendant = attendant
        self._pause_s = pause_s
        self._n_chars = 0
        self._n_told = 0
        self._text = ""
        self._timer: asyncio.TimerHandle | None = None

    def take(self, text: str) -> None:
        """Take what was printed next."""
        self._n_chars += len(text)
        self._text = (self._text + text[-_KEPT_CHARS:])[-_KEPT_CHARS:]
        if self._timer is None:
            self._tell()

    def close(self) -> None:
        """Report no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _tell(self) -> None:
        self._timer = None
        if self._n_chars == self._n_told:
            return
        self._n_told = self._n_chars
        message = last_line(self._text, _MESSAGE_CHARS)
        self._attendant.report(Progress(done=float(self._n_chars), message=message))
        self._timer = asyncio.get_running_loop().call_later(self._pause_s, self._tell)
