"""What a command changed in the real files, found by comparing the tree before and after it.

This is for commands that run in the workspace itself. Its changes are real when they are found,
so they are for the journal and not for a review. Whatever else changed a file meanwhile, a person
who saved one perhaps, is taken for the command. What an undo could not bring back is named.
"""

import asyncio
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.sandbox.collecting import MAX_PATHS, VERSION_CONTROL
from lsp_agent.sandbox.left_out import LeftOut, Reason
from lsp_agent.sandbox.preimages import KeptLimits, Preimages
from lsp_agent.sandbox.running import Ended, Job, label_of, run_job
from lsp_agent.sandbox.stat_cache import Stamp, Stamps, differing, scan
from mcp_tools.types.commands import ShellCommand
from mcp_tools.types.contents import State
from mcp_tools.types.errors import ExpectedError, TooLarge
from mcp_tools.types.journal import Transition
from mcp_tools.workspace.disk.source import DiskSource


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed between two looks at a tree."""

    transitions: tuple[Transition, ...]
    """Sorted by path."""
    notes: tuple[str, ...]
    """What changed without a way back, or was not looked at, one line each."""


async def run_in_place(
    command: ShellCommand, comparison: "Comparison", record: Callable[[Compared], None]
) -> Ended:
    """Run a command in the workspace itself, one at a time.

    `record` is called once in the event loop with what changed, however the command ended, and
    normally before this returns; only after a second cancellation it comes later.
    Raises: ProgramFailed.
    """
    loop = asyncio.get_running_loop()
    await asyncio.to_thread(comparison.look)
    job = Job(
        argv=command.argv,
        name=label_of(command.argv),
        cwd=command.cwd,
        timeout_s=command.timeout_s,
    )
    try:
        return await run_job(job)
    finally:
        comparing = loop.run_in_executor(None, comparison.changes)
        comparing.add_done_callback(lambda done: record(done.result()))
        await asyncio.shield(comparing)


class Comparison:
    """Compares a tree before and after commands; what it learned once is used again.

    Its methods block, and are called from one thread at a time.
    """

    def __init__(self, root: Path, folder: Path, *, limits: KeptLimits | None = None) -> None:
        """Take the root, and a folder of the user's own for what files held before.

        Raises: OSError.
        """
        self._root = root
        self._source = DiskSource(root)
        self._preimages = Preimages(root, folder, limits or KeptLimits())
        self._stamps: Stamps = {}
        self._settled: dict[str, Stamp] = {}
        """Files that need no reading while their stamp is this one."""

    def close(self) -> None:
        """Let go of what was kept."""
        self._preimages.close()

    def look(self) -> None:
        """Keep all that a command could change now, as far as there is room."""
        self._stamps = stamps = scan(str(self._root))
        settled = self._settled
        if stamps == settled:
            return
        for name in settled.keys() - stamps.keys():
            del settled[name]
            self._preimages.forget(name)
        if self._preimages.start_over():
            settled.clear()
        for name, stamp in stamps.items():
            if settled.get(name) != stamp:
                self._keep(name, stamp)

    def changes(self) -> Compared:
        """Give what changed since the last look."""
        after = scan(str(self._root))
        gone, changed = differing(self._stamps, after)
        racy = [name for name in self._unsettled() if self._has_changed_unseen(name, after)]
        left_out = LeftOut(self._root)
        transitions: list[Transition] = []
        for name in (*gone, *changed, *racy):
            transition = self._transition(name, left_out)
            if len(transitions) >= MAX_PATHS:
                left_out.add(Reason.NOT_KEPT, self._root / name)
            elif transition is not None:
                transitions.append(transition)
        for name in sorted(VERSION_CONTROL):
            if (self._root / name).exists():
                left_out.add(Reason.NOT_LOOKED_AT, self._root / name)
        transitions.sort(key=lambda transition: transition.path)
        return Compared(tuple(transitions), left_out.notes())

    def _keep(self, name: str, stamp: Stamp) -> None:
        if not stat.S_ISDIR(stamp[4]):
            self._preimages.keep(name, stamp)
            if self._preimages.is_racy(name):
                return
        self._settled[name] = stamp

    def _unsettled(self) -> list[str]:
        if self._stamps == self._settled:
            return []
        return [name for name, stamp in self._stamps.items() if self._settled.get(name) != stamp]

    def _has_changed_unseen(self, name: str, after: Stamps) -> bool:
        stamp = self._stamps[name]
        return after.get(name) == stamp and not self._preimages.holds(name, stamp)

    def _transition(self, name: str, left_out: LeftOut) -> Transition | None:
        path = self._root / name
        before: State | None = None
        if (stamp := self._stamps.get(name)) is not None:
            before = self._preimages.state(name, stamp)
            if before is None:
                left_out.add(Reason.NOT_KEPT, path)
                return None
        try:
            after = self._source.state(path)
        except TooLarge:
            left_out.add(Reason.TOO_LARGE, path)
            return None
        except ExpectedError:
            left_out.add(Reason.SPECIAL, path)
            return None
        return None if before == after else Transition(path=path, before=before, after=after)
