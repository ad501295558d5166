"""A question that the configured model answers with yes or no; a no is a denial."""

from typing import Annotated

from msgspec import Meta

from lsp_agent.hooks.answers import Answer
from lsp_agent.hooks.hook import Fields, Kind, Occasion, Place, RunHook
from lsp_agent.hooks.judging import INSTRUCTIONS, answer_in, question_of


class PromptFields(Fields, frozen=True, kw_only=True):
    """What to ask."""

    question: Annotated[
        str,
        Meta(
            min_length=1,
            description="What must hold, such as `Is this free of personal data?`. "
            "The model sees the event beside it.",
        ),
    ]


def make(fields: PromptFields, place: Place) -> RunHook:
    """Give what asks the model."""
    del place

    async def run(occasion: Occasion) -> Answer:
        question = question_of(fields.question, occasion)
        return answer_in(await occasion.judges.ask_model(INSTRUCTIONS, question))

    return run


KIND = Kind(
    name="prompt",
    summary="a question that the model answers with yes or no",
    fields=PromptFields,
    make=make,
    needs_denial=True,
)
