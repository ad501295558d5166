"""Features about code that are switched off."""

from pathlib import Path
from typing import get_args

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from lsp_agent.config.settings import CodeFeature
from lsp_agent.server.code.switches import Feature, methods_without
from tests.lsp_agent.server.test_main import environment
from tests.support.asking import definition, hover, write
from tests.support.editor import open_editor
from tests.support.stdio import stdio_server

PROVIDERS = {
    Feature.DOCUMENT_SYMBOL: "documentSymbolProvider",
    Feature.WORKSPACE_SYMBOL: "workspaceSymbolProvider",
    Feature.DEFINITION: "definitionProvider",
    Feature.REFERENCES: "referencesProvider",
    Feature.IMPLEMENTATION: "implementationProvider",
    Feature.CALL_HIERARCHY: "callHierarchyProvider",
    Feature.TYPE_HIERARCHY: "typeHierarchyProvider",
    Feature.HOVER: "hoverProvider",
    Feature.RENAME: "renameProvider",
}


def test_the_setting_has_the_names_of_all_features() -> None:
    assert set(get_args(CodeFeature)) == set(Feature)
    assert set(PROVIDERS) == set(Feature) - {Feature.CALLER_COUNTS}


@pytest.mark.parametrize("value", [None, 7, "hover", ["nope"], {"hover": True}])
def test_an_option_that_is_no_list_of_features_switches_nothing_off(value: object) -> None:
    assert not methods_without({"disabled_features": value})


def test_an_editor_is_not_offered_what_its_options_switch_off(tmp_path: Path) -> None:
    off = [Feature.HOVER, Feature.RENAME, Feature.CALL_HIERARCHY, Feature.DEFINITION]
    with stdio_server(environment(tmp_path)) as server:
        options = {"disabled_features": off}
        params = {"processId": None, "capabilities": {}, "initializationOptions": options}
        server.send("initialize", params, 1)
        capabilities = server.answer(1)["result"]["capabilities"]
        offered = {feature for feature, name in PROVIDERS.items() if capabilities.get(name)}
        assert offered == set(PROVIDERS) - set(off)
        assert "declarationProvider" not in capabilities


@pytest.mark.asyncio
async def test_a_feature_that_the_editor_switched_off_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, a="x = 1\nprint(x)\n")
    async with open_editor(tmp_path, options={"disabled_features": ["hover"]}) as editor:
        uri = editor.open(tmp_path / "a.py")
        with pytest.raises(JsonRpcException):
            await hover(editor, uri, "print(|x)")
        assert await definition(editor, uri, "print(|x)") == ["a.py:1:x"]


@pytest.mark.asyncio
async def test_counts_of_callers_can_be_switched_off(tmp_path: Path) -> None:
    write(tmp_path, a="def f(): ...\n")
    async with open_editor(tmp_path, options={"disabled_features": ["caller_counts"]}) as editor:
        uri = editor.open(tmp_path / "a.py")
        assert await editor.all_lenses(uri) == []


@pytest.mark.asyncio
async def test_a_feature_that_the_settings_file_switches_off_answers_with_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "config" / "lsp-agent" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('disabled_features = ["definition"]\n', encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    root = tmp_path / "root"
    write(root, a="x = 1\nprint(x)\n")
    async with open_editor(root) as editor:
        uri = editor.open(root / "a.py")
        assert await definition(editor, uri, "print(|x)") is None


@pytest.mark.asyncio
async def test_an_unknown_feature_is_told(tmp_path: Path) -> None:
    async with open_editor(tmp_path, options={"disabled_features": ["hovers"]}) as editor:
        await editor.until(lambda: bool(editor.warnings))
        assert "disabled_features" in editor.warnings[0]
        assert editor.messages[0].type is lsp.MessageType.Error
