"""Which code actions are offered, and when."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.editor import open_editor

TWO_PROBLEMS = "def area(width, height):\n    return widht * heigth\n"


@pytest.mark.asyncio
async def test_the_most_useful_action_comes_first(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(TWO_PROBLEMS, encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        first = (await editor.diagnostics(uri))[0]
        actions = await editor.actions(uri, first.range, [first])
        assert [action.title for action in actions] == [
            "Fix with agent: Undefined name `widht`",
            "Fix all in file with agent (2)",
            "Explain with agent: Undefined name `widht`",
        ]
        assert {action.kind for action in actions} == {lsp.CodeActionKind.QuickFix}


@pytest.mark.asyncio
async def test_a_client_that_hands_over_no_diagnostics_is_served_from_our_own(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.py").write_text(TWO_PROBLEMS, encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        second = (await editor.diagnostics(uri))[1]
        actions = await editor.actions(uri, second.range, [])
        assert actions[0].title == "Fix with agent: Undefined name `heigth`"


@pytest.mark.asyncio
async def test_nothing_is_offered_where_there_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        start = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
        assert await editor.diagnostics(uri) == []
        assert await editor.actions(uri, start, []) == []


@pytest.mark.asyncio
async def test_fix_all_as_a_source_action_must_be_asked_for_by_its_own_name(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.py").write_text(TWO_PROBLEMS, encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        found = await editor.diagnostics(uri)
        at = found[0].range
        on_save = await editor.actions(uri, at, [], only=["source.fixAll"])
        assert on_save == []
        asked = await editor.actions(uri, at, [], only=["source.fixAll.agent"])
        assert [action.kind for action in asked] == ["source.fixAll.agent"]
        refactoring = await editor.actions(uri, at, found, only=["refactor"])
        assert refactoring == []


@pytest.mark.asyncio
async def test_resolve_takes_any_action_also_one_without_data(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(TWO_PROBLEMS, encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        foreign = lsp.CodeAction(title="From another server", kind="quickfix")
        resolved = await editor.client.code_action_resolve_async(foreign)
        assert resolved == foreign


@pytest.mark.asyncio
async def test_a_diagnostic_of_another_server_gets_a_fix_too(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        at = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 1))
        foreign = lsp.Diagnostic(range=at, message="x" * 200 + "\nmore", source="pyright")
        titles = [action.title for action in await editor.actions(uri, at, [foreign])]
        assert titles[0].startswith("Fix with agent: xxx")
        assert max(map(len, titles)) < 100
