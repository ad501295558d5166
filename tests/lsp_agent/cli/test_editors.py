"""The lines for the editors are well-formed, and start our server."""

import json
import tomllib
from pathlib import Path

import pytest

from lsp_agent.cli.editors import EDITORS

README = Path(__file__).parents[3] / "README.md"
BY_NAME = {editor.name: editor for editor in EDITORS}


def test_every_editor_uses_the_server_for_diffs_too() -> None:
    """A review is shown as a diff, with code actions inside of it."""
    assert all("diff" in editor.lines for editor in EDITORS)


def test_every_editor_is_told_to_start_the_server() -> None:
    for editor in EDITORS:
        assert "lsp-agent" in editor.lines
        assert "lsp" in editor.lines.replace("lsp-agent", "").replace("lsp_agent", "")


def test_helix_gets_toml_that_uses_the_server_for_python_and_diffs() -> None:
    settings = tomllib.loads(BY_NAME["Helix"].lines)
    assert settings["language-server"]["lsp-agent"] == {"command": "lsp-agent", "args": ["lsp"]}
    assert settings["language"] == [
        {"name": name, "language-servers": ["lsp-agent"]} for name in ("python", "diff")
    ]


def test_vs_code_gets_json() -> None:
    settings = json.loads(BY_NAME["VS Code"].lines)
    assert settings["glspc.server.command"] == "lsp-agent"


@pytest.mark.parametrize("name", ["Neovim", "Helix", "Emacs"])
def test_the_readme_shows_the_same_lines(name: str) -> None:
    editor = BY_NAME[name]
    assert f"```{editor.language}\n{editor.lines}```" in README.read_text(encoding="utf-8")


def test_emacs_gets_balanced_lisp() -> None:
    lines = BY_NAME["Emacs"].lines
    assert lines.count("(") == lines.count(")")
