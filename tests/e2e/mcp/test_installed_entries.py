"""Real clients read the entries that `lsp-agent mcp install` has written for them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.mcp.clients import CODEX, OPENCODE, SERVER, Scene, run, skip_without_clients

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[3]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    skip_without_clients()
    project, home = tmp_path / "project", tmp_path / "home"
    home.mkdir()
    project.mkdir()
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    return Scene(project=project, home=home)


def _install(scene: Scene, client: str) -> None:
    scene_environment = {**scene.environment, "PYTHONPATH": str(ROOT)}
    argv = [sys.executable, "-m", "lsp_agent", "mcp", "install", client, "--yes"]
    subprocess.run(argv, cwd=scene.project, env=scene_environment, check=True, timeout=30)


def test_codex_finds_our_entry(scene: Scene) -> None:
    _install(scene, "codex")
    printed = run(scene, [str(CODEX.program("codex")), "mcp", "get", SERVER, "--json"])
    transport = json.loads(printed)["transport"]
    assert transport["type"] == "stdio"
    assert os.path.isabs(transport["command"])
    assert transport["args"][-1] == "mcp"


def test_opencode_starts_our_server(scene: Scene) -> None:
    _install(scene, "opencode")
    quiet = {f"OPENCODE_DISABLE_{name}": "1" for name in ("AUTOUPDATE", "MODELS_FETCH")}
    # Without its script, this installation may be one that only PYTHONPATH makes.
    extra = {**quiet, "PYTHONPATH": str(ROOT)}
    printed = run(scene, [str(OPENCODE.program("opencode")), "mcp", "list"], extra)
    assert SERVER in printed
    assert "connected" in printed
