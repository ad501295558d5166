"""What the words of a command line mean: options, a file with a line, a root."""

import argparse
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from lsp_agent.cli.command import UsageError
from lsp_agent.config.settings import Settings, SettingsError, load_settings
from lsp_agent.trust.patterns import pattern_for
from mcp_tools.types.errors import ExpectedError
from mcp_tools.workspace.paths import is_project_root, project_root, resolve_in, root_path

_WITH_LINE = re.compile(r"(.+):([0-9]{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A file of a workspace, and the line in it that is meant."""

    root: Path
    path: Path
    """Canonical, below `root`."""
    line_number: int | None
    """From 1; None for the whole file."""

    @property
    def name(self) -> str:
        """The file as a person should see it: from the root, with `/`."""
        return self.path.relative_to(self.root).as_posix()


def add_work_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of all commands that set the agent to work."""
    parser.add_argument(
        "--apply",
        action="store_true",
        help="write the change to disk; without it, it is shown and waits for review",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object instead of text and diff"
    )
    parser.add_argument("--model", metavar="M", help="use this model, such as `offline`")
    parser.add_argument(
        "--root", metavar="DIR", help="the workspace's top folder; else the nearest project is"
    )
    add_trust_argument(parser)


def add_trust_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option that trusts the workspace for one run."""
    parser.add_argument(
        "--trust",
        action="store_true",
        help="trust the workspace in this run, as in CI; `lsp-agent trust grant` does it for good",
    )


def settings_of(arguments: argparse.Namespace, *roots: Path) -> Settings:
    """Load the settings, with the command line as the last layer.

    With `--trust` the workspaces at `roots` are trusted. Raises: UsageError.
    """
    is_trusted: bool = getattr(arguments, "trust", False)
    overrides: dict[str, object] = {
        "model": getattr(arguments, "model", None),
        "trusted_folders": [pattern_for(root) for root in roots] if is_trusted else None,
    }
    try:
        return load_settings(overrides, overrides_name="the command line").settings
    except SettingsError as error:
        raise UsageError(str(error)) from error


def target_of(text: str, root: str | None) -> Target:
    """Give the file that `FILE[:LINE]` means, in `root` or else its own project.

    Where there is a file whose name ends in `:LINE`, that file is meant.
    Raises: UsageError.
    """
    name, line_number = text, None
    match = _WITH_LINE.fullmatch(text)
    if match and not os.path.lexists(text):
        name, line_number = match[1], int(match[2])
    if line_number == 0:
        raise UsageError(f"expected a line from 1 on, got {text!r}")
    path = _absolute(name)
    _check_is_file(path, name)
    try:
        here = _absolute(".")
        nearest = project_root(path.parent, or_else=here)
        if root is None and not is_project_root(nearest):
            raise UsageError(
                f"{name!r} lies in {str(nearest)!r}, which is never taken for a project; "
                "name its folder by --root"
            )
        folder = root_path(root if root is not None else nearest)
        return Target(root=folder, path=resolve_in(folder, path), line_number=line_number)
    except ExpectedError as error:
        raise UsageError(str(error)) from error


def workspace_of(root: str | None) -> Path:
    """Give the workspace for work on no certain file: `root`, or our project.

    Raises: UsageError.
    """
    here = project_root(_absolute("."))
    if root is None and here in (Path(here.anchor), Path(os.path.expanduser("~"))):
        raise UsageError(f"{str(here)!r} is no project; go to one, or name its folder by --root")
    try:
        return root_path(root if root is not None else here)
    except ExpectedError as error:
        raise UsageError(str(error)) from error


def folder_in(root: Path) -> Path:
    """Give the folder that the person is in, links resolved, or the root if it is elsewhere.

    Raises: UsageError.
    """
    here = Path(os.path.realpath(_absolute(".")))
    return here if here.is_relative_to(root) else root


def text_of(text: str) -> str:
    """Give what the person wrote: the argument, or for `-` what is on stdin.

    Raises: UsageError if that is nothing.
    """
    try:
        written = sys.stdin.read() if text == "-" else text
    except UnicodeDecodeError as error:
        raise UsageError(f"expected text on stdin, got something else: {error}") from error
    if not written.strip():
        raise UsageError("expected to be told what to do, got an empty text")
    return written


def new_folder(text: str) -> Path:
    """Give the path of a folder that is to be made.

    Raises: UsageError if there is something already, or nothing to make it in.
    """
    path = _absolute(text)
    if os.path.lexists(path) or not os.path.isdir(path.parent):
        raise UsageError(f"expected a new folder in one that is there, got {text!r}")
    return path


def _absolute(text: str) -> Path:
    try:
        return Path(os.path.abspath(text))
    except FileNotFoundError as error:
        raise UsageError("the folder that you are in is gone; go to another one") from error


def _check_is_file(path: Path, name: str) -> None:
    if not os.path.lexists(path):
        raise UsageError(f"there is no file {name!r}")
    if os.path.isdir(path):
        raise UsageError(f"expected a file, got the folder {name!r}; name one file in it")
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"expected a file name in UTF-8, got {name!r}; rename it first") from error
