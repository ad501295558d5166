"""What a person is told of earlier sessions when a folder is opened."""

from pathlib import Path

import pytest

from lsp_agent.config.settings import state_folder
from lsp_agent.server.convert import uri_of
from mcp_tools.types.contents import State
from mcp_tools.types.journal import Actor, NewEntry, Origin, Transition
from mcp_tools.workspace.journal.journal import Journal
from tests.lsp_agent.server.conftest import UseModel
from tests.lsp_agent.server.reviewing import THREE, reviewing, with_values
from tests.support.editor import open_editor


def leave_half_done(root: Path, names: tuple[str, ...]) -> None:
    """Begin a change in the journal and make it in the first file, as one that is killed then."""
    old, new = State(content="old\n", mode=0o644), State(content="new\n", mode=0o644)
    for name in names:
        (root / name).write_text("old\n", encoding="utf-8")
        (root / name).chmod(0o644)
    journal = Journal(state_folder(root.resolve()), root.resolve())
    transitions = tuple(
        Transition(path=root.resolve() / name, before=old, after=new) for name in names
    )
    origin = Origin(actor=Actor.USER, name="accept")
    journal.begin(NewEntry(label="Rename all", origin=origin, transitions=transitions))
    (root / names[0]).write_text("new\n", encoding="utf-8")
    journal.close()


@pytest.mark.asyncio
async def test_what_a_killed_process_left_half_done_is_put_back_and_told(tmp_path: Path) -> None:
    leave_half_done(tmp_path, ("a.py", "b.py"))
    async with open_editor(tmp_path) as editor:
        await editor.until(lambda: bool(editor.warnings))
        assert editor.warnings == [
            "lsp-agent was stopped in the middle of 'Rename all'; put back as before: a.py"
        ]
        assert (tmp_path / "a.py").read_text(encoding="utf-8") == "old\n"
    async with open_editor(tmp_path) as editor:
        await editor.execute("lspAgent.cancel")
        assert editor.messages == []


@pytest.mark.asyncio
async def test_what_was_changed_since_is_left_and_named(tmp_path: Path) -> None:
    leave_half_done(tmp_path, ("a.py", "b.py"))
    (tmp_path / "b.py").write_text("typed\n", encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        await editor.until(lambda: bool(editor.warnings))
        assert "put back as before: a.py" in editor.warnings[0]
        assert "left as found, see `lsp-agent history`: b.py" in editor.warnings[0]
        assert (tmp_path / "b.py").read_text(encoding="utf-8") == "typed\n"


@pytest.mark.asyncio
async def test_a_state_folder_that_cannot_be_is_told_and_the_rest_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSP_AGENT_STATE_DIR", "not/absolute")
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        await editor.until(lambda: bool(editor.warnings))
        assert "LSP_AGENT_STATE_DIR: expected an absolute path" in editor.warnings[0]
        uri = editor.open(tmp_path / "a.py")
        assert await editor.diagnostics(uri) == []


@pytest.mark.asyncio
async def test_with_proposals_in_two_folders_one_must_be_named(
    tmp_path: Path, use_model: UseModel
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for root in (first, second):
        root.mkdir()
        (root / ".git").mkdir()
    async with reviewing(first, use_model, (*THREE, *THREE)) as at:
        await at.ask()
        (second / "a.py").write_text(with_values(), encoding="utf-8")
        other = at.editor.open(second / "a.py")
        await at.editor.execute("lspAgent.ask", {"text": "Count", "uri": other})
        await at.editor.until(lambda: at.editor.n_ended == 2)
        await at.editor.execute("lspAgent.accept")
        await at.editor.until(lambda: bool(at.editor.warnings))
        assert "more than one folder" in at.editor.warnings[-1]
        await at.editor.execute("lspAgent.accept", {"uri": uri_of(second / "a.py")})
        whole = with_values(alpha="1", beta="2", gamma="3")
        await at.editor.until(lambda: at.editor.buffers[other].text == whole)
        assert at.text == with_values()
