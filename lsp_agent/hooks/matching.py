"""Which calls and commands a hook is about: a filter that saves time, and no guard.

A hook that is there for safety names no `command` and looks at the line by itself: a line can be
written in more ways than any pattern knows.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from lsp_agent.hooks.payloads import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Patterns as globs; empty ones match all."""

    tool: str = ""
    """Matches the whole name of a tool."""
    command: str = ""
    """Matches anywhere in a shell line, whose blanks count as one each."""

    def matches(self, payload: Payload) -> bool:
        """Tell whether an event is one of those that are meant."""
        return self._matches_tool(payload) and self._matches_line(payload)

    def _matches_tool(self, payload: Payload) -> bool:
        return not self.tool or fnmatchcase(getattr(payload, "tool", ""), self.tool)

    def _matches_line(self, payload: Payload) -> bool:
        line = " ".join(getattr(payload, "line", "").split())
        return not self.command or fnmatchcase(line, f"*{self.command}*")


ALL = Matcher()
