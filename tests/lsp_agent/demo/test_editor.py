"""The demo's editor: buffers follow edits, and refuse those that come too late."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lsp_agent.demo.editor import Editor, edited, running_editor
from lsp_agent.demo.wire import Message, Wire, WireError
from tests.lsp_agent.demo.peers import connected

LIMIT_S = 5


def _edit(start: tuple[int, int], end: tuple[int, int], text: str) -> Message:
    places = [{"line": line, "character": character} for line, character in (start, end)]
    return {"range": {"start": places[0], "end": places[1]}, "newText": text}


def _document_change(path: Path, version: int, *edits: Message) -> Message:
    return {"textDocument": {"uri": path.as_uri(), "version": version}, "edits": list(edits)}


@asynccontextmanager
async def _editor(told: list[Message]) -> AsyncGenerator[tuple[Editor, Wire]]:
    """Give an editor and a server that notes what it is told."""

    def note(method: str, params: Message) -> object:
        told.append({"method": method, **params})
        return None

    async with connected() as (here, there), asyncio.timeout(LIMIT_S):
        editor, server = Editor(*here), Wire(*there, note)
        tasks = [asyncio.create_task(wire.serve()) for wire in (editor.wire, server)]
        try:
            yield editor, server
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def test_edits_refer_to_the_text_as_it_was() -> None:
    text = "one\ntwo\nthree\n"
    edits = [_edit((0, 0), (0, 3), "1\n1"), _edit((2, 0), (2, 5), ""), _edit((1, 3), (1, 3), "!")]
    assert edited(text, edits) == "1\n1\ntwo!\n\n"


@pytest.mark.asyncio
async def test_an_edit_changes_the_buffer_tells_the_server_and_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n", encoding="utf-8")
    told: list[Message] = []
    async with _editor(told) as (editor, server):
        editor.open(path)
        change = _document_change(path, 1, _edit((0, 4), (0, 5), "2"))
        answer = await server.request(
            "workspace/applyEdit", {"edit": {"documentChanges": [change]}}
        )
        assert answer["result"] == {"applied": True}
        assert editor.text(path) == "x = 2\n"
        assert path.read_text(encoding="utf-8") == "x = 1\n"
        editor.save(path)
        await editor.wire.request("done", {})
    assert path.read_text(encoding="utf-8") == "x = 2\n"
    methods = [message["method"].rpartition("/")[2] for message in told]
    assert methods == ["didOpen", "didChange", "didSave", "done"]
    assert told[1]["contentChanges"] == [{"text": "x = 2\n"}]
    assert told[1]["textDocument"]["version"] == 2


@pytest.mark.asyncio
@pytest.mark.parametrize(("name", "version"), [("a.py", 7), ("closed.py", 1)])
async def test_an_edit_that_does_not_fit_changes_no_file(
    tmp_path: Path, name: str, version: int
) -> None:
    path, other = tmp_path / "a.py", tmp_path / "b.py"
    for file in (path, other):
        file.write_text("x = 1\n", encoding="utf-8")
    async with _editor([]) as (editor, server):
        editor.open(path)
        editor.open(other)
        edit = _edit((0, 0), (0, 1), "y")
        changes = [
            _document_change(other, 1, edit),
            _document_change(tmp_path / name, version, edit),
        ]
        answer = await server.request("workspace/applyEdit", {"edit": {"documentChanges": changes}})
        assert answer["result"]["applied"] is False
        assert (editor.text(path), editor.text(other)) == ("x = 1\n", "x = 1\n")


@pytest.mark.asyncio
async def test_the_real_server_fixes_a_problem_in_the_buffer(tmp_path: Path) -> None:
    folder, home = tmp_path / "project", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    path = folder / "a.py"
    path.write_text("length = 1\nprint(lenght)\n", encoding="utf-8")
    async with asyncio.timeout(20), running_editor(folder, home) as editor:
        editor.open(path)
        (problem,) = await editor.diagnostics(path)
        assert problem["code"] == "F821"
        await editor.fix(path, problem)
        assert editor.text(path) == "length = 1\nprint(length)\n"
        assert await editor.diagnostics(path) == []
        with pytest.raises(WireError, match="nope"):
            await editor.wire.request("nope", {})
    assert path.read_text(encoding="utf-8") == "length = 1\nprint(lenght)\n"
