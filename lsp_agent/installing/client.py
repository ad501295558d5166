"""What we know of a program that starts MCP servers, and what an entry for ours looks like."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import cast

from lsp_agent.installing.formats import SettingsFormat

PROGRAM = "lsp-agent"
MODULE = "lsp_agent"
ACTION = "mcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where programs keep the settings of a user."""

    home: Path
    variables: Mapping[str, str]
    """The environment."""
    platform: str
    """As `sys.platform` has it."""

    @property
    def config(self) -> Path:
        """The folder for settings by the XDG rules, which many follow on every system."""
        return self.named("XDG_CONFIG_HOME") or self.home / ".config"

    @property
    def app_data(self) -> Path:
        """The folder for settings by the rules of the system."""
        if self.platform == "darwin":
            return self.home / "Library" / "Application Support"
        if self.platform == "win32":
            return self.named("APPDATA") or self.home / "AppData" / "Roaming"
        return self.config

    def named(self, variable: str) -> Path | None:
        """Give the folder that a variable names; None if it names none, or a relative one."""
        path = Path(self.variables.get(variable, ""))
        return path if path.is_absolute() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that starts MCP servers; a module that has one ends in `CLIENT = Client(...)`."""

    name: str
    title: str
    format: SettingsFormat
    table: str
    """The key under which its file has the servers, by name."""
    user_files: Callable[[Places], Sequence[Path]]
    """Where it looks for the user's settings; the first that is there counts."""
    project_files: Sequence[str]
    """The same for a project, from its top folder."""
    make_entry: Callable[[Sequence[str]], Mapping[str, object]]
    """Gives what has to be in an entry that starts this program with these arguments."""
    note: str = ""
    """What a person should know, as one sentence; empty if there is nothing."""


def command_with_args(argv: Sequence[str]) -> Mapping[str, object]:
    """Give the entry that most clients have: a command and its arguments."""
    return {"command": argv[0], "args": list(argv[1:])}


def launch_of(entry: object) -> Sequence[str] | None:
    """Give what an entry of any client starts; None if it is no program with arguments."""
    if not isinstance(entry, Mapping):
        return None
    fields = cast(Mapping[str, object], entry)
    command, arguments = fields.get("command"), fields.get("args", [])
    words = [command] if isinstance(command, str) else command
    if not (isinstance(words, list) and words and isinstance(arguments, list)):
        return None
    argv = [*cast(list[object], words), *cast(list[object], arguments)]
    return [word for word in argv if isinstance(word, str)] if _are_texts(argv) else None


def is_ours(entry: object) -> bool:
    """Tell whether an entry starts our server, of whatever installation and with any options."""
    argv = launch_of(entry)
    if argv is None:
        return False
    options = list(argv[2:] if argv[1:2] == ["-P"] else argv[1:])
    if options[:3] == ["-m", MODULE, ACTION]:
        return True
    # A backslash parts folders on Windows only, but is in no program's name elsewhere.
    name = PureWindowsPath(PurePosixPath(argv[0]).name).name
    return name.removesuffix(".exe") == PROGRAM and list(argv[1:2]) == [ACTION]


def _are_texts(values: Sequence[object]) -> bool:
    return all(isinstance(value, str) for value in values)
