"""What a call would do outside of computing, as far as its arguments tell before it runs."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRun:
    """It runs a shell line."""

    line: str
    cwd: str
    """The folder, as the caller named it: absolute, or relative to the root."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """It fetches an address from the network."""

    url: str


Demand: TypeAlias = LineRun | Fetch
