"""What `lsp-agent doctor` finds of us in the settings of MCP clients."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.cli.checks import Check, State
from lsp_agent.installing.client import PROGRAM, Client, launch_of
from lsp_agent.installing.entries import our_entries
from lsp_agent.installing.files import our_places, read_settings_file, user_file
from lsp_agent.installing.probing import Found, probe
from lsp_agent.installing.registry import client_names, client_of
from lsp_agent.version import VERSION
from mcp_tools.types.errors import ExpectedError, ProgramFailed
from mcp_tools.workspace.programs import BundledPrograms


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An entry of ours in the settings of a client."""

    client: Client
    name: str
    argv: Sequence[str]


async def client_checks() -> Sequence[Check]:
    """Start each entry of ours in the user's own settings, and see what it serves.

    Files of projects are not looked at: what they name is not started unasked.
    """
    checks: list[Check] = []
    entries: list[_Entry] = []
    for name in client_names():
        client = client_of(name)
        path = user_file(client, our_places())
        try:
            found = our_entries(client, read_settings_file(path).text)
        except ExpectedError as error:
            detail = f"{path}: {error}"
            checks.append(_check(client, State.NOTE, detail, advice="mend that file"))
            continue
        entries += [
            _Entry(client=client, name=key, argv=tuple(launch_of(entry) or ()))
            for key, entry in found.items()
        ]
    answers = await _probed({tuple(entry.argv) for entry in entries})
    checks += [_judged(entry, answers[tuple(entry.argv)]) for entry in entries]
    return checks or [_nowhere()]


async def _probed(
    commands: set[tuple[str, ...]],
) -> Mapping[tuple[str, ...], Found | ProgramFailed]:
    """Start each command once, however many clients have it."""
    async with asyncio.TaskGroup() as group:
        tasks = {argv: group.create_task(_found(argv)) for argv in commands}
    return {argv: task.result() for argv, task in tasks.items()}


async def _found(argv: Sequence[str]) -> Found | ProgramFailed:
    try:
        return await probe(BundledPrograms(), argv, Path(sys.prefix))
    except ProgramFailed as error:
        return error


def _judged(entry: _Entry, found: Found | ProgramFailed) -> Check:
    naming = "" if entry.name == PROGRAM else f" --name {entry.name}"
    advice = f"write it anew by `{PROGRAM} mcp install {entry.client.name}{naming}`"
    program = entry.argv[0]
    if isinstance(found, ProgramFailed):
        detail = f"{program} of the entry {entry.name!r}: {found}"
        return _check(entry.client, State.BROKEN, detail, advice=advice)
    detail = f"{entry.name!r} starts {program}, {found.version}, with {found.n_tools} tools"
    if found.version != VERSION:
        return _check(entry.client, State.NOTE, f"{detail}; this is {VERSION}", advice=advice)
    return _check(entry.client, State.OK, detail)


def _nowhere() -> Check:
    advice = f"add it by `{PROGRAM} mcp install CLIENT`, to one of {', '.join(client_names())}"
    return Check(name="MCP clients", state=State.NOTE, detail="none has an entry", advice=advice)


def _check(client: Client, state: State, detail: str, *, advice: str = "") -> Check:
    return Check(name=client.title, state=state, detail=detail, advice=advice)
