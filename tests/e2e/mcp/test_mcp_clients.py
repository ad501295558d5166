"""Real clients find a symbol, edit a file and run a command through `lsp-agent mcp`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.mcp.clients import (
    Scene,
    codex_run,
    inspector_call,
    inspector_connection,
    opencode_run,
    skip_without_clients,
)
from tests.support.openai_model import OpenAiModel, Wish

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

SHOP = '''\
class Cart:
    """What somebody wants to buy."""

    def total(self) -> int:
        return 21
'''

WISHES = (
    Wish(tool="find_symbol", arguments={"name_path": "Cart/total"}),
    Wish(tool="read_file", arguments={"path": "shop.py"}),
    Wish(
        tool="edit_file",
        arguments={"path": "shop.py", "old_string": "return 21", "new_string": "return 42"},
    ),
    Wish(tool="shell", arguments={"command": "expr 6 '*' 7 > made.txt"}),
)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    skip_without_clients()
    project, home = tmp_path / "project", tmp_path / "home"
    home.mkdir()
    project.mkdir()
    (project / "shop.py").write_text(SHOP, encoding="utf-8")
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    return Scene(project=project, home=home)


def test_the_inspector_calls_our_tools(scene: Scene) -> None:
    found = inspector_call(scene, "find_symbol", {"name_path": "Cart/total"})
    assert not found.get("isError")
    assert "shop.py" in found["content"][0]["text"]
    assert "shop.py" in str(found["structuredContent"])
    with inspector_connection(scene) as call:
        for wish in WISHES[1:]:
            call(wish.tool, wish.arguments)
    _assert_all_is_done(scene)


@pytest.mark.parametrize("client_run", [opencode_run, codex_run])
def test_a_client_lets_its_model_call_our_tools(
    client_run: Callable[[Scene, str, str], str], scene: Scene
) -> None:
    with OpenAiModel(WISHES) as model:
        printed = client_run(scene, model.url, "Please make the total right.")
    assert len(model.seen.results) == len(WISHES), (model.seen, printed)
    found, *_ = model.seen.results
    assert "shop.py" in found
    _assert_all_is_done(scene)


def _assert_all_is_done(scene: Scene) -> None:
    assert (scene.project / "shop.py").read_text(encoding="utf-8") == SHOP.replace("21", "42")
    assert (scene.project / "made.txt").read_text(encoding="utf-8") == "42\n"
