"""The program `lsp-agent` as a process of its own, with a home folder of its own."""

import os
import pty
import select
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
LIMIT_S = 20
"""A net under a start on a busy machine; no test waits for it to run out."""
CLIENT_KEYS = ("CLAUDE_", "CODEX_", "GEMINI_")
KEYS = ("ANTHROPIC_", "LSP_AGENT_", "XDG_", "NO_COLOR", "FORCE_COLOR", *CLIENT_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program with an empty home folder, in a folder to work in."""

    home: Path
    cwd: Path
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def environment(self) -> dict[str, str]:
        """Our own environment without keys and settings, and with the wanted variables."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(KEYS)}
        own = {"HOME": str(self.home), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
        return kept | own | dict(self.variables)

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            command(arguments),
            cwd=self.cwd,
            env=self.environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT_S,
            check=False,
        )

    @contextmanager
    def started(self, *arguments: str) -> Generator[subprocess.Popen[str]]:
        """Start a command; it is gone at the end."""
        process = subprocess.Popen(
            command(arguments),
            cwd=self.cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    @contextmanager
    def at_terminal(self, *arguments: str) -> Generator["Seat"]:
        """Start a command on a terminal, to be typed at step by step; it is gone at the end."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            command(arguments),
            cwd=self.cwd,
            env=self.environment | {"TERM": "xterm", "NO_COLOR": "1"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        ) as process:
            os.close(theirs)
            try:
                yield Seat(process, ours)
            finally:
                process.kill()
                os.close(ours)

    def on_terminal(self, *arguments: str, typed: str = "") -> str:
        """Run a command on a terminal where somebody types; give what the screen showed."""
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            command(arguments),
            cwd=self.cwd,
            env=self.environment | {"TERM": "xterm"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        ) as process:
            os.close(theirs)
            try:
                os.write(ours, typed.encode())
                screen = _read_all(ours)
                process.wait(LIMIT_S)
            finally:
                process.kill()
                os.close(ours)
        return screen


@dataclass(slots=True)
class Seat:
    """A terminal that a program runs on."""

    process: subprocess.Popen[bytes]
    terminal: int
    screen: str = ""

    def sees(self, text: str) -> None:
        """Wait until the screen shows a text after all that was waited for before."""
        while text not in self.screen:
            readable, _, _ = select.select([self.terminal], [], [], LIMIT_S)
            assert readable, f"expected {text!r}, the screen shows {self.screen!r}"
            try:
                self.screen += os.read(self.terminal, 65536).decode()
            except OSError:
                raise AssertionError(f"expected {text!r}, it ended: {self.screen!r}") from None
        self.screen = self.screen.partition(text)[2]

    def types(self, line: str) -> None:
        """Type a line and its end."""
        os.write(self.terminal, f"{line}\n".encode())

    def ends(self) -> int:
        """Wait for the end of the program, and give its exit code."""
        return self.process.wait(LIMIT_S)


def command(arguments: Sequence[str]) -> list[str]:
    """Give the command line that runs the program."""
    return [sys.executable, "-m", "lsp_agent", *arguments]


def config_file(home: Path) -> Path:
    """Give the settings file below a home folder, whose folder is made."""
    is_mac = sys.platform == "darwin"
    folder = home / ("Library/Application Support" if is_mac else ".config") / "lsp-agent"
    folder.mkdir(parents=True)
    return folder / "config.toml"


def _read_all(terminal: int) -> str:
    shown = b""
    try:
        while data := os.read(terminal, 65536):
            shown += data
    except OSError:
        pass  # Linux says so when the last process has closed the terminal.
    return shown.decode()
