"""The commands about trust, where they cannot be meant."""

from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException

from tests.support.editor import open_editor

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("command", ["lspAgent.trust", "lspAgent.revokeTrust"])
async def test_a_document_without_a_folder_is_refused(tmp_path: Path, command: str) -> None:
    async with open_editor(tmp_path) as editor:
        with pytest.raises(JsonRpcException, match="works on files"):
            await editor.execute(command, {"uri": "untitled:a"})
        with pytest.raises(JsonRpcException):
            await editor.execute(command, {"uri": 1})


async def test_what_is_trusted_by_settings_is_not_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    (own_home / ".config" / "lsp-agent").mkdir(parents=True)
    (own_home / ".config" / "lsp-agent" / "config.toml").write_text(
        f'trusted_folders = ["{tmp_path}"]\n', encoding="utf-8"
    )
    async with open_editor(tmp_path) as editor:
        with pytest.raises(JsonRpcException, match="still trusted: your settings trust"):
            await editor.execute("lspAgent.revokeTrust")
