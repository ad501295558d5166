"""The view of a command: an overlay where the system has one, else a copy, else a refusal."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lsp_agent.sandbox.confining.around import Surroundings
from lsp_agent.sandbox.copying import CopyLimits, run_in_copy
from lsp_agent.sandbox.left_out import named
from lsp_agent.sandbox.overlay import overlay_problem, run_in_overlay
from mcp_tools.types.commands import CommandResult, ShellCommand
from mcp_tools.types.contents import State
from mcp_tools.types.documents import SnapshotView
from mcp_tools.types.errors import CannotShow


class Views:
    """Runs commands in views of the workspace; nothing is looked at or made before the first."""

    def __init__(
        self,
        places: tuple[Path, ...],
        limits: CopyLimits,
        problems: dict[Path, str | None] | None = None,
    ) -> None:
        """Take the places for private folders, the best one first, and what is known of them."""
        self._places = places
        self._limits = limits
        self._problems: dict[Path, str | None] = {} if problems is None else problems

    def beside(self, root: Path) -> "Views":
        """Give these views for a workspace: no folder of it can be laid over itself."""
        real = {place: Path(os.path.realpath(place)) for place in self._places}
        places = tuple(
            place for place in self._places if root not in (real[place], *real[place].parents)
        )
        return Views(places, self._limits, self._problems)

    async def run(
        self, command: ShellCommand, snapshot: SnapshotView, surroundings: Surroundings
    ) -> CommandResult:
        """Run to the end.

        Raises: ProgramFailed if it cannot be started, exceeds its time, or changes too much;
            CannotShow, naming the files, if there is no way to show what the snapshot shows.
        """
        try:
            place = await self._overlay_place()
            return await run_in_overlay(command, snapshot, place, surroundings)
        except CannotShow as error:
            no_overlay = error
        try:
            result = await self._in_copy(command, snapshot, surroundings)
        except CannotShow as error:
            raise _refusal(snapshot, no_overlay, error) from error
        real = "" if surroundings.has_walls else ", and absolute names lead to the real files"
        note = (
            f"the command ran in a copy of the workspace, since {no_overlay}; ignored files and "
            f"version control were not in it{real}"
        )
        return replace(result, notes=(note, *result.notes))

    async def describe(self) -> str:
        """Say in one line which way is used here, and why not the better one."""
        try:
            place = await self._overlay_place()
        except CannotShow as error:
            return (
                f"in a copy, of at most {self._limits.n_files} files and "
                f"{self._limits.n_bytes // 1024**2} MiB, since {error}"
            )
        return f"over the real files, by an overlay file system in {str(place)!r}"

    async def _overlay_place(self) -> Path:
        """Give the first place where an overlay works; each is tried once.

        Raises: CannotShow.
        """
        for place in self._places:
            if place not in self._problems:
                self._problems[place] = await overlay_problem(place)
            if self._problems[place] is None:
                return place
        reasons: Mapping[str, None] = {self._problems[place] or "": None for place in self._places}
        raise CannotShow("; ".join(reasons) or "the cache folder lies in the workspace")

    async def _in_copy(
        self,
        command: ShellCommand,
        snapshot: SnapshotView,
        surroundings: Surroundings,
    ) -> CommandResult:
        failure = CannotShow("there is no place for a copy outside of the workspace")
        for place in self._places:
            try:
                return await run_in_copy(
                    command, snapshot, place, surroundings, limits=self._limits
                )
            except CannotShow as error:
                failure = error
        raise failure


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
