"""Asking a person."""

from dataclasses import dataclass, field, replace

import pytest
from pydantic import ValidationError

from mcp_tools.tools.ask_user import TOOL, AskUserOutput
from mcp_tools.types.attending import NOBODY, Attendant, Question, Reply
from mcp_tools.types.calls import Answer
from mcp_tools.types.errors import ExpectedError, InvalidEdit
from mcp_tools.types.json import JsonValue
from tests.support.desk import Desk, data_of

pytestmark = pytest.mark.asyncio


@dataclass
class Scripted:
    """A person who gives one answer to everything."""

    reply: Reply | None
    asked: list[Question] = field(default_factory=list[Question])

    async def ask(self, question: Question) -> Reply | None:
        self.asked.append(question)
        return self.reply


async def ask(desk: Desk, person: Scripted, **arguments: JsonValue) -> Answer:
    attendant = Attendant(report=NOBODY.report, person=person, can_ask=True)
    context = replace(desk.context(), attendant=attendant)
    return await TOOL.run(context, TOOL.input_model.model_validate(arguments))


async def test_the_answer_of_a_person_is_given(desk: Desk) -> None:
    person = Scripted(Reply("tabs"))
    answer = await ask(desk, person, question="Tabs or blanks?", options=["tabs", "blanks"])
    assert answer.text == "the person answered: tabs"
    assert data_of(answer, AskUserOutput).is_choice
    assert person.asked == [Question(text="Tabs or blanks?", choices=("tabs", "blanks"))]
    free = await ask(desk, Scripted(Reply("neither")), question="Tabs?", choices=["yes"])
    assert not data_of(free, AskUserOutput).is_choice


async def test_without_an_answer_the_model_goes_on_with_an_assumption(desk: Desk) -> None:
    with pytest.raises(ExpectedError, match="not answered; do not repeat it, go on with"):
        await ask(desk, Scripted(None), question="Tabs?")
    with pytest.raises(ExpectedError, match=r"nobody can be asked here; .* what you assumed"):
        await desk.call(TOOL, question="Tabs?")


async def test_choices_are_few_and_differ(desk: Desk) -> None:
    with pytest.raises(InvalidEdit, match="choices that differ"):
        await ask(desk, Scripted(None), question="Tabs?", choices=["a", "a"])
    with pytest.raises(ValidationError, match="at most 6 items"):
        await ask(desk, Scripted(None), question="Tabs?", choices=list("abcdefg"))
