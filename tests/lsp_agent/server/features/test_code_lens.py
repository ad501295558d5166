"""Counts of callers above functions and classes."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.support.asking import seen, soon, write
from tests.support.editor import Editor, EditorKind, open_editor

CODE = """\
class Shape:
    def area(self):
        return unit()


def unit():
    return 1


unit()
Shape().area()
"""


async def resolved(editor: Editor, uri: str) -> list[str]:
    found: list[str] = []
    for lens in await editor.all_lenses(uri):
        assert lens.command is None
        answer = await soon(editor.client.code_lens_resolve_async(lens))
        assert answer.command is not None
        found.append(f"{seen(editor, uri, lens.range)} {answer.command.title}")
    return found


@pytest.mark.asyncio
async def test_each_function_and_class_has_a_lens_that_counts_when_it_is_shown(
    tmp_path: Path,
) -> None:
    write(tmp_path, a=CODE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        assert await resolved(editor, uri) == [
            "a.py:1:Shape 1 caller",
            "a.py:2:area 1 caller",
            "a.py:6:unit 2 callers",
        ]


@pytest.mark.asyncio
async def test_a_client_that_can_list_places_gets_them(tmp_path: Path) -> None:
    write(tmp_path, a=CODE)
    kind = EditorKind(commands=("editor.action.showReferences",))
    async with open_editor(tmp_path, kind) as editor:
        uri = editor.open(tmp_path / "a.py")
        lens = (await editor.all_lenses(uri))[-1]
        answer = await soon(editor.client.code_lens_resolve_async(lens))
        assert answer.command is not None
        assert answer.command.command == "editor.action.showReferences"
        places = list(answer.command.arguments or [])[2]
        assert str(places).count("line") == 2 * 2


@pytest.mark.asyncio
async def test_a_lens_of_a_function_that_is_gone_says_so(tmp_path: Path) -> None:
    write(tmp_path, a=CODE)
    async with open_editor(tmp_path) as editor:
        uri = editor.open(tmp_path / "a.py")
        lens = (await editor.all_lenses(uri))[1]
        editor.type(uri, "    def area(self):\n        return unit()", "    pass")
        answer = await soon(editor.client.code_lens_resolve_async(lens))
        assert answer.command == lsp.Command(title="callers not known", command="")
