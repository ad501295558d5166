"""The exit codes of every command; scripts depend on them."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    NOT_SOLVED = 1
    USAGE = 2
    DENIED = 3
    MODEL_UNAVAILABLE = 4
    CANCELLED = 130
    OUTPUT_CLOSED = 141
    """Nobody reads what is printed, as in `lsp-agent tools | head -1`; shells say the same."""
