"""The clients under test: each in a home of its own, with our server set up."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.support.node import Package, node

INSPECTOR = Package(name="@modelcontextprotocol/inspector", part="inspector")
OPENCODE = Package(name="opencode-ai", part="opencode")
CODEX = Package(name="@openai/codex", part="codex")

CLIENTS = (INSPECTOR, OPENCODE, CODEX)

SERVER = "lsp-agent"
"""What the clients call our server."""

InspectorCall: TypeAlias = Callable[[str, Mapping[str, str]], str]
"""Calls a tool with arguments, and gives what is printed."""

_TIMEOUT_S = 90.0


def skip_without_clients() -> None:
    """Skip a test where they are missing: they take a gigabyte, so `make test` does without."""
    if missing := [client.name for client in CLIENTS if not client.is_installed]:
        pytest.skip(f"`make e2e` installs {', '.join(missing)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a client runs: a project, and a home that is empty but for it."""

    project: Path
    home: Path

    @property
    def server(self) -> Sequence[str]:
        """The command of our server, which may do everything."""
        options = ("--root", str(self.project), "--profile", "full", "--level", "auto", "--trust")
        return (sys.executable, "-m", "lsp_agent", "mcp", *options)

    @property
    def environment(self) -> Mapping[str, str]:
        """What the client may know of the machine."""
        return {
            "PATH": f"{node().parent}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "CI": "1",
            "NO_COLOR": "1",
            "DO_NOT_TRACK": "1",
        }

    def write(self, name: str, text: str) -> Path:
        """Write a file below the home."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def run(scene: Scene, argv: Sequence[str], extra: Mapping[str, str] | None = None) -> str:
    """Run a client in the project to its end, and give what it printed."""
    process = subprocess.Popen(
        argv,
        cwd=scene.project,
        env={**scene.environment, **(extra or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        printed, complaints = process.communicate(timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        os.killpg(process.pid, signal.SIGKILL)
        printed, complaints = process.communicate()
        raise AssertionError(f"{argv[0]} hangs: {printed}\n{complaints}") from error
    assert process.returncode == 0, f"{printed}\n{complaints}"
    return printed


def inspector_call(scene: Scene, tool: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Let the Inspector's command line call one tool, on a connection of its own."""
    argv = [*INSPECTOR.argv("clients/launcher/build/index.js"), "--cli"]
    argv += ["--config", str(_inspector_settings(scene)), "--server", SERVER]
    argv += ["--method", "tools/call", "--tool-name", tool]
    for name, value in arguments.items():
        argv += ["--tool-arg", f"{name}={value}"]
    return json.loads(run(scene, argv))


@contextmanager
def inspector_connection(scene: Scene) -> Generator[InspectorCall]:
    """Let the Inspector keep one connection for several calls."""
    program = INSPECTOR.argv("clients/mcpdo/build/mcp-bin.js")
    # The path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="mcp") as folder:
        extra = {"MCP_INSPECTOR_DAEMON_DIR": folder, "MCP_INSPECTOR_DAEMON_TOKEN": "of-this-test"}

        def call(tool: str, arguments: Mapping[str, str]) -> str:
            pairs = [f"{name}:={json.dumps(value)}" for name, value in arguments.items()]
            return run(scene, [*program, f"@{SERVER}", "tools/call", tool, *pairs], extra)

        run(
            scene, [*program, "--config", str(_inspector_settings(scene)), "connect", SERVER], extra
        )
        try:
            yield call
        finally:
            run(scene, [*program, "daemon", "stop"], extra)


def _inspector_settings(scene: Scene) -> Path:
    command, *options = scene.server
    entry = {"type": "stdio", "command": command, "args": options}
    return scene.write("inspector.json", json.dumps({"mcpServers": {SERVER: entry}}))


def opencode_run(scene: Scene, model_url: str, prompt: str) -> str:
    """Let OpenCode work on a prompt, and give what it printed."""
    model = {"name": "scripted", "limit": {"context": 200_000, "output": 8_192}, "tool_call": True}
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "name": "Scripted",
        "options": {"baseURL": model_url, "apiKey": "none"},
        "models": {"scripted": model},
    }
    server = {"type": "local", "command": list(scene.server), "enabled": True}
    settings = {
        "provider": {"scripted": provider},
        "model": "scripted/scripted",
        "small_model": "scripted/scripted",
        "mcp": {SERVER: server},
        "autoupdate": False,
        "share": "disabled",
        "permission": {"*": "allow"},
    }
    scene.write(".config/opencode/opencode.json", json.dumps(settings))
    quiet = ("AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "DEFAULT_PLUGINS")
    extra = {f"OPENCODE_DISABLE_{name}": "1" for name in quiet}
    program = str(OPENCODE.program("opencode"))
    argv = [program, "run", "--pure", "--format", "json", "--dir", str(scene.project), prompt]
    return run(scene, argv, extra)


def codex_run(scene: Scene, model_url: str, prompt: str) -> str:
    """Let Codex work on a prompt, and give what it printed."""
    command, *options = scene.server
    settings = f"""\
model = "scripted"
model_provider = "scripted"
model_context_window = 200000
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[analytics]
enabled = false

[model_providers.scripted]
name = "Scripted"
base_url = {json.dumps(model_url)}
env_key = "SCRIPTED_KEY"
wire_api = "responses"

[mcp_servers.{SERVER}]
command = {json.dumps(command)}
args = {json.dumps(options)}
startup_timeout_sec = 30
required = true
default_tools_approval_mode = "approve"
"""
    path = scene.write(".codex/config.toml", settings)
    program = str(CODEX.program("codex"))
    argv = [program, "exec", "--json", "--skip-git-repo-check"]
    argv += ["--dangerously-bypass-approvals-and-sandbox", "-C", str(scene.project), prompt]
    return run(scene, argv, {"CODEX_HOME": str(path.parent), "SCRIPTED_KEY": "none"})
