"""The commands, from the code action to the changed buffer and back."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.server.convert import path_of
from lsp_agent.testkit.server import ScriptedModel
from tests.lsp_agent.server.conftest import UseModel
from tests.support.editor import EditorKind, open_editor

TYPO = "def area(width, height):\n    return widht * height\n\n\nprint(area(1, 2))\n"
FIXED = TYPO.replace("widht", "width")


def project(tmp_path: Path, text: str = TYPO) -> Path:
    path = tmp_path / "a.py"
    path.write_bytes(text.encode())
    return path


@pytest.mark.asyncio
@pytest.mark.parametrize("encoding", list(lsp.PositionEncodingKind))
async def test_fix_changes_the_buffer_and_not_the_disk(
    tmp_path: Path, encoding: lsp.PositionEncodingKind
) -> None:
    text = TYPO.replace("return", "𝄞 = 'é€𝄞'; return")
    path = project(tmp_path, text.replace("𝄞 =", "note ="))
    shown = path.read_text(encoding="utf-8")
    async with open_editor(tmp_path, EditorKind(encoding=encoding)) as editor:
        uri = editor.open(path)
        await editor.fix_first(uri)
        # The first problem of this line is the unused variable.
        assert editor.buffers[uri].text != shown
        assert editor.warnings == []
        assert path.read_text(encoding="utf-8") == shown


@pytest.mark.asyncio
async def test_fix_names_the_version_and_makes_the_smallest_edit(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        await editor.fix_first(uri)
        (applied,) = editor.applied
        changes = applied.edit.document_changes
        assert changes is not None
        (change,) = changes
        assert isinstance(change, lsp.TextDocumentEdit)
        assert change.text_document.version == 1
        (edit,) = change.edits
        assert edit.range.start.line == edit.range.end.line == 1
        assert editor.buffers[uri].text == FIXED


@pytest.mark.asyncio
async def test_unsaved_text_is_what_is_fixed(tmp_path: Path) -> None:
    path = project(tmp_path, "x = 1\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path, TYPO)
        await editor.fix_first(uri)
        assert editor.buffers[uri].text == FIXED


@pytest.mark.asyncio
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
async def test_line_ends_stay_as_they_are(tmp_path: Path, newline: str) -> None:
    path = project(tmp_path, TYPO.replace("\n", newline))
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        await editor.fix_first(uri)
        assert editor.buffers[uri].text == FIXED.replace("\n", newline)


@pytest.mark.asyncio
async def test_fix_all_repairs_every_problem_of_the_file(tmp_path: Path) -> None:
    path = project(tmp_path, "import os\n" + TYPO.replace("print(", "pritn("))
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        await editor.execute("lspAgent.fixAll", {"uri": uri})
        await editor.work_ends()
        assert editor.buffers[uri].text == FIXED
        assert await editor.diagnostics(uri) == []


@pytest.mark.asyncio
async def test_undo_takes_the_fix_back_and_keeps_what_was_typed_since(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        await editor.fix_first(uri)
        editor.type(uri, "print(area(1, 2))", "print(area(3, 4))")
        await editor.execute("lspAgent.undo", {"uri": uri})
        expected = TYPO.replace("area(1, 2)", "area(3, 4)")
        await editor.until(lambda: editor.buffers[uri].text == expected)


@pytest.mark.asyncio
async def test_undo_with_nothing_to_undo_says_so(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path) as editor:
        editor.open(path)
        await editor.execute("lspAgent.undo")
        await editor.until(lambda: bool(editor.warnings))
        assert "there is no change" in editor.warnings[0]


@pytest.mark.asyncio
async def test_undo_after_the_editors_own_undo_changes_nothing(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        await editor.fix_first(uri)
        editor.type(uri, "return width", "return widht")
        await editor.execute("lspAgent.undo")
        await editor.until(lambda: sum(v["kind"] == "end" for _, v in editor.progress) == 2)
        assert editor.buffers[uri].text == TYPO
        assert len(editor.applied) == 1


@pytest.mark.asyncio
async def test_explain_shows_an_answer_and_edits_nothing(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        diagnostics = await editor.diagnostics(uri)
        actions = await editor.actions(uri, diagnostics[0].range, diagnostics)
        await editor.run(next(a for a in actions if a.title.startswith("Explain")))
        await editor.until(lambda: bool(editor.messages))
        assert "F821" in editor.messages[0].message
        assert editor.applied == []


@pytest.mark.asyncio
async def test_typing_elsewhere_while_the_edit_is_on_its_way_is_kept(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)

        def type_once() -> None:
            editor.before_apply = lambda: None
            editor.type(uri, "print(area(1, 2))", "print(area(10, 20))")

        editor.before_apply = type_once
        await editor.fix_first(uri)
        assert editor.buffers[uri].text == FIXED.replace("area(1, 2)", "area(10, 20)")
        assert editor.warnings == []


@pytest.mark.asyncio
async def test_typing_on_the_same_line_wins_and_the_person_is_told(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)

        def type_once() -> None:
            editor.before_apply = lambda: None
            editor.type(uri, "return widht * height", "return width + height")

        editor.before_apply = type_once
        await editor.fix_first(uri)
        await editor.until(lambda: bool(editor.warnings))
        assert editor.buffers[uri].text == TYPO.replace("widht * height", "width + height")
        assert "was changed after the edit was computed" in editor.warnings[0]


@pytest.mark.asyncio
async def test_two_fixes_at_once_in_one_file_both_arrive(tmp_path: Path) -> None:
    path = project(tmp_path, TYPO.replace("print(", "pritn("))
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        found = await editor.diagnostics(uri)
        assert len(found) == 2
        both = [
            editor.execute("lspAgent.fix", {"uri": uri, "diagnostics": [diagnostic]})
            for diagnostic in found
        ]
        await asyncio.gather(*both)
        await editor.until(lambda: editor.buffers[uri].text == FIXED)
        await editor.until(lambda: sum(v["kind"] == "end" for _, v in editor.progress) == 2)
        assert editor.warnings == []


@pytest.mark.asyncio
async def test_a_client_without_apply_edit_is_told_and_nothing_changes(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path, EditorKind(can_apply_edits=False)) as editor:
        uri = editor.open(path)
        await editor.fix_first(uri)
        await editor.until(lambda: bool(editor.warnings))
        assert "workspace/applyEdit" in editor.warnings[0]
        assert editor.buffers[uri].text == TYPO
        assert path.read_text(encoding="utf-8") == TYPO


@pytest.mark.asyncio
async def test_a_client_without_progress_is_served_by_messages(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path, EditorKind(shows_progress=False)) as editor:
        uri = editor.open(path)
        await editor.fix_first(uri)
        assert editor.progress == []
        assert editor.buffers[uri].text == FIXED


@pytest.mark.asyncio
async def test_a_problem_that_no_rule_fits_leaves_the_text_and_says_how_to_go_on(
    tmp_path: Path,
) -> None:
    path = project(tmp_path, "print(zzzzzzzzqqq)\n")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        await editor.fix_first(uri)
        await editor.until(lambda: bool(editor.warnings))
        assert "no rule fits" in editor.warnings[0]
        assert "ANTHROPIC_API_KEY" in editor.warnings[0]
        assert editor.buffers[uri].text == "print(zzzzzzzzqqq)\n"


@pytest.mark.asyncio
async def test_a_file_deleted_on_disk_is_fixed_in_its_buffer(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(path)
        path.unlink()
        await editor.fix_first(uri)
        assert editor.buffers[uri].text == FIXED
        assert not path.exists()


@pytest.mark.asyncio
async def test_a_link_that_leads_out_of_the_workspace_is_refused(tmp_path: Path) -> None:
    outside = project(tmp_path)
    root = tmp_path / "root"
    root.mkdir()
    os.symlink(outside, root / "link.py")
    async with open_editor(root) as editor:
        uri = editor.open(root / "link.py")
        await editor.execute("lspAgent.fixAll", {"uri": uri})
        await editor.until(lambda: bool(editor.warnings))
        assert "leads out of" in editor.warnings[0]
        assert editor.buffers[uri].text == TYPO
        assert outside.read_text(encoding="utf-8") == TYPO


@pytest.mark.asyncio
async def test_a_link_within_the_workspace_is_fixed_under_the_name_it_was_opened_by(
    tmp_path: Path,
) -> None:
    path = project(tmp_path)
    os.symlink(path, tmp_path / "link.py")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "link.py")
        await editor.fix_first(uri)
        assert editor.buffers[uri].text == FIXED


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("untitled:Untitled-1", "save the document to a file first"),
        ("file:///nowhere/at/all.py", "there is no"),
    ],
)
async def test_a_document_that_cannot_be_worked_on_gets_a_reason(
    tmp_path: Path, uri: str, message: str
) -> None:
    async with open_editor(tmp_path) as editor:
        await editor.execute("lspAgent.fixAll", {"uri": uri})
        await editor.until(lambda: bool(editor.warnings))
        assert message in editor.warnings[0]


@pytest.mark.asyncio
async def test_a_wrong_setting_of_the_editor_is_named(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path, options={"max_steps": "many"}) as editor:
        editor.open(path)
        await editor.until(lambda: bool(editor.warnings))
        assert "initializationOptions" in editor.warnings[0]
        assert "max_steps" in editor.warnings[0]


@pytest.mark.asyncio
@pytest.mark.parametrize("setting", ["base_url", "api_key"])
async def test_an_editor_cannot_say_where_the_key_goes(tmp_path: Path, setting: str) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path, options={setting: "http://127.0.0.1:9"}) as editor:
        editor.open(path)
        await editor.until(lambda: bool(editor.warnings))
        assert f"{setting!r} cannot be set by an editor" in editor.warnings[0]


@pytest.mark.asyncio
async def test_a_model_without_a_key_is_an_answer_not_a_crash(tmp_path: Path) -> None:
    path = project(tmp_path)
    async with open_editor(tmp_path, options={"model": "claude-sonnet-5-5"}) as editor:
        uri = editor.open(path)
        await editor.execute("lspAgent.fixAll", {"uri": uri})
        await editor.until(lambda: bool(editor.warnings))
        assert "ANTHROPIC_API_KEY" in editor.warnings[0]


@pytest.mark.asyncio
async def test_ask_tells_the_model_where_the_user_looks_and_shows_its_answer(
    tmp_path: Path, use_model: UseModel
) -> None:
    path = project(tmp_path)
    script = {"turns": [{"content": [{"type": "text", "text": "It adds. " * 60}]}]}
    with ScriptedModel(script) as model:
        kind = EditorKind(shows_documents=True)
        async with open_editor(tmp_path, kind, use_model(model)) as editor:
            uri = editor.open(path)
            at = lsp.Range(lsp.Position(0, 0), lsp.Position(1, 4))
            await editor.execute("lspAgent.ask", {"text": "What?", "uri": uri, "range": at})
            await editor.until(lambda: bool(editor.shown))
            shown = path_of(editor.shown[0].uri)
            assert shown is not None
            assert shown.read_text(encoding="utf-8") == "It adds. " * 60
            assert "a.py, lines 1 to 2" in json.dumps(model.requests[0].body)
