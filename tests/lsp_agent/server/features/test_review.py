"""Deciding on proposals from an editor without any plugin."""

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp

from tests.lsp_agent.server.conftest import UseModel
from tests.lsp_agent.server.reviewing import (
    NAMES,
    OLD,
    THREE,
    VSCODE,
    Reviewing,
    edits,
    line_of,
    reviewing,
    revises,
    says,
    with_values,
    writes,
)
from tests.support.editor import EditorKind


async def proposal_id(at: Reviewing) -> str:
    """Give the id of the proposal that waits, as an action has it."""
    here = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    command = (await at.editor.actions(at.uri, here, []))[0].command
    assert command is not None
    assert command.arguments is not None
    part: Any = command.arguments[0]
    return str(part["proposalId"])


@pytest.mark.asyncio
async def test_edits_that_no_check_confirmed_wait_for_review(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        assert at.text == OLD
        assert at.editor.applied == []
        assert "3 hunks in 1 file wait for your decision" in at.editor.messages[-1].message
        assert await at.waiting() == list(NAMES)


@pytest.mark.asyncio
async def test_one_hunk_is_accepted_one_rejected_and_one_stays(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        await at.choose("alpha", "Accept hunk")
        await at.choose("beta", "Reject hunk")
        assert at.text == with_values(alpha="1")
        assert await at.waiting() == ["gamma"]
        assert at.editor.warnings == []


@pytest.mark.asyncio
async def test_what_is_offered_on_a_hunk_and_beside_one(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        wider = [
            "Accept all in this file (3)",
            "Reject all in this file (3)",
            "Accept all (3 in 1 file)",
            "Reject all (3 in 1 file)",
            "Show proposed changes",
        ]
        gist = "return 2 (+1 -1)"
        assert await at.titles(line_of("beta")) == [
            f"Accept hunk: {gist}",
            f"Reject hunk: {gist}",
            f"Explain hunk: {gist}",
            f"Ask for another: {gist}",
            *wider,
        ]
        assert await at.titles(0) == wider
        assert await at.titles(line_of("beta"), only=["refactor"]) == []
        assert len(await at.titles(line_of("beta"), only=["quickfix"])) == 9


@pytest.mark.asyncio
async def test_what_is_typed_between_proposal_and_decision_is_kept(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        at.editor.type(at.uri, "def alpha", "# typed\n# above\ndef alpha")
        at.editor.type(at.uri, "x = 1", "x = 1  # typed below")
        await at.choose("beta", "Accept hunk")
        typed = OLD.replace("def alpha", "# typed\n# above\ndef alpha")
        typed = typed.replace("x = 1", "x = 1  # typed below")
        assert at.text == with_values(typed, beta="2")
        assert await at.waiting() == ["alpha", "gamma"]


@pytest.mark.asyncio
async def test_a_hunk_whose_lines_were_changed_is_stale_and_can_only_be_rejected(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        at.editor.type(at.uri, "def beta():\n    return 0", "def beta():\n    return 77")
        typed = OLD.replace("def beta():\n    return 0", "def beta():\n    return 77")
        titles = await at.titles(line_of("beta"))
        (stale,) = [title for title in titles if title.startswith("Reject stale hunk")]
        assert "return 2" in stale
        assert not [title for title in titles if title.startswith("Accept")]
        await at.choose("beta", "Reject stale hunk")
        await at.choose("beta", "Accept all in this file")
        assert at.text == with_values(typed, alpha="1", gamma="3")


@pytest.mark.asyncio
async def test_a_file_of_which_nothing_fits_is_rejected_with_the_reason(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, (edits(alpha="1"), says("Done."))) as at:
        await at.ask()
        at.editor.type(at.uri, "def alpha():\n    return 0", "def alpha():\n    return 77")
        titles = await at.titles(0)
        assert titles[0].startswith("Reject stale changes of this file (line 2 of 'a.py' was chang")
        await at.choose("alpha", "Reject stale changes")
        assert await at.titles(0) == []
        assert "return 77" in at.text


@pytest.mark.asyncio
async def test_all_is_accepted_over_files_that_are_open_and_not(
    tmp_path: Path, use_model: UseModel
) -> None:
    turns = (edits(alpha="1"), writes("new.py", "z = 1\n"), says("Done."))
    async with reviewing(tmp_path, use_model, turns) as at:
        await at.ask()
        assert "2 hunks in 2 files" in at.editor.messages[-1].message
        await at.editor.choose(at.uri, 0, "Accept all (2 in 2 files)")
        assert at.text == with_values(alpha="1")
        assert at.path.read_text(encoding="utf-8") == OLD
        assert (tmp_path / "new.py").read_text(encoding="utf-8") == "z = 1\n"
        assert await at.titles(0) == []


@pytest.mark.asyncio
async def test_another_is_asked_for_and_replaces_the_hunk(
    tmp_path: Path, use_model: UseModel
) -> None:
    turns = (*THREE, revises("return 2", "return 22"), says("Another."))
    async with reviewing(tmp_path, use_model, turns) as at:
        await at.ask()
        await at.choose("alpha", "Accept hunk")
        await at.choose("beta", "Ask for another")
        asked = json.dumps(at.model.requests[-2].body)
        assert "Propose another way" in asked
        await at.choose("beta", "Accept hunk: return 22")
        assert at.text == with_values(alpha="1", beta="22")
        assert await at.waiting() == ["gamma"]


@pytest.mark.asyncio
async def test_a_hunk_is_explained_and_stays(tmp_path: Path, use_model: UseModel) -> None:
    async with reviewing(tmp_path, use_model, (*THREE, says("It counts."))) as at:
        await at.ask()
        await at.choose("beta", "Explain hunk")
        assert at.editor.messages[-1].message == "It counts."
        assert await at.waiting() == list(NAMES)
        assert at.text == OLD


@pytest.mark.asyncio
async def test_a_restart_keeps_what_waits_and_tells_of_it(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        await at.choose("alpha", "Reject hunk")
    async with reviewing(tmp_path, use_model, ()) as at:
        await at.editor.until(lambda: bool(at.editor.messages))
        message = at.editor.messages[0].message
        assert message.startswith("A proposal of an earlier session waits")
        await at.choose("beta", "Accept hunk")
        assert at.text == with_values(beta="2")
        await at.editor.execute("lspAgent.undo", {"uri": at.uri})
        await at.editor.until(lambda: at.text == OLD)


@pytest.mark.asyncio
async def test_an_accepted_hunk_is_undone_and_redone(tmp_path: Path, use_model: UseModel) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        await at.choose("alpha", "Accept hunk")
        await at.choose("gamma", "Accept hunk")
        await at.editor.execute("lspAgent.undo")
        await at.editor.until(lambda: at.text == with_values(alpha="1"))
        await at.editor.execute("lspAgent.undo", {"entry": "1"})
        await at.editor.until(lambda: at.text == OLD)
        await at.editor.execute("lspAgent.redo", {"uri": at.uri})
        await at.editor.until(lambda: at.text == with_values(alpha="1"))
        assert at.editor.warnings == []


@pytest.mark.asyncio
async def test_undo_to_a_point_in_time_takes_all_since_then_back(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        await at.choose("alpha", "Accept hunk")
        await at.choose("gamma", "Accept hunk")
        await at.editor.execute("lspAgent.undo", {"since": "2020-01-01T00:00:00"})
        await at.editor.until(lambda: at.text == OLD)
        await at.editor.execute("lspAgent.undo", {"since": "last week"})
        await at.editor.until(lambda: bool(at.editor.warnings))
        assert "since: expected a moment" in at.editor.warnings[0]


@pytest.mark.asyncio
async def test_an_undo_names_the_places_that_it_left(tmp_path: Path, use_model: UseModel) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        await at.editor.choose(at.uri, 0, "Accept all (3")
        at.editor.type(at.uri, "return 2", "return 2 + x")
        await at.editor.execute("lspAgent.undo")
        await at.editor.until(lambda: bool(at.editor.warnings))
        assert at.text == OLD.replace("def beta():\n    return 0", "def beta():\n    return 2 + x")
        assert f"a.py, line {line_of('beta') + 1}" in at.editor.warnings[0]
        logged = at.editor.logged[0].message
        assert logged.startswith(f"left as it is: {at.path}:{line_of('beta') + 1}: ")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "kind",
    [
        EditorKind(shows_documents=True),
        EditorKind(shows_documents=True, can_create_files=False),
        EditorKind(shows_progress=False, pulls_diagnostics=False),
        EditorKind(encoding=lsp.PositionEncodingKind.Utf8, reads_virtual_documents=True),
        VSCODE,
    ],
    ids=["like Helix", "like Emacs", "like little", "odd", "like VS Code"],
)
async def test_every_kind_of_editor_can_decide(
    tmp_path: Path, use_model: UseModel, kind: EditorKind
) -> None:
    turns = (edits(alpha="1", beta="2"), writes("new.py", "z = 1\n"), says("Done."))
    async with reviewing(tmp_path, use_model, turns, kind) as at:
        await at.ask()
        await at.choose("alpha", "Reject hunk")
        await at.editor.choose(at.uri, 0, "Accept all (2 in 2 files)")
        assert at.text == with_values(beta="2")
        assert (tmp_path / "new.py").read_text(encoding="utf-8") == "z = 1\n"
        assert await at.titles(0) == []
        assert at.editor.warnings == []


@pytest.mark.asyncio
async def test_an_editor_that_asks_by_itself_gets_no_light_bulb_away_from_hunks(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        context = lsp.CodeActionContext([], trigger_kind=lsp.CodeActionTriggerKind.Automatic)
        document = lsp.TextDocumentIdentifier(uri=at.uri)
        for line, n_actions in ((0, 0), (line_of("beta"), 9)):
            here = lsp.Range(lsp.Position(line, 0), lsp.Position(line, 0))
            params = lsp.CodeActionParams(document, here, context)
            found = await at.editor.client.text_document_code_action_async(params)
            assert len(found or ()) == n_actions


@pytest.mark.asyncio
async def test_two_proposals_are_told_apart(tmp_path: Path, use_model: UseModel) -> None:
    turns = (*THREE, revises("x = 1", "x = 9"), says("Done."))
    async with reviewing(tmp_path, use_model, turns) as at:
        await at.ask()
        await at.ask()
        last = OLD.count("\n") - 1
        titles = await at.titles(last)
        assert [title for title in titles if title.startswith("Accept hunk")] == [
            "Accept hunk: x = 9 (+1 -1) [Edit a.py]"
        ]
        await at.editor.choose(at.uri, last, "Accept hunk")
        assert at.text == OLD.replace("x = 1", "x = 9")
        await at.choose("beta", "Accept hunk")
        assert at.text == with_values(OLD.replace("x = 1", "x = 9"), beta="2")


@pytest.mark.asyncio
async def test_what_is_not_part_of_any_proposal_is_named(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model) as at:
        await at.ask()
        other = at.editor.open(tmp_path / "b.py")
        comments = [{"text": "  "}]
        for arguments, message in (
            ({"uri": other}, "nothing waits for review in 'b.py'"),
            (
                {"proposalId": await proposal_id(at), "uri": "untitled:x"},
                "expected the address of a file",
            ),
            ({"hunk": "0123456789"}, "has no such hunk any more"),
        ):
            await at.editor.execute("lspAgent.accept", arguments)
            await at.editor.until(lambda text=message: any(text in w for w in at.editor.warnings))
        await at.editor.execute("lspAgent.review", {"comments": comments})
        await at.editor.until(lambda: "expected comments" in at.editor.warnings[-1])
        assert at.text == OLD
