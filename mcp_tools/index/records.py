"""What the index keeps of each file, beside its facts."""

from typing import NamedTuple

from mcp_tools.index.segments import NO_CONTENT
from mcp_tools.workspace.disk.stats import Stat

_RACY_NS = 2_000_000_000
"""A file that was changed so shortly before it was read may have changed again unseen.

Some file systems count time in steps of up to two seconds. Source: git, racy-git.txt."""


class Record(NamedTuple):
    """A file of the workspace, or one outside, as it was when it was read."""

    content: int
    """NO_CONTENT if it is left out."""
    stat: Stat
    read_ns: int
    reason: str
    """Why it is left out; empty if it is not."""

    @property
    def is_left_out(self) -> bool:
        """No facts are known of it."""
        return self.content == NO_CONTENT

    @property
    def is_racy(self) -> bool:
        """Equal `stat`s do not prove that the text is still the same."""
        return self.stat.mtime_ns > self.read_ns - _RACY_NS
