"""Reviewing from inside a document: one that only the editor has, or a private file."""

import asyncio
import stat
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from lsp_agent.server.convert import path_of
from lsp_agent.server.private_files import newest_private, read_private, write_private
from lsp_agent.server.review.pages import KEPT_PAGES, path_for
from tests.lsp_agent.server.conftest import UseModel
from tests.lsp_agent.server.reviewing import (
    NAMES,
    OLD,
    PLAIN,
    THREE,
    VSCODE,
    Reviewing,
    reviewing,
    revises,
    says,
    with_values,
)
from tests.support.editor import EditorKind

COMMENTED = (*THREE, revises("return 2", "return 22"), says("As you like."))


async def open_page(at: Reviewing) -> str:
    """Open the file that the server has shown, as an editor does, and give its address."""
    await at.editor.until(lambda: bool(at.editor.shown))
    path = path_of(at.editor.shown[-1].uri)
    assert path is not None
    return at.editor.open(path, language_id="diff")


def page_text(at: Reviewing, uri: str) -> str:
    return at.editor.virtual[uri] if uri in at.editor.virtual else at.editor.buffers[uri].text


def line_in(at: Reviewing, uri: str, text: str) -> int:
    return page_text(at, uri)[: page_text(at, uri).index(text)].count("\n")


async def titles(at: Reviewing, uri: str, text: str) -> list[str]:
    line = line_in(at, uri, text)
    here = lsp.Range(lsp.Position(line, 0), lsp.Position(line, 0))
    return [action.title for action in await at.editor.actions(uri, here, [])]


async def choose(at: Reviewing, uri: str, text: str, title: str) -> None:
    """Put the cursor on a line of a page and choose an action."""
    await at.editor.choose(uri, line_in(at, uri, text), title)


@pytest.mark.asyncio
async def test_a_virtual_page_is_shown_and_decided_on_from_inside(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.ask()
        await at.editor.until(lambda: bool(at.editor.shown))
        uri = at.editor.shown[0].uri
        assert uri.startswith("lsp-agent-review:/")
        assert at.editor.shown[0].take_focus is False
        assert "3 hunks in 1 file wait" in at.editor.virtual[uri]
        await choose(at, uri, "+    return 1", "Accept hunk: return 1")
        await at.editor.until(lambda: "2 hunks in 1 file wait" in at.editor.virtual[uri])
        await choose(at, uri, "-    return 0", "Reject hunk: return 2")
        await at.editor.until(lambda: "1 hunk in 1 file waits" in at.editor.virtual[uri])
        await choose(at, uri, "Index: a.py", "Accept all in this file (1)")
        await at.editor.until(lambda: "Nothing of this proposal" in at.editor.virtual[uri])
        assert at.text == with_values(alpha="1", gamma="3")
        assert await at.editor.actions(uri, lsp.Range(*[lsp.Position(0, 0)] * 2), []) == []


@pytest.mark.asyncio
async def test_a_client_that_registers_actions_gets_them_for_virtual_pages(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.editor.until(lambda: bool(at.editor.registrations))
        (registration,) = at.editor.registrations
        assert registration.method == "textDocument/codeAction"
        assert "lsp-agent-review" in str(registration.register_options)


@pytest.mark.asyncio
async def test_what_is_offered_at_each_place_of_a_page(tmp_path: Path, use_model: UseModel) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.ask()
        await at.editor.until(lambda: bool(at.editor.shown))
        uri = at.editor.shown[0].uri
        every = ["Accept all (3 in 1 file)", "Reject all (3 in 1 file)"]
        every.append("Preview all hunks in the editor")
        file = ["Accept all in this file (3)", "Reject all in this file (3)"]
        gist = "return 2 (+1 -1)"
        decisions = ("Accept hunk", "Reject hunk", "Explain hunk", "Ask for another")
        hunk = [f"{decision}: {gist}" for decision in decisions]
        assert await titles(at, uri, "# Proposed") == ["Comment in a file", *every]
        assert await titles(at, uri, "Index: ") == ["Comment in a file", *file, *every]
        assert await titles(at, uri, "+    return 2") == [*hunk, "Comment in a file", *file, *every]


@pytest.mark.asyncio
async def test_of_three_hunks_one_is_accepted_one_rejected_and_one_commented(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, COMMENTED, PLAIN) as at:
        await at.ask()
        uri = await open_page(at)
        await choose(at, uri, "+    return 1", "Accept hunk")
        await at.editor.until(lambda: "2 hunks in 1 file wait" in page_text(at, uri))
        await choose(at, uri, "+    return 3", "Reject hunk")
        await at.editor.until(lambda: "1 hunk in 1 file waits" in page_text(at, uri))
        at.editor.type(uri, "+    return 2\n", "+    return 2\n> Make it bigger.\n> Much.\n")
        assert "Send review (1 comment)" in await titles(at, uri, "> Make it")
        await choose(at, uri, "# Proposed", "Send review (1 comment)")
        await at.editor.until(lambda: "+    return 22" in page_text(at, uri))
        assert ">" not in page_text(at, uri).partition("Index: ")[2]
        asked = str(at.model.requests[-2].body)
        assert "Make it bigger.\\nMuch." in asked
        assert "return 2" in asked
        at.editor.type(at.uri, "x = 1", "x = 1  # typed meanwhile")
        await choose(at, uri, "+    return 22", "Accept hunk")
        await at.editor.until(lambda: "Nothing of this proposal" in page_text(at, uri))
        typed = OLD.replace("x = 1", "x = 1  # typed meanwhile")
        assert at.text == with_values(typed, alpha="1", beta="22")


@pytest.mark.asyncio
async def test_comments_on_a_file_and_on_all_are_told_apart(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, COMMENTED, PLAIN) as at:
        await at.ask()
        uri = await open_page(at)
        at.editor.type(uri, "\n\nIndex: a.py\n", "\n> About all.\n\nIndex: a.py\n> On a.py.\n")
        at.editor.type(uri, "+    return 3\n", "+    return 3\n> On the last.\n")
        await choose(at, uri, "# Proposed", "Send review (3 comments)")
        asked = str(at.model.requests[-2].body)
        assert asked.index("About all.") < asked.index("On a.py.") < asked.index("On the last.")


@pytest.mark.asyncio
async def test_a_review_that_the_agent_cannot_answer_keeps_comments_and_proposal(
    tmp_path: Path, use_model: UseModel
) -> None:
    fails: dict[str, object] = {"content": [], "fault": "400"}
    async with reviewing(tmp_path, use_model, (*THREE, fails), PLAIN) as at:
        await at.ask()
        uri = await open_page(at)
        at.editor.type(uri, "+    return 2\n", "+    return 2\n> Why?\n")
        await choose(at, uri, "> Why?", "Send review (1 comment)")
        await at.editor.until(lambda: bool(at.editor.warnings))
        assert await at.waiting() == list(NAMES)
        await at.choose("alpha", "Accept hunk")
        await at.editor.until(lambda: "2 hunks in 1 file wait" in page_text(at, uri))
        assert "+    return 2\n> Why?\n" in page_text(at, uri)


@pytest.mark.asyncio
async def test_what_was_typed_under_a_hunk_that_is_settled_moves_to_its_file(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=PLAIN) as at:
        await at.ask()
        uri = await open_page(at)
        at.editor.type(uri, "+    return 2\n", "+    return 2\n> A thought.\n")
        await at.choose("beta", "Accept hunk")
        await at.editor.until(lambda: "2 hunks in 1 file wait" in page_text(at, uri))
        assert "+++ b/a.py\n> A thought.\n@@" in page_text(at, uri)


@pytest.mark.asyncio
async def test_typing_into_a_page_while_it_is_made_anew_is_kept(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=PLAIN) as at:
        await at.ask()
        uri = await open_page(at)
        n_seen = 0

        def type_once() -> None:
            nonlocal n_seen
            n_seen += 1
            if n_seen == 2:  # The first edit is of a.py.
                at.editor.type(uri, "+    return 3\n", "+    return 3\n> Late.\n")

        at.editor.before_apply = type_once
        await at.choose("alpha", "Accept hunk")
        await at.editor.until(lambda: "2 hunks in 1 file wait" in page_text(at, uri))
        assert "+    return 3\n> Late.\n" in page_text(at, uri)


@pytest.mark.asyncio
async def test_a_page_is_private_belongs_to_no_folder_and_goes_when_all_is_settled(
    tmp_path: Path, use_model: UseModel, own_home: Path
) -> None:
    async with reviewing(tmp_path, use_model, kind=PLAIN) as at:
        await at.ask()
        uri = await open_page(at)
        path = path_of(uri)
        assert path is not None
        assert own_home in path.parents
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert await at.editor.diagnostics(uri) == []
        await at.editor.execute("lspAgent.fixAll", {"uri": uri})
        await at.editor.until(lambda: bool(at.editor.warnings))
        assert "of no project" in at.editor.warnings[0]
        await choose(at, uri, "# Proposed", "Reject all")
        await at.editor.until(lambda: "Nothing of this proposal" in page_text(at, uri))
        assert path.exists()
        at.editor.close(uri)
        async with asyncio.timeout(5):
            while path.exists():
                await at.editor.execute("lspAgent.cancel")


@pytest.mark.asyncio
async def test_a_closed_page_is_rewritten_with_the_comments_that_were_saved(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=PLAIN) as at:
        await at.ask()
        uri = await open_page(at)
        path = path_of(uri)
        assert path is not None
        at.editor.type(uri, "+    return 3\n", "+    return 3\n> Saved.\n")
        path.write_text(page_text(at, uri), encoding="utf-8")
        at.editor.close(uri)
        await at.choose("alpha", "Accept hunk")
        await at.editor.execute("lspAgent.review", {"uri": at.uri})
        await at.editor.until(lambda: len(at.editor.shown) == 2)
        text = path.read_text(encoding="utf-8")
        assert "2 hunks in 1 file wait" in text
        assert "+    return 3\n> Saved.\n" in text


@pytest.mark.asyncio
async def test_a_virtual_page_gives_way_to_a_file_for_comments(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.ask()
        await at.editor.until(lambda: bool(at.editor.shown))
        await choose(at, at.editor.shown[0].uri, "# Proposed", "Comment in a file")
        await at.editor.until(lambda: len(at.editor.shown) == 2)
        uri = await open_page(at)
        assert "write lines that begin with >" in page_text(at, uri)


@pytest.mark.asyncio
async def test_an_editor_that_shows_nothing_is_told_where_the_file_is(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=EditorKind()) as at:
        await at.ask()
        await at.choose("beta", "Show proposed changes")
        told = at.editor.messages[-1].message
        prefix = "The proposed changes are in "
        assert told.startswith(prefix)
        assert "+    return 2\n" in (read_private(Path(told.removeprefix(prefix))) or "")


@pytest.mark.asyncio
async def test_lenses_are_refreshed_when_proposals_change(
    tmp_path: Path, use_model: UseModel
) -> None:
    kind = EditorKind(refreshes_lenses=True, can_create_files=False)
    async with reviewing(tmp_path, use_model, kind=kind) as at:
        await at.ask()
        await at.editor.until(lambda: at.editor.n_lens_refreshes > 0)
        lenses = await at.editor.lenses(at.uri)
        titles = [lens.command.title for lens in lenses if lens.command]
        assert titles[:3] == ["Accept return 1 (+1 -1)", "Reject", "Show"]
        n_refreshes = at.editor.n_lens_refreshes
        await at.choose("alpha", "Accept hunk")
        await at.editor.until(lambda: at.editor.n_lens_refreshes > n_refreshes)
        assert await at.waiting() == ["beta", "gamma"]


@pytest.mark.asyncio
async def test_an_editor_with_files_it_restored_keeps_them_up_to_date(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=PLAIN) as at:
        await at.ask()
        uri = await open_page(at)
        at.editor.type(uri, "+    return 3\n", "+    return 3\n> From before.\n")
        shown = page_text(at, uri)
    async with reviewing(tmp_path, use_model, (), PLAIN) as at:
        path = path_of(uri)
        assert path is not None
        at.editor.open(path, shown, "diff")
        await choose(at, uri, "+    return 1", "Accept hunk")
        await at.editor.until(lambda: "2 hunks in 1 file wait" in page_text(at, uri))
        assert "> From before.\n" in page_text(at, uri)
        assert at.text == OLD.replace("return 0", "return 1", 1)


@pytest.mark.asyncio
async def test_a_page_of_a_settled_proposal_stays_as_it_is_and_offers_nothing(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=PLAIN) as at:
        path = path_for("0123456789ab")
        uri = at.editor.open(path, "Index: a.py\n@@ -1,1 +1,1 @@ [aa]\n> typed\n", "diff")
        at.editor.type(uri, "> typed", "> typed on")
        assert await titles(at, uri, "> typed on") == []
        at.editor.close(uri)


@pytest.mark.asyncio
async def test_a_virtual_page_that_is_open_as_a_document_is_followed_until_it_is_closed(
    tmp_path: Path, use_model: UseModel
) -> None:
    async with reviewing(tmp_path, use_model, kind=VSCODE) as at:
        await at.ask()
        await at.editor.until(lambda: bool(at.editor.shown))
        uri = at.editor.shown[0].uri
        item = lsp.TextDocumentItem(uri, "diff", 1, at.editor.virtual[uri])
        at.editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        await choose(at, uri, "+    return 2", "Accept hunk")
        await at.editor.until(lambda: "2 hunks in 1 file wait" in at.editor.virtual[uri])
        document = lsp.TextDocumentIdentifier(uri)
        at.editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
        assert await at.waiting() == ["alpha", "gamma"]


@pytest.mark.asyncio
async def test_an_editor_that_takes_no_edits_keeps_its_page_and_can_still_reject(
    tmp_path: Path, use_model: UseModel
) -> None:
    kind = EditorKind(shows_documents=True, can_apply_edits=False)
    async with reviewing(tmp_path, use_model, kind=kind) as at:
        await at.ask()
        uri = await open_page(at)
        text = page_text(at, uri)
        await choose(at, uri, "+    return 2", "Reject hunk")
        assert await at.waiting() == ["alpha", "gamma"]
        assert await titles(at, uri, "+    return 2") == [
            "Accept all in this file (2)",
            "Reject all in this file (2)",
            "Accept all (2 in 1 file)",
            "Reject all (2 in 1 file)",
        ]
        assert page_text(at, uri) == text


@pytest.mark.asyncio
async def test_without_a_place_for_the_file_the_person_is_told_and_can_still_decide(
    tmp_path: Path, use_model: UseModel, own_home: Path
) -> None:
    (own_home / ".cache").write_text("", encoding="utf-8")
    async with reviewing(tmp_path, use_model, kind=PLAIN) as at:
        await at.ask()
        await at.editor.until(lambda: bool(at.editor.warnings))
        assert "cannot be written" in at.editor.warnings[0]
        await at.choose("beta", "Accept hunk")
        assert at.text == with_values(beta="2")


@pytest.mark.asyncio
async def test_only_a_few_pages_are_kept(tmp_path: Path, use_model: UseModel) -> None:
    for number in range(KEPT_PAGES + 5):
        write_private(path_for(f"{number:012x}"), "old")
    async with reviewing(tmp_path, use_model, kind=PLAIN) as at:
        await at.ask()
        uri = await open_page(at)
        path = path_of(uri)
        assert path is not None
        assert len(newest_private(path.parent, "*.diff")) == KEPT_PAGES + 1
