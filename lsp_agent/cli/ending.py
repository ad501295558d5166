"""An end that comes: nothing that hangs may keep a server from leaving."""

import os
import sys
import threading

GRACE_S = 3.0
"""For what has to be let go of; mostly it takes a few milliseconds."""


def end_at_last(exit_code: int = 0) -> None:
    """End this process in a few seconds, whatever it is at then.

    Usually it has ended by itself before that. A thread in the middle of a long search cannot be
    stopped otherwise; what must not be lost is written in the meantime.
    """
    timer = threading.Timer(GRACE_S, _end, [exit_code])
    timer.daemon = True
    timer.start()


def _end(exit_code: int) -> None:
    sys.stderr.flush()
    os._exit(exit_code)
