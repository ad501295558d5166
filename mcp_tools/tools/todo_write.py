"""Keeping the list of what is to be done."""

from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from mcp_tools.code.arguments import ToolInput, ToolOutput
from mcp_tools.types.calls import Answer, Tool, ToolContext
from mcp_tools.types.errors import InvalidEdit
from mcp_tools.types.todos import Todo, TodoState

_MARKS = {TodoState.PENDING: "[ ]", TodoState.IN_PROGRESS: "[>]", TodoState.DONE: "[x]"}
_OTHER_WORDS = {
    "completed": "done",
    "complete": "done",
    "todo": "pending",
    "in-progress": "in_progress",
}


def _in_our_words(value: object) -> object:
    return _OTHER_WORDS.get(value, value) if isinstance(value, str) else value


class TodoItem(ToolInput):
    """One thing to do."""

    text: Annotated[
        str,
        Field(
            min_length=1,
            max_length=1000,
            description="What to do",
            validation_alias=AliasChoices("text", "content", "title", "task", "step"),
        ),
    ]
    state: Annotated[
        TodoState,
        BeforeValidator(_in_our_words),
        Field(description="Where it stands", validation_alias=AliasChoices("state", "status")),
    ] = TodoState.PENDING


class TodoWriteInput(ToolInput):
    """The whole list."""

    todos: Annotated[
        tuple[TodoItem, ...],
        Field(
            max_length=100,
            description="All of it, in order; it replaces the list that was there",
            validation_alias=AliasChoices("todos", "items", "plan", "tasks"),
        ),
    ]


class WrittenTodo(ToolOutput):
    """One thing to do."""

    text: str = Field(description="What to do")
    state: TodoState = Field(description="Where it stands")


class TodoWriteOutput(ToolOutput):
    """The list as it is now."""

    todos: tuple[WrittenTodo, ...] = Field(description="All of it, in order")
    n_done: int = Field(description="How many are done")
    n_open: int = Field(description="How many are not")


async def todo_write(context: ToolContext, arguments: TodoWriteInput) -> Answer:
    """Replace the session's list, and give it back.

    Raises: InvalidEdit if more than one thing is in progress.
    """
    todos = tuple(Todo(text=item.text, state=item.state) for item in arguments.todos)
    n_begun = sum(todo.state is TodoState.IN_PROGRESS for todo in todos)
    if n_begun > 1:
        raise InvalidEdit(
            f"expected at most one thing in_progress, got {n_begun}; leave the others pending"
        )
    context.todo_list.write(todos)
    n_done = sum(todo.state is TodoState.DONE for todo in todos)
    data = TodoWriteOutput(
        todos=tuple(WrittenTodo(text=todo.text, state=todo.state) for todo in todos),
        n_done=n_done,
        n_open=len(todos) - n_done,
    )
    lines = [f"{_MARKS[todo.state]} {todo.text}" for todo in todos]
    text = "\n".join([*lines, f"[{data.n_done} done, {data.n_open} open]"])
    return Answer(text=text if todos else "the list is empty", data=data)


TOOL = Tool(
    name="todo_write",
    title="Write the to-do list",
    description=(
        "Keep a list of the steps of a longer task, and show how far it is. Give the whole list "
        "each time, with at most one step in_progress; mark a step done as soon as it is."
    ),
    input_model=TodoWriteInput,
    output_model=TodoWriteOutput,
    run=todo_write,
    is_concurrency_safe=False,
    timeout_s=30.0,
)
