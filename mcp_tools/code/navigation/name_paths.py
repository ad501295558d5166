"""Name paths: how a symbol is named by what is around it.

`method` matches any symbol of that name, `Class/method` those whose path ends so, `/Class/method`
the whole path only. `name[1]` is the second of several of one name, `name[0]` the first.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

_PART = re.compile(r"(?P<name>[^\[\]]*)(?:\[(?P<index>\d+)\])?")


@dataclass(frozen=True, slots=True)
class NamePath:
    """A name path as it was asked for."""

    anchor: str
    """`/` if the path starts at the top of the file, else empty."""
    parts: Sequence[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a name path; dots may stand for slashes."""
        text = text.strip()
        anchor = "/" if text.startswith("/") else ""
        parts = [part for part in re.split(r"[/.]", text) if part]
        return cls(anchor, parts)

    @property
    def name(self) -> str:
        """The last name, without its number; empty if there is none."""
        return _split(self.parts[-1])[0] if self.parts else ""

    @property
    def above(self) -> "NamePath":
        """The path without its last name."""
        return NamePath(self.anchor, self.parts[:-1])

    def matches(self, path: str) -> bool:
        """Tell whether the path of a symbol is meant."""
        return bool(self.parts) and self.ends(path)

    def ends(self, path: str) -> bool:
        """Tell whether a path ends in this one, or is it; the empty one ends every path."""
        parts = path.split("/") if path else []
        if len(parts) < len(self.parts) or (self.anchor and len(parts) != len(self.parts)):
            return False
        tail = parts[len(parts) - len(self.parts) :]
        return all(_is_part(want, part) for want, part in zip(self.parts, tail, strict=True))


def _is_part(wanted: str, part: str) -> bool:
    if wanted == part:
        return True
    wanted_name, wanted_index = _split(wanted)
    name, index = _split(part)
    return wanted_name == name and (wanted_index is None or wanted_index == (index or 0))


def _split(part: str) -> tuple[str, int | None]:
    found = _PART.fullmatch(part)
    if found is None:
        return part, None
    index = found["index"]
    return found["name"], None if index is None else int(index)
