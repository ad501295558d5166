"""The question whether a folder is trusted: once, about power, and never in the way."""

from pathlib import Path

import pytest

from lsp_agent.config.settings import user_state_folder
from lsp_agent.permissions.levels import Trust
from lsp_agent.server.trusting import NO, YES
from lsp_agent.trust.store import TrustStore
from tests.support.editor import Editor, EditorKind, open_editor

pytestmark = pytest.mark.asyncio


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "a.py").write_text("import os\n", encoding="utf-8")
    return root


def hook(root: Path) -> None:
    (root / ".lsp-agent").mkdir(exist_ok=True)
    (root / ".lsp-agent" / "hooks.toml").write_text("a = 1\n", encoding="utf-8")


def trust_of(root: Path) -> Trust:
    return TrustStore(user_state_folder()).trust_of(root)


async def opened(editor: Editor, root: Path) -> None:
    """Use the server until it has surely seen the folder."""
    uri = editor.open(root / "a.py")
    assert await editor.diagnostics(uri)


async def test_a_folder_that_asks_for_nothing_is_not_asked_about(root: Path) -> None:
    async with open_editor(root) as editor:
        await opened(editor, root)
        answer = await editor.execute("lspAgent.revokeTrust")
    assert answer == {"folder": str(root), "trust": "untrusted"}
    assert editor.questions == []


async def test_what_asks_for_power_is_asked_about_and_answers_do_not_wait(root: Path) -> None:
    hook(root)
    async with open_editor(root, EditorKind()) as editor:
        editor.answer = YES
        await opened(editor, root)
        await editor.until(lambda: any("is trusted" in m.message for m in editor.messages))
    (question,) = editor.questions
    assert [action.title for action in question.actions or ()] == [YES, NO]
    assert "Do you trust" in question.message
    assert "hooks: .lsp-agent/hooks.toml (off)" in question.message
    assert trust_of(root) is Trust.TRUSTED


@pytest.mark.parametrize("answer", [NO, None])
async def test_anything_else_is_a_no(root: Path, answer: str | None) -> None:
    hook(root)
    async with open_editor(root) as editor:
        editor.answer = answer
        await opened(editor, root)
        await editor.until(lambda: bool(editor.questions))
    assert trust_of(root) is Trust.UNTRUSTED


async def test_an_editor_that_cannot_ask_means_no(root: Path) -> None:
    hook(root)
    async with open_editor(root, EditorKind(answers_questions=False)) as editor:
        await opened(editor, root)
        await editor.until(lambda: bool(editor.questions))
    assert trust_of(root) is Trust.UNTRUSTED


async def test_a_changed_power_asks_again_and_an_agreed_one_does_not(root: Path) -> None:
    hook(root)
    TrustStore(user_state_folder()).grant(root)
    async with open_editor(root) as editor:
        await opened(editor, root)
    assert editor.questions == []
    (root / ".lsp-agent" / "hooks.toml").write_text("a = 2\n", encoding="utf-8")
    async with open_editor(root) as editor:
        await opened(editor, root)
        await editor.until(lambda: bool(editor.questions))
    assert "changed since you trusted it" in editor.questions[0].message


async def test_a_command_asks_and_another_takes_the_trust_back(root: Path) -> None:
    async with open_editor(root) as editor:
        uri = editor.open(root / "a.py")
        editor.answer = YES
        answer = await editor.execute("lspAgent.trust", {"uri": uri})
        assert answer == {"folder": str(root), "trust": "untrusted"}
        await editor.until(lambda: any("is trusted" in m.message for m in editor.messages))
        assert trust_of(root) is Trust.TRUSTED
        answer = await editor.execute("lspAgent.revokeTrust", {"uri": uri})
        assert answer == {"folder": str(root), "trust": "untrusted"}
        assert trust_of(root) is Trust.UNTRUSTED
