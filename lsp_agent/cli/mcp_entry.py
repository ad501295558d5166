"""What `lsp-agent mcp install` and `uninstall` do; imported when that is wanted."""

import argparse
import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.cli.arguments import workspace_of
from lsp_agent.cli.command import CommandFailed, UsageError
from lsp_agent.cli.exit_codes import ExitCode
from lsp_agent.cli.terminal import Terminal
from lsp_agent.config.settings import SettingsError, user_state_folder
from lsp_agent.installing.client import ACTION as SERVE
from lsp_agent.installing.client import PROGRAM, Client
from lsp_agent.installing.entries import Change, described, shown, with_entry, without_entry
from lsp_agent.installing.files import (
    PRIVATE_MODE,
    SHARED_MODE,
    SettingsFile,
    our_places,
    our_program,
    project_file,
    read_settings_file,
    replace_settings_file,
    user_file,
)
from lsp_agent.installing.formats import UnusableSettings
from lsp_agent.installing.registry import client_of
from mcp_tools.types.calls import Profile
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.paths import is_project_root

SHARED_LEVELS = ("observe", "suggest")
"""What a project may say: more than that each person decides for themselves."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class _Place:
    """The file that is meant, and how it came to be that one."""

    client: Client
    file: SettingsFile
    root: Path | None
    """The project whose file it is; None for the user's own."""


def install(arguments: argparse.Namespace) -> int:
    """Show the entry and the file, ask, and write it.

    Raises: UsageError, CommandFailed.
    """
    place = _place_of(arguments)
    argv = [*_program(place), SERVE, *_options(arguments, place)]
    may_replace = "anything" if arguments.force else "ours"
    try:
        change = with_entry(
            place.client, place.file.text, arguments.name, argv, may_replace=may_replace
        )
    except ExpectedError as error:
        raise _failed(place, error) from error
    if change.is_none:
        print(f"{place.client.title} has it already, in {place.file.path}")
        return ExitCode.DONE
    print(f"For {place.client.title}, in {place.file.path}:\n")
    print(f"{shown(place.client, arguments.name, place.client.make_entry(argv))}\n")
    for note in _notes(place, change):
        print(f"Note: {note}.")
    done = _write(arguments, place, change)
    if done is ExitCode.DONE and not arguments.dry_run:
        print(f"Take it out again by `{PROGRAM} mcp uninstall {arguments.client}`.")
    return done


def uninstall(arguments: argparse.Namespace) -> int:
    """Show what is taken out of which file, ask, and do it.

    Raises: UsageError, CommandFailed.
    """
    place = _place_of(arguments)
    try:
        change = without_entry(place.client, place.file.text, arguments.name)
    except ExpectedError as error:
        raise _failed(place, error) from error
    if change.is_none:
        print(f"There is no entry {arguments.name!r} in {place.file.path}")
        return ExitCode.DONE
    print(f"The entry {arguments.name!r} is taken out of {place.file.path};")
    print(f"it starts {described(change.before)}.")
    return _write(arguments, place, change)


def _place_of(arguments: argparse.Namespace) -> _Place:
    """Find the file, and read it."""
    if _NAME.fullmatch(arguments.name) is None:
        raise UsageError(f"expected a name of letters, digits, '-' and '_', got {arguments.name!r}")
    for option in ("http", "allow"):
        if getattr(arguments, option, None):
            raise UsageError(
                f"--{option} is not for an entry; use `allow` in your config.toml, "
                "or start the HTTP server yourself"
            )
    client = client_of(arguments.client)
    root = workspace_of(None) if arguments.project else None
    try:
        path = user_file(client, our_places()) if root is None else project_file(client, root)
        return _Place(client, read_settings_file(path), root)
    except ExpectedError as error:
        raise CommandFailed(str(error)) from error


def _program(place: _Place) -> Sequence[str]:
    """Give what starts us; the others who have the project have it elsewhere."""
    return our_program() if place.root is None else [PROGRAM]


def _options(arguments: argparse.Namespace, place: _Place) -> list[str]:
    level: str | None = arguments.level
    roots: list[str] = arguments.root or []
    options: list[str] = []
    if arguments.profile != Profile.EDIT.value:
        options += ["--profile", arguments.profile]
    if place.root is not None and roots:
        raise UsageError("a project's entry serves that project; leave --root out")
    if place.root is not None and level not in (None, *SHARED_LEVELS):
        raise UsageError(
            f"--level {level} in a project's file would decide for everybody who opens it; "
            "each of them can set `level` in their own config.toml"
        )
    if level is not None:
        options += ["--level", level]
    for name in roots:
        root = workspace_of(name)
        if not is_project_root(root):
            raise UsageError(f"{str(root)!r} is never served; name the folder of one project")
        options += ["--root", str(root)]
    return options


def _notes(place: _Place, change: Change) -> Iterator[str]:
    """Give what a person should know before they say yes."""
    if change.before is not None:
        yield f"it replaces an entry that starts {described(change.before)}"
        written = place.client.make_entry([PROGRAM])
        kept = [repr(key) for key in change.after or {} if key not in written]
        if kept:
            yield f"what you have added to it stays: {', '.join(kept)}"
    if place.root is None and place.client.note:
        yield place.client.note
    if place.root is not None:
        yield (
            f"whoever opens this project with {place.client.title} runs this, "
            f"and needs {PROGRAM} on their PATH"
        )


def _write(arguments: argparse.Namespace, place: _Place, change: Change) -> ExitCode:
    if arguments.dry_run:
        print("Nothing was written.")
        return ExitCode.DONE
    if not (arguments.yes or asyncio.run(_confirmed(place.file.path))):
        print("Nothing was written; with --yes it is done without a question.")
        return ExitCode.DENIED
    try:
        kept = replace_settings_file(
            place.file,
            change.text,
            backups=user_state_folder() / "mcp-clients" / place.client.name,
            new_mode=PRIVATE_MODE if place.root is None else SHARED_MODE,
        )
    except (ExpectedError, SettingsError) as error:
        raise CommandFailed(str(error)) from error
    print("Written." if kept is None else f"Written. As it was before it is kept in {kept}")
    return ExitCode.DONE


async def _confirmed(path: Path) -> bool:
    return await Terminal().confirm(f"Write {path}?", "")


def _failed(place: _Place, error: ExpectedError) -> CommandFailed:
    where = f"{place.file.path}: " if isinstance(error, UnusableSettings) else ""
    return CommandFailed(f"{where}{error}")
