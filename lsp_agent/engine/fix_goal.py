"""The goal of a fix, measured: the problems are gone, and no new ones came."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.agent.ports import GoalState
from mcp_tools.code.diagnostics.comparing import OWN_SOURCES, Key, count, new_problems
from mcp_tools.code.diagnostics.diagnose import Depth, diagnose
from mcp_tools.types.calls import Programs
from mcp_tools.types.diagnostics import Diagnostic
from mcp_tools.types.documents import Document
from mcp_tools.types.errors import NotFound
from mcp_tools.workspace.snapshot import Snapshot
from mcp_tools.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class FixGoal:
    """Problems of one file that must go away; implements Goal.

    A problem is the same before and after when source, code and message are, since its place
    may move.
    """

    workspace: Workspace
    programs: Programs
    proposal_id: str
    path: Path
    targets: tuple[Diagnostic, ...]

    async def check(self) -> GoalState:
        """Measure every file of the proposal, and the target's own, before and after."""
        snapshot = self.workspace.snapshot(self.proposal_id)
        changed = self._changed_paths()
        if not changed:
            return GoalState(is_met=False, is_progress=False, detail="nothing was edited")
        n_before = count(self.targets)
        fresh: list[str] = []
        n_after: Counter[Key] = Counter()
        n_below: Counter[Key] = Counter()
        for path in sorted({self.path, *changed}):
            before, after = map(count, await self._measure(snapshot, path))
            if path == self.path:
                n_below, n_after = before, after
            fresh += [message for _, _, message in new_problems(before, after).elements()]
        left = _left(n_before, n_below, n_after)
        return _state(sum(n_before.values()), left, fresh)

    def _changed_paths(self) -> list[Path]:
        try:
            return list(self.workspace.proposal(self.proposal_id).files)
        except NotFound:
            return []

    async def _measure(
        self, snapshot: Snapshot, path: Path
    ) -> tuple[Sequence[Diagnostic], Sequence[Diagnostic]]:
        """Give the problems of one file without and with the proposal."""
        depth = Depth.DEEP if any(t.source == "lsp-agent" for t in self.targets) else Depth.QUICK
        found: list[Sequence[Diagnostic]] = []
        for read in (snapshot.below, snapshot.read):
            document = _read_or_none(read, path)
            if document is None:
                found.append(())
                continue
            root = snapshot.root
            found.append(await diagnose(document, self.programs, root=root, depth=depth))
        return found[0], found[1]


def _read_or_none(read: Callable[[Path], Document], path: Path) -> Document | None:
    try:
        return read(path)
    except NotFound:
        return None


def _left(wanted: Counter[Key], below: Counter[Key], after: Counter[Key]) -> list[str]:
    """Give the messages of wanted problems that the edited text still has."""
    left: list[str] = []
    for key, n_wanted in wanted.items():
        if key[0] in OWN_SOURCES:
            n_gone = max(0, below[key] - after[key])
            # No more can be left than there are: a person may have mended some meanwhile.
            left += [key[2]] * min(after[key], max(0, n_wanted - n_gone))
    return left


def _state(n_wanted: int, left: Sequence[str], fresh: Sequence[str]) -> GoalState:
    if fresh:
        detail = f"the edits bring new problems: {'; '.join(fresh[:5])}"
        return GoalState(is_met=False, is_progress=False, detail=detail)
    if left:
        detail = f"{len(left)} of {n_wanted} problems are still there: {'; '.join(left[:5])}"
        return GoalState(is_met=False, is_progress=len(left) < n_wanted, detail=detail)
    gone = "the problem is gone" if n_wanted == 1 else f"all {n_wanted} problems are gone"
    return GoalState(is_met=True, is_progress=True, detail=f"{gone} and no new one came")
