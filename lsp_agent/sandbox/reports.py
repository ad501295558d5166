"""What the programs that start a command tell of it: one word and a text, closed by a NUL.

`status` comes with the number that the command ended with, `start` with the reason why it could
not be started, `setup` with the reason why its surroundings could not be made. Only the first
report counts.
"""

import os

from lsp_agent.sandbox.running import Ended
from mcp_tools.types.errors import ProgramFailed

_QUOTED_CHARS = 500


def problem_of(report: bytes) -> str | None:
    """Give the reason why there was no way to start the command at all; None if there was."""
    kind, text = _parts(report)
    return text if kind == "setup" else None


def ended_by(report: bytes, name: str, ended: Ended) -> Ended:
    """Give how the command ended; `ended` is how the program that started it did.

    Raises: ProgramFailed if it could not be started, or nobody knows how it ended.
    """
    kind, text = _parts(report)
    if kind == "status":
        return Ended(int(text), ended.output)
    if kind == "start":
        raise ProgramFailed(f"{name!r} could not be started: {text}")
    said = ended.output.strip()[-_QUOTED_CHARS:]
    raise ProgramFailed(f"{name!r} was killed from outside, or could not begin: {said!r}")


def _parts(report: bytes) -> tuple[str, str]:
    kind, _, text = os.fsdecode(report).partition("\0")[0].partition(" ")
    return kind, text
