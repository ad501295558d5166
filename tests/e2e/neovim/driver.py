"""A real, headless Neovim that performs steps in a home of its own.

run = NeovimRun(nvim=find_nvim(), home=tmp_path / "home", project=project, server=COMMAND)
result = run.drive(open_file("app.py"), wait_for_diagnostic("undefined"))
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from tests.e2e.neovim.steps import Step

REPOSITORY = Path(__file__).parents[3]
PLUGIN = REPOSITORY / "editors" / "neovim"
TOOLS = REPOSITORY / ".tools"
SERVER = (sys.executable, "-m", "lsp_agent", "lsp")

_DRIVE_LUA = Path(__file__).with_name("drive.lua")
_OLDEST_VERSION = (0, 11)
_PASSED_ON = ("PATH", "LANG", "TZ", "SYSTEMROOT")


class NeovimMissing(AssertionError):
    """No suitable Neovim was found, so the tests cannot tell whether it works."""


class NeovimFailed(AssertionError):
    """A step failed, or Neovim itself did; the message holds all that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDiagnostic:
    """One diagnostic as Neovim holds it."""

    path: str
    line_number: int
    column: int
    """Bytes from the start of the line."""
    message: str
    source: str | None = None
    code: str | None = None
    severity: Literal["error", "warn", "info", "hint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """One message that the user saw, from the server or from Neovim."""

    level: int
    """As in Neovim's `vim.log.levels`: 4 error, 3 warning, 2 information."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProgress:
    """One report of work in progress."""

    kind: Literal["begin", "report", "end"]
    title: str | None = None
    message: str | None = None
    percentage: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedEdit:
    """One `workspace/applyEdit` request and what Neovim answered."""

    label: str | None = None
    applied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One message request, or another choice that was put to the user."""

    prompt: str
    options: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeovimResult:
    """What could be seen during one run, each list in the order of events."""

    errors: list[str]
    offered: list[str]
    """Titles of the code actions that were offered last."""
    messages: list[ShownMessage]
    progress: list[ShownProgress]
    applied: list[AppliedEdit]
    shown: list[str]
    """URIs that the server asked to show."""
    asked: list[Question]
    diagnostics: list[ShownDiagnostic]
    """Of all buffers, at the end of the run."""
    texts: dict[str, str]
    """Texts by the names that steps gave, and at the end those of all files by absolute path."""
    values: dict[str, bool | int | float | str | list[str] | None]
    exit_code: int | None = None
    """Of the server after `shutdown` and `exit`; None if it never started or never ended."""

    @property
    def warnings(self) -> list[str]:
        """Messages that were shown as a warning or an error."""
        return [message.text for message in self.messages if message.level >= 3]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeovimRun:
    """One start of Neovim: which program, which server, which project."""

    nvim: Path
    home: Path
    """A folder for this run alone: Neovim's state, settings and the installed plugin."""
    project: Path
    server: tuple[str, ...] = SERVER
    env: dict[str, str] = field(default_factory=dict[str, str])
    """Added to the few variables that Neovim and the server get; keys of models never are."""
    init_options: dict[str, object] = field(default_factory=dict[str, object])
    with_plugin: bool = True
    """False uses Neovim's own language client without a line of ours."""
    wait_s: float = 15.0

    def drive(self, *steps: Step) -> NeovimResult:
        """Perform `steps`, stop the server, and tell what was seen.

        Raises: NeovimFailed if a step failed, a wait was in vain or the server did not stop.
        """
        self.home.mkdir(parents=True)
        spec_path, result_path = self.home / "spec.json", self.home / "result.json"
        spec_path.write_text(json.dumps(self._spec(steps, result_path)), encoding="utf-8")
        output = self._run_nvim(spec_path)
        if not result_path.exists():
            raise NeovimFailed(f"Neovim wrote no result; it printed:\n{output}{self._log()}")
        result = TypeAdapter(NeovimResult).validate_json(result_path.read_bytes())
        if result.errors:
            raise NeovimFailed(_describe(result, output) + self._log())
        return result

    def _spec(self, steps: tuple[Step, ...], result_path: Path) -> dict[str, object]:
        setup: dict[str, object] = {"cmd": self.server}
        if self.init_options:
            setup["init_options"] = self.init_options
        return {
            "root": str(self.project),
            "result": str(result_path),
            "setup": setup,
            "with_plugin": self.with_plugin,
            "wait_ms": int(self.wait_s * 1000),
            "steps": [asdict(step) for step in steps],
        }

    def _run_nvim(self, spec_path: Path) -> str:
        command = [str(self.nvim), "--headless", "--clean", "-n"]
        if self.with_plugin:
            # A copy, because :helptags writes into the plugin's folder.
            plugin = shutil.copytree(PLUGIN, self.home / "plugin")
            command += ["--cmd", f"set runtimepath^={plugin}"]
        command += ["-S", str(_DRIVE_LUA)]
        try:
            done = subprocess.run(
                command,
                env=self._environment(spec_path),
                cwd=self.project,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=60,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NeovimFailed(
                f"Neovim did not end within {error.timeout} s{self._log()}"
            ) from None
        return done.stdout.decode("utf-8", "replace")

    def _environment(self, spec_path: Path) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        folders = {
            name: str(self.home / name.lower())
            for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        }
        runtime = self.home / "run"
        runtime.mkdir(mode=0o700)
        return {
            **kept,
            **folders,
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
            "PYTHONPATH": str(REPOSITORY),
            "LSP_AGENT_DRIVE_SPEC": str(spec_path),
            **self.env,
        }

    def _log(self) -> str:
        log = self.home / "xdg_state_home" / "nvim" / "lsp.log"
        if not log.exists():
            return ""
        return (
            "\nEnd of Neovim's log, with what the server wrote to its standard error:\n"
            + (log.read_text(encoding="utf-8", errors="replace")[-4000:])
        )


def find_nvim(*, env: Mapping[str, str] = os.environ, tools: Path = TOOLS) -> Path:
    """Find a Neovim that is new enough: $NVIM, then the PATH, then the project's own.

    Raises: NeovimMissing with what to do about it; a test without its editor is not a pass.
    """
    # Inside a terminal of Neovim, $NVIM is the address of a socket, which `which` does not find.
    for candidate in (env.get("NVIM", ""), "nvim", str(tools / "nvim/bin/nvim")):
        program = shutil.which(candidate, path=env.get("PATH", ""))
        if program and _version(program) >= _OLDEST_VERSION:
            return Path(program)
    raise NeovimMissing("no Neovim 0.11 or newer was found; run `make e2e-setup` to get one")


def _version(program: str) -> tuple[int, ...]:
    done = subprocess.run([program, "--version"], capture_output=True, timeout=5, check=False)
    match = re.match(rb"NVIM v(\d+)\.(\d+)", done.stdout)
    return tuple(int(part) for part in match.groups()) if match else ()


def _describe(result: NeovimResult, output: str) -> str:
    seen = TypeAdapter(NeovimResult).dump_json(result, indent=2).decode()
    return "\n".join([*result.errors, f"Seen in Neovim: {seen}", f"Printed by Neovim: {output}"])
