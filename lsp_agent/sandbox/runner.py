"""The Runner: an overlay where the system has one, else a copy, else a refusal."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lsp_agent.sandbox.copying import CopyLimits, run_in_copy
from lsp_agent.sandbox.left_out import named
from lsp_agent.sandbox.overlay import overlay_problem, run_in_overlay
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.contents import State
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import CannotShow
from mcp_tools.types.jobs import OnOutput


def make_runner(cache_folder: Path) -> "ViewRunner":
    """Give a runner whose private folders are in `cache_folder`, or else with temporary files."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    temporary = Path(tempfile.gettempdir()) / f"lsp-agent-views-{user}"
    return ViewRunner((cache_folder / "views", temporary))


class ViewRunner:
    """Runs commands in views of the workspace; implements Runner.

    Nothing is looked at or made before the first question.
    """

    def __init__(self, places: tuple[Path, ...], *, limits: CopyLimits | None = None) -> None:
        """Take the places for private folders, the best one first."""
        self._places = places
        self._limits = limits or CopyLimits()
        self._problems: dict[Path, str | None] = {}

    async def run(
        self, command: ShellCommand, snapshot: SnapshotView, on_output: OnOutput | None = None
    ) -> CommandResult:
        """Run to the end; outside of the root the command writes where its user may.

        Raises: ProgramFailed if it cannot be started, exceeds its time, or changes too much;
            CannotShow, naming the files, if there is no way to show what the snapshot shows;
            OutsideWorkspace if it is to run in a folder that is not of the workspace.
        """
        command = replace(command, cwd=snapshot.resolve(command.cwd))
        places = self._places_for(snapshot.root)
        try:
            place = await self._overlay_place(places)
            return await run_in_overlay(command, snapshot, place, on_output=on_output)
        except CannotShow as error:
            no_overlay = error
        try:
            result = await self._in_copy(command, snapshot, places, on_output)
        except CannotShow as error:
            raise _refusal(snapshot, no_overlay, error) from error
        note = (
            f"the command ran in a copy of the workspace, since {no_overlay}; ignored files and "
            "version control were not in it, and absolute names lead to the real files"
        )
        return replace(result, notes=(note, *result.notes))

    async def describe(self) -> str:
        """Say in one line which way is used here, and why not the better one."""
        try:
            place = await self._overlay_place(self._places)
        except CannotShow as error:
            return (
                f"in a copy, of at most {self._limits.n_files} files and "
                f"{self._limits.n_bytes // 1024**2} MiB, since {error}"
            )
        return f"over the real files, by an overlay file system in {str(place)!r}"

    async def _overlay_place(self, places: tuple[Path, ...]) -> Path:
        """Give the first place where an overlay works; each is tried once.

        Raises: CannotShow.
        """
        for place in places:
            if place not in self._problems:
                self._problems[place] = await overlay_problem(place)
            if self._problems[place] is None:
                return place
        reasons: Mapping[str, None] = {self._problems[place] or "": None for place in places}
        raise CannotShow("; ".join(reasons) or "the cache folder lies in the workspace")

    async def _in_copy(
        self,
        command: ShellCommand,
        snapshot: SnapshotView,
        places: tuple[Path, ...],
        on_output: OnOutput | None,
    ) -> CommandResult:
        failure = CannotShow("there is no place for a copy outside of the workspace")
        for place in places:
            try:
                return await run_in_copy(
                    command, snapshot, place, limits=self._limits, on_output=on_output
                )
            except CannotShow as error:
                failure = error
        raise failure

    def _places_for(self, root: Path) -> tuple[Path, ...]:
        """Give the places outside of the root: no folder can be laid over itself."""
        real = {place: Path(os.path.realpath(place)) for place in self._places}
        return tuple(
            place for place in self._places if root not in (real[place], *real[place].parents)
        )


def _refusal(snapshot: SnapshotView, no_overlay: CannotShow, no_copy: CannotShow) -> CannotShow:
    overlaid: Mapping[Path, State | None] = snapshot.overlay()
    reasons = f"{no_overlay}, and {no_copy}"
    if not overlaid:
        return CannotShow(
            "the command did not run, because what it changes could not be kept apart from the "
            f"real files: {reasons}; open a smaller folder as the workspace, or run it yourself"
        )
    names = named(list(overlaid), snapshot.root)
    return CannotShow(
        "the command did not run, because it would not see what is unsaved or proposed in "
        f"{names}: {reasons}; save these files and settle the proposals, or open a smaller folder"
    )
