"""A question that an agent answers with yes or no, after it has read what it wants to know."""

from typing import Annotated

from msgspec import Meta

from lsp_agent.hooks.answers import Answer
from lsp_agent.hooks.hook import Fields, Kind, Occasion, Place, RunHook
from lsp_agent.hooks.judging import INSTRUCTIONS, answer_in, question_of

_TOOLS = "You have tools to read the workspace with. Use few of them, then answer."


class AgentFields(Fields, frozen=True, kw_only=True):
    """What to ask."""

    question: Annotated[
        str, Meta(min_length=1, description="What must hold; the agent sees the event beside it.")
    ]
    max_steps: Annotated[
        int, Meta(ge=1, le=50, description="Requests to the model that it may make at most.")
    ] = 8


def make(fields: AgentFields, place: Place) -> RunHook:
    """Give what lets the agent work."""
    del place

    async def run(occasion: Occasion) -> Answer:
        words = await occasion.judges.ask_agent(
            f"{INSTRUCTIONS}\n{_TOOLS}",
            question_of(fields.question, occasion),
            max_steps=fields.max_steps,
        )
        return answer_in(words)

    return run


KIND = Kind(
    name="agent",
    summary="a question that an agent answers with yes or no; it reads, and does nothing else",
    fields=AgentFields,
    make=make,
    needs_denial=True,
)
