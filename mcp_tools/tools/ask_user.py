"""Asking the person a question."""

from typing import Annotated

from pydantic import AliasChoices, Field

from mcp_tools.code.arguments import ToolInput, ToolOutput
from mcp_tools.types.attending import Question
from mcp_tools.types.calls import Answer, Tool, ToolContext
from mcp_tools.types.errors import ExpectedError, InvalidEdit

MAX_CHOICES = 6


class AskUserInput(ToolInput):
    """The question, and answers to choose from."""

    question: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2000,
            description="One clear question, with what has to be known to answer it",
            validation_alias=AliasChoices("question", "prompt", "message", "text"),
        ),
    ]
    choices: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=200)], ...],
        Field(
            max_length=MAX_CHOICES,
            description="Answers to choose from; empty for one in free words",
            validation_alias=AliasChoices("choices", "options", "answers"),
        ),
    ] = ()


class AskUserOutput(ToolOutput):
    """The answer."""

    question: str = Field(description="What was asked")
    reply: str = Field(description="What the person answered, in their words")
    is_choice: bool = Field(description="It is one of the choices")


async def ask_user(context: ToolContext, arguments: AskUserInput) -> Answer:
    """Give a person's answer to a question.

    Raises: ExpectedError if nobody can be asked, or nobody answered; InvalidEdit if choices are
        alike.
    """
    choices = arguments.choices
    if len(set(choices)) != len(choices):
        raise InvalidEdit("expected choices that differ; leave out those that are twice there")
    if not context.attendant.can_ask:
        raise ExpectedError(
            "nobody can be asked here; go on with what is most likely meant, and say in your "
            "answer what you assumed"
        )
    reply = await context.attendant.person.ask(Question(text=arguments.question, choices=choices))
    if reply is None:
        raise ExpectedError(
            "the question was not answered; do not repeat it, go on with what is most likely "
            "meant, and say in your answer what you assumed"
        )
    data = AskUserOutput(
        question=arguments.question, reply=reply.text, is_choice=reply.text in choices
    )
    return Answer(text=f"the person answered: {reply.text}", data=data)


TOOL = Tool(
    name="ask_user",
    title="Ask the person",
    description=(
        "Ask the person who works with you a question, with up to six answers to choose from. "
        "Use it only when the answer changes what you do and the files do not tell it."
    ),
    input_model=AskUserInput,
    output_model=AskUserOutput,
    run=ask_user,
    is_idempotent=False,
)
