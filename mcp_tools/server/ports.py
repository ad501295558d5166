"""What the MCP server needs from outside: roots to work in, each as one caller sees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from mcp_tools.types.attending import Attendant
from mcp_tools.types.calls import Tool, ToolCall, ToolResult
from mcp_tools.types.codebase import CodebaseView
from mcp_tools.types.documents import SnapshotView


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, as far as the transport can vouch for it."""

    id: str
    """Equal for calls that belong together, and for no others: a connection, an HTTP session, or
    who has authenticated."""
    name: str = ""
    """What the client calls itself; for people and logs, and proof of nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One past call of a caller."""

    id: str
    tool: str
    is_error: bool
    output: str
    """All of its text, also what the answer had to leave out."""


class Workplace(Protocol):
    """One root, as one caller works in it: with what it has read, proposed and started."""

    @property
    def root(self) -> Path:
        """The workspace root: absolute, links resolved."""
        ...

    def snapshot(self) -> SnapshotView:
        """Give the text as this caller sees it: with unsaved text, and its own proposal on top."""
        ...

    def codebase(self) -> CodebaseView:
        """Give what is known about the code, as this caller sees it; it may read files."""
        ...

    def hide(self, text: str) -> str:
        """Give a text of this root as the caller may see it: without credentials."""
        ...

    async def call(self, call: ToolCall, attendant: Attendant) -> ToolResult:
        """Run one tool. Never raises for what the caller did; a cancelled call stops its work."""
        ...

    def records(self) -> tuple[CallRecord, ...]:
        """Give the last calls, the newest first; bounded in number and size."""
        ...


OnChange: TypeAlias = Callable[[Path, frozenset[Path]], None]
"""Takes a root, and the files below it whose text changed; called on the event loop."""


class Workplaces(Protocol):
    """All roots that are served, to all callers."""

    @property
    def roots(self) -> tuple[Path, ...]:
        """The roots, at least one; chosen by the person who started the server, by no client."""
        ...

    @property
    def tools(self) -> Sequence[Tool]:
        """All tools, sorted by name; the same for every root and caller."""
        ...

    async def at(self, caller: Caller, root: Path) -> Workplace:
        """Give a caller its workplace at one of the roots; the same one until it leaves.

        Raises: OutsideWorkspace if it is none of the roots; Denied if there are too many callers.
        """
        ...

    async def leave(self, caller: Caller) -> None:
        """Forget a caller, and end all that it has started."""
        ...

    async def cut_off(self, caller: Caller, reason: str) -> None:
        """Forget a caller who is served no more, and write down why."""
        ...

    def follow(self, on_change: OnChange) -> Callable[[], None]:
        """Tell of changes of files from now on; gives a function that ends it."""
        ...

    async def close(self) -> None:
        """Forget all callers, and let go of all roots."""
        ...
