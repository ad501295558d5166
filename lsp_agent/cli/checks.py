"""What `lsp-agent doctor` looks at: the parts of the product, and editors."""

import os
import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

from lsp_agent.app import credentials, model_name
from lsp_agent.cli.editors import EDITORS, Editor
from lsp_agent.config.settings import (
    SETTINGS,
    STATE_VARIABLE,
    LoadedSettings,
    Settings,
    SettingsError,
    cache_folder,
    load_settings,
    settings_file,
    state_folder,
)
from lsp_agent.models.port import ModelError
from lsp_agent.models.providers import OFFLINE, Credentials, create_model
from lsp_agent.sandbox.runner import make_runner
from lsp_agent.version import VERSION
from mcp_tools.types.errors import ProgramFailed
from mcp_tools.types.programs import Command
from mcp_tools.workspace.programs import BundledPrograms, find_program

MIN_PYTHON = (3, 11)
MIN_MASKED_CHARS = 12
"""A key shorter than this is not shown even in part."""
VERSION_TIMEOUT_S = 5.0


class State(StrEnum):
    """How a check went."""

    OK = "ok"
    NOTE = "note"
    """It is not as it could be, and nothing depends on it."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    detail: str
    advice: str = ""
    """How to mend it; empty when there is nothing to do."""
    is_found_editor: bool = False


async def all_checks() -> tuple[Check, ...]:
    """Look at everything, the most important first."""
    loaded, settings_check = _settings()
    programs = [await _bundled(name) for name in ("ruff", "rg")]
    editors = [check for editor in EDITORS if (check := await _editor(editor)) is not None]
    return (
        _ok("lsp-agent", VERSION),
        _python(),
        settings_check,
        *_values(loaded),
        _model(loaded),
        _offline(),
        *programs,
        _state_folder(),
        _disclosure(loaded),
        await _commands(),
        await _sandbox(loaded),
        *(editors or [_no_editor()]),
    )


def masked(key: str) -> str:
    """Give the end of a key, enough to tell two apart and nothing more."""
    return f"...{key[-4:]}" if len(key) >= MIN_MASKED_CHARS else "(set)"


def _python() -> Check:
    detail = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info < MIN_PYTHON:
        advice = "install Python 3.11 or newer, and lsp-agent into it"
        return _broken("python", detail, advice)
    return _ok("python", detail)


def _settings() -> tuple[LoadedSettings, Check]:
    """Load the settings; the defaults take the place of what cannot be read."""
    path = settings_file()
    try:
        loaded = load_settings({}, overrides_name="")
    except SettingsError as error:
        origins = dict.fromkeys(SETTINGS, "default")
        loaded = LoadedSettings(settings=Settings(), origins=origins)
        return loaded, _broken("settings", str(error), "mend or remove that setting")
    there = "" if _is_used(path, loaded) else " (not there, or empty: not needed)"
    return loaded, _ok("settings", f"{path}{there}")


def _is_used(path: Path, loaded: LoadedSettings) -> bool:
    return str(path) in loaded.origins.values()


def _values(loaded: LoadedSettings) -> Iterator[Check]:
    for name, origin in loaded.origins.items():
        value: object = getattr(loaded.settings, name)
        if name == "api_key" and isinstance(value, str):
            value = masked(value)
        if name in ("secrets", "confidential") and isinstance(value, tuple):
            value = f"({len(cast(tuple[object, ...], value))} entries)"
        if name == "base_url" and isinstance(value, str):
            # An address may carry a password.
            value = re.sub(r"//[^/@]*@", "//...@", value)
        shown = "none" if value is None else value
        source = "" if origin == "default" else f", from {origin}"
        yield _ok(f"settings.{name}", f"{shown}{source}")


def _model(loaded: LoadedSettings) -> Check:
    settings = loaded.settings
    name = model_name(settings)
    if settings.model:
        reason = f"chosen by {loaded.origins['model']}"
    elif settings.api_key:
        reason = f"since {loaded.origins['api_key']} has a key"
    else:
        reason = "since there is no key; set ANTHROPIC_API_KEY to work with a Claude model"
    detail = f"{name}, {reason}"
    try:
        create_model(name, credentials(settings))
    except ModelError as error:
        return _broken("model", detail, str(error))
    return _ok("model", detail)


def _offline() -> Check:
    try:
        create_model(OFFLINE, Credentials())
    except (ImportError, OSError) as error:
        return _broken("offline engine", f"cannot be loaded: {error}", "install lsp-agent again")
    return _ok("offline engine", "ready; it needs no key and no network")


async def _bundled(name: str) -> Check:
    try:
        found = await _version_of(name)
        return _ok(name, f"{found or 'of an unknown version'} ({find_program(name)})")
    except (ProgramFailed, OSError) as error:
        return _broken(name, f"cannot be run: {error}", "install lsp-agent again")


def _state_folder() -> Check:
    """Look at the folder of the undo journal and of the proposals; nothing is made."""
    try:
        # They have a folder for each workspace, in one for all of them.
        folder = state_folder(Path(sys.prefix)).parent.parent
    except SettingsError as error:
        return _broken("state folder", str(error), "name a folder, or nothing")
    there = folder
    while not os.path.lexists(there):
        there = there.parent
    if os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK):
        new = "" if there == folder else " (not there yet)"
        return _ok("state folder", f"{folder}{new}, for the undo journal and proposals")
    detail = f"{folder} cannot be used: {str(there)!r} is no folder that you may write in"
    advice = f"nothing is changed without a journal; mend it, or name another by {STATE_VARIABLE}"
    return _broken("state folder", detail, advice)


def _disclosure(loaded: LoadedSettings) -> Check:
    """Say openly whether commits tell that an agent helped."""
    if loaded.settings.discloses_agent:
        return _ok("disclosure", "commits of the agent say that it helped")
    where = loaded.origins["discloses_agent"]
    detail = f"commits of the agent do not say that it helped, since {where} turns that off"
    return _note("disclosure", detail, "others may want to know; remove discloses_agent to tell")


async def _commands() -> Check:
    """Look at how a command is shown what waits for review, as by `lsp-agent run`."""
    return _ok("commands", f"run {await make_runner(cache_folder()).describe()}")


async def _sandbox(loaded: LoadedSettings) -> Check:
    """Try to get out of the sandbox that an agent's commands run in."""
    try:
        runner = make_runner(cache_folder(), hosts=loaded.settings.allowed_hosts)
    except SettingsError as error:
        return _broken("sandbox", str(error), "mend or remove that setting")
    found = await runner.sandbox()
    if found.reason:
        advice = "each command asks first; allow namespaces for users, or install bubblewrap"
        return _note("sandbox", f"none: {found.reason}", advice)
    hosts = ", ".join(loaded.settings.allowed_hosts)
    network = f"the hosts {hosts} alone" if hosts else "no network"
    tried = f"{found.n_tried} ways out were tried, and none was one"
    return _ok("sandbox", f"by {found.name}, with {network}; {tried}")


async def _editor(editor: Editor) -> Check | None:
    """Look for an editor; None if it is not there."""
    for name in editor.programs:
        try:
            detail = find_program(name)
        except ProgramFailed:
            continue
        if editor.needs is None:
            return _found(editor, detail)
        return await _with_version(editor, name, detail)
    return None


async def _with_version(editor: Editor, name: str, detail: str) -> Check:
    needed = ".".join(map(str, editor.needs or ()))
    try:
        found = await _version_of(name)
    except (ProgramFailed, OSError) as error:
        return _note(editor.name, f"{detail} does not tell its version: {error}", "")
    numbers = tuple(int(part) for part in found.split(".")[:2])
    if editor.needs is not None and numbers < editor.needs:
        return _note(editor.name, f"{detail} is {found}", f"{needed} or newer is needed")
    return _found(editor, f"{detail} {found}")


def _found(editor: Editor, detail: str) -> Check:
    return Check(name=editor.name, state=State.OK, detail=detail, is_found_editor=True)


def _no_editor() -> Check:
    names = ", ".join(editor.name for editor in EDITORS)
    return _note("editors", f"none of {names} is on PATH", "any editor that speaks LSP will do")


async def _version_of(program: str) -> str:
    """Give the first dotted number that a program prints of itself.

    Raises: ProgramFailed, OSError.
    """
    command = Command(
        argv=(program, "--version"), cwd=Path(sys.prefix), timeout_s=VERSION_TIMEOUT_S
    )
    completed = await BundledPrograms().run(command)
    match = re.search(r"\d+(?:\.\d+)+", completed.stdout)
    if completed.exit_code or match is None:
        said = (completed.stderr or completed.stdout).strip().split("\n")[0]
        raise ProgramFailed(f"{program} --version ended with {completed.exit_code}: {said}")
    return match[0]


def _ok(name: str, detail: str) -> Check:
    return Check(name=name, state=State.OK, detail=detail)


def _note(name: str, detail: str, advice: str) -> Check:
    return Check(name=name, state=State.NOTE, detail=detail, advice=advice)


def _broken(name: str, detail: str, advice: str) -> Check:
    return Check(name=name, state=State.BROKEN, detail=detail, advice=advice)
