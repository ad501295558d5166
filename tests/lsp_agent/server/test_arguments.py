"""The arguments of commands, which come from editors, plugins and people."""

import re
from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException

from lsp_agent.server.arguments import objects_in, texts_in, without
from tests.support.editor import open_editor


def test_known_names_are_read_and_missing_ones_are_none() -> None:
    assert texts_in({"a": "x", "b": None}, ("a", "b", "c")) == {"a": "x", "b": None, "c": None}
    assert objects_in({}, "comments") == []
    assert objects_in({"comments": [{"text": "x"}]}, "comments") == [{"text": "x"}]
    assert without({"a": 1, "b": 2}, "a") == {"b": 2}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        ("accept", {"proposalID": "x"}, "unknown argument 'proposalID'; expected some of"),
        ("accept", {"hunk": 7}, "'hunk': expected a text, got int"),
        ("reject", {"uri": ""}, "'uri': expected a text, got an empty one"),
        ("review", {"comments": "no"}, "'comments': expected a list, got str"),
        ("review", {"comments": ["no"]}, "'comments': expected objects in the list"),
        ("review", {"comments": [{"text": ["no"]}]}, "'text': expected a text, got list"),
        ("undo", {"path": "a.py"}, "unknown argument 'path'"),
        ("redo", {"hunk": "a"}, "unknown argument 'hunk'"),
    ],
)
async def test_a_wrong_argument_is_answered_with_what_was_expected(
    tmp_path: Path, command: str, arguments: object, message: str
) -> None:
    async with open_editor(tmp_path) as editor:
        with pytest.raises(JsonRpcException, match=re.escape(message)) as caught:
            await editor.execute(f"lspAgent.{command}", arguments)
        assert caught.value.code == -32602


NOTHING: dict[str, object] = {}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        ("accept", NOTHING, "nothing waits for review"),
        ("accept", {"proposalId": "nope"}, "no proposal 'nope' waits for review"),
        ("reject", {"uri": "untitled:x"}, "save the document to a file first"),
        ("explainHunk", {"hunk": "abc"}, "nothing waits for review"),
        ("review", {"comments": [NOTHING]}, "nothing waits for review"),
        ("preview", NOTHING, "nothing waits for review"),
        ("undo", {"entry": "99"}, "99"),
        ("redo", NOTHING, "there is no undo"),
    ],
)
async def test_what_is_not_there_is_answered_at_once_and_told_by_a_message(
    tmp_path: Path, command: str, arguments: object, message: str
) -> None:
    async with open_editor(tmp_path) as editor:
        answer = await editor.execute(f"lspAgent.{command}", arguments)
        assert set(answer) == {"taskId"}
        await editor.until(lambda: bool(editor.warnings))
        assert message in editor.warnings[0]
