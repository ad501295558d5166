"""Settings files on disk: replaced whole, kept as they were, and never over a newer one."""

import os
import stat
from pathlib import Path

import pytest

from lsp_agent.installing.client import Places
from lsp_agent.installing.files import (
    our_program,
    project_file,
    read_settings_file,
    replace_settings_file,
    user_file,
)
from lsp_agent.installing.registry import client_of
from mcp_tools.types.errors import Conflict, Denied, NotText


def test_a_new_file_is_the_users_own_and_nothing_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.json"
    file = read_settings_file(path)
    assert (file.content, file.text) == (None, "")
    assert replace_settings_file(file, "{}\n", backups=tmp_path / "kept") is None
    assert path.read_text(encoding="utf-8") == "{}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["a.json"]


def test_a_file_keeps_its_mode_its_mark_and_a_private_copy(tmp_path: Path) -> None:
    path, backups = tmp_path / ".a.json", tmp_path / "kept"
    path.write_bytes("\ufeff{}".encode())
    path.chmod(0o640)
    for number, text in enumerate(("1", "2"), start=1):
        before = path.read_bytes()
        kept = replace_settings_file(read_settings_file(path), text, backups=backups)
        assert kept is not None
        assert kept == backups / f"{number:04}-a.json"
        assert kept.read_bytes() == before
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert path.read_bytes() == "\ufeff2".encode()
    assert read_settings_file(path).text == "2"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(backups.stat().st_mode) == 0o700


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles" / "a.json", tmp_path / "a.json"
    real.parent.mkdir()
    real.write_text("1", encoding="utf-8")
    link.symlink_to(real)
    replace_settings_file(read_settings_file(link), "2", backups=tmp_path / "kept")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "2"


def test_what_somebody_wrote_meanwhile_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("1", encoding="utf-8")
    file = read_settings_file(path)
    path.write_text("2", encoding="utf-8")
    with pytest.raises(Conflict, match="changed meanwhile"):
        replace_settings_file(file, "3", backups=tmp_path / "kept")
    assert path.read_text(encoding="utf-8") == "2"
    assert sorted(os.listdir(tmp_path)) == ["a.json", "kept"]


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Denied, match="to be a file"):
        read_settings_file(tmp_path)
    (tmp_path / "a").write_bytes(b"\xff{}")
    with pytest.raises(NotText, match="not UTF-8"):
        _ = read_settings_file(tmp_path / "a").text
    (tmp_path / "b").symlink_to("b")
    with pytest.raises(Denied, match="cannot be read"):
        read_settings_file(tmp_path / "b")


def test_a_link_in_a_project_leads_nowhere_else(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    client = client_of("vscode")
    assert project_file(client, root) == root / ".vscode/mcp.json"
    (root / ".vscode").symlink_to(tmp_path)
    with pytest.raises(Denied, match="leads out of the project"):
        project_file(client, root)


@pytest.mark.parametrize(
    ("name", "platform", "variables", "expected"),
    [
        ("claude-code", "linux", {}, "/h/.claude.json"),
        ("claude-code", "linux", {"CLAUDE_CONFIG_DIR": "/c"}, "/c/.claude.json"),
        ("codex", "linux", {}, "/h/.codex/config.toml"),
        ("codex", "linux", {"CODEX_HOME": "/c"}, "/c/config.toml"),
        ("codex", "linux", {"CODEX_HOME": "relative"}, "/h/.codex/config.toml"),
        ("opencode", "linux", {}, "/h/.config/opencode/opencode.json"),
        ("opencode", "darwin", {"XDG_CONFIG_HOME": "/x"}, "/x/opencode/opencode.json"),
        ("gemini", "linux", {}, "/h/.gemini/settings.json"),
        ("cursor", "linux", {}, "/h/.cursor/mcp.json"),
        ("vscode", "linux", {}, "/h/.config/Code/User/mcp.json"),
        ("vscode", "darwin", {}, "/h/Library/Application Support/Code/User/mcp.json"),
        ("vscode", "win32", {"APPDATA": "/r"}, "/r/Code/User/mcp.json"),
        ("zed", "darwin", {}, "/h/.config/zed/settings.json"),
        ("zed", "win32", {}, "/h/AppData/Roaming/Zed/settings.json"),
    ],
)
def test_each_client_has_its_file(
    name: str, platform: str, variables: dict[str, str], expected: str
) -> None:
    places = Places(home=Path("/h"), variables=variables, platform=platform)
    assert user_file(client_of(name), places).as_posix() == expected


def test_the_file_that_is_there_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "opencode"
    folder.mkdir(parents=True)
    (folder / "opencode.jsonc").write_text("{}", encoding="utf-8")
    places = Places(home=tmp_path, variables={}, platform="linux")
    assert user_file(client_of("opencode"), places) == folder / "opencode.jsonc"


def test_our_own_program_is_named_by_its_path() -> None:
    assert Path(our_program()[0]).is_absolute()
