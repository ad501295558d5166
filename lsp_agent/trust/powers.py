"""What in a folder asks for power: files that make programs run, or steer us.

They lie in `.lsp-agent` at the top of the folder. What other tools keep beside it, such as
`.vscode` or `.mcp.json`, is read by nobody here and so asks for nothing.
"""

import hashlib
import json
import os
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import cast

FOLDER = ".lsp-agent"
MAX_FILES = 200
MAX_FILE_BYTES = 1_000_000

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class PowerKind(StrEnum):
    """What somebody would get who is trusted with it."""

    HOOKS = "hooks"
    """Programs that run when something happens."""
    SERVERS = "servers"
    """Servers of tools that are started."""
    PLUGINS = "plugins"
    """Code that is loaded into the agent."""
    SETTINGS = "settings"
    """Settings of the project; they can only make things stricter."""
    OTHER = "other"
    """Anything else in the folder, so that nothing new in it is taken without a question."""


_KINDS = {
    "hooks.toml": PowerKind.HOOKS,
    "hooks": PowerKind.HOOKS,
    "servers.toml": PowerKind.SERVERS,
    "servers": PowerKind.SERVERS,
    "plugins": PowerKind.PLUGINS,
    "config.toml": PowerKind.SETTINGS,
}
"""By the first name below the folder."""

_NO_POWER = frozenset({"rules.toml"})
"""Files that count before trust, too, because they can only forbid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """One file that asks for power."""

    kind: PowerKind
    name: str
    """The file, from the top of the workspace."""
    definition: str
    """Its text, and the digests of the workspace's files that it names."""
    problem: str = ""
    """Why nobody can be trusted with it; empty for all that can be read."""

    @property
    def digest(self) -> str:
        """What a grant is bound to: another text, or another program, has another one."""
        parts = (self.kind, self.name, self.definition)
        whole = "\0".join(parts).encode("utf-8", "surrogateescape")
        return hashlib.sha256(whole).hexdigest()


def powers_of(root: Path) -> tuple[Power, ...]:
    """Give what in the workspace at `root` asks for power, by name. Nothing of it is run."""
    names = sorted(_names(root))
    found = [_power(root, name) for name in names[:MAX_FILES]]
    if len(names) > MAX_FILES:
        problem = f"there are more than {MAX_FILES} files in {FOLDER}"
        rest = Power(kind=PowerKind.OTHER, name=FOLDER, definition="", problem=problem)
        found.append(rest)
    return tuple(found)


def _names(root: Path) -> Iterator[str]:
    """Give the files of the folder, one more than the limit at most; links are not followed."""
    top = root / FOLDER
    if os.path.islink(top):
        yield FOLDER
        return
    n_files = 0
    for folder, inner, files in os.walk(top):
        links = [name for name in inner if os.path.islink(os.path.join(folder, name))]
        for name in (*files, *links):
            path = PurePosixPath(os.path.relpath(os.path.join(folder, name), root))
            if path.parts[1].casefold() in _NO_POWER and len(path.parts) == 2:
                continue
            n_files += 1
            yield path.as_posix()
            if n_files > MAX_FILES:
                return


def _power(root: Path, name: str) -> Power:
    parts = PurePosixPath(name).parts
    kind = _KINDS.get(parts[1].casefold(), PowerKind.OTHER) if len(parts) > 1 else PowerKind.OTHER
    try:
        data = _read(root / name)
    except OSError as error:
        problem = f"it cannot be read as a plain file: {error.strerror or error}"
        return Power(kind=kind, name=name, definition="", problem=problem)
    text = data.decode("utf-8", "surrogateescape")
    named = _digests_of_named(root, text) if name.endswith(".toml") else ()
    return Power(kind=kind, name=name, definition="\n".join((text, *named)))


def _read(path: Path) -> bytes:
    """Give the bytes of a plain file.

    Raises: OSError, also for a link, for what is no file, and for a file that is too long.
    """
    fd = os.open(path, _OPEN)
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError("it is not a file")
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise OSError(f"it has more than {MAX_FILE_BYTES} bytes")
    return data


def _digests_of_named(root: Path, text: str) -> Iterator[str]:
    """Give a line for each file of the workspace that the texts of a TOML file name.

    A hook that runs `scripts/check.sh` is another one when that script is. The lines are comments,
    so that the definition stays the file that the user has agreed to.
    """
    try:
        values = tomllib.loads(text)
    except ValueError:
        return
    for word in sorted(set(_words(values))):
        path = Path(os.path.realpath(root / word)) if "\0" not in word else root
        if root in path.parents and os.path.isfile(path):
            try:
                yield f"# {json.dumps(word)}: sha256 {hashlib.sha256(_read(path)).hexdigest()}"
            except OSError as error:
                yield f"# {json.dumps(word)}: {error.strerror or error}"


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from (value, *value.split())
    elif isinstance(value, dict):
        for each in cast("dict[str, object]", value).values():
            yield from _words(each)
    elif isinstance(value, list):
        for each in cast("list[object]", value):
            yield from _words(each)
