"""Checks of the files that words name, for programs of which nothing more is known."""

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path, PurePath

from lsp_agent.permissions.protected import leads_to_protected, protection_of
from lsp_agent.permissions.shell.checks.check import Check, Part
from lsp_agent.permissions.shell.judgement import Finding
from lsp_agent.permissions.shell.programs.files import is_secret
from mcp_tools.code.commands.script import names

OUTSIDE_WORKSPACE = Check(
    name="outside-workspace", meaning="a file or folder that lies outside of the workspace"
)
SYMLINK_ESCAPE = Check(
    name="symlink-escape", meaning="a name inside of the workspace that a link leads out of it"
)
PROTECTED_PATH = Check(
    name="protected-path", meaning="a file that makes programs run later, or settings of tools"
)
SECRET_FILE = Check(name="secret-file", meaning="a file that may hold credentials")
UNKNOWN_FOLDER = Check(
    name="unknown-folder", meaning="after a `cd` it is not known where a relative name leads"
)

_PIECES = re.compile(r"[=:,]")
_STREAMS = names("/dev/null /dev/stdin /dev/stdout /dev/stderr /dev/zero /dev/urandom")


class Access(Enum):
    """What happens to a file."""

    READ = "read"
    CHANGE = "change"
    """Or it is not known what."""


def path_findings(part: Part, name: str, access: Access = Access.CHANGE) -> Iterator[Finding]:
    """Judge a file by its name, and by where that leads."""
    if name in _STREAMS:
        return
    folder = folder_of(part, name)
    if folder is None:
        yield UNKNOWN_FOLDER.high(name)
        return
    named = folder / name
    real = part.world.real(named)
    if not real.is_relative_to(part.root):
        is_link = ".." not in named.parts and named.is_relative_to(part.root)
        yield (SYMLINK_ESCAPE if is_link else OUTSIDE_WORKSPACE).high(name, real)
    if access is Access.CHANGE:
        protection = protection_of(real, part.root) or leads_to_protected(named, part.root)
        if protection is not None:
            yield PROTECTED_PATH.high(f"{name}: {protection.why}", real)
    if is_secret(PurePath(name)) or is_secret(real):
        yield SECRET_FILE.high(name, real)


def word_findings(part: Part) -> Iterator[Finding]:
    """Judge all that could be a file in the words of a program that has no model."""
    for name in dict.fromkeys(name for word in part.arguments for name in _names_in(word)):
        yield from path_findings(part, name)


def made_links(part: Part) -> Iterator[Finding]:
    """Find links that are made with `..` in them: what that means depends on where they lie."""
    if part.name == "ln":
        for word in part.arguments:
            if ".." in PurePath(word).parts:
                yield SYMLINK_ESCAPE.high(f"ln {word}")


def folder_findings(cwd: Path, root: Path) -> Iterator[Finding]:
    """Judge the folder in which a line begins."""
    if not cwd.is_relative_to(root):
        yield OUTSIDE_WORKSPACE.high(f"it would run in {cwd}", cwd)


def folder_of(part: Part, name: str) -> Path | None:
    """Give the folder from which a name is taken; None if that is not known."""
    return Path("/") if name.startswith("/") else part.cwd


def _names_in(word: str) -> Iterator[str]:
    """Give what a program could take for a file in a word: it, its parts, an option's value."""
    if not word.startswith("-"):
        yield word
    pieces = _PIECES.split(word)
    if word.startswith("-") and not word.startswith("--"):
        pieces.append(word[2:])
    for piece in pieces:
        if piece and piece != word and not piece.startswith("-"):
            yield piece
