"""How much the journal keeps."""

from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one journal; the oldest entries make room first."""

    max_store_bytes: int = 1024 * _MIB
    """What all contents together may take on disk, compressed. Above it, the oldest entries lose
    their contents, though not their lines in the history. What a change in the making or a
    proposal needs stays, and may exceed it."""
    max_content_bytes: int = 64 * _MIB
    """What one content may have, not compressed."""
    max_entries: int = 10_000
    """How many lines the history has; above it, the oldest are dropped whole."""
    lock_timeout_s: float = 10.0
    """How long another process is waited for."""


DEFAULT_LIMITS = Limits()
