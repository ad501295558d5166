"""Deciding in the editor's own preview."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.server.convert import uri_of
from tests.lsp_agent.server.conftest import UseModel
from tests.lsp_agent.server.reviewing import (
    NAMES,
    OLD,
    THREE,
    VSCODE,
    edits,
    reviewing,
    says,
    with_values,
    writes,
)
from tests.support.editor import EditorKind

TITLE = "Preview all hunks in the editor"


@pytest.mark.asyncio
async def test_what_the_person_ticks_is_accepted_and_the_rest_waits(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.ask()
        at.editor.ticks = lambda annotation: "return 2" not in annotation.label
        await at.editor.choose(at.uri, 0, TITLE)
        assert at.text == with_values(alpha="1", gamma="3")
        assert await at.waiting() == ["beta"]
        (applied,) = at.editor.applied
        annotations = (applied.edit.change_annotations or {}).values()
        assert [a.label for a in annotations] == [f"return {n} (+1 -1)" for n in (1, 2, 3)]
        assert all(annotation.needs_confirmation for annotation in annotations)
        assert at.editor.progress[-1][1]["message"].startswith("accepted 2 of 3 hunks")


@pytest.mark.asyncio
async def test_what_was_taken_is_in_the_history_and_can_be_undone(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.ask()
        await at.editor.choose(at.uri, 0, TITLE)
        assert at.text == with_values(alpha="1", beta="2", gamma="3")
        assert await at.titles(0) == []
        await at.editor.execute("lspAgent.undo")
        await at.editor.until(lambda: at.text == OLD)
        assert await at.titles(0) == []


@pytest.mark.asyncio
async def test_with_nothing_ticked_all_of_it_still_waits(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.ask()
        at.editor.ticks = lambda annotation: False
        await at.editor.choose(at.uri, 0, TITLE)
        assert at.text == OLD
        assert await at.waiting() == list(NAMES)
        await at.editor.execute("lspAgent.undo")
        await at.editor.until(lambda: bool(at.editor.warnings))
        assert "there is no change" in at.editor.warnings[0]


@pytest.mark.asyncio
async def test_a_preview_of_an_old_text_changes_nothing_and_says_so(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.ask()

        def type_once() -> None:
            at.editor.before_apply = lambda: None
            at.editor.type(at.uri, "x = 1", "x = 2")

        at.editor.before_apply = type_once
        await at.editor.choose(at.uri, 0, TITLE)
        assert at.editor.warnings == [
            "the editor made no change (newer text); all still waits for review"
        ]
        assert await at.waiting() == list(NAMES)


@pytest.mark.asyncio
async def test_other_work_goes_on_while_a_preview_is_open(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.ask()
        at.editor.person_decides.clear()
        at.editor.ticks = lambda annotation: "return 1" in annotation.label
        await at.editor.execute("lspAgent.preview", {"uri": at.uri})
        await at.choose("beta", "Accept hunk")
        assert at.text == with_values(beta="2")
        at.editor.person_decides.set()
        await at.editor.until(lambda: at.editor.n_ended == 3)
        # The preview was of the text before, so the editor refuses it.
        assert at.text == with_values(beta="2")
        assert "the editor made no change" in at.editor.warnings[0]
        assert await at.waiting() == ["alpha", "gamma"]


@pytest.mark.asyncio
async def test_files_that_the_editor_can_make_are_in_the_preview_too(
    tmp_path: Path, use_model: UseModel
) -> None:
    turns = (edits(alpha="1"), writes("new.py", "z = 1\n"), says("Done."))
    async with reviewing(tmp_path, use_model, turns, VSCODE) as at:
        await at.ask()
        await at.editor.choose(at.uri, 0, TITLE)
        changes = at.editor.applied[0].edit.document_changes or ()
        made = [change for change in changes if isinstance(change, lsp.CreateFile)]
        assert [change.uri for change in made] == [uri_of(tmp_path / "new.py")]
        assert made[0].annotation_id is not None
        assert at.editor.buffers[made[0].uri].text == "z = 1\n"


@pytest.mark.asyncio
async def test_it_is_not_offered_to_an_editor_that_knows_no_annotations(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, THREE) as at:
        await at.ask()
        assert TITLE not in await at.titles(0)


@pytest.mark.asyncio
async def test_what_the_editor_cannot_make_is_not_in_the_preview(
    tmp_path: Path, use_model: UseModel
) -> None:
    kind = EditorKind(confirms_changes=True, can_create_files=False)
    turns = (writes("new.py", "z = 1\n"), says("Done."))
    async with reviewing(tmp_path, use_model, turns, kind) as at:
        await at.ask()
        await at.editor.execute("lspAgent.preview")
        await at.editor.until(lambda: bool(at.editor.warnings))
        assert "none of these changes can be previewed" in at.editor.warnings[0]
