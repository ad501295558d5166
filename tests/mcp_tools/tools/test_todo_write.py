"""The list of what is to be done."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from mcp_tools.tools.todo_write import TOOL, TodoWriteOutput
from mcp_tools.types.calls import Answer
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.json import JsonValue
from mcp_tools.types.todos import Todo, TodoList, TodoState
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


async def write(desk: Desk, todo_list: TodoList, todos: JsonValue) -> Answer:
    arguments = TOOL.input_model.model_validate({"todos": todos})
    return await TOOL.run(replace(desk.context(), todo_list=todo_list), arguments)


async def test_a_write_replaces_the_whole_list(desk: Desk) -> None:
    todo_list = TodoList()
    await write(desk, todo_list, [{"text": "old"}])
    answer = await write(
        desk,
        todo_list,
        [
            {"text": "read", "state": "done"},
            {"text": "change", "state": "in_progress"},
            {"text": "test"},
        ],
    )
    assert todo_list.todos == (
        Todo(text="read", state=TodoState.DONE),
        Todo(text="change", state=TodoState.IN_PROGRESS),
        Todo(text="test", state=TodoState.PENDING),
    )
    assert answer.text == "[x] read\n[>] change\n[ ] test\n[1 done, 2 open]"
    data = data_of(answer, TodoWriteOutput)
    assert (data.n_done, data.n_open) == (1, 2)
    assert (await write(desk, todo_list, [])).text == "the list is empty"
    assert todo_list.todos == ()


async def test_two_things_at_once_are_refused_and_the_list_stays(desk: Desk) -> None:
    todo_list = TodoList()
    await write(desk, todo_list, [{"text": "kept"}])
    both: JsonValue = [{"text": text, "state": "in_progress"} for text in "ab"]
    with pytest.raises(InvalidEdit, match="at most one thing in_progress, got 2"):
        await write(desk, todo_list, both)
    assert [todo.text for todo in todo_list.todos] == ["kept"]


async def test_the_words_of_other_agents_are_taken(desk: Desk) -> None:
    todo_list = TodoList()
    await write(desk, todo_list, [{"content": "a", "status": "completed"}])
    assert todo_list.todos == (Todo(text="a", state=TodoState.DONE),)
    with pytest.raises(ValidationError):
        await write(desk, todo_list, [{"text": "a", "state": "later"}])
